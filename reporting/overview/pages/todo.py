"""What this person has to do now, by the roles held: each with the one place where it can be done."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse

from kok import barrier_office, barriers, clock
from kok.access import Permission, grants_of, partners_of
from kok.models import User
from kok.words import day, weekday
from meetings.convening.rules.notice import latest_dispatch_on
from meetings.models import ActionItem, Invitation, Meeting, Minutes
from members.queries import conference_of, requests_to_confirm, seats_on
from reporting.duties.queries.duties import Duty, yearly_duties_of
from reporting.duties.queries.ledger import Ledger
from reporting.duties.queries.meetings import MeetingFacts
from reporting.figures.queries.datasets import Part, deliveries_waiting
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
    Part.DELIVERS: (
        "Eine eingelesene Datei ist noch nicht abgegeben",
        "eingelesene Dateien sind noch nicht abgegeben",
    ),
    Part.RECEIVES: (
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
    """A person in an agreement: for which partners she may do what."""

    user: User
    ledger: Ledger
    today: date

    def partners(self, permission: Permission) -> frozenset[int]:
        """The ids of the partners for which this is allowed."""
        return partners_of(self.user, permission, self.ledger.agreement)

    def url(self, name: str, facts: MeetingFacts) -> str:
        """A page of a meeting."""
        return reverse(name, args=[self.ledger.agreement.slug, facts.body.slug, facts.meeting.pk])


def todos_of(user: User, ledger: Ledger, duties: list[Duty], today: date) -> list[Todo]:
    """Everything that waits for this person, the most urgent first; at most two queries for most roles."""
    me = Me(user, ledger, today)
    found = [*_duties(me, duties), *_deliveries(me), *_lists(me), *_vacant_seats(me), *_requests(me), *_tasks(me)]
    found += _barriers(me)
    if ledger.sees_meetings:
        found += [*_plan(me), *_answers(me), *(todo for facts in ledger.meetings for todo in _of_meeting(me, facts))]
    return sorted(found, key=lambda todo: todo.due_on or today)


def _duties(me: Me, duties: list[Duty]) -> Iterator[Todo]:
    """The duties of my partner that I may record; the list of 8b is for its case unit to release."""
    mine = me.partners(Permission.DUTY_RECORD)
    for duty in duties:
        is_mine = duty.debtor and duty.debtor.pk in mine
        if duty.is_recordable and duty.is_due and is_mine and not duty.is_named_list:
            yield Todo(f"{duty.heading} abgeben und eintragen", duty.url, duty.urged_on, f"für {duty.who}")


def _deliveries(me: Me) -> Iterator[Todo]:
    """Files of figures that I read in and did not submit, and those that the other partner submitted to mine."""
    if not me.partners(Permission.FIGURES_DELIVER):
        return
    for part, found in deliveries_waiting(me.user, me.ledger.agreement).items():
        one, many = WAITING_DELIVERIES[part]
        if len(found) == 1:
            (delivery,) = found
            url = reverse("reporting:dataset", args=[me.ledger.agreement.slug, delivery.dataset.pk])
            yield Todo(one, url, note=f"{delivery.title}, {delivery.region}, {day(delivery.dataset.reference_date)}")
        elif found:
            url = reverse("reporting:datasets", args=[me.ledger.agreement.slug])
            yield Todo(f"{in_words(len(found))} {many}", url)


def _lists(me: Me) -> Iterator[Todo]:
    """What waits in the sealed area, told by years and days: nothing of a case leaves it (5.4)."""
    agreement = me.ledger.agreement
    if not me.partners(Permission.CASES_ENTER):
        return
    url = reverse("transitions:enter", args=[agreement.slug])
    owed = {duty.occurrence.due_year: duty for duty in _lists_to_release(me)}
    to_release = drafts_to_release(me.user, agreement)
    for year in to_release:
        urged_on = owed[year].urged_on if year in owed else None
        yield Todo("Ein Entwurf wartet auf Freigabe", url, urged_on, f"Übergangsliste {year}")
    for year, duty in owed.items():
        if year not in to_release:
            until = weekday(duty.occurrence.nominal_due_on)
            moved = f", wirksam bis {weekday(duty.occurrence.effective_due_on)}" if duty.occurrence.is_moved else ""
            what = f"Die Übergangsliste {year} ist bis {until} freizugeben"
            yield Todo(what, url, duty.urged_on, f"{duty.name}{moved}")
    yield from _work_inside(me, url)


def _work_inside(me: Me, url: str) -> Iterator[Todo]:
    """What one unit waits for from the other, and people from both."""
    agreement = me.ledger.agreement
    questions = reverse("transitions:questions", args=[agreement.slug])
    for what, where, years in (
        ("Ein Entwurf ist zurückgegeben und zu überarbeiten", url, drafts_given_back),
        ("Eine freigegebene Liste wartet auf die Empfangsbestätigung", url, lists_to_acknowledge),
        ("Eine zugesagte neue Fassung ist freizugeben", questions, versions_promised),
    ):
        for year, number in Counter(years(me.user, agreement)).items():
            yield Todo(what, where, note=f"Übergangsliste {year}" + (f", {number}-mal" if number > 1 else ""))
    for year in outcomes_to_record(me.user, agreement, me.today):
        yield Todo("Ergebnisse fehlen, obwohl das Schuljahr vorbei ist", url, note=f"Übergangsliste {year}")
    for year, number in Counter(questions_to_answer(me.user, agreement)).items():
        many = f"{in_words(number)} Rückfragen der anderen Fachstelle sind"
        what = "Eine Rückfrage der anderen Fachstelle ist" if number == 1 else many
        yield Todo(f"{what} zu beantworten", questions, note=f"Übergangsliste {year}")
    for year, last_on in rows_to_decide(me.user, agreement):
        what = "Eingelesene Zeilen in den Entwurf nehmen oder verwerfen"
        yield Todo(what, url, last_on, f"Übergangsliste {year}, danach werden sie gelöscht")
    requests = reverse("transitions:requests", args=[agreement.slug])
    for due_on, number in Counter(requests_to_answer(me.user, agreement, me.today)).items():
        one, many = (
            "Eine Anfrage einer betroffenen Person ist",
            f"{in_words(number)} Anfragen betroffener Personen sind",
        )
        yield Todo(f"{one if number == 1 else many} zu beantworten", requests, due_on)


def _lists_to_release(me: Me) -> Iterator[Duty]:
    """The lists that my case unit owes now; its people cannot read the duties themselves."""
    mine = me.partners(Permission.CASES_DRAFT) | me.partners(Permission.CASES_RELEASE)
    first_year, last_year = me.ledger.years
    for duty in yearly_duties_of(me.ledger, range(first_year, last_year + 1), me.today):
        if duty.is_named_list and duty.is_due and duty.debtor and duty.debtor.pk in mine:
            yield duty


def _vacant_seats(me: Me) -> Iterator[Todo]:
    """The seats of my partner in the KoK that nobody holds: before the next invitation somebody is to be named."""
    mine = me.partners(Permission.SEATS_MANAGE)
    if not mine:
        return
    for on_day in seats_on(conference_of(me.ledger.agreement), me.today):
        if on_day.is_vacant and on_day.seat.partner_id in mine:
            url = reverse("members:seat", args=[me.ledger.agreement.slug, on_day.seat.pk])
            yield Todo(f"Sitz besetzen: {on_day.seat}", url, note=on_day.seat.partner.short_name)


def _requests(me: Me) -> Iterator[Todo]:
    """Roles and lost factors that wait for me as the second person."""
    if not me.partners(Permission.ACCOUNTS_MANAGE):
        return
    waiting = requests_to_confirm(me.user, clock.now())
    if waiting:
        what = "Ein Antrag zu einem Konto wartet" if waiting == 1 else f"{in_words(waiting)} Anträge zu Konten warten"
        yield Todo(f"{what} auf Ihre Bestätigung", reverse("members:requests", args=[me.ledger.agreement.slug]))


def _barriers(me: Me) -> Iterator[Todo]:
    """Reported barriers, where my authority is named to answer them."""
    if not me.partners(Permission.BARRIERS_ANSWER) or not barrier_office.opens(grants_of(me.user), me.today):
        return
    for line in barriers.open_lines(me.today):
        url = reverse("kok:barrier", args=[line.report.pk])
        yield Todo(f"Gemeldete Barriere beantworten: Meldung {line.report.pk}", url, line.due_on)


def _plan(me: Me) -> Iterator[Todo]:
    """The partner in office plans the next meeting of the KoK when none is foreseen."""
    if any(facts.is_coming and facts.meets_on >= me.today for facts in me.ledger.conference):
        return
    secretariat = me.ledger.secretariat
    if secretariat.partner_on(secretariat.nearest(me.today)).pk in me.partners(Permission.MEETING_PLAN):
        agreement = me.ledger.agreement
        called = conference_of(agreement).called_on(me.today)
        yield Todo("Nächste Sitzung planen", reverse("meetings:plan", args=[agreement.slug]), note=called.short_name)


def _answers(me: Me) -> Iterator[Todo]:
    """Invitations of the last round that I have not answered."""
    coming = [each for each in me.ledger.meetings if each.meeting.state == State.INVITED and each.meets_on >= me.today]
    if not coming or not me.partners(Permission.INVITATION_ANSWER):
        return
    waiting = Invitation.objects.filter(
        person__user=me.user, answer=Invitation.Answer.OPEN, round__in=[each.last_round for each in coming]
    )
    rounds = set(waiting.values_list("round_id", flat=True))
    for facts in coming:
        if facts.last_round in rounds:
            what = f"Einladung zur Sitzung am {weekday(facts.meets_on)} beantworten"
            yield Todo(what, me.url("meetings:detail", facts), facts.meets_on, facts.meeting.body_short_name)


def _of_meeting(me: Me, facts: MeetingFacts) -> Iterator[Todo]:
    if facts.is_coming:
        yield from _coming(me, facts)
    elif facts.is_held and facts.minutes:
        yield from _minutes(me, facts, facts.minutes)


def _coming(me: Me, facts: MeetingFacts) -> Iterator[Todo]:
    """Invite, or hold it: both only for the partner whose office it is on the day (R-SEC-2, R-SEC-3)."""
    agreement = me.ledger.agreement
    office = me.ledger.office(facts, me.today)
    title = f"Sitzung am {weekday(facts.meets_on)}"
    url = me.url("meetings:detail", facts)
    if facts.meeting.state == State.PLANNED and facts.meets_on < me.today:
        if office.convening.pk in me.partners(Permission.MEETING_PLAN):
            yield Todo(f"{title} absagen, der Tag ist vorbei", url, None, facts.meeting.body_short_name)
    elif facts.meeting.state == State.PLANNED and office.convening.pk in me.partners(Permission.MEETING_INVITE):
        latest_on = latest_dispatch_on(facts.meets_on, agreement.notice_days_for(facts.meets_on), me.ledger.holidays)
        invite = "neu einladen" if facts.last_round else "einladen"  # it was moved
        what = invite if facts.has_agenda else "vorbereiten: Tagesordnung und Einladung"
        yield Todo(f"{title} {what}", url, latest_on, facts.meeting.body_short_name)
    is_now = facts.meeting.state == State.INVITED and facts.meets_on <= me.today
    if is_now and office.chairing.pk in me.partners(Permission.MINUTES_WRITE):
        yield Todo(f"{title} durchführen und Anwesenheit eintragen", url, facts.meets_on, facts.meeting.body_short_name)


def _minutes(me: Me, facts: MeetingFacts, minutes: Minutes) -> Iterator[Todo]:
    """Write and circulate, for the partner that keeps them; approve, for every partner that has not."""
    url = me.url("meetings:minutes", facts)
    title = f"Protokoll der Sitzung am {weekday(facts.meets_on)}"
    if minutes.state == Minutes.State.DRAFT and minutes.owner_id in me.partners(Permission.MINUTES_CIRCULATE):
        what = f"in der Fassung {minutes.version} fertigstellen" if minutes.circulated_at else "fertigstellen"
        due_on = None if minutes.circulated_at else minutes.due_on  # the day was for the first version
        yield Todo(f"{title} {what} und versenden", url, due_on, facts.meeting.body_short_name)
    if minutes.state == Minutes.State.CIRCULATED:
        missing = me.partners(Permission.MINUTES_APPROVE) - facts.approved_by
        if missing:
            names = [partner.short_name for partner in me.ledger.partners if partner.pk in missing]
            yield Todo(f"{title} genehmigen", url, None, f"{facts.meeting.body_short_name}, für {' und '.join(names)}")


def _tasks(me: Me) -> Iterator[Todo]:
    """The open tasks of my partner whose day has come, as one line."""
    mine = me.partners(Permission.TASK_UPDATE)
    if not mine:
        return
    visible = ActionItem.objects.visible_to(me.user, me.ledger.agreement)
    tasks = visible.filter(partner__in=mine, state=ActionItem.State.OPEN)
    late = tasks.aggregate(number=Count("pk", filter=Q(due_on__lte=me.today)))["number"]
    if late:
        what = "Eine Aufgabe Ihres Partners ist" if late == 1 else f"{in_words(late)} Aufgaben Ihres Partners sind"
        url = reverse("meetings:tasks", args=[me.ledger.agreement.slug])
        yield Todo(f"{what} fällig", url)


def in_words(count: int) -> str:
    """A number from two on at the beginning of a sentence, in words as long as they are short."""
    words = {2: "Zwei", 3: "Drei", 4: "Vier", 5: "Fünf", 6: "Sechs", 7: "Sieben", 8: "Acht", 9: "Neun", 10: "Zehn"}
    return words.get(count, str(count))
