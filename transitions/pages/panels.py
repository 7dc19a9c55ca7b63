"""What stands in a frame above a form: what follows from it, or what changed since somebody looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from kok.articles import der
from kok.step_pages import StepPage, Words
from kok.words import counted, moment, plural, weekday
from members.models import Agreement, Partner
from transitions.models import TransitionListVersion
from transitions.pages.links import link
from transitions.pages.review import ReviewCase
from transitions.queries.changes import DraftChanges

BEGAN = {
    False: "Sie haben den Entwurf mit dem Stand vom {since} gelesen.",
    True: "Der Entwurf wurde am {since} zurückgegeben.",
}
_REF = '<span class="kok-nowrap">{}</span>'


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A heading with its `anchor`, and points with paragraphs around them."""

    anchor: str
    title: str
    points: Sequence[Words]
    above: Sequence[Words] = ()
    below: Sequence[Words] = ()


@dataclass(frozen=True, kw_only=True)
class SealedStep(StepPage):
    """A page of one act in the sealed area.

    `below`: a paragraph below the panel; `laid`: the draft that sending the form takes back, where it lies for release.
    """

    panel: Panel | None = None
    below: Words = ""
    laid: TransitionListVersion | None = None


def outcome_panel(
    sender: Partner, erased_on: date, *, results: str = "Ergebnis", questions: int = 0, first: date | None = None
) -> Panel:
    """What an outcome brings about. `questions`: how many are open; `first`: when a case may be taken over at last."""
    open_ones = counted(questions, "Eine Rückfrage zu diesem Fall ist", "Rückfragen zu diesem Fall sind")
    told = (
        f"{capfirst(der(sender.short_name))} erhält eine Nachricht, dass es zur Liste etwas Neues gibt, höchstens eine "
        f"am Tag, und keine, wenn Sie ein Ergebnis zurücknehmen. Namen und {results} stehen nicht darin."
    )
    erased = (
        f"Mit dem Eintrag beginnt die Löschfrist: Am {weekday(erased_on)} werden die Angaben auf beiden Seiten "
        "gelöscht. Danach sind sie nicht wiederherzustellen. Fallzeichen, Ergebnis und Quittung bleiben, ohne Bezug "
        "zur Person."
    )
    mistaken = (
        "Haben Sie sich geirrt, nehmen Sie das Ergebnis bis dahin auf der Seite des Falls zurück. Dann läuft die "
        "Frist nicht weiter."
    )
    later = (
        f"„Vom LWV Hessen übernommen“ steht ab {weekday(first)} zur Wahl: In diesem Monat endet voraussichtlich die "
        "Schule, bis dahin ist der benennende Träger zuständig."
    )
    waiting = f"{open_ones} noch offen. Mit dem Ergebnis wartet niemand mehr auf die Antwort."
    points = [told, waiting * bool(questions), erased, mistaken, later * bool(first)]
    return Panel(anchor="folgen", title="Was danach geschieht", points=list(filter(None, points)))


def recent_panel(
    changes: DraftChanges | None, recent: Sequence[ReviewCase], version: TransitionListVersion, agreement: Agreement
) -> Panel | None:
    """What changed since a draft was read or given back; None where nothing did."""
    if changes is None:
        return None
    began = BEGAN[changes.is_returned].format(since=moment(changes.since))
    query = urlencode({"zeigen": "seitdem", "seit": changes.since.isoformat()})
    address = f"{link(agreement, 'release', version.pk)}?{query}"
    removed = format_html_join(", ", _REF, ((ref,) for ref in changes.removed))
    return Panel(
        anchor="seitdem",
        title="Was sich seitdem geändert hat",
        above=(f"{began} Seitdem {_happened(len(recent), len(changes.removed))}. Alles andere steht da wie vorher.",),
        points=[_recent(row, address) for row in recent],
        below=(format_html("Entfernt: {}.", removed),) if removed else (),
    )


def _happened(changed: int, removed: int) -> str:
    if changed and removed:
        return "wurden Fälle geändert und entfernt"
    told = plural(changed, "ist ein Fall neu oder geändert", f"sind {changed} Fälle neu oder geändert")
    return told if changed else plural(removed, "wurde ein Fall entfernt", f"wurden {removed} Fälle entfernt")


def _recent(row: ReviewCase, address: str) -> SafeString:
    ref = row.case.case_ref
    what = row.sign if row.ending else "neu" if row.came else "geändert"
    beside = format_html(f", {_REF}", ref) if row.name else ""
    return format_html('<a href="{}#fall-{}">{}</a>{} ({})', address, ref, row.heading, beside, what)
