"""How long what is told about young people is kept (domain.md 5.5: a proposal; the Aktenplan of the partners decides).

All days are the days in Hessen on which something may go at the earliest; the run erases what is due `<= today`.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kok.months import months_later

DRAFT_DAYS = 90
IMPORT_DAYS = 7
READ_MONTHS = 6  # parallel to § 79 Abs. 4 SGB X
OUTCOME_MONTHS = 6
PROOF_MONTHS = 120
REQUEST_MONTHS = 36
WITHDRAWN_DAYS = 30  # after a withdrawal whose version was told to a receiver
PENDING_IMPORTS = "pending-imports"  # the name of the rule, for who forgets a file at once
LAST_YEAR_AFTER = 2  # "at the latest 31.12. of Y+2"

# The same in words, for the report of the erasure, the page of privacy and the rows that say how long they are kept.
DRAFT_WORDS = f"{DRAFT_DAYS} Tage nach der letzten Änderung"
IMPORT_WORDS = f"{IMPORT_DAYS} Tage"
READ_WORDS = f"{READ_MONTHS} Monate"
OUTCOME_WORDS = f"{OUTCOME_MONTHS} Monate"
PROOF_WORDS = f"{PROOF_MONTHS // 12} Jahre"
REQUEST_WORDS = (
    f"{REQUEST_MONTHS // 12} Jahre nach der Antwort; eine Einschränkung {REQUEST_MONTHS // 12} Jahre, nachdem sie "
    "aufgehoben ist"
)


class CaseRule(StrEnum):
    """Which sentence of the table ends the storage of a case."""

    REMOVED = "cases-removed"
    WITHDRAWN = "cases-withdrawn"
    ENDED = "cases-ended"
    LATEST = "cases-latest"


@dataclass(frozen=True)
class CaseDates:
    """What decides how long a case is kept.

    `erase_on` was set by the release that took it off the list; `waits_for_year` is the list year in which a postponed
    case is proposed, until that list was released with it or it was declined.
    """

    list_year: int
    ended_on: date | None = None
    is_withdrawn: bool = False
    erase_on: date | None = None
    waits_for_year: int | None = None


def last_day_of(list_year: int) -> date:
    """When whoever stands on a list is erased at the latest."""
    return date(list_year + LAST_YEAR_AFTER, 12, 31)


def case_due(dates: CaseDates) -> tuple[date, CaseRule]:
    """When the content of a case is erased, and why: the earliest of what applies.

    A postponed case is kept until it stood on the list that names it, at most until 31.12. of that list's year: erased
    after six months it could not be proposed (scenario 18). 31.12. of Y+2 is the end of every case.
    """
    ends = [(last_day_of(dates.list_year), CaseRule.LATEST)]
    if dates.ended_on and (dates.erase_on or dates.is_withdrawn):
        ends.append((dates.erase_on or dates.ended_on, CaseRule.WITHDRAWN))
    elif dates.ended_on:
        kept = months_later(dates.ended_on, OUTCOME_MONTHS)
        waiting = date(dates.waits_for_year, 12, 31) if dates.waits_for_year else kept
        ends.append((max(kept, waiting), CaseRule.ENDED))
    return min(ends)


def import_kept_until(uploaded_on: date) -> date:
    """The last day on which rows of a file still wait beside a draft."""
    return uploaded_on + timedelta(days=IMPORT_DAYS - 1)


def erased_after_release(released_on: date) -> date:
    """The day from which a withdrawn case is erased on both sides."""
    return released_on + timedelta(days=WITHDRAWN_DAYS)


def reads_expired(day: date, today: date) -> bool:
    """Whether the reading of a day may no longer be kept: six calendar months are over (§ 79 Abs. 4 SGB X)."""
    return months_later(day, READ_MONTHS) < today


def acts_expired(day: date, today: date) -> bool:
    """Whether the acts of a day have been kept for ten years, as the receipts."""
    return months_later(day, PROOF_MONTHS) < today
