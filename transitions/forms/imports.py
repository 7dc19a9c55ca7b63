"""Handing in a file."""

from django import forms

from transitions.queries.imports import LIMITS

MEGABYTES = LIMITS.bytes // 1_000_000


class FileForm(forms.Form):
    """One CSV or XLSX file. It is read in memory only; what is larger never arrives."""

    file = forms.FileField(
        label="Welche Datei möchten Sie einlesen?",
        help_text=f"Eine XLSX- oder CSV-Datei mit höchstens 2.000 Fällen und {MEGABYTES} Megabyte.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={
            "required": f"Es ist keine Datei angekommen. Wählen Sie eine Datei mit höchstens {MEGABYTES} Megabyte aus."
        },
    )

    def clean_file(self) -> object:
        """The bytes; the name of the file is not kept, it could hold a name."""
        return self.cleaned_data["file"].read()
