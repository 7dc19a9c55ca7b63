"""On which day a body can meet, and until when it must be invited (Punkt 5 "rechtzeitig"; domain.md 2.7, 7.3).

The wording names no period of notice (Ladungsfrist). How many days it has says the version of the agreement; the rule
book proposes fourteen, and the KoK may change it by resolution. The first invitation to a day counts; a later one to
the same day shortens nothing (`queries/standing.py`).
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from kok import words
from kok.errors import require
from kok.workdays import SATURDAY, Policy, due, holiday_name

SUNDAY = 6


def latest_dispatch_on(meets_on: date, notice_days: int, extra_holidays: Iterable[date] = ()) -> date:
    """The last day on which the invitation keeps the notice of `notice_days` calendar days.

    The day of dispatch does not count (§ 187 Abs. 1 BGB). On a weekend or holiday it moves back to the workday
    before, so that the notice never becomes shorter. Raises Refused outside 1991 to 2100.
    """
    return due(meets_on - timedelta(days=notice_days), Policy.ROLL_BACK, extra_holidays)


def check_meeting_day(meets_on: date, today: date, extra_holidays: Iterable[date] = ()) -> str | None:
    """Whether a body can meet on that day: from today on, and never on a Sunday or holiday (§ 1 HFeiertagsG).

    Returns a sentence of warning for a Saturday. Raises Refused for the other days, and outside 1991 to 2100.
    """
    require(
        meets_on >= today,
        f"Der {words.day(meets_on)} liegt in der Vergangenheit. Die Sitzung ist noch nicht gespeichert, Ihre "
        "Angaben sind noch da. Wählen Sie einen Tag ab heute.",
    )
    kind = _day_of_rest(meets_on, extra_holidays)
    require(
        not kind,
        f"Der {words.day(meets_on)} ist {kind}. Die Sitzung ist noch nicht gespeichert, Ihre Angaben sind noch da. "
        "Wählen Sie einen Werktag.",
    )
    saturday = f"Der {words.day(meets_on)} ist ein Samstag. Prüfen Sie, ob alle teilnehmen können."
    return saturday if meets_on.weekday() == SATURDAY else None


def _day_of_rest(day: date, extra_holidays: Iterable[date]) -> str:
    """In words why nobody meets on a day, "" where nothing speaks against it."""
    if holiday := holiday_name(day, extra_holidays):
        return f"in Hessen ein Feiertag ({holiday})"
    return "ein Sonntag" if day.weekday() == SUNDAY else ""


def is_short(dispatch_on: date, meets_on: date, notice_days: int, extra_holidays: Iterable[date] = ()) -> bool:
    """Whether an invitation sent on `dispatch_on` comes too late for the notice. Raises Refused as above."""
    return dispatch_on > latest_dispatch_on(meets_on, notice_days, extra_holidays)


def check_day_ahead(dispatch_on: date, meets_on: date) -> None:
    """Nobody is invited to a day that is over. Raises Refused."""
    require(
        dispatch_on <= meets_on,
        f"Der Tag der Sitzung ({words.day(meets_on)}) ist vorbei. Es wurde nichts versandt. "
        "Verlegen Sie die Sitzung auf einen neuen Tag.",
    )


def check_consent_day(given_on: date, today: date, *, partner: str) -> None:
    """A consent is entered when it was given, and not before. Raises Refused."""
    require(
        given_on <= today,
        f"Die Zustimmung ({partner}) liegt in der Zukunft: {words.day(given_on)}. Es wurde nichts versandt. "
        "Prüfen Sie den Tag.",
    )


def check_notice(
    dispatch_on: date,
    meets_on: date,
    notice_days: int,
    *,
    urgency_reason: str = "",
    consenting_partners: Collection[str] = (),
    all_partners: Collection[str],
    extra_holidays: Iterable[date] = (),
) -> None:
    """Whether the invitation may be sent on that day: in time, or urgent with all partners' consent (7.3).

    Partners are given by the names that people read. Raises Refused for a short notice without a reason or without
    the consent of all, and for a meeting whose day is over.
    """
    check_day_ahead(dispatch_on, meets_on)
    if not is_short(dispatch_on, meets_on, notice_days, extra_holidays):
        return
    latest = latest_dispatch_on(meets_on, notice_days, extra_holidays)
    short = (
        f"Die Ladungsfrist von {notice_days} Tagen ist nicht eingehalten: Die Einladung hätte spätestens am "
        f"{words.day(latest)} hinausgehen müssen. Es wurde nichts versandt."
    )
    require(
        urgency_reason.strip(),
        f"{short} Verlegen Sie die Sitzung, oder begründen Sie die Dringlichkeit und tragen Sie die Zustimmung "
        "aller Partner ein.",
    )
    missing = ", ".join(partner for partner in all_partners if partner not in consenting_partners)
    require(not missing, f"{short} Bei Dringlichkeit müssen alle Partner zustimmen. Es fehlt: {missing}.")
