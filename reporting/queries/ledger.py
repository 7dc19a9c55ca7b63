"""What must be read to say how the duties of an agreement stand: once per page, in a constant number of queries."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kok.queries import extra_holidays
from meetings.queries.secretariat import Office, Secretariat, secretariat_of
from members.models import Agreement, Body, ObligationRule, Partner
from members.rules.kinds import Reference
from reporting.models import Submission
from reporting.queries.meetings import MeetingFacts, meetings_between
from transitions.queries.counts import releases_of

Key = tuple[str, int, int]


@dataclass(frozen=True)
class Ledger:
    """Rules, secretariat, valid submissions and extra holidays of some years; meetings of all bodies when asked for.

    `releases`: the lists of Punkt 8b that exist here by (year, partner), with the day of their first release.
    `sees_meetings`: whether the person may open pages of meetings; without it nothing links there.
    """

    agreement: Agreement
    rules: tuple[ObligationRule, ...]
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

    def has_list(self, rule: ObligationRule, year: int, debtor: Partner) -> bool:
        """Whether the list of Punkt 8b for this duty was begun here, at least as a draft."""
        return is_named_list(rule) and (year, debtor.pk) in self.releases

    def release_of(self, rule: ObligationRule, year: int, debtor: Partner) -> date | None:
        """The day on which this list was first released here."""
        return self.releases.get((year, debtor.pk)) if is_named_list(rule) else None

    @property
    def conference(self) -> tuple[MeetingFacts, ...]:
        """The meetings of the KoK itself; only they are owed by Punkt 5."""
        return tuple(each for each in self.meetings if each.body.kind == Body.Kind.CONFERENCE)

    def office(self, facts: MeetingFacts, today: date) -> Office:
        """Who would invite today, and who chairs on the day (R-SEC-2, R-SEC-3)."""
        dispatch_on = max(min(today, facts.meets_on), self.agreement.rotation_anchor_on)
        return self.secretariat.office(facts.body, dispatch_on=dispatch_on, meets_on=facts.meets_on)


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
        rules=tuple(ObligationRule.objects.filter(agreement=agreement)),
        secretariat=secretariat,
        submissions={(each.code, each.due_year, each.debtor_id): each for each in valid},
        releases=releases_of(agreement, first_year, last_year),
        years=(first_year, last_year),
        holidays=extra_holidays(),
        sees_meetings=sees_meetings,
    )
