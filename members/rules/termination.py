"""R-TERM: when a notice of termination ends the agreement (Punkt 12; domain.md 2.5)."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from kok.errors import require
from kok.months import months_later
from kok.workdays import Policy, due


class NoticeForm(StrEnum):
    """In which form a notice arrived. Punkt 12 says "schriftlich" (§ 56 SGB X, §§ 126, 126a BGB)."""

    SIGNED_ORIGINAL = "SIGNED_ORIGINAL"
    QUALIFIED_SIGNATURE = "QUALIFIED_SIGNATURE"
    EMAIL = "EMAIL"


def termination_end(received_on: date, form: NoticeForm, notice_months: int) -> date:
    """The last day of the agreement, always a 31.12.

    `received_on` is the calendar day in Hessen on which the notice arrived in this form (§ 130 BGB), `notice_months`
    counts 0 to 12 months before the end of a year. The day never moves for Sundays or holidays: § 193 BGB does not
    apply to notice periods (BGH III ZR 172/04). Raises Refused for an e-mail, a scan of the original included.
    """
    require(
        form is not NoticeForm.EMAIL,
        "Eine E-Mail allein wahrt die Form nicht, denn die Kündigung muss schriftlich sein. "
        "Die Vereinbarung läuft unverändert weiter. Es zählt der Tag, an dem das unterschriebene Original "
        "oder ein Dokument mit qualifizierter elektronischer Signatur eingeht.",
    )
    this_year = date(received_on.year, 12, 31)
    in_time = received_on <= receipt_due_on(this_year, notice_months)
    return this_year if in_time else months_later(this_year, 12)


def receipt_due_on(ends_on: date, notice_months: int) -> date:
    """The last day on which a notice may arrive to end the agreement on `ends_on`, a 31.12.; it never moves."""
    return months_later(ends_on, -notice_months)


def delivery_advised_on(ends_on: date, notice_months: int, extra_holidays: Iterable[date] = ()) -> date:
    """The last workday up to that day: advice, because somebody has to be there to receive the notice."""
    return due(receipt_due_on(ends_on, notice_months), Policy.ROLL_BACK, extra_holidays)
