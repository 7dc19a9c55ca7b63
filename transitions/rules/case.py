"""What is told about one young person: the minimal field list of domain.md 5.3 and nothing beside it.

Data protection by few fields (§ 67a SGB X): codes instead of free text, no diagnosis, no report, no attachment.
"""

from collections.abc import Callable, Mapping
from dataclasses import Field, asdict, dataclass, fields
from datetime import date
from typing import Any

from transitions.rules.codes import (
    Answer,
    Certainty,
    EducationKind,
    FacilityBasis,
    LwvResponsibility,
    RepresentativeKind,
    Salutation,
    SimilarReason,
)

Given = dict[str, Any]
"""Those fields of a person that are known, by their names: each as `CaseData` holds it."""


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

    def as_json(self) -> dict[str, str | None]:
        """For sealing: ISO dates, codes as their values, nothing for what was left out."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, values: Mapping[str, str | None]) -> "CaseData":
        """What `as_json` gave. Raises ValueError for anything else."""
        return cls(**Given((each.name, _read(each, values[each.name])) for each in fields(cls)))


def _plain(value: date | str | None) -> str | None:
    return value.isoformat() if isinstance(value, date) else value


def _read(field: Field[object], told: str | None) -> object:
    """The value of a field; None where it may be left out and was."""
    if not told and field.default is None:
        return None
    return _READ.get(field.name, str)(told or "")


_READ: dict[str, Callable[[str], object]] = {
    "date_of_birth": date.fromisoformat,
    "expected_end_on": date.fromisoformat,
    "informed_on": date.fromisoformat,
    "salutation": Salutation,
    "similar_reason": SimilarReason,
    "ba_procedure_started": Answer,
    "lwv_involved": Answer,
    "facility_basis": FacilityBasis,
    "education_kind": EducationKind,
    "certainty": Certainty,
    "lwv_responsibility": LwvResponsibility,
    "legal_representative_kind": RepresentativeKind,
}
