"""Who was there, seat by seat, in one form."""

from collections.abc import Iterable, Iterator

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from kok.codes import choices
from kok.forms import Label, PersonName, offer_rows
from meetings.convening.models import AgendaItem
from meetings.record.actions.holding import AttendanceMark
from meetings.record.models import Attendance
from meetings.record.rules.codes import SeatMark


class AttendanceForm(forms.Form):
    """A choice and the name of a deputy for each seat. Only rows that this person changed are saved."""

    def __init__(self, data: QueryDict | None, *, rows: Iterable[Attendance], deputies: dict[int | None, str]) -> None:
        super().__init__(data)
        self.rows = [row for row in rows if not row.is_guest]
        for row in self.rows:
            status, deputy = _names(row)
            self.fields[status] = forms.TypedChoiceField(
                label=f"Teilnahme: {row.stands_in_for or row.name}",
                choices=choices(SeatMark),
                coerce=SeatMark,
                widget=forms.RadioSelect,
                initial=row.mark.value,
                show_hidden_initial=True,
            )
            self.fields[deputy] = PersonName(
                label=f"Vertretung für {row.stands_in_for or row.function}",
                initial=row.name if row.is_deputy else deputies.get(row.seat_id, ""),
                max_length=201,
                required=False,
                show_hidden_initial=True,
            )

    def lines(self) -> Iterator[tuple[Attendance, BoundField, BoundField, str]]:
        """The rows with their two fields, and what the page showed, hidden."""
        for row in self.rows:
            status, deputy = (self[name] for name in _names(row))
            yield row, status, deputy, status.as_hidden(only_initial=True) + deputy.as_hidden(only_initial=True)

    def _mark(self, row: Attendance) -> AttendanceMark:
        status, deputy = (self.cleaned_data[name] for name in _names(row))
        return AttendanceMark(status, deputy.strip())

    @property
    def marks(self) -> dict[int, AttendanceMark]:
        """What this person marked otherwise than it stood there, by number of the row."""
        changed = set(self.changed_data)
        return {row.pk: self._mark(row) for row in self.rows if not changed.isdisjoint(_names(row))}

    def show(self) -> None:
        """Lets the rows say who is there by what is marked now. Nothing is saved."""
        for row in self.rows:
            row.status = self._mark(row).status


def _names(row: Attendance) -> tuple[str, str]:
    """The two fields of a row: whether somebody was there, and who stood in."""
    return f"status_{row.pk}", f"deputy_{row.pk}"


class GuestForm(forms.Form):
    """A guest with his organisation and the item he is there for."""

    name = PersonName(label="Wie heißt der Gast?", max_length=201)
    organisation = Label(label="Von welcher Stelle?", max_length=301)
    item = forms.ModelChoiceField(
        label="Zu welchem Tagesordnungspunkt?",
        help_text="Gäste stehen im Protokoll nur bei ihrem Tagesordnungspunkt.",
        queryset=AgendaItem.objects.none(),
        required=False,
        empty_label="zur ganzen Sitzung",
    )

    def __init__(self, data: QueryDict | None = None, *, meeting: int, auto_id: str = "id_%s") -> None:
        super().__init__(data, auto_id=auto_id)
        offer_rows(self, "item", AgendaItem.objects.filter(meeting_id=meeting))
