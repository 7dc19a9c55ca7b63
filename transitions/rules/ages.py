"""Whether the basis that is named for a facility fits the age (Punkt 8b: "in Einrichtungen nach § 134 SGB IX o. ä.").

§ 134 Abs. 1 to 3 SGB IX is about minors, Abs. 4 about adults. A hint and no refusal: the rule book knows the law only
so far, and the day of which the list speaks is a proposal (`reference_day`).
"""

from datetime import date

from kok import words
from transitions.rules.codes import FacilityBasis

OF_AGE = 18  # § 2 BGB
DOUBT = "Am {day} ist die Person {age} Jahre alt, die Grundlage sagt „{said}“. Prüfen Sie Grundlage und Geburtsdatum."
_DOUBTFUL = {(FacilityBasis.P134, True): "minderjährig", (FacilityBasis.P134_4, False): "volljährig"}  # is of age?


def age_on(born: date, day: date) -> int:
    """Completed years; the day of birth counts (§ 187 Abs. 2 BGB)."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def reference_day(due_on: date, named_on: date | None, today: date) -> date:
    """The day whose age counts: the day of naming, foreseen for the due day of the list and never before today."""
    return named_on or max(due_on, today)


def basis_doubt(basis: FacilityBasis, born: date, day: date) -> str:
    """What does not fit, in a sentence; empty where both fit, or where the basis knows no age."""
    age = age_on(born, day)
    said = _DOUBTFUL.get((basis, age >= OF_AGE))
    return DOUBT.format(day=words.day(day), age=age, said=said) if said else ""
