"""What is said before something leaves the area as a locked file, or why it does not."""

from dataclasses import dataclass, replace

from django.utils.html import format_html

from kok.step_pages import StepPage
from kok.words import day
from members.models import Agreement
from transitions.models import DataSubjectRequest, TransitionCase, TransitionListVersion
from transitions.pages.links import link
from transitions.pages.titles import as_version
from transitions.queries.disclosure import may_be_handed_out

IN_DRAFT = "Ein Entwurf verlässt die Anwendung nicht: Erst muss ihn eine zweite Person freigeben."
REPLACED = "Eine neuere Fassung hat diese ersetzt. Ausgegeben wird nur, was gilt."


@dataclass(frozen=True, kw_only=True)
class FilePage(StepPage):
    """The words of the page of a file; `ways`: where one goes on instead of making it."""

    ways: tuple[tuple[str, str], ...] = ()


def list_file_page(version: TransitionListVersion, agreement: Agreement) -> FilePage:
    """The newest released version as a file; of others there is none."""
    lists = link(agreement, "lists")
    title, above = f"Übergangsliste {version.transition_list.year} als Datei", as_version(version)
    if not may_be_handed_out(version):
        return FilePage(
            title=title,
            above=above,
            heading="Von dieser Fassung gibt es keine Datei",
            lead=IN_DRAFT if version.is_draft else REPLACED,
            submit="",
            cancel_url=lists,
            ways=(("Zu den Übergangslisten", lists),),
        )
    return FilePage(
        title=title,
        above=above,
        heading="Als verschlüsselte Datei ausgeben",
        lead="Sie erhalten die Liste als PDF, das sich nur mit dem Kennwort öffnet. Darin liegt dieselbe Liste als "
        "Tabelle (CSV) zum Einlesen in ein Fachverfahren: Ihr PDF-Programm zeigt sie unter „Anlagen“. Geben Sie nur "
        "aus, was Sie wirklich brauchen: Die Datei unterliegt keiner Frist dieser Anwendung, löschen müssen Sie sie "
        "selbst.",
        submit="Datei erstellen",
        cancel_url=link(agreement, "version", version.pk),
    )


def case_file_page(case: TransitionCase, asked: DataSubjectRequest | None, agreement: Agreement) -> FilePage:
    """The answer to a request for access; without one that is open, none."""
    here = link(agreement, "case", case.pk)
    page = FilePage(
        title=f"Auskunft zum Fall {case.case_ref}",
        above=f"Fall {case.case_ref}",
        heading="Auskunft als verschlüsselte Datei",
        lead="Das PDF enthält alles, was über diesen Fall gespeichert ist: die Angaben jeder Fassung, Empfänger und "
        "Zeiten, den Verlauf, die Zugriffe Ihrer Seite, die Fristen und die Rechte der Person. Namen von Beschäftigten "
        "stehen nicht darin.",
        submit="Auskunft erstellen",
        cancel_url=here,
    )
    if asked is None:
        return replace(
            page,
            hindrance="Zu diesem Fall ist keine Anfrage auf Auskunft offen, deren Identität geprüft ist.",
            hindrance_body="Die Auskunft enthält alles über eine Person. Sie entsteht nur zu einer offenen Anfrage "
            "nach Art. 15 DSGVO, in der steht, wann die Identität geprüft wurde.",
            ways=(
                ("Anfrage eintragen", f"{link(agreement, 'request-new')}?fall={case.pk}"),
                ("Zu den Anfragen", link(agreement, "requests")),
            ),
        )
    note = format_html(
        'Sie entsteht zur <a href="{}">Anfrage vom {}</a>; so steht es im Zugriffsprotokoll. Geht die Auskunft auf '
        "Papier hinaus, drucken Sie die geöffnete Datei.",
        link(agreement, "request", asked.pk),
        day(asked.received_on),
    )
    return replace(page, notes=[note])
