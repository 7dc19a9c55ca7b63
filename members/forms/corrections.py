"""What is typed where an entry on a seat was wrong or forgotten."""

from django import forms

from kok.codes import choices
from kok.forms import CarefulForm, offer_rows
from members.forms.days import Initial, Typed, sensible
from members.forms.membership import CHOOSE, PersonChoice
from members.models import Person, Seat
from members.queries.people import persons_of_partners
from members.rules.codes import Capacity

READ_BY = "Ein Satz genügt. Nennen Sie keine Namen: Der Grund steht dauerhaft beim Sitz, wo ihn alle lesen."


class _ReasonForm(CarefulForm):
    """Why something is made good; it stays with the seat."""

    careful = ("reason",)
    reason = forms.CharField(label="Was war falsch?", max_length=300, help_text=READ_BY)


class RemovalForm(_ReasonForm):
    """That an entry goes, and whether who was there before it stays (`follows`, a name, where there is somebody)."""

    goes_on = forms.BooleanField(required=False)
    field_order: tuple[str, ...] = ("reason", "goes_on")

    def __init__(self, data: Typed, *, follows: str, has_begun: bool) -> None:
        super().__init__(data, initial={"goes_on": not has_begun})
        self.fields["reason"].required = has_begun
        self.fields["goes_on"].label = f"{follows} bleibt an dieser Stelle eingetragen."
        if not follows:
            del self.fields["goes_on"]


class SeatEntryForm(_ReasonForm):
    """Who sat where from when to when."""

    person = PersonChoice(label="Wer?", queryset=Person.objects.none(), empty_label=CHOOSE)
    from_on = forms.DateField(label="Erster Tag", validators=[sensible])
    last_on = forms.DateField(
        label="Letzter Tag",
        required=False,
        validators=[sensible],
        help_text="Ohne Angabe gilt die Eintragung, solange es den Sitz gibt.",
    )
    field_order: tuple[str, ...] = ("person", "from_on", "last_on", "reason")

    def __init__(self, data: Typed, *, seat: Seat, initial: Initial = None) -> None:
        super().__init__(data, initial=initial)
        offer_rows(self, "person", persons_of_partners([seat.partner]))


class FillInForm(SeatEntryForm):
    """The same of somebody who was forgotten; it has ended, or ends before the next one."""

    capacity = forms.ChoiceField(label="Als was?", choices=choices(Capacity), widget=forms.RadioSelect)
    last_on = forms.DateField(label="Letzter Tag", validators=[sensible])
    reason = forms.CharField(label="Warum wird das nachgetragen?", max_length=300, help_text=READ_BY)
    field_order: tuple[str, ...] = ("person", "capacity", "from_on", "last_on", "reason")
