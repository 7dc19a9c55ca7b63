"""Sentences that stand above a list on more than one page, and what each of them asks for."""

from collections.abc import Collection
from typing import NamedTuple

from django.utils.html import format_html, format_html_join

from kok.words import counted, plural
from members.models import Agreement
from transitions.models import TransitionCase
from transitions.pages.links import link
from transitions.rules.release import ALL_DECIDED_FIRST


class SealedNotice(NamedTuple):
    """A sentence, what follows it, and its tone."""

    title: str
    body: str = ""
    tone: str = "warning"


DIFFERENT = SealedNotice(
    "Der Inhalt dieser Fassung ist nicht mehr der übermittelte",
    "Er passt nicht zur Prüfsumme der Quittung. Verwenden Sie die Liste nicht, und sagen Sie es der Prüfung und dem "
    "anderen Partner.",
    "danger",
)


def crossed_notice(crossed: Collection[TransitionCase], agreement: Agreement) -> SealedNotice | None:
    """Outcomes of cases that a draft takes off the list, all at once; None without any."""
    if not crossed:
        return None
    told = ((link(agreement, "case", case.pk), case.case_ref, case.get_outcome_display()) for case in crossed)
    return SealedNotice(
        "Der Entwurf lässt sich so nicht freigeben: Die empfangende Stelle hat inzwischen ein Ergebnis eingetragen.",
        format_html(
            "{}. {} mit „Doch auf der Liste“ darauf, oder fragen Sie dort nach.",
            format_html_join(", ", '<a href="{}">Fall {}</a> ({})', told),
            plural(
                len(crossed),
                "Der Entwurf nimmt diesen Fall von der Liste. Lassen Sie ihn",
                "Der Entwurf nimmt diese Fälle von der Liste. Lassen Sie sie",
            ),
        ),
    )


def undecided_notice(undecided: int, total: int) -> SealedNotice | None:
    """Whom earlier lists propose and nobody decided about: a Nullmeldung has to wait for that."""
    if not undecided:
        return None
    proposals = counted(undecided, "einen Vorschlag", "Vorschläge")
    title = f"Über {proposals} aus früheren Listen ist noch nicht entschieden."
    return SealedNotice(title, "" if total else ALL_DECIDED_FIRST)
