"""What is told about one young person: the minimal field list of domain.md 5.3 and nothing beside it.

Data protection by few fields (§ 67a SGB X): codes instead of free text, no diagnosis, no report, no attachment.
"""

from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any


class Code(StrEnum):
    """A fixed code with the German words that people read and that a file may hold."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "Code":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


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


@dataclass(frozen=True, kw_only=True)
class CaseData:
    """One person of the list. `expected_end_on` is the first day of the month in which school ends."""

    family_name: str
    given_name: str
    date_of_birth: date
    salutation: Salutation | None = None
    ga_municipality: str  # AGS, eight digits: habitual residence (§ 98 SGB IX)
    facility_name: str
    facility_place: str
    facility_basis: FacilityBasis
    similar_reason: SimilarReason | None = None
    education_kind: EducationKind
    expected_end_on: date
    certainty: Certainty
    lwv_responsibility: LwvResponsibility
    contact_unit: str  # a function of the county, no person
    contact_phone: str
    legal_representative_kind: RepresentativeKind
    informed_on: date | None = None  # Art. 13 DSGVO; a release needs it
    ba_procedure_started: Answer | None = None
    lwv_involved: Answer | None = None

    def as_json(self) -> dict[str, Any]:
        """For sealing: ISO dates, codes as their values, nothing for what was left out."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "CaseData":
        """What `as_json` gave. Raises ValueError for anything else."""
        return cls(**{each.name: _CONVERT.get(each.name, str)(values[each.name]) for each in fields(cls)})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _code_or_none(kind: type[Code]) -> Any:
    return lambda value: kind(value) if value else None


_CONVERT: dict[str, Any] = {
    "date_of_birth": date.fromisoformat,
    "expected_end_on": date.fromisoformat,
    "informed_on": lambda value: date.fromisoformat(value) if value else None,
    "salutation": _code_or_none(Salutation),
    "similar_reason": _code_or_none(SimilarReason),
    "ba_procedure_started": _code_or_none(Answer),
    "lwv_involved": _code_or_none(Answer),
    "facility_basis": FacilityBasis,
    "education_kind": EducationKind,
    "certainty": Certainty,
    "lwv_responsibility": LwvResponsibility,
    "legal_representative_kind": RepresentativeKind,
}
