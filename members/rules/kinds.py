"""The closed lists of an agreement file: what partners, bodies and obligations can be."""

from enum import StrEnum


class PartnerKind(StrEnum):
    """What kind of authority a partner is (domain.md 4.2)."""

    LWV = "LWV"
    COUNTY = "COUNTY"
    CITY = "CITY"
    SPECIAL_STATUS_TOWN = "SPECIAL_STATUS_TOWN"


class BodyKind(StrEnum):
    """The KoK itself, or what a body of Anlage 2 is."""

    CONFERENCE = "CONFERENCE"
    ADVISORY_BOARD = "ADVISORY_BOARD"
    QUALITY_CIRCLE = "QUALITY_CIRCLE"
    OTHER = "OTHER"


class BodyScope(StrEnum):
    """The two categories of Anlage 2; either may be empty."""

    CROSS = "CROSS"
    SPECIFIC = "SPECIFIC"


class Strength(StrEnum):
    """How binding an obligation is: a duty, a promise or suggestion, a right."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    RIGHT = "RIGHT"


class Recurrence(StrEnum):
    """When an obligation falls due; NONE is for events and for duties without a date."""

    YEARLY = "YEARLY"
    MEETINGS_PER_YEAR = "MEETINGS_PER_YEAR"
    SECRETARIAT_CHANGE = "SECRETARIAT_CHANGE"
    PER_MEETING = "PER_MEETING"
    NONE = "NONE"


class Reference(StrEnum):
    """Which year a yearly report talks about (domain.md 2.3)."""

    LEAVERS_OF_FOLLOWING_YEAR = "LEAVERS_OF_FOLLOWING_YEAR"
    REFERENCE_DATE_PREVIOUS_YEAR_END = "REFERENCE_DATE_PREVIOUS_YEAR_END"


class ResponsibleRole(StrEnum):
    """The role, at the debtor, that is reminded and acts."""

    SECRETARIAT = "secretariat"
    MEMBER = "member"
    APPROVER = "approver"
    REGISTRAR = "registrar"
    REPORTER = "reporter"
    CASE_OFFICER = "case-officer"
    CASE_RELEASER = "case-releaser"


class Channel(StrEnum):
    """The way a report takes, where the agreement prescribes one."""

    STATEWIDE = "STATEWIDE"
