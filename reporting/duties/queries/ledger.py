"""What must be read to say how the duties of an agreement stand: once per page, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from operator import attrgetter

from kok.queries import extra_holidays
from kok.statements import Kept
from meetings.convening.queries.secretariat import ActingPartners, Secretariat, secretariat_of
from meetings.convening.rules.counting import CountedMeeting
from members.models import Agreement, ObligationRule, Partner
from members.rules.codes import BodyKind, Reference
from members.rules.terms import Terms, on, under
from reporting.duties.models import Submission
from reporting.duties.queries.meetings import MeetingFacts, counted_between, meetings_between
from transitions.queries.counts import releases_of

Key = tuple[str, int, int]


@dataclass(frozen=True)
class ObligationThroughTime:
    """An obligation through all versions of the agreement. Each occurrence keeps the rule of its day.

    `rules` by the key of their version; none where a version does not know the obligation, or not of this kind.
    """

    recurrence: str
    terms: tuple[Terms, ...]
    rules: Mapping[int, ObligationRule]

    def under(self, day_under: Callable[[ObligationRule, Terms], date | None]) -> ObligationRule | None:
        """The rule by which something falls due (`members.rules.terms.under`)."""
        found = under(self.terms, lambda each: day_under(self.rules[each.id], each) if each.id in self.rules else None)
        return self.rules[found.id] if found else None

    def on(self, day: date) -> ObligationRule | None:
        """The rule that holds on a day."""
        return self.rules.get(on(self.terms, day).id)


def obligations_in(agreement: Agreement, rules: Iterable[ObligationRule]) -> tuple[ObligationThroughTime, ...]:
    """The obligations of an agreement by code; one whose kind of recurrence changed is told once for each kind."""
    known: dict[tuple[str, str], dict[int, ObligationRule]] = defaultdict(dict)
    for rule in rules:
        known[rule.code, rule.recurrence][rule.version_id] = rule
    return tuple(ObligationThroughTime(kind[1], agreement.terms, known[kind]) for kind in sorted(known))


@dataclass(frozen=True)
class Ledger:
    """Obligations, secretariat, valid submissions, extra holidays of some years; meetings of all bodies when asked for.

    `releases`: the lists of Punkt 8b that exist here by (year, partner), with the day of their first release.
    `sees_meetings`: whether the person may open pages of meetings; without it nothing links there.
    `only_open`: `meetings` are those for which something is still to be done, for a page that shows nothing else.
    """

    agreement: Agreement
    obligations: tuple[ObligationThroughTime, ...]
    secretariat: Secretariat
    submissions: dict[Key, Submission]
    releases: dict[tuple[int, int], date | None]
    years: tuple[int, int]
    holidays: frozenset[date]
    sees_meetings: bool
    only_open: bool

    @property
    def partners(self) -> tuple[Partner, ...]:
        """The partners in the order of the agreement."""
        return tuple(self.secretariat.partners.values())

    @cached_property
    def meetings(self) -> tuple[MeetingFacts, ...]:
        """One year further on both sides: an invitation is due before the meeting, the minutes after it."""
        return meetings_between(self.agreement, self.secretariat.partners, *self._around, only_open=self.only_open)

    @property
    def _around(self) -> tuple[int, int]:
        return self.years[0] - 1, self.years[1] + 1

    def meetings_in(self, year: int) -> tuple[MeetingFacts, ...]:
        """The meetings of all bodies in one year."""
        return tuple(each for each in self.meetings if each.meets_on.year == year)

    def held_in(self, year: int) -> tuple[MeetingFacts, ...]:
        """Those that took place."""
        return tuple(each for each in self.meetings_in(year) if each.is_held)

    @cached_property
    def partners_by_key(self) -> dict[int | None, Partner]:
        """The partners by the key that rows of other tables name."""
        return {each.pk: each for each in self.partners}

    def clause_of(self, recurrence: str, day: date) -> str:
        """The Punkt that owes this on a day, "" where none does."""
        return next((rule.clause for rule in self.rules_on(day, recurrence)), "")

    def rules_on(self, day: date, recurrence: str) -> Iterator[ObligationRule]:
        """The rules of this kind that hold on a day."""
        return filter(None, (owed.on(day) for owed in self.obligations if owed.recurrence == recurrence))

    def has_list(self, rule: ObligationRule, year: int, debtor: Partner) -> bool:
        """Whether the list of Punkt 8b for this duty was begun here, at least as a draft."""
        return is_named_list(rule) and (year, debtor.pk) in self.releases

    def release_of(self, rule: ObligationRule, year: int, debtor: Partner) -> date | None:
        """The day on which this list was first released here."""
        return self.releases.get((year, debtor.pk)) if is_named_list(rule) else None

    @cached_property
    def conference(self) -> tuple[MeetingFacts, ...]:
        """The meetings of the conference itself."""
        return tuple(each for each in self.meetings if each.body.kind == BodyKind.CONFERENCE)

    def next_conference(self, today: date) -> MeetingFacts | None:
        """The meeting of the conference that runs today, or the next one that is planned."""
        return next((each for each in self.conference if each.is_ahead and each.meets_on >= today), None)

    @cached_property
    def counted(self) -> list[CountedMeeting]:
        """All meetings of the conference for R-MEET."""
        if self.only_open:
            return counted_between(self.agreement, self.secretariat.partners, *self._around)
        return [*map(attrgetter("counted"), self.conference)]

    def office(self, facts: MeetingFacts, today: date) -> ActingPartners:
        """Who would invite today, and who chairs on the day (R-SEC-2, R-SEC-3)."""
        return self.secretariat.office_now(facts.body, facts.meets_on, today)


def is_named_list(rule: ObligationRule) -> bool:
    """8b: what is owed is the list of the sealed area, and its release fulfils the duty (O-04)."""
    return rule.reference == Reference.LEAVERS_OF_FOLLOWING_YEAR


_RULES = Kept(lambda agreement: ObligationRule.objects.filter(version__agreement=agreement), int)
_VALID = Kept(
    lambda agreement, *years: Submission.objects.filter(
        agreement=agreement, due_year__range=years, withdrawn_at__isnull=True
    ),
    int, int, int,
)  # fmt: skip


def ledger_of(
    agreement: Agreement, first_year: int, last_year: int, *, sees_meetings: bool = False, only_open: bool = False
) -> Ledger:
    """Everything of these due years, both inclusive, in six queries and one more for the meetings."""
    secretariat = secretariat_of(agreement)
    return Ledger(
        agreement=agreement,
        obligations=obligations_in(agreement, _RULES(agreement.pk)),
        secretariat=secretariat,
        submissions={
            (each.code, each.due_year, each.debtor_id): each for each in _VALID(agreement.pk, first_year, last_year)
        },
        releases=releases_of(agreement, first_year, last_year),
        years=(first_year, last_year),
        holidays=extra_holidays(),
        sees_meetings=sees_meetings,
        only_open=only_open,
    )
