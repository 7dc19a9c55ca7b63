"""The duties O-01 to O-06 of an agreement: every occurrence of some years, and how it stands on a day."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kok.words import days_until
from kok.workdays import urged_on
from meetings.convening.rules import counting
from meetings.models import Meeting, Minutes
from members.models import ObligationRule, Partner
from members.rules.codes import Channel, Recurrence
from members.rules.terms import Terms
from reporting.duties.models import Submission
from reporting.duties.queries.ledger import Ledger, ObligationThroughTime, is_named_list
from reporting.duties.queries.meetings import MeetingFacts
from reporting.duties.rules import naming
from reporting.duties.rules import occurrences as rules
from reporting.duties.rules.codes import DutyKind, OccurrenceState
from reporting.duties.rules.fulfilment import both_days, day_in_hessen, standing, state
from reporting.duties.rules.occurrences import Occurrence


@dataclass(frozen=True, kw_only=True)
class Duty:
    """One occurrence as people see it. `debtor` is None where all partners owe it together.

    `meeting` is the one of an invitation or of minutes. `released_on`: of the list of 8b.
    """

    kind: DutyKind
    rule: ObligationRule
    occurrence: Occurrence
    debtor: Partner | None
    name: str
    today: date
    state: OccurrenceState
    fulfilled_on: date | None
    submission: Submission | None = None
    released_on: date | None = None
    meeting: Meeting | None = None

    @property
    def heading(self) -> str:
        """Punkt and subject: three duties fall due on one day and talk about different years."""
        return f"Punkt {self.rule.clause}: {self.name}"

    @property
    def who(self) -> str:
        """The debtor in words."""
        return self.debtor.short_name if self.debtor else naming.ALL

    @property
    def tone(self) -> str:
        """The tone of the badge; the words say the same."""
        return self.state.tone

    @property
    def word(self) -> str:
        """The state in words. A year without its meetings cannot be made up for."""
        is_missed = self.kind is DutyKind.MEETINGS and self.is_overdue
        return naming.MISSED if is_missed else self.state.label

    @property
    def is_overdue(self) -> bool:
        """Its last day is over."""
        return self.state is OccurrenceState.OVERDUE

    @property
    def is_due(self) -> bool:
        """Open or overdue: somebody has to do something."""
        return self.state.is_reminded

    @property
    def is_recordable(self) -> bool:
        """Whether people enter its fulfilment here; the others follow from meetings and the calendar."""
        return self.kind is DutyKind.YEARLY

    @property
    def key(self) -> tuple[str, int, str | None]:
        """Which one it is among those of an agreement, in addresses and in the keys of reminders."""
        return self.occurrence.code, self.occurrence.due_year, self.occurrence.debtor

    @property
    def is_entered(self) -> bool:
        """Whether its fulfilment has to be entered."""
        return self.is_recordable and not self.is_named_list

    @property
    def is_named_list(self) -> bool:
        """8b: the release of the list in the sealed area fulfils it, nothing has to be entered (O-04)."""
        return is_named_list(self.rule)

    @property
    def is_statewide(self) -> bool:
        """8c and 8d: handed in through the statewide exchange only (finding 2)."""
        return self.rule.channel == Channel.STATEWIDE

    @property
    def urged_on(self) -> date:
        """The day to which people are urged (2.2)."""
        return urged_on(self.occurrence.nominal_due_on, self.occurrence.effective_due_on, self.today)

    @property
    def distance(self) -> str:
        """`in 12 Tagen`, `seit 3 Tagen`: the badge beside it says that it is overdue."""
        return days_until(self.urged_on, self.today).removesuffix(" überfällig")

    @property
    def dates(self) -> str:
        """Always both dates: `30.04.2028, wirksam bis Di 02.05.2028` (2.2)."""
        return both_days(self.occurrence)

    @property
    def sentence(self) -> str:
        """How it stands, in one sentence."""
        return standing(self.occurrence, self.state, self.today, self.fulfilled_on)


def duties_of(ledger: Ledger, years: Iterable[int], today: date) -> list[Duty]:
    """Every occurrence whose nominal day lies in these years, by day, each by the rule of its day."""
    found = _falling_due(ledger, frozenset(years), today, FALLING_DUE)
    return sorted(found, key=_by_day)


def _by_day(duty: Duty) -> tuple[date, str, str]:
    return duty.occurrence.nominal_due_on, duty.rule.code, duty.who


def yearly_duties_of(ledger: Ledger, years: Iterable[int], today: date) -> list[Duty]:
    """O-04 to O-06 only, for which no meeting is read."""
    return [*_falling_due(ledger, frozenset(years), today, {Recurrence.YEARLY: _yearly})]


def open_duties_of(ledger: Ledger, years: Iterable[int], today: date) -> list[Duty]:
    """What partners owe once a year and for each meeting, as far as nobody has done it; of a ledger of `only_open`."""
    kinds: Mapping[str, FallingDue] = {Recurrence.YEARLY: _yearly, Recurrence.PER_MEETING: _per_meeting}
    found = _falling_due(ledger, frozenset(years), today, kinds)
    return sorted((duty for duty in found if duty.fulfilled_on is None), key=_by_day)


def duty_named(ledger: Ledger, today: date, *, code: str, year: int, debtor: str) -> Duty | None:
    """One occurrence of O-04 to O-06, or None when there is no such one."""
    found = yearly_duties_of(ledger, [year], today)
    return next((each for each in found if (each.rule.code, each.occurrence.debtor) == (code, debtor)), None)


def _falling_due(
    ledger: Ledger, years: frozenset[int], today: date, kinds: Mapping[str, "FallingDue"]
) -> Iterator[Duty]:
    for owed in ledger.obligations:
        if owed.recurrence in kinds:
            yield from kinds[owed.recurrence](ledger, owed, years, today)


def _yearly(ledger: Ledger, owed: ObligationThroughTime, years: frozenset[int], today: date) -> Iterator[Duty]:
    """O-04 to O-06, for each debtor."""
    for year in years:
        if rule := rule_of_year(owed, year):
            for slug in rule.debtors:
                if due := rules.occurrence(rule, year, ledger.holidays, debtor=slug):
                    yield _yearly_duty(ledger, rule, due, ledger.secretariat.partners[slug], today)


def _yearly_duty(ledger: Ledger, rule: ObligationRule, due: Occurrence, debtor: Partner, today: date) -> Duty:
    """Fulfilled by what was entered as submitted; O-04 also by the release of its list, if earlier."""
    year = due.due_year
    submission = ledger.submissions.get((rule.code, year, debtor.pk))
    released_on = ledger.release_of(rule, year, debtor)
    days = [submission.submitted_on if submission else None, released_on]
    duty = _duty(
        ledger,
        rule,
        due,
        DutyKind.YEARLY,
        name=naming.yearly(rule.reference, year),
        today=today,
        fulfilled_on=min(filter(None, days), default=None),
    )
    return replace(duty, submission=submission, released_on=released_on)


def rule_of_year(owed: ObligationThroughTime, year: int) -> ObligationRule | None:
    """The rule of the Stichtag, or where there is none of the day on which it falls due (domain.md, Punkt 11)."""

    def day_under(rule: ObligationRule, _: Terms) -> date | None:
        found = rules.occurrence(rule, year)
        return (found.reference_date or found.nominal_due_on) if found else None

    return owed.under(day_under)


def _meetings_per_year(
    ledger: Ledger, owed: ObligationThroughTime, years: frozenset[int], today: date
) -> Iterator[Duty]:
    """O-02: fulfilled by the last meeting that was necessary (R-MEET)."""
    for year in years:
        rule = owed.on(date(year, 12, 31))
        if rule and year >= ledger.agreement.in_force_on.year:
            minimum = ledger.agreement.meetings_of_year(year)
            yield _duty(
                ledger,
                rule,
                rules.meetings_of_year(rule.code, rule.clause, year),
                DutyKind.MEETINGS,
                name=naming.meetings(minimum, year),
                today=today,
                fulfilled_on=counting.fulfilled_on(ledger.counted, year, minimum),
            )


def _secretariat_changes(
    ledger: Ledger, owed: ObligationThroughTime, years: frozenset[int], today: date
) -> Iterator[Duty]:
    """O-03: happens by itself on its day (R-SEC-5)."""
    for year in years:
        terms = ledger.secretariat.between(date(year, 1, 1) - timedelta(days=1), date(year, 12, 31))
        successors = {term.starts_on: ledger.secretariat.partners[term.partner] for term in terms}
        for occurrence in rules.secretariat_changes("", "", year, terms):
            if rule := owed.on(occurrence.nominal_due_on):
                yield _duty(
                    ledger,
                    rule,
                    replace(occurrence, code=rule.code, clause=rule.clause),
                    DutyKind.CHANGE,
                    name=naming.change(successors[occurrence.nominal_due_on].short_name),
                    today=today,
                    fulfilled_on=occurrence.nominal_due_on,
                )


def _per_meeting(ledger: Ledger, owed: ObligationThroughTime, years: frozenset[int], today: date) -> Iterator[Duty]:
    """O-01: the invitation in time for every meeting of the KoK, the minutes in time after it."""
    found = [*_invitations(ledger, owed, today), *_minutes(ledger, owed, today)]
    yield from (duty for duty in found if duty.occurrence.due_year in years)


def _rule_of_invitation(owed: ObligationThroughTime, meets_on: date) -> ObligationRule | None:
    """The rule under which the invitation falls due, as `Agreement.notice_days_for`."""
    return owed.under(lambda _, terms: meets_on - timedelta(days=terms.notice_days))


def _invitations(ledger: Ledger, owed: ObligationThroughTime, today: date) -> Iterator[Duty]:
    for facts in ledger.conference:
        rule = _rule_of_invitation(owed, facts.meets_on)
        if rule and facts.takes_place and not facts.meeting.is_entered_later:
            yield _invitation(ledger, rule, facts, today)


def _invitation(ledger: Ledger, rule: ObligationRule, facts: MeetingFacts, today: date) -> Duty:
    convener = ledger.partners_by_key.get(facts.convened_by) or ledger.office(facts, today).convening
    duty = _duty(
        ledger,
        rule,
        rules.invitation_due(
            rule.code,
            rule.clause,
            facts.meets_on,
            convener.slug,
            ledger.agreement.notice_days_for(facts.meets_on),
            ledger.holidays,
        ),
        DutyKind.INVITATION,
        name=naming.invitation(facts.meets_on),
        today=today,
        fulfilled_on=day_in_hessen(facts.invited_at) if facts.invited_at else None,
    )
    return replace(duty, meeting=facts.meeting)


def _minutes(ledger: Ledger, owed: ObligationThroughTime, today: date) -> Iterator[Duty]:
    for facts in ledger.conference:
        rule = owed.on(facts.meets_on)
        if rule and facts.is_held and facts.minutes:
            yield _circulation(ledger, rule, facts, facts.minutes, today)


def _circulation(ledger: Ledger, rule: ObligationRule, facts: MeetingFacts, minutes: Minutes, today: date) -> Duty:
    duty = _duty(
        ledger,
        rule,
        rules.minutes_due(
            rule.code,
            rule.clause,
            facts.meets_on,
            ledger.partners_by_key[minutes.owner_id].slug,
            ledger.agreement.minutes_days_for(facts.meets_on),
            ledger.holidays,
        ),
        DutyKind.MINUTES,
        name=naming.minutes(facts.meets_on),
        today=today,
        fulfilled_on=day_in_hessen(minutes.circulated_at) if minutes.circulated_at else None,
    )
    return replace(duty, meeting=facts.meeting)


FallingDue = Callable[[Ledger, ObligationThroughTime, frozenset[int], date], Iterator[Duty]]
FALLING_DUE: Mapping[str, FallingDue] = {
    Recurrence.YEARLY: _yearly,
    Recurrence.MEETINGS_PER_YEAR: _meetings_per_year,
    Recurrence.SECRETARIAT_CHANGE: _secretariat_changes,
    Recurrence.PER_MEETING: _per_meeting,
}


def _duty(
    ledger: Ledger,
    rule: ObligationRule,
    occurrence: Occurrence,
    kind: DutyKind,
    *,
    name: str,
    today: date,
    fulfilled_on: date | None,
) -> Duty:
    return Duty(
        kind=kind,
        rule=rule,
        occurrence=occurrence,
        debtor=ledger.secretariat.partners[occurrence.debtor] if occurrence.debtor else None,
        name=name,
        today=today,
        state=state(occurrence, today, fulfilled_on, ledger.agreement.introduced_on),
        fulfilled_on=fulfilled_on,
    )
