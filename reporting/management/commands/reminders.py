"""What would be sent on a day: `manage.py reminders --on 2027-04-16 --json`. It sends and stores nothing."""

from typing import Any

from django.core.management.base import CommandParser

from kok import clock, reminders
from kok.management.base import KokCommand, a_day


class Command(KokCommand):
    """Only reads. What was queued before is left out, what was missed is caught up: exactly as in the morning run."""

    help = "Zeigt, welche Erinnerungen an einem Tag hinausgingen und an wen. Es wird nichts versandt."

    def add_arguments(self, parser: CommandParser) -> None:
        """The day."""
        super().add_arguments(parser)
        parser.add_argument("--on", type=a_day, metavar="TAG", help="Tag, sonst heute")

    def answer(self, **options: Any) -> list[dict[str, Any]]:
        """One row for each mail."""
        return [_row(due) for due in reminders.new_on(options["on"] or clock.today())]

    def tell(self, found: list[dict[str, Any]]) -> str:
        """One line for each mail."""
        if not found:
            return "An diesem Tag geht keine Erinnerung hinaus."
        return "\n".join(f"{row['subject']}, Stufe {row['stage']}, an {row['to']}" for row in found)


def _row(due: reminders.Due) -> dict[str, Any]:
    known = ("agreement", "code", "debtor", "due_year")
    return {
        "kind": due.kind,
        "subject": due.subject_key,
        **{"id" if key == "code" else key: due.context[key] for key in known if key in due.context},
        "due_on": due.due_on,
        "stage": due.stage,
        "to": due.to,
    }
