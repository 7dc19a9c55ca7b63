"""Handing in a file of figures, and what is said to a warning."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from kok.forms import CarefulForm
from reporting.figures.rules.file_limits import LIMITS
from reporting.figures.rules.lists_of_people import REFUSED, names_people
from reporting.figures.rules.revisions import MOST_CHARACTERS

MEGABYTES = LIMITS.bytes // 1_000_000
TOO_LARGE = (
    "Die Datei ist zu groß: Angekommen sind {} Megabyte, möglich sind {}. Es wurde nichts gespeichert. Nehmen Sie die "
    "Datei als CSV, oder löschen Sie Blätter, die nicht zur Lieferung gehören."
)


class ImportForm(CarefulForm):
    """One CSV or XLSX file, and for corrections the reason. `received` is the size of the whole request."""

    careful = ("correction_reason",)

    file = forms.FileField(
        label="Welche Datei möchten Sie einlesen?",
        help_text=(
            f"Eine CSV- oder XLSX-Datei mit höchstens {MEGABYTES} Megabyte und {LIMITS.rows // 1000}.000 Zeilen. "
            "Format, Stichtag und Revision stehen in der Datei."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"required": "Es ist keine Datei angekommen. Wählen Sie eine Datei aus."},
    )
    correction_reason = forms.CharField(
        label="Bei einer Berichtigung: Was war falsch?",
        help_text="Nur ab Revision 1. Der Grund steht später bei den Zahlen. Schreiben Sie keine Namen.",
        max_length=300,
        required=False,
    )

    def __init__(
        self, data: QueryDict | None = None, files: MultiValueDict[str, UploadedFile] | None = None, received: int = 0
    ) -> None:
        super().__init__(data, files)
        if received > LIMITS.bytes:  # larger files are not kept, so that the field is empty
            said = TOO_LARGE.format(received // 1_000_000, MEGABYTES)
            self.fields["file"].error_messages["required"] = said

    def clean_file(self) -> UploadedFile:
        """A file within the limit that is no list of people."""
        file: UploadedFile = self.cleaned_data["file"]
        size = file.size or 0
        if size > LIMITS.bytes:
            raise forms.ValidationError(TOO_LARGE.format(-(-size // 1_000_000), MEGABYTES))
        content = file.read()
        file.seek(0)
        if names_people(content):
            raise forms.ValidationError(REFUSED)
        return file


class RemarkForm(CarefulForm):
    """What is said to the warnings of one rule. The rule prefixes the field: several such forms stand on a page."""

    careful = ("text",)

    text = forms.CharField(
        label="Wie kommt die Zahl zustande?",
        help_text="Steht bei den Zahlen. Schreiben Sie keine Namen.",
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
