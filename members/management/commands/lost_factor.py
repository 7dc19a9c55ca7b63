"""The second factor of the only Technik is lost: nobody in the application could mend it."""

from django.core.management.base import CommandParser

from kok import clock
from kok.management.base import KokCommand
from members import actions


class Command(KokCommand[dict[str, str]]):
    """Takes it off, on the machine itself, and tells everybody who watches."""

    help = (
        "Entfernt den zweiten Faktor des einzigen Kontos der Technik. Alle, die Stammdaten pflegen oder prüfen, "
        "bekommen eine Mail. Für andere Konten tun das zwei Personen in der Anwendung."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The name of the account."""
        super().add_arguments(parser)
        parser.add_argument("--username", required=True, metavar="NAME")

    def answer(self, *, username: str, **_: object) -> dict[str, str]:
        """Mends, and says whom."""
        self.require_key()
        actions.mend_only_technician(username=username, now=clock.now())
        return {"username": username}

    def tell(self, found: dict[str, str]) -> str:
        """What happened and what is next."""
        return (
            f"Der zweite Faktor des Kontos {found['username']} ist entfernt, seine Sitzungen sind beendet. Nach der "
            "nächsten Anmeldung richtet die Person einen neuen ein. Alle, die Stammdaten pflegen oder prüfen, bekommen "
            "eine Mail, sobald ein Worker läuft."
        )
