"""The words of the pages that ask before one act."""

from collections.abc import Sequence
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from kok.articles import der
from kok.step_pages import StepPage
from kok.words import moment, plural, weekday
from members.models import Agreement
from transitions.models import CaseEntry, TransitionCase, TransitionListVersion
from transitions.pages.case import CasePage
from transitions.pages.links import link
from transitions.pages.panels import Panel, SealedStep
from transitions.pages.titles import version_title
from transitions.queries.access import Access
from transitions.queries.known import Known
from transitions.queries.proposals import Proposal
from transitions.queries.removal import why_not_discarded, why_not_removed
from transitions.queries.retention import IfEnded, erased_if_declined, erased_if_ended
from transitions.rules import people

LOST = "Das lässt sich nicht zurücknehmen."


def discarding(draft: TransitionListVersion, access: Access, cancel_url: str) -> StepPage:
    """Throwing a draft away; it opens nothing that is sealed."""
    before = draft.number - 1
    what = "Alle Angaben des Entwurfs werden gelöscht. Übermittelt ist davon nichts."
    if before:
        what = f"Alle Änderungen seit Fassung {before} gehen verloren. Fassung {before} gilt weiter."
    unnamed = draft.entries.filter(case__named_at=None).count()
    gone = plural(
        unnamed,
        "wird ein Fall, der noch nie übermittelt worden ist",
        f"werden {unnamed} Fälle, die noch nie übermittelt worden sind",
    )
    hindrance = why_not_discarded(draft, access)
    return StepPage(
        title="Entwurf verwerfen",
        above=version_title(draft),
        heading="Entwurf verwerfen?",
        lead=f"{what} {LOST}",
        notes=[f"Gelöscht {gone}."] if unnamed else [],
        hindrance="Sie können diesen Entwurf nicht verwerfen." if hindrance else "",
        hindrance_body=hindrance,
        back="Zurück zum Entwurf",
        submit="Entwurf verwerfen",
        cancel_url=cancel_url,
    )


def removing(entry: CaseEntry, name: str, access: Access) -> StepPage:
    """Forgetting a person who was never named."""
    draft, case_ref = entry.version, entry.case.case_ref
    hindrance = why_not_removed(entry.case, access)
    laid = (
        f"Der Entwurf liegt seit {moment(draft.submitted_at)} zur Freigabe vor. Entfernen Sie den Fall, ist er "
        "zurückgeholt und muss neu vorgelegt werden. Wer ihn freigeben sollte, erhält eine Nachricht."
    )
    is_laid = bool(draft.submitted_at) and not hindrance
    return StepPage(
        title=f"Fall {case_ref} entfernen",
        above=version_title(draft),
        heading=f"Fall {case_ref} entfernen?",
        lead=f"Alle Angaben zu {name} werden gelöscht. Der LWV Hessen hat sie nie erhalten. Nur das Fallzeichen bleibt "
        f"im Zugriffsprotokoll. {LOST}",
        notes=[laid] * is_laid,
        hindrance="Sie können diesen Fall nicht entfernen." if hindrance else "",
        hindrance_body=hindrance,
        back="Zurück zum Entwurf",
        submit="Zurückholen und Fall entfernen" if is_laid else "Fall entfernen",
        cancel_url=link(access.agreement, "version", draft.pk),
    )


def asking(case: TransitionCase, doubles: Sequence[Known], agreement: Agreement) -> StepPage:
    """The receiving unit asks the county about a case."""
    sender = capfirst(der(case.transition_list.sender.short_name))
    return StepPage(
        title=f"Nachfragen zum Fall {case.case_ref}",
        above=f"Fall {case.case_ref}",
        heading="Nachfragen",
        lead=f"{sender} erfährt durch eine Nachricht ohne Namen und ohne Fallzeichen, dass es eine Frage gibt, und "
        "antwortet hier.",
        notes=[_doubles(doubles, agreement)] if doubles else [],
        submit="Frage stellen",
        cancel_url=link(agreement, "case", case.pk),
    )


def _doubles(doubles: Sequence[Known], agreement: Agreement) -> SafeString:
    told = ((link(agreement, "case", known.case.pk), known.case.case_ref) for known in doubles)
    return format_html(
        "{} vielleicht dieselbe Person: {}. Sehen Sie nach, bevor Sie fragen, ob sie doppelt benannt ist.",
        plural(len(doubles), "In diesem Fall steht", "In diesen Fällen steht"),
        format_html_join(", ", '<a class="kok-nowrap" href="{}">Fall {}</a>', told),
    )


def declining(draft: TransitionListVersion, proposal: Proposal, cancel_url: str) -> StepPage:
    """Not taking somebody over, which brings the erasure of the data nearer."""
    data, case_ref = proposal.data, proposal.case.case_ref
    return StepPage(
        title=f"Fall {case_ref} nicht auf diese Liste nehmen",
        above=version_title(draft),
        heading=f"Fall {case_ref} nicht auf diese Liste nehmen?",
        lead=f"{people.spoken(data)} wird nicht wieder vorgeschlagen. Die Angaben werden spätestens am "
        f"{weekday(erased_if_declined(proposal.case))} auf beiden Seiten gelöscht. Bis sie gelöscht sind, nehmen Sie "
        "das auf der Seite der Vorschläge zurück.",
        submit="Nicht auf diese Liste nehmen",
        cancel_url=cancel_url,
    )


