"""What would be sent on a day: `manage.py reminders --on 2027-04-16 --json`. It sends and stores nothing."""

from typing import Any

from django.core.management.base import CommandParser

from kok import clock, reminders
from kok.management.base import KokCommand, a_day

TOLD = {"agreement": "agreement", "code": "id", "debtor": "debtor", "due_year": "due_year"}  # of what a mail is about


class Command(KokCommand):
    """Only reads. What was queued before is left out, what was missed is caught up: exactly as in the morning run."""

    help = "Zeigt, welche Erinnerungen an einem Tag hinausgingen und an wen. Es wird nichts versandt."

    def add_arguments(self, parser: CommandParser) -> None:
        """The day."""
        super().add_arguments(parser)
        parser.add_argument("--on", type=a_day, default=clock.today(), metavar="TAG", help="Tag, sonst heute")

    def answer(self, **options: Any) -> list[dict[str, object]]:
        """One row for each mail."""
        return [_row(due) for due in reminders.new_on(options["on"])]

    def tell(self, found: list[dict[str, object]]) -> str:
        """One line for each mail."""
        lines = [f"{row['subject']}, Stufe {row['stage']}, an {row['to']}" for row in found]
        return "\n".join(lines) or "An diesem Tag geht keine Erinnerung hinaus."


def _row(due: reminders.Due) -> dict[str, object]:
    return {
        "kind": due.kind,
        "subject": due.subject_key,
        **{name: due.context[key] for key, name in TOLD.items() if key in due.context},
        "due_on": due.due_on,
        "stage": due.stage,
        "to": due.to,
    }
