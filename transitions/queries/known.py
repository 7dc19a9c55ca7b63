"""Everybody of whom the lists of a carrier still say something: whoever is named is compared with all of them.

Also with those who were taken off a list or not taken over from one, while their data are there: named anew by an
oversight they would be told to the LWV a second time (Punkt 8b). It asks and never hinders. Nothing is compared with,
and nothing told of, a case that the person who asks may not see, or whose data may only be kept (Art. 18 DSGVO).
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from uuid import UUID

from kok import words
from transitions.models import CaseEntry, TransitionCase, TransitionListVersion
from transitions.models.entries import EntryQuerySet
from transitions.queries.access import Access
from transitions.queries.doubles import told_apart
from transitions.queries.restriction import hidden_refs
from transitions.queries.visibility import versions_visible_to
from transitions.rules import endings, people
from transitions.rules.case import CaseData
from transitions.rules.codes import CaseOutcome, CaseState, EndReason


@dataclass(frozen=True)
class Known:
    """A case as the newest version that still has its data tells of it; `fate`: what became of it, "" while nothing.

    `is_day_off`: whoever it was compared with is born a day before or after.
    """

    entry: CaseEntry
    data: CaseData
    fate: str
    is_day_off: bool = False

    @property
    def case(self) -> TransitionCase:
        """The one that is told by its Fallzeichen."""
        return self.entry.case

    @property
    def name(self) -> str:
        """As lists are sorted."""
        return people.called(self.data)

    @property
    def remark(self) -> str:
        """Where it stands or when and how it ended, and what differs at first sight."""
        year = self.case.transition_list.year
        told = f"Übergangsliste {year}: {self.fate}." if self.fate else f"Der Fall steht auf der Liste {year}."
        return f"{told} {people.DAY_OFF}" if self.is_day_off else told

    @property
    def question(self) -> str:
        """What is asked of whoever names somebody who looks like this one; the page adds the link to the case."""
        return f"Ist das dieselbe Person wie {self.name} (Fall {self.case.case_ref})? {self.remark}"

    def stands_in(self, version: TransitionListVersion) -> bool:
        """Whether it is one of those who stay on this version."""
        return self.entry.version_id == version.pk and not self.entry.ending


class KnownPeople:
    """All of them at once, in as many queries for sixty as for one. Raises vault.KeyLost.

    `version` is the draft on which somebody is named; its carrier is whose lists are compared, of all years.
    """

    def __init__(self, version: TransitionListVersion, access: Access) -> None:
        entries = list(_entries(version, access))
        self._version = version
        self._known = {entry.case_id: Known(entry, entry.data, fate_of(entry)) for entry in entries}
        self._lookup = people.Lookup((case, each.data) for case, each in self._known.items())
        self._previous = {entry.case_id: entry.case.previous_id for entry in entries}
        self._apart: dict[UUID, set[UUID]] = defaultdict(set)
        for both in told_apart(version):
            for case in both:
                self._apart[case] |= both

    def alike(self, data: CaseData, case: TransitionCase | None = None) -> list[Known]:
        """Who is probably the same person; None of `case` for somebody new.

        Left out are the case itself, those that it continues or that continue it, and those said to be somebody else.
        """
        but = self._same(case) | self._apart[case.pk] if case else set()
        found = (self._known[case] for case in self._lookup.alike(data, but=but))
        return [replace(each, is_day_off=people.is_day_off(each.data, data)) for each in found]

    def elsewhere(self, data: CaseData, case: TransitionCase) -> list[Known]:
        """Of these the ones that do not stand on the draft beside `case`."""
        return [each for each in self.alike(data, case) if not each.stands_in(self._version)]

    def apart(self, data: CaseData, case: TransitionCase) -> list[Known]:
        """Of whom somebody said that they are other people, although they look like `case`; not those on the draft."""
        said = self._apart[case.pk] - {case.pk}
        found = self._lookup.alike(data, but=self._known.keys() - said)
        others = (self._known[case] for case in found)
        return [each for each in others if not each.stands_in(self._version)]

    def _same(self, case: TransitionCase) -> set[UUID]:
        """The cases of one person over the years: what was proposed and taken over."""
        first = self._first(case.pk, case.previous_id)
        return {case.pk, *(pk for pk, previous in self._previous.items() if self._first(pk, previous) == first)}

    def _first(self, case: UUID, previous: UUID | None) -> UUID:
        seen = {case}
        while previous and previous not in seen:  # a circle could only be made past the application
            seen.add(case := previous)
            previous = self._previous.get(case)
        return case


def _entries(version: TransitionListVersion, access: Access) -> EntryQuerySet:
    """Of each case of the carrier the newest content that there is, whatever became of the case."""
    of_carrier = CaseEntry.objects.filter(
        version__in=versions_visible_to(access), case__transition_list__sender=version.transition_list.sender_id
    )
    visible = of_carrier.told().exclude(case__case_ref__in=hidden_refs(access))
    newest = visible.order_by("case_id", "-version__number").distinct("case_id")
    return newest.select_related("case__transition_list", "version")


def fate_of(entry: CaseEntry) -> str:
    """How a case left its list, or will, what the receiving unit said of it, and that it was not taken over."""
    return "; ".join(filter(None, (_left(entry), _said(entry.case), _declined(entry.case))))


def _left(entry: CaseEntry) -> str:
    case = entry.case
    if not CaseState(case.state).is_on_list and case.ended_at:
        why = endings.ending_words(CaseState(case.state), EndReason(case.end_reason), case.postponed_to)
        return f"{why}, von der Liste genommen am {words.day(case.ended_at)}"
    if entry.ending:
        why = endings.ending_words(CaseState(entry.ending), EndReason(entry.ending_reason), entry.postponed_to)
        return f"{why}, kommt mit der nächsten Freigabe von der Liste"
    return ""


def _said(case: TransitionCase) -> str:
    if not case.outcome or not case.ended_at:
        return ""
    return f"{CaseOutcome(case.outcome).label}, eingetragen am {words.day(case.ended_at)}"


def _declined(case: TransitionCase) -> str:
    at = case.proposal_declined_at
    return f"als Vorschlag für eine spätere Liste abgelehnt am {words.day(at)}" if at else ""
