"""One person of the list on one screen: the fields of domain.md 5.3, in the order in which a file is read."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime

from django import forms
from django.http import QueryDict

from kok.codes import Code, choices
from kok.errors import Refused
from kok.forms import sent, with_an_answer
from kok.lettering import one_line
from transitions.queries.known import Known
from transitions.rules import codes, people, year
from transitions.rules.case import CaseData, Given
from transitions.rules.codes import FacilityBasis
from transitions.rules.free_texts import Doubt
from transitions.rules.months import parse_month
from transitions.rules.municipalities import municipality_words

NO_HELP = {"autocomplete": "off", "spellcheck": "false"}  # the browser keeps no name and sends none to a dictionary
ELSEWHERE = "andere"  # instead of a key: the municipality is none of the agreement's
INCOMPLETE = "Diese Seite ist nicht vollständig angekommen. Es wurde nichts geändert. Laden Sie sie neu."
GROUPS: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    ("Person", (("family_name", "given_name"), ("date_of_birth", "salutation"))),
    (
        "Aufenthalt und Einrichtung",
        (
            ("ga_municipality",),
            ("ga_elsewhere",),
            ("facility_name", "facility_place"),
            ("facility_basis",),
            ("similar_reason",),
        ),
    ),
    ("Schule", (("education_kind",), ("expected_end_on",), ("certainty",), ("is_late",))),
    ("Zuständigkeit und Ansprechstelle", (("lwv_responsibility",), ("contact_unit", "contact_phone"))),
    ("Information und Vertretung", (("legal_representative_kind",), ("informed_on",))),
    ("Bundesagentur für Arbeit", (("ba_procedure_started", "lwv_involved"),)),
)


class _Line(forms.CharField):
    """One line of text without double spaces, each letter as one sign; the browser keeps and checks nothing of it."""

    def __init__(self, *, label: str, max_length: int, help_text: str = "", **attrs: str) -> None:
        widget = forms.TextInput(attrs={**NO_HELP, **attrs})
        super().__init__(label=label, max_length=max_length, help_text=help_text, widget=widget)

    def to_python(self, value: object) -> str:
        return one_line(super().to_python(value) or "")


class _Month(forms.Field):
    """A month as people type it: 7.2028."""

    def to_python(self, value: object) -> date | None:
        try:
            return parse_month(str(value)) if value else None
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from None

    def prepare_value(self, value: object) -> object:
        return f"{value.month}.{value.year}" if isinstance(value, date) else value


class _LaterDate(forms.DateField):
    """A day that a release needs and a draft can do without: neither asked for now nor called optional."""

    def validate(self, value: object) -> None:
        """May be empty for now."""


def _coded(kind: type[Code], label: str, *, required: bool = True, help_text: str = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=choices(kind),
        coerce=kind,
        empty_value=None,
        required=required,
        help_text=help_text,
        widget=forms.RadioSelect,
        error_messages={"required": "Wählen Sie eine Antwort aus."},
    )


def _asked(kind: type[Code], label: str) -> forms.TypedChoiceField:
    """A question that may stay unanswered."""
    field = _coded(kind, label, required=False)
    field.widget = forms.Select()
    field.choices = [("", "keine Angabe"), *choices(kind)]
    return field


class CaseForm(forms.Form):
    """A person on the list of the year `list_year`. Judges, never writes; `entry_data` is what the actions take.

    `is_addendum`: nobody is asked whether this is a Nachmeldung; the person was named before, or the list was, and its
    deadline is over (`rules.year.is_late_addition`).
    """

    family_name = _Line(label="Familienname", max_length=100)
    given_name = _Line(label="Vorname", max_length=100)
    date_of_birth = forms.DateField(
        label="Geboren am",
        error_messages={"invalid": "Diesen Tag gibt es so nicht. Schreiben Sie ihn wie 14.03.2010."},
    )
    salutation = _asked(codes.Salutation, "Anrede")
    ga_municipality = _Line(
        label="Gewöhnlicher Aufenthalt",
        max_length=8,
        help_text="Gemeindeschlüssel (AGS) mit acht Ziffern, zum Beispiel 06440008.",
        inputmode="numeric",
    )
    ga_elsewhere = with_an_answer(
        _Line(
            label="Gemeindeschlüssel (AGS)",
            max_length=8,
            help_text="Nur bei einer Gemeinde außerhalb: acht Ziffern, zum Beispiel 06435001.",
            inputmode="numeric",
        )
    )
    facility_name = _Line(label="Einrichtung", max_length=150, list="einrichtungen")
    facility_place = _Line(label="Ort der Einrichtung", max_length=100, list="orte")
    facility_basis = _coded(codes.FacilityBasis, "Warum fällt die Einrichtung unter Punkt 8b?")
    similar_reason = with_an_answer(
        _coded(codes.SimilarReason, "Worin ist sie ähnlich?", help_text="Nur bei einer ähnlichen Einrichtung.")
    )
    education_kind = _coded(codes.EducationKind, "Was endet?")
    expected_end_on = _Month(
        label="In welchem Monat?", help_text="Zum Beispiel 7.2028.", widget=forms.TextInput(attrs=NO_HELP)
    )
    certainty = _coded(codes.Certainty, "Wie sicher ist das?")
    is_late = forms.BooleanField(label="Als Nachmeldung aufnehmen", required=False)
    lwv_responsibility = _coded(codes.LwvResponsibility, "Wie wahrscheinlich wird der LWV Hessen zuständig?")
    contact_unit = _Line(label="Ansprechstelle", max_length=150, help_text="Eine Stelle, kein Name.")
    contact_phone = _Line(label="Telefon der Stelle", max_length=40, inputmode="tel")
    legal_representative_kind = _coded(codes.RepresentativeKind, "Wer vertritt die Person?")
    informed_on = _LaterDate(
        label="Wann wurde über die Benennung informiert?",
        help_text="Für den Entwurf kann das Datum noch fehlen, für die Freigabe nicht (Art. 13 DSGVO).",
    )
    ba_procedure_started = _asked(codes.Answer, "Teilhabeplanverfahren begonnen?")
    lwv_involved = _asked(codes.Answer, "LWV Hessen daran beteiligt?")
    seen = forms.CharField(widget=forms.HiddenInput, error_messages={"required": INCOMPLETE})
    doubts: tuple[tuple[forms.BoundField, str], ...] = ()  # what `is_sure` was asked about
    alike: tuple[Known, ...] = ()  # likewise, who this may be

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        list_year: int,
        today: date,
        municipalities: Mapping[str, str],
        is_addendum: bool = False,
        initial: Given | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.list_year, self.today = list_year, today
        self.is_addendum = is_addendum
        self.asks_late = not is_addendum and bool(self.data.get("is_late") or self.initial.get("is_late"))
        self._offer_municipalities(municipalities)
        self.fields["seen"].required = "seen" in self.initial
        basis = self.data.get(self.add_prefix("facility_basis"))
        self.fields["similar_reason"].required = basis == FacilityBasis.SIMILAR
        self.fields["is_late"].help_text = (
            f"Eine Nachmeldung nennt jemanden, der erst nach der Frist seiner Liste bekannt wurde: Die Schule endet "
            f"schon {list_year}. Der LWV Hessen sieht, dass es eine Nachmeldung ist."
        )
        if not self.is_bound and not self.initial.get("family_name"):
            self.fields["family_name"].widget.attrs["autofocus"] = True

    def _offer_municipalities(self, municipalities: Mapping[str, str]) -> None:
        """A choice by name where the agreement names its municipalities; what is stored stays choosable."""
        choices = {ags: municipality_words(ags, municipalities) for ags in municipalities}
        if not choices:
            del self.fields["ga_elsewhere"]
            return
        chosen = self.data.get(self.add_prefix("ga_municipality"))
        self.fields["ga_elsewhere"].required = chosen == ELSEWHERE
        stored = self.initial.get("ga_municipality")
        if stored and stored not in {*choices, ELSEWHERE}:
            choices[stored] = stored
        self.fields["ga_municipality"] = forms.ChoiceField(
            label=self.fields["ga_municipality"].label,
            choices=[("", "Bitte auswählen"), *choices.items(), (ELSEWHERE, "eine andere Gemeinde")],
            error_messages={"required": "Wählen Sie die Gemeinde aus."},
        )

    @property
    def groups(self) -> list[tuple[str, list[list[forms.BoundField]]]]:
        """The fields as the page shows them; the Nachmeldung only where it is a question."""
        shown = self.fields.keys() - ({"is_late"} if not self.asks_late else set())
        return [
            (legend, [[self[name] for name in row] for row in rows if shown.issuperset(row)]) for legend, rows in GROUPS
        ]

    def clean_seen(self) -> datetime | None:
        """The state of the entry that this page began with."""
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"]) if self.cleaned_data["seen"] else None
        except ValueError:
            raise forms.ValidationError(INCOMPLETE) from None

    def clean(self) -> dict[str, object]:
        """What the fields say together, said at the field where one can mend it."""
        given = self.cleaned_data
        if given.get("facility_basis") is not FacilityBasis.SIMILAR:
            given["similar_reason"] = None
        where = {ELSEWHERE: "ga_elsewhere"}.get(given.get("ga_municipality", ""), "ga_municipality")
        ags = given.get(where)
        given.pop("ga_municipality", None)
        if ags:
            given["ga_municipality"] = ags
        if given.get("expected_end_on"):
            self._check_year(given["expected_end_on"])
        for name, sentence in people.check_fields(given, self.today):
            self.add_error({"ga_municipality": where}.get(name, name), sentence)
        return given

    def _check_year(self, expected_end_on: date) -> None:
        """The list names the leavers of the next year; who would fit as a Nachmeldung is offered that (1, 8b)."""
        try:
            year.check_year(expected_end_on, self.list_year, self.is_late_entry)
        except year.WrongYear as wrong:
            self.add_error("expected_end_on", wrong.sentence)
            self.asks_late |= wrong.may_be_late
        if self.asks_late and self.is_late_entry:
            self._check_mark(expected_end_on)

    def _check_mark(self, expected_end_on: date) -> None:
        """The tick may be left from another month, typed before or stored."""
        try:
            year.check_mark(expected_end_on, self.list_year)
        except Refused as refused:
            self.add_error("is_late", f"{refused.sentence} Entfernen Sie hier den Haken.")

    @property
    def read(self) -> CaseData | None:
        """The person, once every field can be read."""
        return self.entry_data if self.is_valid() else None

    @property
    def entry_data(self) -> CaseData:
        """The person as the actions take it."""
        return CaseData(**{each.name: self.cleaned_data[each.name] for each in fields(CaseData)})

    @property
    def is_late_entry(self) -> bool:
        """Whether it is a Nachmeldung, and so may end in the year of the list itself."""
        return self.is_addendum or bool(self.cleaned_data.get("is_late"))

    @property
    def known(self) -> Given:
        """What is typed well, also where other fields are not."""
        self.is_valid()  # cleans
        return getattr(self, "cleaned_data", {})

    def is_sure(self, doubts: Iterable[Doubt], alike: Iterable[Known]) -> bool:
        """Whether a form may be saved if it is valid: nothing of it is doubtful, or each of these doubts was confirmed.

        Asked of a form that is not valid too, so that its doubts stand beside its errors.
        """
        self.doubts, self.alike = tuple((self[field], sentence) for field, sentence in doubts), tuple(alike)
        return set(self.confirmations) <= set(sent(self).getlist("trotzdem"))

    @property
    def confirmations(self) -> list[str]:
        """One for each doubt about the words as they are: after another change of them one is asked anew."""
        asked = (*self.doubts, *((self["family_name"], each.question) for each in self.alike))
        told = (f"{self.known.get(field.name)}\n{sentence}" for field, sentence in asked)
        return [hashlib.sha256(each.encode()).hexdigest() for each in told]

    def see(self, changed_at: datetime) -> None:
        """After a conflict was shown, saving again is meant; what was typed stays as it was typed."""
        typed = sent(self)
        typed["seen"] = changed_at.isoformat()
        self.data = typed
