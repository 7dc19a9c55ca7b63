"""The closed lists of the membership, each once: what partners, bodies, obligations and requests can be, in words."""

from enum import StrEnum

from kok.codes import Code
from kok.roles import RoleSlug


class PartnerKind(Code):
    """What kind of authority a partner is (domain.md 4.2)."""

    LWV = "LWV", "überörtlicher Träger"
    COUNTY = "COUNTY", "Landkreis"
    CITY = "CITY", "kreisfreie Stadt"
    SPECIAL_STATUS_TOWN = "SPECIAL_STATUS_TOWN", "Sonderstatusstadt"


class BodyKind(Code):
    """The KoK itself, or what a body of Anlage 2 is."""

    CONFERENCE = "CONFERENCE", "Kooperationskonferenz"
    ADVISORY_BOARD = "ADVISORY_BOARD", "Beirat"
    QUALITY_CIRCLE = "QUALITY_CIRCLE", "Qualitätszirkel"
    OTHER = "OTHER", "weiteres Gremium"


class BodyScope(Code):
    """The two categories of Anlage 2; either may be empty."""

    CROSS = "CROSS", "zielgruppenübergreifend"
    SPECIFIC = "SPECIFIC", "zielgruppenspezifisch"


class Capacity(Code):
    """As what somebody sits on a seat."""

    HOLDER = "HOLDER", "Mitglied"
    DEPUTY = "DEPUTY", "Stellvertretung"


class CorrectionKind(Code):
    """What became of a wrong or forgotten entry on a seat. WITHDRAWN: before it began, so it never counted."""

    WITHDRAWN = "WITHDRAWN", "zurückgenommen, bevor es begann"
    STRUCK = "STRUCK", "gestrichen"
    CORRECTED = "CORRECTED", "berichtigt"
    FILLED_IN = "FILLED_IN", "nachgetragen"
    GOES_ON = "GOES_ON", "geht weiter"


class Strength(Code):
    """How binding an obligation is: a duty, a promise or suggestion, a right."""

    MUST = "MUST", "Pflicht"
    SHOULD = "SHOULD", "Anregung"
    RIGHT = "RIGHT", "Recht"


class Recurrence(Code):
    """When an obligation falls due; NONE is for events and for duties without a date."""

    YEARLY = "YEARLY", "jährlich"
    MEETINGS_PER_YEAR = "MEETINGS_PER_YEAR", "Sitzungen im Jahr"
    SECRETARIAT_CHANGE = "SECRETARIAT_CHANGE", "Wechsel der Geschäftsführung"
    PER_MEETING = "PER_MEETING", "je Sitzung"
    NONE = "NONE", "ohne Termin"


class Reference(Code):
    """Which year a yearly report talks about (domain.md 2.3)."""

    LEAVERS_OF_FOLLOWING_YEAR = "LEAVERS_OF_FOLLOWING_YEAR", "Schulabgänge des Folgejahres"
    REFERENCE_DATE_PREVIOUS_YEAR_END = "REFERENCE_DATE_PREVIOUS_YEAR_END", "Stichtag 31.12. des Vorjahres"


class Channel(Code):
    """The way a report takes, where the agreement prescribes one."""

    STATEWIDE = "STATEWIDE", "landesweiter Datenaustausch"


class ResponsibleRole(StrEnum):
    """The role, at the debtor, that is reminded and acts."""

    SECRETARIAT = RoleSlug.SECRETARIAT.value
    MEMBER = RoleSlug.MEMBER.value
    APPROVER = RoleSlug.APPROVER.value
    REGISTRAR = RoleSlug.REGISTRAR.value
    REPORTER = RoleSlug.REPORTER.value
    CASE_OFFICER = RoleSlug.CASE_OFFICER.value
    CASE_RELEASER = RoleSlug.CASE_RELEASER.value


class Loading(Code):
    """What loading a file did."""

    LOADED = "loaded", "geladen"
    AMENDED = "amended", "angepasst"
    UNCHANGED = "unchanged", "unverändert"


class AccountState(Code):
    """Whether somebody can sign in with an account."""

    OPEN = "OPEN", "aktiv", "success"
    INVITED = "INVITED", "eingeladen, noch ohne Passwort", "warning"
    CLOSED = "CLOSED", "gesperrt", "danger"


class AccountRequestKind(Code):
    """What one person asks for and another confirms."""

    ROLE = "ROLE", "Rolle"
    FACTOR = "FACTOR", "zweiter Faktor"
    OPENING = "OPENING", "Freigabe des Kontos"
    NAME = "NAME", "anderer Name"


class AccountRequestState(Code):
    """What became of it; that its time is over follows from when it was asked."""

    OPEN = "OPEN", "wartet auf Bestätigung"
    CONFIRMED = "CONFIRMED", "bestätigt"
    REFUSED = "REFUSED", "abgelehnt"
    WITHDRAWN = "WITHDRAWN", "zurückgenommen"
    LAPSED = "LAPSED", "verfallen"
