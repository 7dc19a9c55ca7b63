"""The duties O-01 to O-06 of an agreement: every occurrence of some years, and how it stands on a day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.urls import reverse

from kok.words import day, days_until, weekday
from kok.workdays import Policy, urged_on
from meetings.convening.rules import counting
from meetings.models import Minutes
from members.models import ObligationRule, Partner
from members.rules.codes import Recurrence, Reference
from members.rules.terms import Terms
from reporting.duties.models import Submission
from reporting.duties.queries.ledger import Ledger, Obligation, is_named_list
from reporting.duties.queries.meetings import MeetingFacts
from reporting.duties.rules import occurrences as rules
from reporting.duties.rules.fulfilment import OccurrenceState, day_in_hessen, state, time_left
from reporting.duties.rules.occurrences import Occurrence, YearlyRule
from reporting.duties.rules.recording import STATEWIDE

TONES = {
    OccurrenceState.UPCOMING: "neutral",
    OccurrenceState.OPEN: "info",
    OccurrenceState.OVERDUE: "danger",
    OccurrenceState.FULFILLED: "success",
    OccurrenceState.FULFILLED_LATE: "warning",
    OccurrenceState.BEFORE_INTRODUCTION: "neutral",
}


@dataclass(frozen=True, kw_only=True)
class Duty:
    """One occurrence as people see it. `debtor` is None where all partners owe it together.

    `url` is the one place where it can be done, empty for people who may not open it. `released_on`: of the list of 8b.
    """

    rule: ObligationRule
    occurrence: Occurrence
    debtor: Partner | None
    name: str
    today: date
    state: OccurrenceState
    fulfilled_on: date | None
    submission: Submission | None = None
    released_on: date | None = None
    url: str = ""

    @property
    def heading(self) -> str:
        """Punkt and subject: three duties fall due on one day and talk about different years."""
        return f"Punkt {self.rule.clause}: {self.name}"

    @property
    def who(self) -> str:
        """The debtor in words."""
        return self.debtor.short_name if self.debtor else "alle Partner"

    @property
    def tone(self) -> str:
        """The tone of the badge; the words say the same."""
        return TONES[self.state]

    @property
    def word(self) -> str:
        """The state in words. A year without its meetings cannot be made up for."""
        is_missed = self.rule.recurrence == Recurrence.MEETINGS_PER_YEAR and self.state is OccurrenceState.OVERDUE
        return "verfehlt" if is_missed else self.state.label

    @property
    def is_due(self) -> bool:
        """Open or overdue: somebody has to do something."""
        return self.state.is_reminded

    @property
    def is_recordable(self) -> bool:
        """Whether people enter its fulfilment here; the others follow from meetings and the calendar."""
        return self.rule.recurrence == Recurrence.YEARLY

    @property
    def is_named_list(self) -> bool:
        """8b: the release of the list in the sealed area fulfils it, nothing has to be entered (O-04)."""
        return is_named_list(self.rule)

    @property
    def is_statewide(self) -> bool:
        """8c and 8d: handed in through the statewide exchange only (finding 2)."""
        return self.rule.channel == STATEWIDE

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
        nominal, effective = self.occurrence.nominal_due_on, self.occurrence.effective_due_on
        return f"{day(nominal)}, wirksam bis {weekday(effective)}" if nominal != effective else weekday(nominal)

    @property
    def sentence(self) -> str:
        """How it stands, in one sentence."""
        if self.fulfilled_on and self.fulfilled_on <= self.today:
            late = ", nach dem Ende der Frist" if self.state is OccurrenceState.FULFILLED_LATE else ""
            return f"Erfüllt am {weekday(self.fulfilled_on)}{late}."
        if self.state is OccurrenceState.BEFORE_INTRODUCTION:
            return "Die Frist endete, bevor diese Anwendung eingeführt wurde. Eine Abgabe ist nicht eingetragen."
        return time_left(self.occurrence, self.today)


def duties_of(ledger: Ledger, years: Iterable[int], today: date) -> list[Duty]:
    """Every occurrence whose nominal day lies in these years, by day, each by the rule of its day."""
    wanted = frozenset(years)
    found = [duty for owed in ledger.obligations for duty in _of(ledger, owed, wanted, today)]
    return sorted(found, key=lambda duty: (duty.occurrence.nominal_due_on, duty.rule.code, duty.who))


def yearly_duties_of(ledger: Ledger, years: Iterable[int], today: date) -> list[Duty]:
    """O-04 to O-06 only, for which no meeting is read."""
    wanted = frozenset(years)
    yearly = [owed for owed in ledger.obligations if owed.recurrence == Recurrence.YEARLY]
    return [duty for owed in yearly for duty in _yearly(ledger, owed, wanted, today)]


def _of(ledger: Ledger, owed: Obligation, years: frozenset[int], today: date) -> Iterator[Duty]:
    if owed.recurrence == Recurrence.YEARLY:
        yield from _yearly(ledger, owed, years, today)
    elif owed.recurrence == Recurrence.MEETINGS_PER_YEAR:
        yield from _meetings_per_year(ledger, owed, years, today)
    elif owed.recurrence == Recurrence.SECRETARIAT_CHANGE:
        yield from _secretariat_changes(ledger, owed, years, today)
    elif owed.recurrence == Recurrence.PER_MEETING:
        yield from _per_meeting(ledger, owed, years, today)


def _yearly(ledger: Ledger, owed: Obligation, years: frozenset[int], today: date) -> Iterator[Duty]:
    """O-04 to O-06: fulfilled by what was entered as submitted; O-04 also by the release of its list, if earlier."""
    for year in years:
        rule = rule_of_year(owed, year)
        for slug in rule.debtors if rule else ():
            assert rule is not None  # noqa: S101  or there would be no debtor
            debtor = ledger.secretariat.partners[slug]
            occurrence = rules.occurrence(yearly_rule(rule, slug), year, ledger.holidays)
            if occurrence is None:
                continue
            submission = ledger.submissions.get((rule.code, year, debtor.pk))
            released_on = ledger.release_of(rule, year, debtor)
            days = [each for each in (submission.submitted_on if submission else None, released_on) if each]
            duty = _duty(
                ledger,
                rule,
                occurrence,
                name=name_of(rule, occurrence),
                today=today,
                fulfilled_on=min(days, default=None),
                url=reverse("reporting:duty", args=[ledger.agreement.slug, rule.code, year, slug]),
            )
            yield replace(duty, submission=submission, released_on=released_on)


def rule_of_year(owed: Obligation, year: int) -> ObligationRule | None:
    """The rule of the Stichtag, or where there is none of the day on which it falls due (domain.md, Punkt 11)."""

    def day_under(rule: ObligationRule, _: Terms) -> date | None:
        found = rules.occurrence(yearly_rule(rule, rule.debtors[0]), year)
        return (found.reference_date or found.nominal_due_on) if found else None

    return owed.under(day_under)


def yearly_rule(rule: ObligationRule, debtor: str) -> YearlyRule:
    """The stored rule of one debtor as the pure rules want it."""
    if rule.month is None or rule.day is None or rule.first_year is None:
        raise ValueError(f"{rule.code} falls due every year, but has no day or no first year.")
    return YearlyRule(
        code=rule.code,
        clause=rule.clause,
        debtor=debtor,
        month=rule.month,
        day=rule.day,
        policy=Policy(rule.policy),
        reference=Reference(rule.reference) if rule.reference else None,
        first_year=rule.first_year,
        last_year=rule.last_year,
        nil_expected_from=rule.nil_expected_from,
    )


def name_of(rule: ObligationRule, occurrence: Occurrence) -> str:
    """What a yearly duty talks about; the year of the reference is always in it (2.3)."""
    if rule.reference == Reference.LEAVERS_OF_FOLLOWING_YEAR:
        return f"Schulabgänge {occurrence.reference}"
    if occurrence.reference_date:
        return f"Zahl zum Stichtag {day(occurrence.reference_date)}"
    return f"Jahr {occurrence.reference}"


def _meetings_per_year(ledger: Ledger, owed: Obligation, years: frozenset[int], today: date) -> Iterator[Duty]:
    """O-02: fulfilled by the last meeting that was necessary (R-MEET)."""
    counted = [each.counted for each in ledger.conference]
    for year in years:
        rule = owed.on(date(year, 12, 31))
        if rule is None or year < ledger.agreement.in_force_on.year:
            continue
        minimum = ledger.agreement.meetings_of_year(year)
        yield _duty(
            ledger,
            rule,
            rules.meetings_of_year(rule.code, rule.clause, year),
            name=f"{minimum} Sitzungen im Jahr {year}",
            today=today,
            fulfilled_on=counting.fulfilled_on(counted, year, minimum),
            url=_page(ledger, "meetings:list"),
        )


def _secretariat_changes(ledger: Ledger, owed: Obligation, years: frozenset[int], today: date) -> Iterator[Duty]:
    """O-03: happens by itself on its day (R-SEC-5)."""
    for year in years:
        terms = ledger.secretariat.between(date(year, 1, 1) - timedelta(days=1), date(year, 12, 31))
        for occurrence in rules.secretariat_changes(owed.code, "", year, terms):
            rule = owed.on(occurrence.nominal_due_on)
            if rule is None:
                continue
            successor = next(term.partner for term in terms if term.starts_on == occurrence.nominal_due_on)
            yield _duty(
                ledger,
                rule,
                replace(occurrence, clause=rule.clause),
                name=f"Geschäftsführung wechselt zum Partner {ledger.secretariat.partners[successor].short_name}",
                today=today,
                fulfilled_on=occurrence.nominal_due_on,
                url=_page(ledger, "meetings:secretariat"),
            )


def _per_meeting(ledger: Ledger, owed: Obligation, years: frozenset[int], today: date) -> Iterator[Duty]:
    """O-01: the invitation in time for every meeting of the KoK, the minutes in time after it."""
    for facts in ledger.conference:
        if (facts.is_coming or facts.is_held) and (rule := _rule_of_invitation(owed, facts.meets_on)):
            yield from _in(years, _invitation(ledger, rule, facts, today))
        if facts.is_held and facts.minutes and (rule := owed.on(facts.meets_on)):
            yield from _in(years, _minutes(ledger, rule, facts, facts.minutes, today))


def _rule_of_invitation(owed: Obligation, meets_on: date) -> ObligationRule | None:
    """The rule under which the invitation falls due, as `Agreement.notice_days_for`."""
    return owed.under(lambda _, terms: meets_on - timedelta(days=terms.notice_days))


def _in(years: frozenset[int], duty: Duty) -> Iterator[Duty]:
    if duty.occurrence.due_year in years:
        yield duty


def _invitation(ledger: Ledger, rule: ObligationRule, facts: MeetingFacts, today: date) -> Duty:
    asked = ledger.office(facts, today).convening
    convener = next((partner for partner in ledger.partners if partner.pk == facts.convened_by), asked)
    return _duty(
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
        name=f"Einladung zur Sitzung am {weekday(facts.meets_on)}",
        today=today,
        fulfilled_on=day_in_hessen(facts.invited_at) if facts.invited_at else None,
        url=_page(ledger, "meetings:detail", facts.body.slug, facts.meeting.pk),
    )


def _minutes(ledger: Ledger, rule: ObligationRule, facts: MeetingFacts, minutes: Minutes, today: date) -> Duty:
    owner = next(partner for partner in ledger.partners if partner.pk == minutes.owner_id)
    return _duty(
        ledger,
        rule,
        rules.minutes_due(
            rule.code,
            rule.clause,
            facts.meets_on,
            owner.slug,
            ledger.agreement.minutes_days_for(facts.meets_on),
            ledger.holidays,
        ),
        name=f"Protokoll der Sitzung am {weekday(facts.meets_on)}",
        today=today,
        fulfilled_on=day_in_hessen(minutes.circulated_at) if minutes.circulated_at else None,
        url=_page(ledger, "meetings:minutes", facts.body.slug, facts.meeting.pk),
    )


def _duty(
    ledger: Ledger,
    rule: ObligationRule,
    occurrence: Occurrence,
    *,
    name: str,
    today: date,
    fulfilled_on: date | None,
    url: str,
) -> Duty:
    return Duty(
        rule=rule,
        occurrence=occurrence,
        debtor=ledger.secretariat.partners[occurrence.debtor] if occurrence.debtor else None,
        name=name,
        today=today,
        state=state(occurrence, today, fulfilled_on, ledger.agreement.introduced_on),
        fulfilled_on=fulfilled_on,
        url=url,
    )


def _page(ledger: Ledger, name: str, *args: str | int) -> str:
    return reverse(name, args=[ledger.agreement.slug, *args]) if ledger.sees_meetings else ""
