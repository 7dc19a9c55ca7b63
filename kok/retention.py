"""How long the kernel keeps what (domain.md 5.5: proposals; the Aktenplan of the partners decides). Pure.

What a trigger keeps stands in its migration too (`0002_guards`): change both.
"""

from kok.durations import days, months, weeks, years

TRAIL = years(10)
REMINDERS = years(10)  # who was sent which
SIGN_INS = months(6)
MAILS = months(12)  # after they were sent
ERASURE_RUNS = years(10)
REPLACED_PAGES = years(10)  # after a newer version took their place
JOURNAL = days(40)  # own: longer than anybody who looks at findings is away
BARRIER_CONTACTS = months(6)  # after the answer
BARRIER_REPORTS = years(3)  # after the answer
UNANSWERED_BARRIERS = years(6)
CLOSED_ACCOUNTS = months(12)
NEW_ADDRESSES = days(7)  # that wait for their owner
LEFT = months(12)  # how to reach somebody who left

BARRIER_ANSWER = weeks(6)  # within which a reported barrier is answered (§ 6 HVBIT)
