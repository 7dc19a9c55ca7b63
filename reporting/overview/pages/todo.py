"""What this person has to do now, by the roles held: each with the one place where it can be done."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from django.urls import reverse

from kok import barrier_office, barriers, clock
from kok.access import Permission, grants_of, partners_of
from kok.models import User
from kok.words import day, plural, spelled, weekday
from meetings.convening.rules.notice import latest_dispatch_on
from meetings.models import ActionItem, Invitation, Meeting, Minutes
from members.models import Agreement
from members.queries import conference_of, requests_to_confirm, seats_on
from reporting.duties.queries.duties import Duty, yearly_duties_of
from reporting.duties.queries.ledger import Ledger
from reporting.duties.queries.meetings import MeetingFacts
from reporting.figures.queries.datasets import deliveries_waiting
from reporting.figures.rules.codes import DeliveryPart
from transitions.queries.open_work import (
    drafts_given_back,
    drafts_to_release,
    lists_to_acknowledge,
    outcomes_to_record,
    questions_to_answer,
    requests_to_answer,
    rows_to_decide,
    versions_promised,
)

State = Meeting.State
WAITING_DELIVERIES = {
    DeliveryPart.DELIVERS: (
        "Eine eingelesene Datei ist noch nicht abgegeben",
        "eingelesene Dateien sind noch nicht abgegeben",
    ),
    DeliveryPart.RECEIVES: (
        "Eine Lieferung von Zahlen wartet auf Annahme",
        "Lieferungen von Zahlen warten auf Annahme",
    ),
}


@dataclass(frozen=True)
class Todo:
    """One thing to do. Without a day it waits already."""

    what: str
    url: str
    due_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Me:
    """A person in an agreement: for which partners she may do what. `due` are the duties that run or are overdue."""

    user: User
    ledger: Ledger
    due: list[Duty]
    today: date

    @property
    def agreement(self) -> Agreement:
        """Where this is."""
        return self.ledger.agreement

    def partners(self, *permissions: Permission) -> frozenset[int]:
        """The ids of the partners for which one of these is allowed."""
        allowed = (partners_of(self.user, permission, self.agreement) for permission in permissions)
        return frozenset().union(*allowed)

    def url(self, name: str, *args: object) -> str:
        """A page of the agreement."""
        return reverse(name, args=[self.agreement.slug, *args])

    def url_of(self, name: str, facts: MeetingFacts) -> str:
        """A page of a meeting."""
        return self.url(name, facts.body.slug, facts.meeting.pk)


def todos_of(user: User, ledger: Ledger, due: list[Duty], today: date) -> list[Todo]:
    """Everything that waits for this person, the most urgent first; at most two queries for most roles."""
    me = Me(user, ledger, due, today)
    sources = SOURCES + OF_MEETINGS if ledger.sees_meetings else SOURCES
    found = [todo for permission, source in sources if (mine := me.partners(permission)) for todo in source(me, mine)]
    return sorted(found, key=lambda todo: todo.due_on or today)


def _owed(duties: Iterable[Duty], mine: frozenset[int]) -> list[Duty]:
    """Those of my partners."""
    return [duty for duty in duties if duty.debtor and duty.debtor.pk in mine]


def _duties(me: Me, mine: frozenset[int]) -> Iterator[Todo]:
    """The duties of my partner that I may record; the list of 8b is for its case unit to release."""
    for duty in _owed(filter(attrgetter("is_entered"), me.due), mine):
        yield Todo(
            f"{duty.heading} abgeben und eintragen",
            me.url("reporting:duty", *duty.key),
            duty.urged_on,
            f"für {duty.who}",
        )


def _deliveries(me: Me, _: frozenset[int]) -> Iterator[Todo]:
    """Files of figures that I read in and did not submit, and those that the other partner submitted to mine."""
    for part, found in deliveries_waiting(me.user, me.agreement).items():
        one, many = WAITING_DELIVERIES[part]
        if len(found) == 1:
            (delivery,) = found
            url = me.url("reporting:dataset", delivery.dataset.pk)
            yield Todo(one, url, note=f"{delivery.title}, {delivery.region}, {day(delivery.dataset.reference_date)}")
        elif found:
            yield Todo(_number(len(found), one, many), me.url("reporting:datasets"))


def _lists(me: Me, _: frozenset[int]) -> Iterator[Todo]:
    """What waits in the sealed area, told by years and days: nothing of a case leaves it (5.4).

    The lists that my case unit owes now are read here; its people cannot read the duties themselves.
    """
    url = me.url("transitions:enter")
    first_year, last_year = me.ledger.years
    duties = yearly_duties_of(me.ledger, range(first_year, last_year + 1), me.today)
    lists = filter(attrgetter("is_due"), filter(attrgetter("is_named_list"), duties))
    mine = me.partners(Permission.CASES_DRAFT, Permission.CASES_RELEASE)
    owed = {duty.occurrence.due_year: duty for duty in _owed(lists, mine)}
    for year in drafts_to_release(me.user, me.agreement):
        duty = owed.pop(year, None)
        urged_on = duty.urged_on if duty else None
        yield Todo("Ein Entwurf wartet auf Freigabe", url, urged_on, f"Übergangsliste {year}")
    for year, duty in owed.items():
        until = weekday(duty.occurrence.nominal_due_on)
        moved = f", wirksam bis {weekday(duty.occurrence.effective_due_on)}" if duty.occurrence.is_moved else ""
        what = f"Die Übergangsliste {year} ist bis {until} freizugeben"
        yield Todo(what, url, duty.urged_on, f"{duty.name}{moved}")
    yield from _work_inside(me, url)


def _work_inside(me: Me, url: str) -> Iterator[Todo]:
    """What one unit waits for from the other, and people from both."""
    questions, requests = me.url("transitions:questions"), me.url("transitions:requests")
    for what, where, years in (
        ("Ein Entwurf ist zurückgegeben und zu überarbeiten", url, drafts_given_back),
        ("Eine freigegebene Liste wartet auf die Empfangsbestätigung", url, lists_to_acknowledge),
        ("Eine zugesagte neue Fassung ist freizugeben", questions, versions_promised),
    ):
        for year, number in Counter(years(me.user, me.agreement)).items():
            yield Todo(what, where, note=f"Übergangsliste {year}" + plural(number, "", f", {number}-mal"))
    for year in outcomes_to_record(me.user, me.agreement, me.today):
        yield Todo("Ergebnisse fehlen, obwohl das Schuljahr vorbei ist", url, note=f"Übergangsliste {year}")
    for year, number in Counter(questions_to_answer(me.user, me.agreement)).items():
        one, many = "Eine Rückfrage der anderen Fachstelle ist", "Rückfragen der anderen Fachstelle sind"
        yield Todo(f"{_number(number, one, many)} zu beantworten", questions, note=f"Übergangsliste {year}")
    for year, last_on in rows_to_decide(me.user, me.agreement):
        what = "Eingelesene Zeilen in den Entwurf nehmen oder verwerfen"
        yield Todo(what, url, last_on, f"Übergangsliste {year}, danach werden sie gelöscht")
    for due_on, number in Counter(requests_to_answer(me.user, me.agreement, me.today)).items():
        one, many = "Eine Anfrage einer betroffenen Person ist", "Anfragen betroffener Personen sind"
        yield Todo(f"{_number(number, one, many)} zu beantworten", requests, due_on)


def _vacant_seats(me: Me, mine: frozenset[int]) -> Iterator[Todo]:
    """The seats of my partner in the KoK that nobody holds: before the next invitation somebody is to be named."""
    for on_day in seats_on(conference_of(me.agreement), me.today):
        if on_day.is_vacant and on_day.seat.partner_id in mine:
            url = me.url("members:seat", on_day.seat.pk)
            yield Todo(f"Sitz besetzen: {on_day.seat}", url, note=on_day.seat.partner.short_name)


def _requests(me: Me, _: frozenset[int]) -> Iterator[Todo]:
    """Roles and lost factors that wait for me as the second person."""
    waiting = requests_to_confirm(me.user, clock.now())
    if waiting:
        what = _number(waiting, "Ein Antrag zu einem Konto wartet", "Anträge zu Konten warten")
        yield Todo(f"{what} auf Ihre Bestätigung", me.url("members:requests"))


def _barriers(me: Me, _: frozenset[int]) -> Iterator[Todo]:
    """Reported barriers, where my authority is named to answer them."""
    if barrier_office.opens(grants_of(me.user), me.today):
        for line in barriers.open_lines(me.today):
            url = reverse("kok:barrier", args=[line.report.pk])
            yield Todo(f"Gemeldete Barriere beantworten: Meldung {line.report.pk}", url, line.due_on)


def _tasks(me: Me, mine: frozenset[int]) -> Iterator[Todo]:
    """The open tasks of my partner whose day has come, as one line."""
    visible = ActionItem.objects.visible_to(me.user, me.agreement)
    late = visible.filter(partner__in=mine, state=ActionItem.State.OPEN, due_on__lte=me.today).count()
    if late:
        what = _number(late, "Eine Aufgabe Ihres Partners ist", "Aufgaben Ihres Partners sind")
        yield Todo(f"{what} fällig", me.url("meetings:tasks"))


def _plan(me: Me, mine: frozenset[int]) -> Iterator[Todo]:
    """The partner in office plans the next meeting of the KoK when none is foreseen."""
    secretariat = me.ledger.secretariat
    is_mine = secretariat.partner_on(secretariat.nearest(me.today)).pk in mine
    if is_mine and not me.ledger.next_conference(me.today):
        called = conference_of(me.agreement).called_on(me.today)
        yield Todo("Nächste Sitzung planen", me.url("meetings:plan"), note=called.short_name)


def _answers(me: Me, _: frozenset[int]) -> Iterator[Todo]:
    """Invitations of the last round that I have not answered."""
    coming = {each.last_round: each for each in me.ledger.meetings if each.meeting.takes_answers(me.today)}
    waiting = Invitation.objects.filter(person__user=me.user, answer=Invitation.Answer.OPEN, round__in=[*coming])
    rounds = set(waiting.values_list("round_id", flat=True))
    for facts in (facts for last_round, facts in coming.items() if last_round in rounds):
        what = f"Einladung zur Sitzung am {weekday(facts.meets_on)} beantworten"
        yield Todo(what, me.url_of("meetings:detail", facts), facts.meets_on, facts.meeting.body_short_name)


def _of_meetings(me: Me, _: frozenset[int]) -> Iterator[Todo]:
    """The next step of each meeting, for the partner whose office it is on the day (R-SEC-2, R-SEC-3)."""
    for facts in me.ledger.meetings:
        for step in STEPS.get(facts.state, ()):
            yield from step(me, facts)


def _past(me: Me, facts: MeetingFacts) -> Iterator[Todo]:
    """Nobody was invited, and the day is over."""
    if facts.meets_on < me.today and _convenes(me, facts, Permission.MEETING_PLAN):
        asked = "absagen" if facts.last_round else "fand nicht statt? Der Eintrag ist noch geplant"
        what = f"Sitzung am {weekday(facts.meets_on)} {asked}, der Tag ist vorbei"
        yield Todo(what, me.url_of("meetings:detail", facts), None, facts.meeting.body_short_name)


def _invite(me: Me, facts: MeetingFacts) -> Iterator[Todo]:
    """Invite, again where the meeting was moved."""
    if facts.meets_on >= me.today and _convenes(me, facts, Permission.MEETING_INVITE):
        notice_days = me.agreement.notice_days_for(facts.meets_on)
        latest_on = latest_dispatch_on(facts.meets_on, notice_days, me.ledger.holidays)
        invite = "neu einladen" if facts.last_round else "einladen"
        what = invite if facts.has_agenda else "vorbereiten: Tagesordnung und Einladung"
        url = me.url_of("meetings:detail", facts)
        yield Todo(f"Sitzung am {weekday(facts.meets_on)} {what}", url, latest_on, facts.meeting.body_short_name)


def _convenes(me: Me, facts: MeetingFacts, permission: Permission) -> bool:
    return me.ledger.office(facts, me.today).convening.pk in me.partners(permission)


def _hold(me: Me, facts: MeetingFacts) -> Iterator[Todo]:
    chairing = me.ledger.office(facts, me.today).chairing.pk
    if facts.meets_on <= me.today and chairing in me.partners(Permission.MINUTES_WRITE):
        what = f"Sitzung am {weekday(facts.meets_on)} durchführen und Anwesenheit eintragen"
        yield Todo(what, me.url_of("meetings:detail", facts), facts.meets_on, facts.meeting.body_short_name)


def _end(me: Me, facts: MeetingFacts) -> Iterator[Todo]:
    """It runs, until whoever keeps the minutes writes down its end."""
    if facts.minutes and facts.minutes.owner_id in me.partners(Permission.MINUTES_WRITE):
        what = f"Die Sitzung am {weekday(facts.meets_on)} {facts.meeting.standing}: Ende eintragen"
        yield Todo(what, me.url_of("meetings:minutes", facts), facts.meets_on, facts.meeting.body_short_name)


def _minutes(me: Me, facts: MeetingFacts) -> Iterator[Todo]:
    """Write and circulate, for the partner that keeps them; approve, for every partner that has not."""
    if facts.minutes:
        for step in STEPS_OF_MINUTES.get(facts.minutes.state, ()):
            yield from step(me, facts, facts.minutes)


def _circulate(me: Me, facts: MeetingFacts, minutes: Minutes) -> Iterator[Todo]:
    """The day was for the first version."""
    if minutes.owner_id in me.partners(Permission.MINUTES_CIRCULATE):
        version = f"in der Fassung {minutes.version} " if minutes.circulated_at else ""
        what = f"Protokoll der Sitzung am {weekday(facts.meets_on)} {version}fertigstellen und versenden"
        due_on = None if minutes.circulated_at else minutes.due_on
        yield Todo(what, me.url_of("meetings:minutes", facts), due_on, facts.meeting.body_short_name)


def _approve(me: Me, facts: MeetingFacts, _: Minutes) -> Iterator[Todo]:
    missing = me.partners(Permission.MINUTES_APPROVE) - facts.approved_by
    if missing:
        names = " und ".join(partner.short_name for partner in me.ledger.partners if partner.pk in missing)
        what = f"Protokoll der Sitzung am {weekday(facts.meets_on)} genehmigen"
        note = f"{facts.meeting.body_short_name}, für {names}{_void_note(facts, missing)}"
        yield Todo(what, me.url_of("meetings:approve", facts), None, note)


def _void_note(facts: MeetingFacts, missing: frozenset[int]) -> str:
    """That what my partner had approved is another version."""
    again = "; neue Fassung, die Genehmigung der vorigen gilt nicht mehr"
    return again if missing & facts.void_by else ""


def _remarks(me: Me, facts: MeetingFacts, minutes: Minutes) -> Iterator[Todo]:
    """What approvers want changed, for the partner that keeps the minutes."""
    if facts.open_remarks and minutes.owner_id in me.partners(Permission.MINUTES_CIRCULATE):
        what = _number(facts.open_remarks, "Ein Änderungswunsch", "Änderungswünsche")
        title = f"{what} zum Protokoll der Sitzung am {weekday(facts.meets_on)} beantworten"
        yield Todo(title, me.url_of("meetings:minutes", facts), None, facts.meeting.body_short_name)


def _number(count: int, one: str, many: str) -> str:
    """`Eine Aufgabe ist`, `Drei Aufgaben sind`, at the beginning of a sentence."""
    return plural(count, one, f"{in_words(count)} {many}")


def in_words(count: int) -> str:
    """A number from two on at the beginning of a sentence, in words as long as they are short."""
    return spelled(count).capitalize() if count <= LONGEST_IN_WORDS else str(count)


LONGEST_IN_WORDS = 10
# Who holds the permission for a partner is asked what waits; all in the order in which they stand on one day.
SOURCES: tuple[tuple[Permission, Callable[[Me, frozenset[int]], Iterator[Todo]]], ...] = (
    (Permission.DUTY_RECORD, _duties),
    (Permission.FIGURES_DELIVER, _deliveries),
    (Permission.CASES_ENTER, _lists),
    (Permission.SEATS_MANAGE, _vacant_seats),
    (Permission.ACCOUNTS_MANAGE, _requests),
    (Permission.TASK_UPDATE, _tasks),
    (Permission.BARRIERS_ANSWER, _barriers),
)
OF_MEETINGS: tuple[tuple[Permission, Callable[[Me, frozenset[int]], Iterator[Todo]]], ...] = (
    (Permission.MEETING_PLAN, _plan),
    (Permission.INVITATION_ANSWER, _answers),
    (Permission.MEETING_READ, _of_meetings),
)
STEPS: dict[str, tuple[Callable[[Me, MeetingFacts], Iterator[Todo]], ...]] = {
    State.PLANNED: (_past, _invite),
    State.INVITED: (_hold,),
    State.RUNNING: (_end,),
    State.HELD: (_minutes,),
    State.CLOSED: (_minutes,),
}
STEPS_OF_MINUTES: dict[str, tuple[Callable[[Me, MeetingFacts, Minutes], Iterator[Todo]], ...]] = {
    Minutes.State.DRAFT: (_circulate,),
    Minutes.State.CIRCULATED: (_approve, _remarks),
}
