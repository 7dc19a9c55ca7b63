"""The agenda that a new meeting begins with (domain.md 7.4, a proposal).

Codes name standard items, so that later pages find "Aufgabenkontrolle" whatever its number and wording is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kok.articles import aus

FORMALITIES, PREVIOUS_MINUTES, TASKS = "formalities", "previous-minutes", "tasks"
PARTICIPATION, STEERING, PLANNING, TRANSITIONS = "participation", "steering", "planning", "transitions"
FIGURES, QUALITY, AMENDMENT, DATES, OTHER = "figures", "quality", "amendment", "dates", "other"
CONFERENCE_REPORT = "conference-report"


@dataclass(frozen=True)
class StandardItem:
    """An item of the standard agenda on level 1 or 2."""

    code: str
    title: str
    level: int = 1


@dataclass(frozen=True)
class PlanningPartner:
    """A partner as item 6 needs it: its short name, and whether it is the LWV (überörtlicher Träger)."""

    name: str
    is_regional: bool


OPENING = (
    StandardItem(FORMALITIES, "Begrüßung und Feststellungen"),
    StandardItem(PREVIOUS_MINUTES, "Genehmigung des letzten Protokolls"),
    StandardItem(TASKS, "Aufgabenkontrolle"),
    StandardItem(PARTICIPATION, "Mitwirkung: Rückmeldungen aus den Gremien nach Anlage 2 (Punkt 3)"),
    StandardItem(STEERING, "Steuerung, Konzepte und Austausch mit Leistungserbringern (Punkt 4)"),
    StandardItem(PLANNING, "Planung (Punkt 7)"),
)
# Finding 11: the names of 8b are no matter of the conference, only their number is.
TRANSITION_ITEM = StandardItem(TRANSITIONS, "Übergänge: Regelungen nach Punkt 8a, zu Punkt 8b nur Zahlen")
FIGURES_ITEM = StandardItem(FIGURES, "Daten nach den Punkten 8c, 8d und 9")
CLOSING = (
    StandardItem(QUALITY, "Qualitätszirkel und Fachtage (Punkt 6)"),
    StandardItem(AMENDMENT, "Änderungsbedarf an der Vereinbarung und den Anlagen (Punkt 11)"),
    StandardItem(DATES, "Termine und Geschäftsführung"),
    StandardItem(OTHER, "Verschiedenes"),
)
BODY_AGENDA = (
    StandardItem(FORMALITIES, "Begrüßung und Feststellungen"),
    StandardItem(PREVIOUS_MINUTES, "Genehmigung des letzten Protokolls"),
    StandardItem(TASKS, "Aufgabenkontrolle"),
    StandardItem(CONFERENCE_REPORT, "Bericht {}"),  # from the conference, as the agreement calls it
    StandardItem(OTHER, "Verschiedenes"),
)


def presents_figures(meets_on: date, due_on: date, others: Iterable[date]) -> bool:
    """Whether a meeting is the first of its year after the figures are due: the "spring meeting" of 7.4.

    `due_on` is the nominal day of that year, `others` are the other meetings of the conference.
    """
    return due_on < meets_on and not any(due_on < other < meets_on for other in others)


def standard_agenda(
    partners: Iterable[PlanningPartner], *, conference: str, is_conference: bool, with_figures: bool
) -> tuple[StandardItem, ...]:
    """The items for a meeting of the conference (7.4), or the short list for another body.

    `conference` is its name, `with_figures`: the meeting presents those of 8c, 8d and Punkt 9.
    """
    if not is_conference:
        return tuple(replace(item, title=item.title.format(aus(conference))) for item in BODY_AGENDA)
    opening = [*OPENING, *(_planning(partner) for partner in partners), TRANSITION_ITEM]
    return (*opening, *([FIGURES_ITEM] if with_figures else []), *CLOSING)


@dataclass(frozen=True)
class Subject:
    """What an item is about: a row of another app, by the kind under which that app registered and its number.

    Its item stands behind the standard item `behind` where the agenda has that.
    """

    kind: str
    pk: int
    behind: str = ""


def place_of_new(codes: Sequence[str], behind: str = "") -> int:
    """The place of a new item among those of level 1, whose codes these are, counted from 0.

    It stands behind this standard item where there is one, else before a closing "Verschiedenes".
    """
    if behind and behind in codes:
        return codes.index(behind) + 1
    return len(codes) - (OTHER in codes[-1:])


def _planning(partner: PlanningPartner) -> StandardItem:
    """Punkt 7: each partner informs about its own plans, the LWV with the involvement of Punkt 8e."""
    about = (
        "besondere Wohnformen, Einbeziehung nach Punkt 8e"
        if partner.is_regional
        else "Einrichtungen für Kinder und Jugendliche"
    )
    return StandardItem(PLANNING, f"{partner.name}: {about}", level=2)
