"""What an agreement file says, as frozen values. Field names follow the models, lengths are those of the columns.

A `key` is the name in the file where it differs from the field: `[[partner]]` becomes `partners`.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

from kok import words
from kok.workdays import Policy
from members.rules.codes import (
    BodyKind,
    BodyScope,
    Channel,
    PartnerKind,
    Recurrence,
    Reference,
    ResponsibleRole,
    Strength,
)
from members.rules.tables import PERSON, Prose, ValueLimits

Slug = Annotated[
    str,
    ValueLimits(
        longest=50,
        pattern=r"[a-z0-9]+(-[a-z0-9]+)*",
        meaning="nur Kleinbuchstaben von a bis z, Ziffern und einzelne Bindestriche",
    ),
]
NumberPrefix = Annotated[
    str,
    ValueLimits(
        longest=20,
        pattern=r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*",
        meaning="nur Buchstaben von a bis z, Ziffern und einzelne Bindestriche",
    ),
]
FiveDigits = Annotated[str, ValueLimits(longest=5, pattern=r"[0-9]{5}", meaning="genau fünf Ziffern")]
EightDigits = Annotated[str, ValueLimits(longest=8, pattern=r"[0-9]{8}", meaning="genau acht Ziffern")]
ClauseNumber = Annotated[str, ValueLimits(longest=5, pattern=r"[1-9][0-9]*[a-z]?", meaning="eine Nummer wie 5 oder 8a")]
Line = Annotated[str, ValueLimits(longest=100)]
PersonName = Annotated[str, ValueLimits(longest=100, text=PERSON)]
LongLine = Annotated[str, ValueLimits(longest=150)]
Heading = Annotated[str, ValueLimits(longest=200)]
Reason = Annotated[str, ValueLimits(longest=300)]
# Beyond these nothing is loaded, and the database takes nothing: other numbers are no rule of any agreement.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
MOST_DAYS, MOST_MONTHS, MOST_MEETINGS, MOST_YEARS = 366, 12, 52, 20

Days = Annotated[int, ValueLimits(lowest=0, highest=MOST_DAYS)]
Day = Annotated[date, ValueLimits(lowest=FIRST_DAY, highest=LAST_DAY)]
Year = Annotated[int, ValueLimits(lowest=FIRST_DAY.year, highest=LAST_DAY.year)]


def _many(key: str) -> Any:
    """A repeated section `[[key]]` that must be there."""
    return field(metadata={"key": key})


@dataclass(frozen=True, kw_only=True)
class AgreementData:
    """Name, number and dates of the agreement."""

    slug: Slug
    number: NumberPrefix
    title: Heading
    region: Line
    signed_on: Day
    in_force_on: Day


@dataclass(frozen=True, kw_only=True)
class Version:
    """From which day on the wording, the numbers and the obligations of this file hold, when they were signed, and why.

    Left out, they are the first ones, those of the day in force.
    """

    valid_from: Day | None = None
    signed_on: Day | None = None
    reason: Reason = ""


@dataclass(frozen=True, kw_only=True)
class LegalBasis:
    """A citation as (law, version, section), because laws are renumbered (domain.md 0.1, finding 4)."""

    law: Line
    version_of: Day
    section: Line

    def __str__(self) -> str:
        return f"{self.section} {self.law} in der Fassung vom {words.day(self.version_of)}"


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where a partner receives letters, as printed."""

    street: LongLine
    postal_code: FiveDigits
    city: Line


@dataclass(frozen=True, kw_only=True)
class PartnerData:
    """An authority bound by the agreement, and the organ that represents it.

    Everything but `represented_by` belongs to the authority, which other agreements name by the same slug.
    `kgs` is the Kreisschlüssel of a county or of a kreisfreie Stadt, which delivers figures under it; others have none.
    """

    slug: Slug
    kind: PartnerKind
    kgs: FiveDigits | None = None
    exists_from: Day | None = None
    exists_until: Day | None = None
    name: LongLine
    short_name: Annotated[str, ValueLimits(longest=60)]
    represented_by: LongLine
    address: Address


@dataclass(frozen=True, kw_only=True)
class Signatory:
    """Who signed for a partner, in which office: historic facts."""

    partner: Slug
    name: PersonName
    office: LongLine


@dataclass(frozen=True, kw_only=True)
class RotationData:
    """The secretariat passes every `years` years through the partners in file order, from `anchor_on` on."""

    years: Annotated[int, ValueLimits(lowest=1, highest=MOST_YEARS)]
    anchor_on: Day


@dataclass(frozen=True, kw_only=True)
class Meetings:
    """How often the KoK must meet (Punkt 5), counted by calendar years: the only reading there is."""

    minimum_per_year: Annotated[int, ValueLimits(lowest=0, highest=MOST_MEETINGS)]


@dataclass(frozen=True, kw_only=True)
class Termination:
    """Months of notice before the end of a calendar year (Punkt 12)."""

    months: Annotated[int, ValueLimits(lowest=0, highest=MOST_MONTHS)]


