"""The facts of a Jahresbericht as they stand now, read from meetings, members, transitions and figures."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import product
from typing import TypeVar

from django.db.models import QuerySet

from kok.articles import of
from meetings.convening.rules import agenda as standard
from meetings.convening.rules.counting import HELD_STATES
from meetings.models import ActionItem, AgendaItem, Attendance, Meeting, Minutes, Resolution
from members.models import Agreement
from members.queries import bodies_of, conference_of
from members.rules.codes import BodyKind, Recurrence
from reporting.duties.queries.duties import Duty, duties_of
from reporting.duties.queries.ledger import Ledger, ledger_of
from reporting.duties.queries.meetings import MeetingFacts
from reporting.figures.queries.catalogue import FigureSubject, subjects
from reporting.figures.queries.regions import Region, regions_of
from reporting.figures.queries.series import series_page
from reporting.figures.rules.disclosure import Exactness
from reporting.figures.rules.series import Series
from reporting.yearly.rules.facts import (
    BodyFact,
    DutyFact,
    Facts,
    MeetingFact,
    ReportSender,
    ResolutionFact,
    TaskFact,
    TermFact,
    TransitionFact,
)
from transitions.queries.counts import ListLine, counts_of

Row = TypeVar("Row")
Fact = TypeVar("Fact")
TOGETHER = "gemeinsam"  # a task of all partners
OPEN = ActionItem.State.OPEN
MINUTES = {
    Minutes.State.DRAFT: "noch nicht versandt",
    Minutes.State.CIRCULATED: "zur Genehmigung versandt",
    Minutes.State.APPROVED: "genehmigt",
}


def facts_of(*, agreement: Agreement, year: int, today: date) -> Facts:
    """Everything a report on this year says, read on this day. Partners are called as at its end, or today.

    The number of queries depends on how many Kennzahlen the formats name, not on how much there is of anything.
    """
    ledger = ledger_of(agreement, year, year)
    conference = conference_of(agreement)
    sender = _sender(ledger, today, conference.called_on(today).name)
    named_on = min(today, date(year, 12, 31))
    ledger.secretariat.call_as_on(named_on)
    figures, missing = _figures(agreement, year)
    tasks = _tasks(agreement, year)
    return Facts(
        year=year,
        as_of=today,
        region=agreement.region,
        body=conference.called_on(named_on).name,
        sender=sender,
        in_force_on=agreement.in_force_on,
        introduced_on=agreement.introduced_on,
        minimum=agreement.meetings_of_year(year),
        meetings_clause=ledger.clause_of(Recurrence.MEETINGS_PER_YEAR, date(year, 12, 31)),
        meetings=_meetings(ledger, year),
        terms=_terms(ledger, year),
        resolutions=_resolutions(agreement, year),
        tasks=_all(partial(_task, ledger), tasks.filter(state=OPEN)),
        tasks_closed=tasks.exclude(state=OPEN).filter(closed_at__year=year).count(),
        bodies=_bodies(agreement, ledger, year),
        feedback_on=_days(_items(agreement, year, standard.PARTICIPATION)),
        not_approved_on=tuple(each.meets_on for each in ledger.held_in(year) if not each.is_approved),
        duties=_all(_duty, duties_of(ledger, [year], today)),
        transitions=_transitions(ledger, year, today),
        figures=figures,
        not_delivered=missing,
    )


def _all(fact: Callable[[Row], Fact], rows: Iterable[Row]) -> tuple[Fact, ...]:
    return tuple(map(fact, rows))


def _sender(ledger: Ledger, today: date, conference: str) -> ReportSender:
    """The partner in office today; before the first term the first of the agreement."""
    anchor = ledger.secretariat.rotation.anchor_on
    partner = ledger.secretariat.partner_on(max(today, anchor))
    return ReportSender(
        name=partner.name,
        represented_by=partner.represented_by,
        office=f"Geschäftsführung{of(conference)}",
        address=partner.authority.address,
    )


def _meetings(ledger: Ledger, year: int) -> tuple[MeetingFact, ...]:
    found = [each for each in ledger.conference if each.meets_on.year == year]
    guests = Counter(
        Attendance.objects.filter(
            meeting__in=[each.meeting.pk for each in found],
            kind=Attendance.Kind.GUEST,
            status=Attendance.Status.PRESENT,
        ).values_list("meeting_id", flat=True)
    )
    return _all(partial(_meeting, guests), found)


def _meeting(guests: Counter[int], each: MeetingFacts) -> MeetingFact:
    return MeetingFact(
        number=each.meeting.number or "",
        meets_on=each.meets_on,
        state=each.meeting.standing,
        is_held=each.is_held,
        is_cancelled=each.meeting.state == Meeting.State.CANCELLED,
        is_quorate=each.is_held and each.is_quorate,
        guests=guests[each.meeting.pk],
        minutes=_standing(each.minutes) if each.minutes else "",
    )


def _standing(minutes: Minutes) -> str:
    if minutes.state == Minutes.State.DRAFT and minutes.circulated_at:
        return "versandt, wird überarbeitet"
    return MINUTES[Minutes.State(minutes.state)]


def _terms(ledger: Ledger, year: int) -> tuple[TermFact, ...]:
    partners = ledger.secretariat.partners
    return tuple(
        TermFact(
            partner=partners[term.partner].short_name,
            starts_on=term.starts_on,
            last_day=term.last_day,
            begins_in_year=term.starts_on.year == year,
        )
        for term in ledger.secretariat.between(date(year, 1, 1), date(year, 12, 31))
    )


def _resolutions(agreement: Agreement, year: int) -> tuple[ResolutionFact, ...]:
    """Those of approved minutes, of the KoK first."""
    found = Resolution.objects.filter(
        body__agreement=agreement, decided_on__year=year, item__meeting__minutes__state=Minutes.State.APPROVED
    ).select_related("body")
    return _all(
        _resolution, sorted(found, key=lambda each: (each.body.kind != BodyKind.CONFERENCE, each.body_id, each.number))
    )


def _resolution(each: Resolution) -> ResolutionFact:
    return ResolutionFact(
        body=each.body.called_on(each.decided_on).short_name,
        number=each.number,
        decided_on=each.decided_on,
        text=each.text,
    )


def _tasks(agreement: Agreement, year: int) -> QuerySet[ActionItem]:
    """What approved minutes up to the end of the year gave somebody to do."""
    return ActionItem.objects.filter(
        body__agreement=agreement,
        item__meeting__meets_on__year__lte=year,
        item__meeting__minutes__state=Minutes.State.APPROVED,
    ).select_related("item__meeting__body")


def _task(ledger: Ledger, each: ActionItem) -> TaskFact:
    """Its body is called as on the day of the meeting that gave it."""
    return TaskFact(
        body=each.item.meeting.body_short_name,
        number=each.number,
        what=each.what,
        partner=ledger.partners_by_key[each.partner_id].short_name if each.partner_id else TOGETHER,
        due_on=each.due_on,
    )


def _items(agreement: Agreement, year: int, code: str) -> QuerySet[AgendaItem]:
    """A standard item in the meetings that were held in the year."""
    return AgendaItem.objects.filter(
        code=code, meeting__body__agreement=agreement, meeting__meets_on__year=year, meeting__state__in=HELD_STATES
    ).select_related("meeting")


def _days(items: QuerySet[AgendaItem]) -> tuple[date, ...]:
    """The days of the meetings that had such an item."""
    return tuple(items.order_by("meeting__meets_on").values_list("meeting__meets_on", flat=True).distinct())


def _bodies(agreement: Agreement, ledger: Ledger, year: int) -> tuple[BodyFact, ...]:
    """The bodies of Anlage 2 that existed in the year, those that did not meet too."""
    there = bodies_of(agreement).filter(period__overlap=(date(year, 1, 1), date(year + 1, 1, 1)))
    met, informed = defaultdict(list), defaultdict(list)
    for facts in ledger.held_in(year):
        met[facts.body.pk].append(facts.meets_on)
    for item in _items(agreement, year, standard.CONFERENCE_REPORT).order_by("meeting__meets_on"):
        informed[item.meeting.body_id].append(item.meeting.meets_on)
    return tuple(
        BodyFact(
            name=body.called_on(date(year, 12, 31)).name,
            met_on=tuple(met[body.pk]),
            informed_on=tuple(informed[body.pk]),
        )
        for body in there.exclude(kind=BodyKind.CONFERENCE)
    )


def _duty(duty: Duty) -> DutyFact:
    """Of a list of 8b the report does not say either that nobody is on it: that is its number."""
    return DutyFact(
        clause=duty.rule.clause,
        title=duty.name,
        who=duty.who,
        nominal_on=duty.occurrence.nominal_due_on,
        effective_on=duty.occurrence.effective_due_on,
        fulfilled_on=duty.fulfilled_on if duty.fulfilled_on and duty.fulfilled_on <= duty.today else None,
        state=duty.state,
        word=duty.word,
        tone=duty.tone,
        is_nil=not duty.is_named_list and duty.submission is not None and duty.submission.is_nil_report,
    )


def _transitions(ledger: Ledger, year: int, today: date) -> tuple[TransitionFact, ...]:
    """The list of the year, and the one of the year before, whose leavers leave school now."""
    found = [each for each in counts_of(ledger.agreement, today).lines if each.year in (year - 1, year)]
    return _all(partial(_transition, ledger), found)


def _transition(ledger: Ledger, line: ListLine) -> TransitionFact:
    return TransitionFact(
        year=line.year,
        sender=ledger.partners_by_key[line.sender_id].short_name,
        due_on=line.due_on,
        released_on=line.released_on,
    )


def _figures(agreement: Agreement, year: int) -> tuple[tuple[Series, ...], tuple[str, ...]]:
    """Every series up to the year in the version for bodies and guests, and the titles of what is not there for it."""
    regions = regions_of(agreement)
    found = [_series(subject, region, regions, year) for subject, region in product(subjects().values(), regions)]
    missing = tuple(each.title for each in found if each.is_empty)
    return tuple(each for each in found if not each.is_empty), missing


def _series(subject: FigureSubject, region: Region, regions: Sequence[Region], year: int) -> Series:
    page = series_page(region=region, subject=subject, wanted={}, exactness=Exactness.ROUNDED)
    series = page.series.until(year)
    return replace(series, title=f"{subject.title} ({region.name})") if len(regions) > 1 else series
