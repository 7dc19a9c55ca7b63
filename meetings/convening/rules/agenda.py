"""The agenda that a new meeting begins with (domain.md 7.4, a proposal).

Codes name standard items, so that later pages find "Aufgabenkontrolle" whatever its number and wording is.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kok.articles import aus
from kok.words import enumeration, plural

FORMALITIES, PREVIOUS_MINUTES, TASKS = "formalities", "previous-minutes", "tasks"
PARTICIPATION, STEERING, PLANNING, TRANSITIONS = "participation", "steering", "planning", "transitions"
FIGURES, QUALITY, AMENDMENT, DATES, OTHER = "figures", "quality", "amendment", "dates", "other"
CONFERENCE_REPORT = "conference-report"


@dataclass(frozen=True)
class StandardItem:
    """An item of the standard agenda on level 1 or 2; `about`: a word in the heading of the Punkt that asks for it."""

    code: str
    title: str
    level: int = 1
    about: str = ""


@dataclass(frozen=True)
class PlanningPartner:
    """A partner as item 6 needs it: its short name, and whether it is the LWV (überörtlicher Träger)."""

    name: str
    is_regional: bool


OPENING = (
    StandardItem(FORMALITIES, "Begrüßung und Feststellungen"),
    StandardItem(PREVIOUS_MINUTES, "Genehmigung des letzten Protokolls"),
    StandardItem(TASKS, "Aufgabenkontrolle"),
    StandardItem(PARTICIPATION, "Mitwirkung: Rückmeldungen aus den Gremien nach Anlage 2", about="Mitwirkung"),
    StandardItem(STEERING, "Steuerung, Konzepte und Austausch mit Leistungserbringern", about="Steuerung"),
    StandardItem(PLANNING, "Planung", about="Planung"),
)
# Unlike the rest of an agreement these have the same numbers in all that have them: the statewide formats bear them.
ARRANGEMENTS, HOMES, DATA = "8a", "8e", ("8c", "8d", "9")
CLOSING = (
    StandardItem(QUALITY, "Qualitätszirkel und Fachtage", about="Qualitätssicherung"),
    StandardItem(AMENDMENT, "Änderungsbedarf an der Vereinbarung und den Anlagen", about="Anpassung"),
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
    partners: Iterable[PlanningPartner],
    *,
    conference: str,
    is_conference: bool,
    with_figures: bool,
    headings: Mapping[str, str],
) -> tuple[StandardItem, ...]:
    """The items for a meeting of the conference (7.4), or the short list for another body.

    `conference` is its name, `with_figures`: the meeting presents those of 8c, 8d and Punkt 9. `headings`: the Punkte
    of the agreement by number; an item names only what there is.
    """
    if not is_conference:
        return tuple(replace(item, title=item.title.format(aus(conference))) for item in BODY_AGENDA)
    opening = [*OPENING, *(_planning(partner, headings) for partner in partners), _transitions(headings)]
    items = (*opening, *([_figures(headings)] if with_figures else []), *CLOSING)
    return tuple(replace(item, title=item.title + _source(item, headings)) for item in items)


def _source(item: StandardItem, headings: Mapping[str, str]) -> str:
    """` (Punkt 3)`, by the heading; nothing where no Punkt has it."""
    asks = (number for number, heading in headings.items() if item.about in re.findall(r"\w+", heading))
    number = next(asks, "")
    return f" (Punkt {number})" if number else ""


@dataclass(frozen=True)
class ItemSubject:
    """What an item is about: a row of another app, by the kind under which that app registered and its number.

    Its item stands behind the standard item `behind` where the agenda has that. `continues`: the key of the item that
    an earlier meeting postponed and this one takes up.
    """

    kind: str = ""
    pk: int | None = None
    behind: str = ""
    continues: int | None = None


def place_of_new(codes: Sequence[str], behind: str = "") -> int:
    """The place of a new item among those of level 1, whose codes these are, counted from 0.

    It stands behind this standard item where there is one, else before a closing "Verschiedenes".
    """
    if behind and behind in codes:
        return codes.index(behind) + 1
    return len(codes) - (OTHER in codes[-1:])


def _planning(partner: PlanningPartner, headings: Mapping[str, str]) -> StandardItem:
    """Punkt 7: each partner informs about its own plans, the LWV with the involvement of Punkt 8e."""
    involved = ", Einbeziehung nach Punkt 8e" if HOMES in headings else ""
    about = f"besondere Wohnformen{involved}" if partner.is_regional else "Einrichtungen für Kinder und Jugendliche"
    return StandardItem(PLANNING, f"{partner.name}: {about}", level=2)


def _transitions(headings: Mapping[str, str]) -> StandardItem:
    """Finding 11: the names of 8b are no matter of the conference, only their number is."""
    said = "Regelungen nach Punkt 8a" if ARRANGEMENTS in headings else "Regelungen"
    return StandardItem(TRANSITIONS, f"Übergänge: {said}, zu Punkt 8b nur Zahlen")


def _figures(headings: Mapping[str, str]) -> StandardItem:
    """The figures that the agreement asks for."""
    numbers = [code for code in DATA if code in headings] or DATA
    return StandardItem(FIGURES, f"Daten nach {plural(len(numbers), 'Punkt', 'den Punkten')} {enumeration(numbers)}")
