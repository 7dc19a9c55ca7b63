"""The words of the pages that ask before one act."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from kok.articles import der
from kok.step_pages import StepPage
from kok.words import moment, plural, weekday
from members.models import Agreement
from transitions.models import CaseEntry, TransitionCase, TransitionListVersion
from transitions.pages.links import link
from transitions.pages.titles import version_title
from transitions.queries.access import Access
from transitions.queries.known import Known
from transitions.queries.proposals import Proposal
from transitions.queries.removal import why_not_discarded, why_not_removed
from transitions.queries.retention import erased_if_declined

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
        lead=f"{data.given_name} {data.family_name} wird nicht wieder vorgeschlagen. Die Angaben werden spätestens am "
        f"{weekday(erased_if_declined(proposal.case))} auf beiden Seiten gelöscht. Bis sie gelöscht sind, nehmen Sie "
        "das auf der Seite der Vorschläge zurück.",
        submit="Nicht auf diese Liste nehmen",
        cancel_url=cancel_url,
    )