@dataclass(frozen=True, kw_only=True)
class Periods:
    """In calendar days. Proposals (domain.md 7.3), which the KoK may change by resolution, but for those `Agreed`."""

    planning_days: Days  # before the meeting: its date is fixed
    proposal_days: Days  # before: items are proposed
    notice_days: Days  # before: invitation with agenda (Ladungsfrist)
    paper_days: Days  # before: papers are sent
    draft_days: Days  # after: the other partner has the draft of the minutes
    minutes_days: Days  # after: minutes are circulated
    objection_days: Days  # after circulation: objections


PeriodName = Annotated[
    str,
    ValueLimits(pattern="|".join(Periods.__dataclass_fields__), meaning="eine Angabe aus [periods] wie notice_days"),
]


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """A number of days that the agreement itself names, and the Punkt that does; every other one is a proposal."""

    period: PeriodName
    clause: ClauseNumber


@dataclass(frozen=True, kw_only=True)
class BodyData:
    """The KoK or a body of Anlage 2. `operator` is the slug of the partner that runs it."""

    slug: Slug
    kind: BodyKind
    name: Heading
    short_name: Annotated[str, ValueLimits(longest=60)]
    number_prefix: NumberPrefix
    scope: BodyScope = BodyScope.CROSS
    operator: Slug | None = None


@dataclass(frozen=True, kw_only=True)
class Holder:
    """The person whom Anlage 1 names on the day of signing."""

    family_name: PersonName
    given_name: PersonName


@dataclass(frozen=True, kw_only=True)
class SeatData:
    """A function that a partner sends into the KoK (Punkt 1, Anlage 1); `printed` is the line of Anlage 1."""

    partner: Slug
    function: LongLine
    holder: Holder
    unit: LongLine = ""
    printed: Heading = ""
    reading_note: Prose = ""


@dataclass(frozen=True, kw_only=True)
class ObligationData:
    """Who owes what to whom by when (domain.md 1.y).

    `debtors` holds slugs of partners, or the single word "secretariat" (whoever is in office).
    `month`, `day`, `policy` and `first_year` are there exactly when `recurrence` is YEARLY; the years are due years.
    From the Stichtag `nil_expected_from` on, a nil report is what one expects.
    """

    code: Annotated[str, ValueLimits(longest=10)]
    clause: ClauseNumber
    title: Heading
    strength: Strength
    recurrence: Recurrence
    debtors: tuple[Slug, ...]
    responsible_role: ResponsibleRole
    creditor: Annotated[str, ValueLimits(longest=100)] = ""
    month: Annotated[int, ValueLimits(lowest=1, highest=12)] | None = None
    day: Annotated[int, ValueLimits(lowest=1, highest=31)] | None = None
    policy: Policy | None = None
    reference: Reference | None = None
    channel: Channel | None = None
    first_year: Year | None = None
    last_year: Year | None = None
    nil_expected_from: Day | None = None
    note: Prose = ""


@dataclass(frozen=True, kw_only=True)
class Preamble:
    """The Präambel in the reading version."""

    text: Prose
    reading_note: Prose = ""


@dataclass(frozen=True, kw_only=True)
class ClauseData:
    """One Punkt in the reading version. `text` has paragraphs divided by an empty line, and may be empty."""

    number: ClauseNumber
    heading: Heading = ""
    text: Prose = ""
    reading_note: Prose = ""


@dataclass(frozen=True, kw_only=True)
class Annex:
    """An Anlage with its heading; its content stands in the seats and bodies. It ages apart from the agreement.

    `valid_from` and `reason` as in `Version`.
    """

    number: ClauseNumber
    heading: Heading
    reading_note: Prose = ""
    valid_from: Day | None = None
    reason: Reason = ""


@dataclass(frozen=True, kw_only=True)
class Municipality:
    """A town or village of one of the carriers, whose key its own begins with; offered as habitual residence."""

    ags: EightDigits
    name: Line


@dataclass(frozen=True, kw_only=True)
class AgreementFile:
    """The whole file. The order of partners is their order in the secretariat, the first one begins."""

    agreement: AgreementData
    version: Version = Version()
    legal_bases: tuple[LegalBasis, ...] = _many("legal_basis")
    partners: tuple[PartnerData, ...] = _many("partner")
    signatories: tuple[Signatory, ...] = _many("signatory")
    rotation: RotationData
    meetings: Meetings
    termination: Termination
    periods: Periods
    agreed: tuple[Agreed, ...] = ()
    bodies: tuple[BodyData, ...] = _many("body")
    seats: tuple[SeatData, ...] = _many("seat")
    obligations: tuple[ObligationData, ...] = _many("obligation")
    preamble: Preamble
    clauses: tuple[ClauseData, ...] = _many("clause")
    annexes: tuple[Annex, ...] = _many("annex")
    municipalities: tuple[Municipality, ...] = field(default=(), metadata={"key": "municipality"})

    @property
    def starts_on(self) -> date:
        """The first day of what the file says of the agreement: that of the agreement where it names none."""
        return self.version.valid_from or self.agreement.in_force_on
