"""What may leave the sealed area: the people of one version, and everything that is held about one case."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter

from django.db.models import QuerySet

from kok.access import ROLES, Permission
from kok.alphabet import sort_key
from kok.roles import RoleSlug
from kok.words import local_day
from members.models import Partner
from transitions.models import (
    AccessLogEntry,
    CaseEntry,
    TransitionCase,
    TransitionListVersion,
    TransmissionReceipt,
)
from transitions.queries.access import Access
from transitions.queries.case_log import ABOUT_FILES, about
from transitions.queries.facts import NAME, Fact, facts_of
from transitions.queries.kept_facts import kept_facts
from transitions.queries.receiving import CaseStep, receipts_with, steps_of
from transitions.queries.release import ending_words
from transitions.queries.requests import RequestLine, requests_about
from transitions.queries.restriction import HINT, hidden_refs, restricted_refs
from transitions.queries.retention import erased_on
from transitions.queries.visibility import entries_visible_to, is_own, versions_visible_to
from transitions.rules import people
from transitions.rules.case import CaseData
from transitions.rules.codes import LogAction

COUNTY_ROLES = (RoleSlug.CASE_OFFICER, RoleSlug.CASE_RELEASER)
RECEIVER_ROLES = (RoleSlug.CASE_RECEIVER,)
OF_PERSON = (
    "date_of_birth", "salutation", "ga_municipality", "facility_name", "facility_place", "facility_basis",
    "similar_reason", "legal_representative_kind", "informed_on",
)  # fmt: skip
OF_COUNTY = (
    LogAction.DRAFT,
    LogAction.GIVEN_BACK,
    LogAction.COMPARED,
    LogAction.RELEASE,
    *ABOUT_FILES,
)


@dataclass(frozen=True)
class PersonLine:
    """One case of a version. Where it leaves the list `ending` says why, without `data`; `facts` leave out the name."""

    case: TransitionCase
    data: CaseData | None
    facts: tuple[Fact, ...]
    ending: str

    @property
    def name(self) -> str:
        """As lists are sorted."""
        return people.called(self.data)

    @property
    def heading(self) -> str:
        """The name, or the Fallzeichen of whose name does not stand there."""
        return self.name or f"Fall {self.case.case_ref}"

    @property
    def halves(self) -> tuple[tuple[Fact, ...], ...]:
        """For two tables side by side: the person and the facility, then school and responsibility."""
        of_person = tuple(fact for fact in self.facts if fact.field in OF_PERSON)
        others = tuple(fact for fact in self.facts if fact.field not in OF_PERSON)
        return tuple(filter(None, (of_person, others)))


@dataclass(frozen=True)
class Stored:
    """The same data, with the versions that hold it, newest last."""

    versions: tuple[TransitionListVersion, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Look:
    """How often somebody of a role looked on a day, and why; no name of staff (Art. 15 asks for days and purposes).

    `is_of_list`: it was about the whole list on which the person stood.
    """

    day: date
    role: str
    action: LogAction
    reason: str
    is_of_list: bool
    times: int

    @property
    def words(self) -> str:
        """ "Entwurf geändert", or that of the whole list: begun, submitted, taken back."""
        is_act = self.action is LogAction.DRAFT and self.is_of_list
        return "Entwurf der ganzen Liste begonnen, vorgelegt oder geändert" if is_act else self.action.label


@dataclass(frozen=True)
class Disclosure:
    """Everything that one partner holds about a case, for the answer to Art. 15 DSGVO and § 83 SGB X."""

    case: TransitionCase
    controller: Partner
    is_receiver: bool
    erased_on: date
    is_restricted: bool
    stored: tuple[Stored, ...]
    kept: tuple[Fact, ...]
    receipts: tuple[TransmissionReceipt, ...]
    steps: tuple[CaseStep, ...]
    looks: tuple[Look, ...]
    requests: tuple[RequestLine, ...]


def people_of(access: Access, version: TransitionListVersion) -> list[PersonLine]:
    """The people of a version that this person may see, by name; cases taken off the list come last.

    Those whose data may only be kept (Art. 18 DSGVO) stand there without them: nobody takes their absence for the list.
    """
    entries = entries_visible_to(access).filter(version=version).select_related("case")
    kept = CaseEntry.objects.filter(version=version, case__case_ref__in=hidden_refs(access)).select_related("case")
    lines = [_line(entry, access) for entry in entries]
    lines += [PersonLine(entry.case, None, (HINT,), ending_words(entry)) for entry in kept]
    return sorted(lines, key=_by_name)


def _line(entry: CaseEntry, access: Access) -> PersonLine:
    ending = ending_words(entry)
    if not entry.content:
        return PersonLine(entry.case, None, (), ending)
    data = entry.data
    facts = (fact for fact in facts_of(data, access.agreement.municipality_names) if fact.field not in NAME)
    return PersonLine(entry.case, data, tuple(facts), ending)


def _by_name(line: PersonLine) -> tuple[bool, bool, str, str]:
    return bool(line.ending), not line.name, sort_key(line.name), line.case.case_ref


def may_be_handed_out(version: TransitionListVersion) -> bool:
    """Only what was released leaves as a file, and only while it is the newest: a draft would pass the four eyes."""
    return version.is_in_force


def may_be_printed(version: TransitionListVersion) -> bool:
    """A draft too: who releases it may want to read it on paper."""
    return version.is_draft or may_be_handed_out(version)


def disclosure_of(access: Access, case: TransitionCase, today: date) -> Disclosure:
    """Everything about one case that the partner of this person holds, older versions too while they have content."""
    is_receiver = not is_own(access, case)
    versions = versions_visible_to(access).filter(transition_list=case.transition_list_id)
    entries = CaseEntry.objects.filter(case=case, version__in=versions).told()
    controller = _controller(access, case, is_receiver=is_receiver)
    return Disclosure(
        case=case,
        controller=controller,
        is_receiver=is_receiver,
        erased_on=erased_on(case, knows_drafts=not is_receiver),
        is_restricted=case.case_ref in restricted_refs(access),
        stored=_stored(access, list(entries.select_related("version").order_by("version__number"))),
        kept=kept_facts(access, case),
        receipts=tuple(receipts_with(case, versions)),
        steps=steps_of(access, case, today),
        looks=_looks_of_receiver(case, versions) if is_receiver else _looks(_lines_about(case), COUNTY_ROLES),
        requests=requests_about(case, controller, today),
    )


def _controller(access: Access, case: TransitionCase, *, is_receiver: bool) -> Partner:
    """Each side answers for its own copy (5.2)."""
    if is_receiver:
        return Partner.objects.filter(pk__in=access.partners(Permission.CASES_RECEIVE)).order_by("position")[0]
    return case.transition_list.sender


def _stored(access: Access, entries: list[CaseEntry]) -> tuple[Stored, ...]:
    """Versions that say the same are told once."""
    towns = access.agreement.municipality_names
    grouped = groupby(entries, key=attrgetter("data"))
    return tuple(Stored(tuple(map(attrgetter("version"), same)), facts_of(data, towns)) for data, same in grouped)


def _looks_of_receiver(case: TransitionCase, versions: QuerySet[TransitionListVersion]) -> tuple[Look, ...]:
    """From the transmission of each version on: one person may hold a role on both sides, and prepared it before."""
    since = {str(pk): at for pk, at in versions.values_list("pk", "receipt__released_at")}
    lines = _lines_about(case).exclude(action__in=OF_COUNTY)
    told = (line for line in lines if not line.version or (line.version in since and line.at >= since[line.version]))
    return _looks(told, RECEIVER_ROLES)


def _lines_about(case: TransitionCase) -> QuerySet[AccessLogEntry]:
    return AccessLogEntry.objects.filter(about(case)).order_by("at", "pk")


def _looks(lines: Iterable[AccessLogEntry], roles: tuple[str, ...]) -> tuple[Look, ...]:
    """By day."""
    counted = Counter(
        (
            local_day(line.at),
            _role(line, roles),
            LogAction(line.action),
            line.get_reason_display(),
            not line.case_ref,
        )
        for line in lines
        if _role(line, roles)
    )
    return tuple(
        Look(day, role, action, reason, is_of_list, times)
        for (day, role, action, reason, is_of_list), times in counted.items()
    )


def _role(entry: AccessLogEntry, roles: tuple[str, ...]) -> str:
    """The first role of the own side that was held, in words."""
    held = entry.role.split(", ")
    return next((ROLES[role].title for role in roles if role in held), "")
