"""When a notice of termination ends the agreement (Punkt 12): `manage.py termination --received-on 2030-06-30`."""

from datetime import date

from django.core.management.base import CommandParser

from kok import words
from kok.management.base import KokCommand, a_day
from kok.queries import extra_holidays
from members.rules.termination import NoticeForm, delivery_advised_on, receipt_due_on, termination_end

FORMS = {
    "written": NoticeForm.SIGNED_ORIGINAL,
    "qualified_electronic": NoticeForm.QUALIFIED_SIGNATURE,
    "email": NoticeForm.EMAIL,
}


class Command(KokCommand[dict[str, date]]):
    """Calculates; it stores no notice."""

    help = "Berechnet, zu welchem Tag eine Kündigung die Vereinbarung beendet."

    def add_arguments(self, parser: CommandParser) -> None:
        """Agreement, day of receipt, form."""
        super().add_arguments(parser)
        self.add_agreement(parser)
        parser.add_argument("--received-on", required=True, type=a_day, metavar="TAG", help="Tag des Eingangs")
        parser.add_argument("--form", choices=FORMS, default="written", help="Form, in der die Kündigung einging")

    def answer(self, *, agreement: str, received_on: date, form: str, **_: object) -> dict[str, date]:
        """The last day of the agreement."""
        months = self.agreement(agreement).terms_on(received_on).termination_months
        ends_on = termination_end(received_on, FORMS[form], months)
        self.receipt_on = receipt_due_on(ends_on, months)
        self.delivery_on = delivery_advised_on(ends_on, months, extra_holidays())
        return {"ends_on": ends_on}

    def tell(self, found: dict[str, date]) -> str:
        """The day, the day of receipt it rests on, and the advice."""
        advice = f" Sicher ist eine Zustellung bis zum {words.day(self.delivery_on)}, dem letzten Werktag davor."
        return (
            f"Die Vereinbarung endet am {words.day(found['ends_on'])}. Für dieses Ende muss die Kündigung "
            f"bis zum {words.day(self.receipt_on)} eingehen; dieser Tag verschiebt sich nicht."
            + (advice if self.delivery_on != self.receipt_on else "")
        )
