"""What must not stand in the few free texts of the list, and is looked for before they are saved (domain.md 5.3).

Facility, place and contact unit are the only words that people choose themselves. A hint, never a refusal: a house may
be called like a person.
"""

import re
from collections.abc import Iterator

from kok.birth_dates import birth_dates
from transitions.rules.case import CaseData, Given
from transitions.rules.names import People, TextWords, name_words

FREE_TEXTS = {"facility_name": "Einrichtung", "facility_place": "Ort der Einrichtung", "contact_unit": "Ansprechstelle"}
NAMED = "Hier steht vielleicht der Name einer Person der Liste. Nennen Sie nur Einrichtung, Ort oder Stelle."
BORN = "Das sieht aus wie ein Geburtsdatum. Es gehört nur in das Feld „Geboren am“."
ILL = "Das sieht aus wie eine Diagnose, ein Grad der Behinderung oder ein Pflegegrad. Das steht nicht auf der Liste."
# ICD-10: a letter, two digits, mostly a point and a digit. Without it only the chapters that are likely here, because
# "Gebäude B12" is a house: F mental, G nervous system, Q congenital.
_ICD = r"\b[A-TV-Z]\d{2}\.\d{1,2}\b|\b[FGQ]\d{2}\b|\b[FGQ]\s\d{2}\.\d{1,2}\b"
_DEGREE = (
    r"\b(?:GdB|Grad\s+der\s+Behinderung)\D{0,8}\d{2,3}"
    r"|\b(?:Pflegegrad|Pflegestufe|PG)\s*:?\s*(?:[0-5]|I{1,3})\b"
    r"|\bMerkzeichen\s+(?:aG|Bl|Gl|TBl|[BGH])\b"
)
# Words that stand for themselves: "Autismus-Therapiezentrum" is a house.
_WORDS = r"\b(?:Diagnose|Autismus|Epilepsie|Trisomie|AD(?:H)?S|Down-Syndrom|Spastik(?:er(?:in)?)?)\b(?!-)"
_DIAGNOSIS = re.compile(f"{_ICD}|{_DEGREE}|{_WORDS}", re.IGNORECASE)
_KIN = re.compile(r"\b(?:Mutter|Vater|Eltern|Oma|Opa|Schwester|Bruder|Handy)\b(?!-)")
_SHORT_DAY = re.compile(r"(?<![\d.])(?:[12]?\d|3[01])\.\s?(?:0?[1-9]|1[0-2])\.\s?\d{2}(?![\d.])")
KIN = "Das nennt vielleicht Angehörige. Nennen Sie nur Einrichtung, Ort oder Stelle."
PERSON = "Das nennt vielleicht einen Menschen. Nennen Sie nur die Stelle, die zuständig ist."
_PERSON = re.compile(r"\b(?:Frau|Fräulein|Herrn?|Fr\.|Hr\.|Dr\.)\s+[^\W\d_]")
Doubt = tuple[str, str]  # field and sentence


def doubts(data: CaseData, people: People) -> tuple[Doubt, ...]:
    """Every free text that seems to say too much, with a sentence. `people` are those of the list."""
    return doubts_in(vars(data), people)


def doubt_words(data: CaseData, people: People) -> tuple[str, ...]:
    """The same, each as one sentence that names its field."""
    return tuple(f"{FREE_TEXTS[field]}: {sentence}" for field, sentence in doubts(data, people))


def doubts_in(given: Given, people: People) -> tuple[Doubt, ...]:
    """The same of those fields that are known (`people.check_fields`)."""
    told = (name for name in FREE_TEXTS if name in given)
    return tuple((field, sentence) for field in told for sentence in _about(field, given, people))


def _about(field: str, given: Given, people: People) -> Iterator[str]:
    text: str = given[field]
    # Beside a young person the family name is enough: of a family that fosters, or of a mother who can be reached.
    own = name_words(given.get("family_name", ""))
    is_unit = field == "contact_unit"
    is_named = people.stand_in(text) or not own.isdisjoint(TextWords.of(text).places)
    told = {
        NAMED: is_named,
        PERSON: is_unit and not is_named and _PERSON.search(text),
        BORN: birth_dates(text, until_year=9999) or (not is_unit and _SHORT_DAY.search(text)),  # 4.2.10 may be a unit
        ILL: _DIAGNOSIS.search(text),
        KIN: _KIN.search(text),
    }
    return (words for words, is_there in told.items() if is_there)
