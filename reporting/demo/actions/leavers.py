"""The lists of Punkt 8b since the agreement is in force, told through the actions of the sealed area."""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from kok.models import User
from kok.workdays import Policy, due
from members.models import Agreement, Partner
from reporting.demo.actions.past import moment
from transitions.actions import cases, entries, lists, releasing
from transitions.queries.access import Access
from transitions.queries.visibility import cases_visible_to, entries_visible_to, versions_visible_to
from transitions.rules.case import CaseData
from transitions.rules.codes import CaseOutcome, CaseState, EndReason, EntryReason

FILE = Path(__file__).with_name("leavers.toml")
FIRST_YEAR = 2022  # due on Mo 02.05.2022, a Nullmeldung
PEOPLE_A_YEAR, PEOPLE_OF_BIG_YEAR = 7, 18  # so that the conference sees a year whose numbers need not be hidden
OUTCOMES = (CaseOutcome.TAKEN_OVER_BY_LWV,) * 3 + (CaseOutcome.NO_LWV_BENEFIT, CaseOutcome.OTHER_CARRIER)


@dataclass(frozen=True)
class PastStep:
    """Something that happened in the past at its moment."""

    at: datetime
    act: Callable[[datetime], None]


class Lists:
    """Drafts, releases, confirmations and outcomes of one county, year by year."""

    def __init__(self, agreement: Agreement, users: dict[str, User], today: date) -> None:
        self.told = tomllib.loads(FILE.read_text(encoding="utf-8"))
        self.sender = Partner.objects.get(agreement=agreement, authority__slug="wetteraukreis")
        self.today = today
        self.officer = Access(users["wetteraukreis-case-officer"], agreement, EntryReason.PREPARE)
        self.releaser = Access(users["wetteraukreis-case-releaser"], agreement, EntryReason.RELEASE)
        self.receiver = Access(users["lwv-hessen-case-receiver"], agreement, EntryReason.RECEIVE)

    def tell(self) -> None:
        """Everything that lies behind us, in the order in which it happened, as the logs must grow that way."""
        steps = [step for year in range(FIRST_YEAR, self.today.year + 2) for step in self._of_list(year)]
        for step in sorted(steps, key=lambda step: step.at):
            if step.at.date() < self.today:
                step.act(step.at)

    def _of_list(self, year: int) -> Iterator[PastStep]:
        begun_on = date(year, 2, 10) if year <= self.today.year else self.today - timedelta(days=20)
        yield PastStep(moment(begun_on, 10), partial(self._prepare, year))
        if year > self.today.year:
            return
        is_late = year == self.today.year - 1
        day = due(date(year, 5, 7), Policy.ROLL_FORWARD) if is_late else due(date(year, 4, 26), Policy.ROLL_BACK)
        yield from self._hand_over(year, day)
        if year == self.today.year - 1:
            changed_on = due(date(year, 9, 15), Policy.ROLL_FORWARD)
            yield PastStep(moment(changed_on, 9), partial(self._change, year))
            yield from self._hand_over(year, changed_on + timedelta(days=1))
        for place in range(self._count(year)):
            settled_on = due(date(year + 1, 9, 6) + timedelta(days=3 * place), Policy.ROLL_FORWARD)
            yield PastStep(moment(settled_on, 14), partial(self._settle, year, place))

    def _prepare(self, year: int, now: datetime) -> None:
        draft = lists.open_draft(sender=self.sender, year=year, by=self.officer, now=now)
        count = self._count(year)
        for place in range(count):
            data = self._person(year, place)
            if year > self.today.year and place == count - 1:
                data = replace(data, informed_on=None)  # still to be done before the release
            entries.add_entry(
                version=draft, data=data, is_late=False, by=self.officer, now=now + timedelta(minutes=6 * place)
            )

    def _count(self, year: int) -> int:
        """The first list is a Nullmeldung, the one of next year is only begun."""
        this_year = self.today.year
        return {this_year - 2: PEOPLE_OF_BIG_YEAR, this_year + 1: 4, FIRST_YEAR: 0}.get(year, PEOPLE_A_YEAR)

    def _hand_over(self, year: int, day: date) -> Iterator[PastStep]:
        yield PastStep(moment(day - timedelta(days=1), 11), partial(self._submit, year))
        yield PastStep(moment(day, 10), partial(self._release, year))
        yield PastStep(moment(day + timedelta(days=2), 9), partial(self._acknowledge, year))

    def _newest(self, access: Access, year: int) -> Any:
        found = versions_visible_to(access).filter(transition_list__year=year).order_by("-number")
        return found.select_related("transition_list__agreement", "transition_list__sender__authority")[0]

    def _submit(self, year: int, now: datetime) -> None:
        draft = self._newest(self.officer, year)
        lists.submit(version=draft, revision=draft.revision, by=self.officer, now=now)

    def _release(self, year: int, now: datetime) -> None:
        draft = self._newest(self.releaser, year)
        releasing.release(version=draft, revision=draft.revision, by=self.releaser, now=now)

    def _acknowledge(self, year: int, now: datetime) -> None:
        releasing.acknowledge(version=self._newest(self.receiver, year), by=self.receiver, now=now)

    def _change(self, year: int, now: datetime) -> None:
        """One young person stays at school, one was named by mistake, one is named late."""
        draft = lists.open_draft(sender=self.sender, year=year, by=self.officer, now=now)
        staying, mistaken = entries_visible_to(self.officer).filter(version=draft).order_by("case__case_ref")[:2]
        by = self.officer
        entries.end_case(
            entry=staying, ending=CaseState.POSTPONED, reason=EndReason.SCHOOL_EXTENDED,
            postponed_to=date(year + 2, 7, 1), by=by, now=now,
        )  # fmt: skip
        entries.end_case(
            entry=mistaken, ending=CaseState.WITHDRAWN, reason=EndReason.NAMED_BY_MISTAKE, postponed_to=None, by=by,
            now=now,
        )  # fmt: skip
        draft.refresh_from_db()
        entries.add_entry(version=draft, data=self._person(year, PEOPLE_A_YEAR), is_late=True, by=by, now=now)

    def _settle(self, year: int, place: int, now: datetime) -> None:
        """The LWV records what became of one case; the last ones of the newest settled list stay open."""
        waiting = cases_visible_to(self.receiver).filter(transition_list__year=year, outcome="", ended_at=None)
        is_newest = year == self.today.year - 1
        case = waiting.order_by("case_ref").first()
        if case is not None and not (is_newest and place >= len(OUTCOMES) - 2):
            outcome = OUTCOMES[place % len(OUTCOMES)]
            cases.record_outcome(case=case, outcome=outcome, by=self.receiver, now=now)

    def _person(self, year: int, place: int) -> CaseData:
        """Names are put together anew every year; born so that school ends at about eighteen."""
        told, facility = self.told, self.told["facility"][place % 3]
        names, given = told["family_names"], told["given_names"]
        informed_on = date(year, 1, 20) if year <= self.today.year else self.today - timedelta(days=25)
        values = {
            "family_name": names[(year * 3 + place) % len(names)],
            "given_name": given[(year + 2 * place) % len(given)],
            "date_of_birth": f"{year + 1 - facility['age']}-{told['birthdays'][place % 8]}",
            "ga_municipality": told["municipalities"][place % 8],
            "expected_end_on": str(date(year + 1, told["ends"][place % 8], 1)),
            "informed_on": str(informed_on),
            "ba_procedure_started": told["answers"][place % 2],
            "lwv_involved": told["answers"][place % 2],
        }
        nothing = {each.name: "" for each in fields(CaseData)}
        return CaseData.from_json(nothing | told["everybody"] | facility | values)
