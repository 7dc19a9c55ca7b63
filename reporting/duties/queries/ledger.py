"""What must be read to say how the duties of an agreement stand: once per page, in a constant number of queries."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kok.queries import extra_holidays
from meetings.convening.queries.secretariat import ActingPartners, Secretariat, secretariat_of
from members.models import Agreement, ObligationRule, Partner
from members.rules.codes import BodyKind, Reference
from members.rules.terms import Terms, on, under
from reporting.duties.models import Submission
from reporting.duties.queries.meetings import MeetingFacts, meetings_between
from transitions.queries.counts import releases_of

Key = tuple[str, int, int]


@dataclass(frozen=True)
class RuleThen:
    """What a version of the agreement makes of an obligation; None where it knows it not, or not of this kind."""

    terms: Terms
    rule: ObligationRule | None

    @property
    def starts_on(self) -> date:
        """The first day of the version."""
        return self.terms.starts_on

    @property
    def ends_on(self) -> date | None:
        """Its last day, None while nothing follows."""
        return self.terms.ends_on


@dataclass(frozen=True)
class Obligation:
    """An obligation through all versions of the agreement. Each occurrence keeps the rule of its day."""

    code: str
    recurrence: str
    versions: tuple[RuleThen, ...]

    def under(self, day_under: Callable[[ObligationRule, Terms], date | None]) -> ObligationRule | None:
        """The rule by which something falls due (`members.rules.terms.under`)."""
        found = under(self.versions, lambda each: day_under(each.rule, each.terms) if each.rule else None)
        return found.rule if found else None

    def on(self, day: date) -> ObligationRule | None:
        """The rule that holds on a day."""
        return on(self.versions, day).rule


def obligations_in(agreement: Agreement, rules: Iterable[ObligationRule]) -> tuple[Obligation, ...]:
    """The obligations of an agreement by code; one whose kind of recurrence changed is told once for each kind."""
    known = {(rule.code, rule.recurrence, rule.version_id): rule for rule in rules}
    kinds = sorted({(code, recurrence) for code, recurrence, _ in known})
    return tuple(
        Obligation(
            code,
            recurrence,
            tuple(RuleThen(terms, known.get((code, recurrence, terms.id))) for terms in agreement.terms),
        )
        for code, recurrence in kinds
    )


@dataclass(frozen=True)
class Ledger:
    """Obligations, secretariat, valid submissions, extra holidays of some years; meetings of all bodies when asked for.

    `releases`: the lists of Punkt 8b that exist here by (year, partner), with the day of their first release.
    `sees_meetings`: whether the person may open pages of meetings; without it nothing links there.
    """

    agreement: Agreement
    obligations: tuple[Obligation, ...]
    secretariat: Secretariat
    submissions: dict[Key, Submission]
    releases: dict[tuple[int, int], date | None]
    years: tuple[int, int]
    holidays: frozenset[date]
    sees_meetings: bool

    @property
    def partners(self) -> tuple[Partner, ...]:
        """The partners in the order of the agreement."""
        return tuple(self.secretariat.partners.values())

    @cached_property
    def meetings(self) -> tuple[MeetingFacts, ...]:
        """One year further on both sides: an invitation is due before the meeting, the minutes after it."""
        first_year, last_year = self.years
        return meetings_between(self.agreement, self.secretariat, first_year - 1, last_year + 1)

    def clause_of(self, recurrence: str, day: date) -> str:
        """The Punkt that owes this on a day, "" where none does."""
        rules = (owed.on(day) for owed in self.obligations if owed.recurrence == recurrence)
        return next((rule.clause for rule in rules if rule), "")

    def has_list(self, rule: ObligationRule, year: int, debtor: Partner) -> bool:
        """Whether the list of Punkt 8b for this duty was begun here, at least as a draft."""
        return is_named_list(rule) and (year, debtor.pk) in self.releases

    def release_of(self, rule: ObligationRule, year: int, debtor: Partner) -> date | None:
        """The day on which this list was first released here."""
        return self.releases.get((year, debtor.pk)) if is_named_list(rule) else None

    @property
    def conference(self) -> tuple[MeetingFacts, ...]:
        """The meetings of the conference itself; a number of them is owed in a year."""
        return tuple(each for each in self.meetings if each.body.kind == BodyKind.CONFERENCE)

    def office(self, facts: MeetingFacts, today: date) -> ActingPartners:
        """Who would invite today, and who chairs on the day (R-SEC-2, R-SEC-3)."""
        nearest = self.secretariat.nearest
        dispatch_on, meets_on = nearest(min(today, facts.meets_on)), nearest(facts.meets_on)
        return self.secretariat.office(facts.body, dispatch_on=dispatch_on, meets_on=meets_on)


def is_named_list(rule: ObligationRule) -> bool:
    """8b: what is owed is the list of the sealed area, and its release fulfils the duty (O-04)."""
    return rule.reference == Reference.LEAVERS_OF_FOLLOWING_YEAR


def ledger_of(agreement: Agreement, first_year: int, last_year: int, *, sees_meetings: bool = False) -> Ledger:
    """Everything of these due years, both inclusive, in six queries and one more for the meetings."""
    secretariat = secretariat_of(agreement)
    valid = Submission.objects.filter(
        agreement=agreement, due_year__range=(first_year, last_year), withdrawn_at__isnull=True
    )
    return Ledger(
        agreement=agreement,
        obligations=obligations_in(agreement, ObligationRule.objects.filter(version__agreement=agreement)),
        secretariat=secretariat,
        submissions={(each.code, each.due_year, each.debtor_id): each for each in valid},
        releases=releases_of(agreement, first_year, last_year),
        years=(first_year, last_year),
        holidays=extra_holidays(),
        sees_meetings=sees_meetings,
    )
