"""How an occurrence stands on a day, and what may be entered as its fulfilment (domain.md 0.3, 2.2).

People are urged toward the nominal day and judged by the effective one, whose end is 24:00 in Hessen: 02.05.2028,
23:59:59 is in time, 03.05.2028, 00:00:00 is late.
"""

from datetime import date, datetime, timedelta

from kok.errors import first_problem
from kok.words import BERLIN, counted, day, weekday
from reporting.duties.rules.codes import OccurrenceState
from reporting.duties.rules.occurrences import OPEN_BEFORE, Occurrence


def day_in_hessen(moment: datetime) -> date:
    """The calendar day in Hessen to which an act at this moment belongs. Raises ValueError for a naive moment."""
    if moment.tzinfo is None:
        raise ValueError("The moment names no time zone.")
    return moment.astimezone(BERLIN).date()


def state(
    occurrence: Occurrence, today: date, fulfilled_on: date | None = None, introduced_on: date | None = None
) -> OccurrenceState:
    """The state on `today`, a day in Hessen.

    `fulfilled_on` is the day of fulfilment, and counts from that day on. `introduced_on` is the day on which the
    agreement was loaded: what was over by then and has no entry is "vor Einführung".
    """
    if fulfilled_on is not None and fulfilled_on <= today:
        is_late = fulfilled_on > occurrence.effective_due_on
        return OccurrenceState.FULFILLED_LATE if is_late else OccurrenceState.FULFILLED
    if introduced_on is not None and occurrence.effective_due_on < introduced_on:
        return OccurrenceState.BEFORE_INTRODUCTION
    if today > occurrence.effective_due_on:
        return OccurrenceState.OVERDUE
    is_open = today >= occurrence.nominal_due_on - timedelta(days=OPEN_BEFORE)
    return OccurrenceState.OPEN if is_open else OccurrenceState.UPCOMING


def time_left(occurrence: Occurrence, today: date) -> str:
    """A sentence: how many days are left until the nominal day, or what has passed since the effective one."""
    last_day, nominal = occurrence.effective_due_on, occurrence.nominal_due_on
    if today > last_day:
        since = counted((today - last_day).days, "einem Tag", "Tagen")
        return f"Seit {since} überfällig. Die Frist endete am {weekday(last_day)}."
    if today == last_day:
        return f"Heute, {weekday(today)}, ist der letzte Tag."
    if today < nominal:
        effective = f", wirksam bis {weekday(last_day)}" if occurrence.is_moved else ""
        return f"Noch {_days(today, nominal)} bis {weekday(nominal)}{effective}."
    return (
        f"{weekday(nominal)} ist kein Werktag. Die Frist endet am {weekday(last_day)}, noch {_days(today, last_day)}."
    )


def both_days(occurrence: Occurrence) -> str:
    """Always both dates: `30.04.2028, wirksam bis Di 02.05.2028`; one where they are the same (2.2)."""
    nominal, effective = occurrence.nominal_due_on, occurrence.effective_due_on
    return f"{day(nominal)}, wirksam bis {weekday(effective)}" if occurrence.is_moved else weekday(nominal)


def standing(occurrence: Occurrence, state: OccurrenceState, today: date, fulfilled_on: date | None) -> str:
    """How an occurrence stands on a day, in one sentence."""
    if fulfilled_on and fulfilled_on <= today:
        late = ", nach dem Ende der Frist" if state is OccurrenceState.FULFILLED_LATE else ""
        return f"Erfüllt am {weekday(fulfilled_on)}{late}."
    if state is OccurrenceState.BEFORE_INTRODUCTION:
        return "Die Frist endete, bevor diese Anwendung eingeführt wurde. Eine Abgabe ist nicht eingetragen."
    return time_left(occurrence, today)


def check_submission(
    occurrence: Occurrence, submitted_on: date, today: date, *, evidence: str = "", is_statewide: bool = False
) -> str | None:
    """Whether a fulfilment may be entered, or why not. Later entries are fine, later days are not.

    8c and 8d go through the statewide exchange, not separately (finding 2): then the entry needs the proof that
    this channel was served. A number for a Stichtag cannot be handed in before that day is over.
    """
    stichtag = occurrence.reference_date
    ahead = (
        f"Der {day(submitted_on)} liegt in der Zukunft. Es wurde nichts eingetragen. "
        "Tragen Sie die Abgabe ein, sobald sie geschehen ist."
    )
    before = (
        f"Die Zahl gilt für den Stichtag {day(stichtag)}. Vorher kann sie nicht abgegeben sein. Es wurde nichts "
        "eingetragen. Prüfen Sie den Tag der Abgabe und das Jahr der Frist."
    )
    problem = first_problem(
        (submitted_on > today, ahead),
        (stichtag and submitted_on <= stichtag, before),
        (is_statewide and not evidence.strip(), WITHOUT_EVIDENCE),
    )
    return problem or None


WITHOUT_EVIDENCE = (
    "Der Nachweis fehlt: Diese Zahl geht nicht gesondert, sondern im landesweiten Datenaustausch ein. Es wurde nichts "
    "eingetragen. Schreiben Sie, woran die Abgabe zu erkennen ist, zum Beispiel das Aktenzeichen."
)


def nil_warning(occurrence: Occurrence, *, is_nil_report: bool) -> str | None:
    """A sentence when a number is entered where the law lets one expect none (finding 1, scenario 25).

    Which law it is stands in the note of the rule, because it was found and is no part of the agreement.
    """
    if is_nil_report or not occurrence.is_nil_expected:
        return None
    return (
        f"Für den Stichtag {day(occurrence.reference_date)} ist nach dem Hinweis zu dieser Pflicht eine "
        "Nullmeldung zu erwarten. Prüfen Sie, ob die Zahl stimmt."
    )


def _days(today: date, until: date) -> str:
    return counted((until - today).days, "ein Tag", "Tage")
