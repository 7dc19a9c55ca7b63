"""How an occurrence of a duty stands, how it was handed in, who is reminded of it: each code once."""

from enum import StrEnum

from kok.codes import Code


class OccurrenceState(Code):
    """How an occurrence stands; computed from a day, never stored."""

    UPCOMING = "UPCOMING", "steht später an"
    OPEN = "OPEN", "offen", "info"
    OVERDUE = "OVERDUE", "überfällig", "danger"
    FULFILLED = "FULFILLED", "erfüllt", "success"
    FULFILLED_LATE = "FULFILLED_LATE", "verspätet erfüllt", "warning"
    BEFORE_INTRODUCTION = "BEFORE_INTRODUCTION", "vor Einführung"

    @property
    def is_reminded(self) -> bool:
        """Whether reminders go out in this state: somebody has to do something."""
        return self in (OccurrenceState.OPEN, OccurrenceState.OVERDUE)


class DutyKind(StrEnum):
    """What a duty asks for, and by that on which page it is done."""

    YEARLY = "YEARLY"
    MEETINGS = "MEETINGS"
    CHANGE = "CHANGE"
    INVITATION = "INVITATION"
    MINUTES = "MINUTES"


class SubmissionChannel(Code):
    """The way on which something was handed in."""

    STATEWIDE = "STATEWIDE", "Datenaustausch der AG nach § 6 HAG/SGB IX"
    LETTER = "LETTER", "Brief"
    SECURE_MAIL = "SECURE_MAIL", "gesicherte elektronische Übermittlung"
    APPLICATION = "APPLICATION", "in dieser Anwendung"


class ReminderRecipient(Code):
    """Who gets a reminder: those responsible at the debtor, later also the secretariat."""

    DEBTOR = "DEBTOR", "Verpflichteter"
    SECRETARIAT = "SECRETARIAT", "Geschäftsstelle"
