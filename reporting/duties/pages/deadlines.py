"""The pages of the deadlines: a year with its filter, and one occurrence with its history."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import filterfalse
from operator import attrgetter

from kok.access import ROLES, Permission, can, partners_of
from kok.errors import first_problem
from kok.models import User
from kok.words import plural
from members.models import Agreement, ObligationRule, Partner
from reporting.duties.models import Submission
from reporting.duties.pages.lines import DutyLine, lines_of, url_of
from reporting.duties.pages.timeline import Timeline, timeline_of
from reporting.duties.queries.duties import Duty, duties_of, duty_named
from reporting.duties.queries.ledger import Ledger, ledger_of
from reporting.duties.queries.meetings import MeetingFacts
from reporting.duties.queries.recipients import Holders, Sent, recipients_of, reminders_sent, responsible_roles
from reporting.duties.rules.codes import OccurrenceState as State
from reporting.duties.rules.codes import SubmissionChannel
from reporting.duties.rules.occurrences import OPEN_BEFORE
from reporting.duties.rules.stages import Stage

# Words of the filter, as they stand in the address, and the states they mean.
STATES: dict[str, tuple[str, frozenset[State]]] = {
    "offen": ("offen oder überfällig", frozenset({State.OPEN, State.OVERDUE})),
    "ueberfaellig": ("überfällig", frozenset({State.OVERDUE})),
    "spaeter": ("steht später an", frozenset({State.UPCOMING})),
    "erfuellt": ("erfüllt", frozenset({State.FULFILLED, State.FULFILLED_LATE})),
    "verspaetet": ("verspätet erfüllt", frozenset({State.FULFILLED_LATE})),
    "vorher": ("vor Einführung", frozenset({State.BEFORE_INTRODUCTION})),
}
ANY = ("jeder Stand", frozenset(State))
FILTER_STATES = tuple((key, label) for key, (label, _) in {"": ANY, **STATES}.items())


@dataclass(frozen=True)
class DeadlinesPage:
    """The deadlines of a year. `sentence` says what is shown."""

    year: int
    lines: tuple[DutyLine, ...]
    meetings: tuple[MeetingFacts, ...]
    timeline: Timeline
    sentence: str
    unreachable: tuple[str, ...]
    is_filtered: bool


def years_of(agreement: Agreement, today: date) -> list[int]:
    """The years that can be looked at: from entry into force to the year after next, the newest first."""
    return list(range(today.year + 2, agreement.in_force_on.year - 1, -1))


def deadlines_page(
    user: User, agreement: Agreement, today: date, *, year: int, partner: str = "", state: str = ""
) -> DeadlinesPage:
    """The deadlines of a year for the filter of the page; `partner` is a slug, `state` a key of STATES."""
    ledger = _ledger(user, agreement, year)
    of_year = duties_of(ledger, [year], today)
    shown = [duty for duty in of_year if _matches(duty, partner, state)]
    meetings = ledger.meetings_in(year) if ledger.sees_meetings else ()
    return DeadlinesPage(
        year=year,
        lines=lines_of(shown, agreement.slug, sees_meetings=ledger.sees_meetings),
        meetings=meetings,
        timeline=timeline_of(year, shown, meetings, today),
        sentence=_sentence(shown, year),
        unreachable=tuple(_unreachable(ledger, Holders(today))),
        is_filtered=len(shown) < len(of_year),
    )


def _unreachable(ledger: Ledger, holders: Holders) -> Iterator[str]:
    """Sentences about partners of which nobody would get a reminder, and why."""
    for role, partner in responsible_roles(ledger, holders.day):
        people, title = holders.of(role, partner), ROLES[role].title
        why = first_problem(
            (not people, f"Kein Konto hat die Rolle „{title}“."),
            (not any(map(attrgetter("email"), people)), f"Die Konten mit der Rolle „{title}“ haben keine Adresse."),
        )
        if why:
            yield f"Niemand erhält Erinnerungen für {partner.short_name}: {why}"


def _ledger(user: User, agreement: Agreement, year: int) -> Ledger:
    return ledger_of(agreement, year, year, sees_meetings=can(user, Permission.MEETING_READ, agreement))


def _matches(duty: Duty, partner: str, state: str) -> bool:
    """What all partners owe together is owed by each of them."""
    of_partner = duty.occurrence.debtor in (None, partner or duty.occurrence.debtor)
    return of_partner and duty.state in STATES.get(state, ANY)[1]


def _sentence(duties: list[Duty], year: int) -> str:
    if not duties:
        return ""
    number = Counter(duty.state for duty in duties)
    shown = plural(len(duties), "steht hier eine Frist", f"stehen hier {len(duties)} Fristen")
    running = _number(number[State.OPEN], "läuft", "laufen")
    return f"Für {year} {shown}: {running}, {_number(number[State.OVERDUE], 'ist überfällig', 'sind überfällig')}."


def _number(count: int, one: str, many: str) -> str:
    return {0: f"keine {one}", 1: f"eine {one}"}.get(count, f"{count} {many}")


@dataclass(frozen=True)
class DutyPage:
    """One occurrence with its history.

    `may_record`: this person may enter and take back. `has_list`: the list of 8b stands in the sealed area, so that
    nothing is entered here. `sees_counts`: this person may open the page of its numbers.
    """

    duty: Duty
    url: str
    debtor: Partner
    history: tuple[Submission, ...]
    recipients: list[str]
    without_address: list[str]
    reminders: list[Sent]
    may_record: bool
    has_list: bool
    sees_counts: bool
    open_before = OPEN_BEFORE  # days

    def entry(self, pk: int) -> Submission | None:
        """One of the entries, for those who may take it back."""
        return next((each for each in self.history if each.pk == pk and self.may_record), None)


def duty_page(user: User, agreement: Agreement, today: date, *, code: str, year: int, partner: str) -> DutyPage | None:
    """The page of one occurrence of O-04 to O-06, or None when there is no such one."""
    ledger = _ledger(user, agreement, year)
    duty = duty_named(ledger, today, code=code, year=year, debtor=partner)
    if duty is None or duty.debtor is None:
        return None
    history = Submission.objects.filter(agreement=agreement, code=code, due_year=year, debtor=duty.debtor)
    name, address = attrgetter("name"), attrgetter("email")
    people = recipients_of(duty, Stage(0, duty.occurrence.nominal_due_on), ledger, Holders(today))
    return DutyPage(
        duty=duty,
        url=url_of(duty, agreement.slug),
        debtor=duty.debtor,
        history=tuple(history.order_by("-recorded_at")),
        recipients=[*map(name, filter(address, people))],
        without_address=[*map(name, filterfalse(address, people))],
        reminders=reminders_sent(ledger, duty),
        may_record=duty.debtor.pk in partners_of(user, Permission.DUTY_RECORD, agreement),
        has_list=ledger.has_list(duty.rule, year, duty.debtor),
        sees_counts=can(user, Permission.CASES_COUNT, agreement),
    )


def channels_of(rule: ObligationRule) -> list[tuple[str, str]]:
    """The ways that fit a duty: the statewide exchange alone (8c, 8d), or everything that is separate (8b)."""
    separate = (SubmissionChannel.SECURE_MAIL, SubmissionChannel.LETTER)
    fitting = (SubmissionChannel.STATEWIDE,) if rule.channel == SubmissionChannel.STATEWIDE else separate
    return [(each.value, each.label) for each in fitting]
