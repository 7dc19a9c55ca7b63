"""What is typed on the kernel's own pages. Forms check what is typed; whether it may happen is said by the actions."""

from collections.abc import Mapping, MutableMapping
from datetime import date

from django import forms

from kok.models.footer import LONGEST
from kok.statutory import Page

Data = Mapping[str, object]


class LongText(forms.CharField):
    """A text of several lines. Nothing is cut off while typing: what is too long is counted, kept and refused."""

    widget: type[forms.Widget] = forms.Textarea
    default_error_messages = {
        "max_length": "Der Text hat %(show_value)s Zeichen, möglich sind %(limit_value)s. Er steht noch hier. "
        "Kürzen Sie ihn.",
    }

    def to_python(self, value: object) -> str:
        """One kind of line end."""
        return str(super().to_python(str(value or "").replace("\r\n", "\n")))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, object]:
        """Without `maxlength`, which would cut pasted text without a word."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class ShortText(LongText):
    """The same in one line."""

    widget = forms.TextInput


class PageForm(forms.Form):
    """The text of a statutory page, and over which version it was written."""

    text = LongText(label="Text der Seite", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 28}))
    is_reviewed = forms.BooleanField(
        label="Eine Prüfgruppe hat diesen Text gelesen.",
        required=False,
        help_text="Nur dann heißt die Seite „Leichte Sprache“, sonst „Einfache Sprache (Entwurf)“. Gemeint ist der "
        "Text, so wie er hier steht: Nach jeder Änderung ist das Feld wieder leer.",
    )
    base = forms.IntegerField(min_value=0, max_value=2**31 - 2, widget=forms.HiddenInput)

    def __init__(
        self, data: Data | None = None, *, page: Page, initial: MutableMapping[str, object] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        if not page.unread:
            del self.fields["is_reviewed"]


class ReportForm(forms.Form):
    """A barrier, told by anybody."""

    text = LongText(
        label="Was hat Sie gehindert?",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Schreiben Sie auch, womit Sie arbeiten, zum Beispiel mit einem Bildschirmleser oder mit der "
        "Tastatur. Schreiben Sie nichts über andere Menschen.",
    )
    place = ShortText(
        label="Auf welcher Seite?", max_length=300, required=False, help_text="Die Überschrift oder Adresse der Seite."
    )
    contact = ShortText(
        label="Wie erreichen wir Sie?",
        max_length=200,
        required=False,
        help_text="E-Mail oder Telefon. Ohne diese Angabe können wir Ihnen nicht antworten.",
    )


class SetAsideForm(forms.Form):
    """Why a report is none about accessibility."""

    reason = LongText(
        label="Warum ist das kein Anliegen zur Barrierefreiheit?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Zum Beispiel: Werbung, oder eine Frage zu einem Termin. Nennen Sie keine Namen.",
    )


class BarrierAnswerForm(forms.Form):
    """When the person was answered, and what was done. Who cannot be answered is not asked about."""

    on = forms.DateField(label="Wann haben Sie geantwortet?")
    what = LongText(
        label="Was ist geschehen?",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Was Sie geändert haben oder ändern werden.",
    )

    def __init__(self, data: Data | None, *, is_answerable: bool, today: date) -> None:
        super().__init__(data)
        if not is_answerable:
            self.fields["on"].label, self.fields["on"].initial = "Erledigt am", today
