"""Who holds the secretariat on a day: `manage.py secretariat --agreement wetteraukreis --on 2027-05-01`."""

from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from kok import clock, words
from kok.management.base import KokCommand, a_day
from meetings.convening.queries.secretariat import secretariat_of


class Command(KokCommand):
    """The term of the day; its last day is inclusive."""

    help = "Zeigt, welcher Partner an einem Tag die Geschäftsführung hat."

    def add_arguments(self, parser: CommandParser) -> None:
        """The agreement and the day, today when none is named."""
        super().add_arguments(parser)
        self.add_agreement(parser)
        parser.add_argument("--on", type=a_day, metavar="TAG", help="zum Beispiel 2027-05-01; ohne Angabe heute")

    def answer(self, **options: Any) -> dict[str, str | int | date]:
        """Raises Refused before the anchor and after 2100."""
        secretariat = secretariat_of(self.agreement(options["agreement"]))
        term = secretariat.term_on(options["on"] or clock.today())
        return {
            "partner": term.partner,
            "term": term.number,
            "starts_on": term.starts_on,
            "ends_on": term.last_day,
        }

    def tell(self, found: dict[str, Any]) -> str:
        """One sentence."""
        return (
            f"{found['partner']} hat die Geschäftsführung vom {words.day(found['starts_on'])} "
            f"bis zum {words.day(found['ends_on'])} ({found['term']}. Zeitraum)."
        )
