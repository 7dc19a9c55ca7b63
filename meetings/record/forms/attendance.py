"""Who was there, and how, seat by seat, in one form."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypedDict

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.safestring import SafeString

from kok import seen, words
from kok.codes import choices
from kok.errors import Refused
from kok.forms import Label, PersonName, offer_rows
from meetings.convening.models import AgendaItem
from meetings.record.actions.holding import AttendanceMark, SeatsChanged
from meetings.record.models import Attendance
from meetings.record.rules.codes import PresenceWay, SeatMark
from meetings.record.rules.presence import Presence

ATTENDANCE = "teilnahme"  # the one form of the page
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
        owner: dict[str, str | bool] = {"form": ATTENDANCE}
        return SafeString("".join(field.as_hidden(attrs=owner, only_initial=True) for field in self.fields))

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
            for name, said, value in ((came, "Von wann", row.came_at), (left, "Bis wann", row.left_at)):
                self.fields[name] = forms.TimeField(
                    label=f"{said}: {called}", initial=value, required=False, show_hidden_initial=True
                )

        for each in self.fields.values():
            each.widget.attrs["form"] = ATTENDANCE

    def lines(self) -> Iterator[MarkedSeat]:
        """The rows with their fields."""
        return (MarkedSeat(row, *(self[name] for name in _names(row))) for row in self.rows)

    def mark(self, row: Attendance) -> AttendanceMark:
        """What is marked for a seat."""
        status, deputy, *presence = (self.cleaned_data[name] for name in _names(row))
        return AttendanceMark(status, deputy.strip(), Presence(*presence))

    @property
    def shown(self) -> dict[int, AttendanceMark]:
        """What the page showed of each seat; of one of which it does not say so nothing."""
        before = QueryDict(mutable=True)
        for name in self.fields:
            before[name] = self.data.get(self[name].html_initial_name, "")
        earlier = AttendanceForm(before, rows=self.rows, deputies={})
        return {row.pk: earlier.mark(row) for row in self.rows if earlier.errors.keys().isdisjoint(_names(row))}

    def tell(self, refusal: Refused | None) -> None:
        """Says why nothing was saved: at a seat that somebody else marked what stands there, so that sent again it is
        meant."""
        if isinstance(refusal, SeatsChanged):
            for pk, mark in refusal.there.items():
                self.add_error(f"status_{pk}", refusal.sentences[pk])
                seen.retype(self, _as_shown(pk, mark))
        elif refusal:
            self.add_error(None, refusal.sentence)

    @property
    def marks(self) -> dict[int, AttendanceMark]:
        """What this person marked otherwise than it stood there, by number of the row."""
        changed = set(self.changed_data)
        return {row.pk: self.mark(row) for row in self.rows if not changed.isdisjoint(_names(row))}


def _names(row: Attendance) -> tuple[str, str, str, str, str]:
    """The fields of a row: whether somebody was there, who stood in, how, from when, until when."""
    return _names_of(row.pk)


def _names_of(pk: int) -> tuple[str, str, str, str, str]:
    return f"status_{pk}", f"deputy_{pk}", f"way_{pk}", f"came_{pk}", f"left_{pk}"


def _as_shown(pk: int, mark: AttendanceMark) -> dict[str, str]:
    """What a page that shows this mark carries."""
    status, deputy, way, came, left = (f"initial-{name}" for name in _names_of(pk))
    presence = mark.presence
    return {
        status: SeatMark(mark.seen).value,
        deputy: mark.deputy,
        way: presence.way,
        came: words.hour(presence.came_at),
        left: words.hour(presence.left_at),
    }


class GuestValues(TypedDict):
    """A guest as he was there."""

    name: str
    organisation: str
    item: AgendaItem | None
    presence: Presence


class GuestForm(forms.Form):
    """A guest with his organisation and the item he is there for. On the page of the attendance he may be left out.

    All fields of that page belong to one form: each of its buttons saves what was ticked first.
    """

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

    def __init__(self, data: QueryDict | None = None, *, meeting: int, is_asked: bool = True) -> None:
        super().__init__(data, auto_id="gast_%s", empty_permitted=not is_asked, use_required_attribute=False)
        for each in self.fields.values():
            each.widget.attrs["form"] = ATTENDANCE
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
