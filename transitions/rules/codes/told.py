"""What is told of a person (domain.md 5.3)."""

from kok.codes import Code


class Salutation(Code):
    """Only so that a letter can address the person; may be left out."""

    MS = "MS", "Frau"
    MR = "MR", "Herr"
    NEUTRAL = "NEUTRAL", "ohne Anrede"


class FacilityBasis(Code):
    """Why the facility falls under Punkt 8b: "in Einrichtungen nach § 134 SGB IX o. ä."."""

    P134 = "P134", "§ 134 SGB IX, minderjährig"
    P134_4 = "P134_4", "§ 134 Abs. 4 SGB IX, volljährig in Schule oder schulischer Ausbildung"
    SIMILAR = "SIMILAR", "ähnliche Einrichtung"


class SimilarReason(Code):
    """Why a facility counts as similar; asked for with `SIMILAR` only."""

    BOARDING_SCHOOL = "BOARDING_SCHOOL", "Internat einer Förderschule"
    FOSTER_FAMILY = "FOSTER_FAMILY", "Pflegefamilie mit Eingliederungshilfe"
    OTHER_DAY_AND_NIGHT = "OTHER_DAY_AND_NIGHT", "andere Betreuung über Tag und Nacht"


class EducationKind(Code):
    """What ends: school, or school-based vocational training."""

    SCHOOL = "SCHOOL", "Schulbildung"
    VOCATIONAL_SCHOOL = "VOCATIONAL_SCHOOL", "schulische Ausbildung für einen Beruf"


class Certainty(Code):
    """ "voraussichtlich": a forecast, never a decision."""

    LIKELY = "LIKELY", "voraussichtlich"
    OPEN = "OPEN", "noch offen"


class LwvResponsibility(Code):
    """ "ggf." in the responsibility of the LWV."""

    LIKELY = "LIKELY", "wahrscheinlich"
    POSSIBLE = "POSSIBLE", "möglich"


class RepresentativeKind(Code):
    """Who must be informed; a code only, no name."""

    PARENTS = "PARENTS", "Eltern"
    GUARDIAN = "GUARDIAN", "Vormundschaft oder rechtliche Betreuung"
    NONE = "NONE", "keine"


class Answer(Code):
    """Of the procedure of the Bundesagentur (Punkt 7)."""

    YES = "YES", "ja"
    NO = "NO", "nein"
    UNKNOWN = "UNKNOWN", "nicht bekannt"
