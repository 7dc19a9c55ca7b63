"""Marks the names of open lists with the present CASE_NAME_KEY: `manage.py mark_names [--json]`."""

from kok.errors import Refused
from kok.management.base import KokCommand
from kok.vault import KeyLost
from transitions.actions.names import mark_anew


class Command(KokCommand):
    """May be stopped and begun again. Needs CASE_KEYS, because the names are read once."""

    help = "Kennzeichnet die Namen der offenen Übergangslisten neu, nach einem Wechsel von CASE_NAME_KEY."

    def answer(self, **options: object) -> dict[str, int]:
        """How many entries are marked now. Raises Refused when a key cannot be read, and as `require_key`."""
        self.require_key()
        try:
            return {"marked": mark_anew()}
        except KeyLost as lost:
            raise Refused(f"{lost.sentence} Gebraucht werden CASE_KEYS und CASE_NAME_KEY.") from None

    def tell(self, found: dict[str, int]) -> str:
        """The same as a sentence."""
        return f"{found['marked']} Einträge sind neu gekennzeichnet. Protokolle werden wieder auf diese Namen geprüft."
