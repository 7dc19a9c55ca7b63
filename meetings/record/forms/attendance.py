"""Who was there, seat by seat, in one form."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from kok.forms import Label, PersonName, offer_rows
from meetings.convening.models import AgendaItem
from meetings.record.actions.holding import AttendanceMark
from meetings.record.models import Attendance

CHOICES = [
    ("PRESENT", "anwesend"),
    ("DEPUTY", "vertreten"),
    ("EXCUSED", "entschuldigt"),
    ("ABSENT", "abwesend"),
]


class AttendanceForm(forms.Form):
    """A choice and the name of a deputy for each seat. Only rows that this person changed are saved."""

    def __init__(self, *args: Any, rows: list[Attendance], deputies: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = [row for row in rows if row.kind != Attendance.Kind.GUEST]
        for row in self.rows:
            is_deputy = row.kind == Attendance.Kind.DEPUTY
            self.fields[f"status_{row.pk}"] = forms.ChoiceField(
                label=f"Teilnahme: {row.stands_in_for or row.name}",
                choices=CHOICES,
                widget=forms.RadioSelect,
                initial="DEPUTY" if is_deputy else row.status,
                show_hidden_initial=True,
            )
            self.fields[f"deputy_{row.pk}"] = PersonName(
                label=f"Vertretung für {row.stands_in_for or row.function}",
                initial=row.name if is_deputy else deputies.get(row.seat_id or 0, ""),
                max_length=201,
                required=False,
                show_hidden_initial=True,
            )

    def lines(self) -> Iterator[tuple[Attendance, BoundField, BoundField, str]]:
        """The rows with their two fields, and what the page showed, hidden."""
        for row in self.rows:
            status, deputy = self[f"status_{row.pk}"], self[f"deputy_{row.pk}"]
            yield row, status, deputy, status.as_hidden(only_initial=True) + deputy.as_hidden(only_initial=True)

    def marks(self, *, changed_only: bool = True) -> dict[int, AttendanceMark]:
        """What was marked, by number of the row."""
        changed = set(self.changed_data)
        return {
            row.pk: AttendanceMark(self.cleaned_data[f"status_{row.pk}"], self.cleaned_data[f"deputy_{row.pk}"].strip())
            for row in self.rows
            if not changed_only or {f"status_{row.pk}", f"deputy_{row.pk}"} & changed
        }


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

    def __init__(self, *args: Any, meeting: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "item", AgendaItem.objects.filter(meeting_id=meeting))
