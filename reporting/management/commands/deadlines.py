"""The deadlines of a year: `manage.py deadlines --agreement wetteraukreis --year 2028 --json`."""

from argparse import ArgumentTypeError
from operator import attrgetter
from typing import Any

from django.core.management.base import CommandParser

from kok import clock
from kok.management.base import FIRST_YEAR, LAST_YEAR, KokCommand, a_day
from reporting.duties.queries.duties import Duty, duties_of
from reporting.duties.queries.ledger import ledger_of


def a_year(text: str) -> int:
    """An argument such as 2028."""
    if not text.isdecimal() or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise ArgumentTypeError(f"„{text}“ ist kein Jahr von {FIRST_YEAR} bis {LAST_YEAR}. Schreiben Sie es wie 2028.")
    return int(text)


class Command(KokCommand):
    """Only reads."""

    help = "Zeigt die Fristen eines Jahres: 8b, 8c und 8d, mit --all auch die übrigen."

    def add_arguments(self, parser: CommandParser) -> None:
        """Agreement, nominal due year, day of evaluation."""
        super().add_arguments(parser)
        self.add_agreement(parser)
        parser.add_argument("--year", required=True, type=a_year, metavar="JAHR", help="Jahr, in dem die Frist endet")
        parser.add_argument(
            "--on", type=a_day, default=clock.today(), metavar="TAG", help="Stand an diesem Tag, sonst heute"
        )
        parser.add_argument("--all", action="store_true", help="auch Sitzungen, Einladungen, Protokolle und Wechsel")

    def answer(self, **options: Any) -> list[dict[str, object]]:
        """One row for each occurrence."""
        year = options["year"]
        ledger = ledger_of(self.agreement(options["agreement"]), year, year)
        found = duties_of(ledger, [year], options["on"])
        self.duties = list(found if options["all"] else filter(attrgetter("is_recordable"), found))
        return [_row(duty) for duty in self.duties]

    def tell(self, found: list[dict[str, object]]) -> str:
        """One line for each occurrence."""
        lines = [f"{duty.heading}, {duty.who}: {duty.dates}, {duty.word}" for duty in self.duties]
        return "\n".join(lines) or "In diesem Jahr endet keine Frist."


def _row(duty: Duty) -> dict[str, object]:
    """`debtor` is null where all partners owe it together."""
    due = duty.occurrence
    return {
        "id": due.code,
        "clause": due.clause,
        "debtor": due.debtor,
        "reference": due.reference,
        "nominal_due_on": due.nominal_due_on,
        "effective_due_on": due.effective_due_on,
        "state": duty.state.value.lower(),
        "fulfilled_on": duty.fulfilled_on,
    }
