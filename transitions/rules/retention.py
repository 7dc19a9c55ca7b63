"""How long what is told about young people is kept (domain.md 5.5: a proposal; the Aktenplan of the partners decides).

All days are the days in Hessen on which something may go at the earliest; the run erases what is due `<= today`.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kok.durations import days, months, years

DRAFTS = days(90)  # after the last change
IMPORTS = days(7)
READS = months(6)  # parallel to § 79 Abs. 4 SGB X
OUTCOMES = months(6)
PROOFS = years(10)
REQUESTS = years(3)  # after the answer
WITHDRAWN = days(30)  # after a withdrawal whose version was told to a receiver
PENDING_IMPORTS = "pending-imports"  # the name of the rule, for who forgets a file at once
LAST_YEAR_AFTER = 2  # "at the latest 31.12. of Y+2"

# In words, for the report of the erasure, the page of privacy and the rows that say how long they are kept.
DRAFT_WORDS = f"{DRAFTS} nach der letzten Änderung"
REQUEST_WORDS = f"{REQUESTS} nach der Antwort; eine Einschränkung {REQUESTS}, nachdem sie aufgehoben ist"


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
        kept = OUTCOMES.after(dates.ended_on)
        waiting = date(dates.waits_for_year, 12, 31) if dates.waits_for_year else kept
        ends.append((max(kept, waiting), CaseRule.ENDED))
    return min(ends)


def import_kept_until(uploaded_on: date) -> date:
    """The last day on which rows of a file still wait beside a draft."""
    return IMPORTS.after(uploaded_on) - timedelta(days=1)


def erased_after_release(released_on: date) -> date:
    """The day from which a withdrawn case is erased on both sides."""
    return WITHDRAWN.after(released_on)


def reads_expired(day: date, today: date) -> bool:
    """Whether the reading of a day may no longer be kept: six calendar months are over (§ 79 Abs. 4 SGB X)."""
    return READS.after(day) < today


def acts_expired(day: date, today: date) -> bool:
    """Whether the acts of a day have been kept for ten years, as the receipts."""
    return PROOFS.after(day) < today
