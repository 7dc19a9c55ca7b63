"""Who was there, and how, seat by seat, in one form."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypedDict

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.safestring import SafeString

from kok.codes import choices
from kok.forms import Label, PersonName, offer_rows
from meetings.convening.models import AgendaItem
from meetings.record.actions.holding import AttendanceMark
from meetings.record.models import Attendance
from meetings.record.rules.codes import PresenceWay, SeatMark
from meetings.record.rules.presence import Presence

WAYS = [("", "nicht angegeben"), *choices(PresenceWay)]


@dataclass(frozen=True)
class MarkedSeat:
    """A seat with its fields, and what the page showed of them, hidden."""

    row: Attendance
    status: BoundField
    deputy: BoundField
    way: BoundField
    came: BoundField
    left: BoundField

    @property
    def fields(self) -> tuple[BoundField, ...]:
        """All of them."""
        return self.status, self.deputy, self.way, self.came, self.left

    @property
    def shown(self) -> str:
        """What the page showed, hidden."""
        return SafeString("".join(field.as_hidden(only_initial=True) for field in self.fields))

    @property
    def has_errors(self) -> bool:
        """Whether something is to be corrected here."""
        return any(field.errors for field in self.fields)


class AttendanceForm(forms.Form):
    """A choice, the name of a deputy, and how somebody was there, for each seat.

    Only rows that this person changed are saved.
    """

    def __init__(self, data: QueryDict | None, *, rows: Iterable[Attendance], deputies: dict[int | None, str]) -> None:
        super().__init__(data)
        self.rows = [row for row in rows if not row.is_guest]
        for row in self.rows:
            status, deputy, way, came, left = _names(row)
            called = row.stands_in_for or row.name
            self.fields[status] = forms.TypedChoiceField(
                label=f"Teilnahme: {called}",
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

            self.fields[way] = forms.ChoiceField(
                label=f"Wie war {called} da?", choices=WAYS, initial=row.way, required=False, show_hidden_initial=True
            )
            for name, words, value in ((came, "Von wann", row.came_at), (left, "Bis wann", row.left_at)):
                self.fields[name] = forms.TimeField(
                    label=f"{words}: {called}", initial=value, required=False, show_hidden_initial=True
                )

    def lines(self) -> Iterator[MarkedSeat]:
        """The rows with their fields."""
        return (MarkedSeat(row, *(self[name] for name in _names(row))) for row in self.rows)

    def _mark(self, row: Attendance) -> AttendanceMark:
        status, deputy, *presence = (self.cleaned_data[name] for name in _names(row))
        return AttendanceMark(status, deputy.strip(), Presence(*presence))

    @property
    def marks(self) -> dict[int, AttendanceMark]:
        """What this person marked otherwise than it stood there, by number of the row."""
        changed = set(self.changed_data)
        return {row.pk: self._mark(row) for row in self.rows if not changed.isdisjoint(_names(row))}

    def show(self) -> None:
        """Lets the rows say who is there by what is marked now. Nothing is saved."""
        for row in self.rows:
            row.status = self._mark(row).status


def _names(row: Attendance) -> tuple[str, str, str, str, str]:
    """The fields of a row: whether somebody was there, who stood in, how, from when, until when."""
    return f"status_{row.pk}", f"deputy_{row.pk}", f"way_{row.pk}", f"came_{row.pk}", f"left_{row.pk}"


class GuestValues(TypedDict):
    """A guest as he was there."""

    name: str
    organisation: str
    item: AgendaItem | None
    presence: Presence


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
    way = forms.ChoiceField(label="Wie war der Gast da?", choices=WAYS, required=False)
    came_at = forms.TimeField(label="Von wann?", required=False)
    left_at = forms.TimeField(label="Bis wann?", required=False)

    def __init__(self, data: QueryDict | None = None, *, meeting: int, auto_id: str = "id_%s") -> None:
        super().__init__(data, auto_id=auto_id)
        offer_rows(self, "item", AgendaItem.objects.filter(meeting_id=meeting))

    @property
    def guest(self) -> GuestValues:
        """What the action takes."""
        given = self.cleaned_data
        return {
            "name": given["name"],
            "organisation": given["organisation"],
            "item": given["item"],
            "presence": Presence(given["way"], given["came_at"], given["left_at"]),
        }
