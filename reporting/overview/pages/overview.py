"""The overview: who holds the secretariat, what comes next, what is due, and what this person must do."""

from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from django.urls import reverse

from kok.access import Permission, can
from kok.errors import Refused
from kok.models import User
from kok.words import day, days_until, plural, weekday
from meetings.convening.rules.counting import Light, MeetingYear
from meetings.convening.rules.notice import latest_dispatch_on
from meetings.convening.rules.secretariat import Term
from meetings.models import Invitation, Meeting
from members.models import Agreement
from members.queries import conference_of
from members.queries.versions import holds_since
from reporting.duties.pages.lines import DutyLine, lines_of
from reporting.duties.queries.duties import Duty, open_duties_of
from reporting.duties.queries.ledger import Ledger, ledger_of
from reporting.duties.queries.meetings import MeetingFacts
from reporting.duties.queries.year import meeting_year
from reporting.duties.rules.occurrences import OPEN_BEFORE
from reporting.overview.pages.notices import News, notices_of
from reporting.overview.pages.todo import Todo, in_words, todos_of


@dataclass(frozen=True)
class NextMeeting:
    """The next meeting of the KoK and what is still missing for it."""

    facts: MeetingFacts
    missing: str
    url: str


@dataclass(frozen=True)
class SecretariatLine:
    """Who holds the secretariat and what comes after; before the first term only a sentence."""

    partner: str
    sentence: str


@dataclass(frozen=True)
class Overview:
    """What this person may see; parts for which a permission is missing are None or empty."""

    conference: str  # what the agreement calls it
    agreement_since: date  # the first day of the Fassung that holds
    lead: str
    office: SecretariatLine
    sees_meetings: bool
    sees_duties: bool
    next_meeting: NextMeeting | None
    years: list[MeetingYear]
    may_plan: bool
    todos: list[Todo]
    notices: list[News]
    duties: tuple[DutyLine, ...]
    upcoming: DutyLine | None
    open_before = OPEN_BEFORE  # days

    @property
    def warnings(self) -> list[str]:
        """What all partners are told on top of the page while it can be mended (scenario 7): of this year."""
        return [year.sentence for year in self.years[-1:] if year.warns]


def overview_of(user: User, agreement: Agreement, today: date) -> Overview:
    """The overview of an agreement for a person, in at most eleven queries."""
    sees_meetings = can(user, Permission.MEETING_READ, agreement)
    sees_duties = can(user, Permission.DUTIES_READ, agreement)
    first_year = min(agreement.introduced_on.year, today.year - 1)
    ledger = ledger_of(agreement, first_year, today.year + 1, sees_meetings=sees_meetings, only_open=True)
    duties = open_duties_of(ledger, range(first_year, today.year + 2), today) if sees_duties else []
    due = [*filter(attrgetter("is_due"), duties)]
    todos = todos_of(user, ledger, due, today)
    return Overview(
        conference=conference_of(agreement).called_on(today).name,
        agreement_since=holds_since(agreement, today),
        lead=f"{_due_in_words(due) if sees_duties else ''} {_mine_in_words(len(todos))}".strip(),
        office=_office(ledger, today),
        sees_meetings=sees_meetings,
        sees_duties=sees_duties,
        next_meeting=_next_meeting(ledger, today) if sees_meetings else None,
        years=_years(ledger, today) if sees_meetings or sees_duties else [],
        may_plan=can(user, Permission.MEETING_PLAN, agreement),
        todos=todos,
        notices=notices_of(user, ledger),
        duties=lines_of(due, agreement.slug, sees_meetings=sees_meetings),
        upcoming=next(iter(lines_of(_upcoming(duties, today), agreement.slug, sees_meetings=sees_meetings)), None),
    )


def _upcoming(duties: list[Duty], today: date) -> list[Duty]:
    """The next one that does not run yet, if any."""
    return [duty for duty in duties if duty.occurrence.effective_due_on >= today and not duty.is_due][:1]


def _due_in_words(due: list[Duty]) -> str:
    """How the deadlines stand, in one short sentence."""
    overdue = sum(map(attrgetter("is_overdue"), due))
    if overdue:
        return plural(overdue, "Eine Frist ist überfällig.", f"{in_words(overdue)} Fristen sind überfällig.")
    number = len(due)
    running = plural(number, "Eine Frist läuft.", f"{in_words(number)} Fristen laufen, keine ist überfällig.")
    return running if due else "Zurzeit läuft keine Frist."


def _mine_in_words(count: int) -> str:
    few = {0: "Auf Sie wartet nichts.", 1: "Auf Sie wartet eine Sache."}
    return few.get(count, f"Auf Sie warten {in_words(count).lower()} Sachen.")


def _office(ledger: Ledger, today: date) -> SecretariatLine:
    """Who holds the secretariat until when, and who comes after (R-SEC-1)."""
    try:
        term = ledger.secretariat.term_on(today)
    except Refused as refused:
        return SecretariatLine("", refused.sentence)
    following = ledger.secretariat.between(term.ends_on, term.ends_on)
    after = f", ab {day(term.ends_on)} {_name(ledger, following[0])}" if following else ""
    return SecretariatLine(_name(ledger, term), f"bis {day(term.last_day)}{after}.")


def _name(ledger: Ledger, term: Term) -> str:
    return ledger.secretariat.partners[term.partner].short_name


def _next_meeting(ledger: Ledger, today: date) -> NextMeeting | None:
    facts = ledger.next_conference(today)
    if facts is None:
        return None
    url = reverse("meetings:detail", args=[ledger.agreement.slug, facts.body.slug, facts.meeting.pk])
    return NextMeeting(facts, _missing(ledger, facts, today), url)


def _missing(ledger: Ledger, facts: MeetingFacts, today: date) -> str:
    """What the next meeting still lacks."""
    if facts.meeting.is_running:
        return f"Die Sitzung {facts.meeting.standing}."
    if facts.state == Meeting.State.PLANNED:
        return _missing_invitation(ledger, facts, today)
    waiting = facts.answers.count(Invitation.Answer.OPEN)
    answers = plural(waiting, "Es fehlt noch eine", f"Es fehlen noch {waiting}")
    some = f"Eingeladen ist. {answers} von {len(facts.answers)} Antworten."
    return some if waiting else "Eingeladen ist, alle haben geantwortet."


def _missing_invitation(ledger: Ledger, facts: MeetingFacts, today: date) -> str:
    """With the day until which it is needed."""
    invitation = "die neue Einladung" if facts.last_round else "die Einladung"  # it was moved
    what = f"Es fehlt {invitation}." if facts.has_agenda else f"Es fehlen die Tagesordnung und {invitation}."
    latest = latest_dispatch_on(facts.meets_on, ledger.agreement.notice_days_for(facts.meets_on), ledger.holidays)
    if latest < today:
        return f"{what} Die Ladungsfrist endete am {weekday(latest)}."
    return f"{what} Sie muss bis {weekday(latest)} hinausgehen ({days_until(latest, today)})."


def _years(ledger: Ledger, today: date) -> list[MeetingYear]:
    """This year; the year before only while it is a breach that the application has seen."""
    this_year = meeting_year(ledger, today.year, today)
    if today.year <= ledger.agreement.introduced_on.year:
        return [this_year]
    before = meeting_year(ledger, today.year - 1, today)
    return [before, this_year] if before.light is Light.BREACH else [this_year]