def entering_request(agreement: Agreement) -> StepPage:
    """A request of somebody concerned, as it came in."""
    return StepPage(
        heading="Anfrage eintragen",
        lead="Ob per Brief, am Telefon oder persönlich: Ab dem Eingang läuft ein Monat. Den Namen der Person tragen "
        "Sie hier nicht ein; suchen können Sie sie danach auf der Seite der Anfrage.",
        submit="Anfrage eintragen",
        cancel_url=link(agreement, "requests"),
    )


def ending(entry: CaseEntry, name: str, agreement: Agreement, today: date) -> SealedStep:
    """Taking a named case off the list."""
    draft, case_ref = entry.version, entry.case.case_ref
    laid = draft if draft.submitted_at else None
    return SealedStep(
        heading=f"Fall {case_ref} von der Liste nehmen",
        above=version_title(draft),
        lead=f"{name} steht auf einer Liste, die schon übermittelt ist. Der Fall verschwindet aus der neuen Fassung, "
        "sobald sie freigegeben ist. Bis dahin können Sie es zurücknehmen.",
        panel=_erasure(erased_if_ended(draft.transition_list, today)),
        laid=laid,
        submit=f"{'Zurückholen und für' if laid else 'Für'} die nächste Freigabe vormerken",
        cancel_url=link(agreement, "version", draft.pk),
    )


def _erasure(erased: IfEnded) -> Panel:
    others = _whole_day("am", erased.others_on)
    withdrawn = format_html("{}, 30 Tage nach der Freigabe", _whole_day("am", erased.withdrawn_on))
    at_once = "heute, weil der Empfang noch keiner Fassung dieser Liste bestätigt ist"
    is_last = erased.others_on == erased.latest_on
    return Panel(
        anchor="loeschung",
        title="Wann die Angaben gelöscht werden",
        above=[
            (
                "Gerechnet wird ab der Freigabe der neuen Fassung. Gelöscht wird auf beiden Seiten, und danach sind "
                "die Angaben nicht wiederherzustellen. Wird die Fassung heute freigegeben, gilt:"
            )
        ],
        points=(
            format_html(
                "Wird die Benennung zurückgenommen, auch auf Verlangen der Person: {}.",
                at_once if erased.is_at_once else withdrawn,
            ),
            format_html(
                "Ist die Person verzogen oder verstorben: {}, {}.",
                others,
                "dem letzten Tag für alle Fälle dieser Liste" if is_last else "sechs Monate nach der Freigabe",
            ),
            format_html(
                "Endet die Schule später: sobald eine spätere Liste die Person nennt, frühestens {}, spätestens am 31. "
                "Dezember des Jahres vor dem neuen Schulende.",
                others,
            ),
        ),
        below=(format_html("Kein Fall dieser Liste bleibt länger als {}.", _whole_day("bis", erased.latest_on)),),
    )


def _whole_day(word: str, day: date) -> SafeString:
    """With its word, on one line."""
    return format_html('<span class="kok-nowrap">{} {}</span>', word, weekday(day))


def deciding(page: CasePage, panel: Panel, agreement: Agreement) -> SealedStep:
    """Saying what became of a case."""
    case_ref, received = page.case.case_ref, page.entry.version if page.entry and page.awaits_receipt else None
    confirm = '<a href="{}" target="_blank">Empfang von Fassung {} bestätigen (neues Fenster)</a>'
    return SealedStep(
        title=f"Ergebnis im Fall {case_ref}",
        above=f"Fall {case_ref}",
        heading="Ergebnis eintragen",
        lead=f"Wie ist es für {page.name or 'diese Person'} ausgegangen?",
        panel=panel,
        below=format_html(confirm, link(agreement, "acknowledge", received.pk), received.number) if received else "",
        submit="Ergebnis eintragen",
        cancel_url=link(agreement, "case", page.case.pk),
    )


def revoking(case: TransitionCase, outcome: str, cancel_url: str) -> SealedStep:
    """Taking back what was said of a case."""
    return SealedStep(
        title=f"Ergebnis im Fall {case.case_ref} zurücknehmen",
        above=f"Fall {case.case_ref}",
        heading="Ergebnis zurücknehmen?",
        lead=f"Eingetragen ist: {outcome}. Danach ist der Fall wieder offen, die Zeit bis zur Löschung läuft nicht "
        "mehr, und Sie tragen das richtige Ergebnis neu ein.",
        submit="Ergebnis zurücknehmen",
        cancel_url=cancel_url,
    )


def giving_back(draft: TransitionListVersion, recent: Panel | None, agreement: Agreement) -> SealedStep:
    """The second person gives a draft back."""
    return SealedStep(
        heading="Entwurf zurückgeben",
        above=version_title(draft),
        lead="Die Fallbearbeitung überarbeitet den Entwurf und legt ihn neu vor. Sie erhält eine Nachricht ohne Namen; "
        "Grund und Fälle sieht sie hier im Bereich.",
        panel=recent,
        submit="Zurückgeben",
        cancel_url=link(agreement, "release", draft.pk),
    )
