"""Which cases may only be kept (Art. 18 DSGVO), and for whom: neither shown, used, transmitted anew, nor erased.

Each side is controller of its own copy (domain.md 5.2): a restriction at the LWV binds the LWV. One at the carrier
that names the case binds both, because it tells its recipients (Art. 19 DSGVO). Only who came for a request of a person
sees the data.

Only a request that stands as it was sealed restricts or lifts anything: one that was put in past the application does
neither. One that was changed or taken away there keeps its case, until it stands again (ADR 22).
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from kok.access import Permission
from kok.errors import Refused, refuse
from transitions.models import CaseEntry, DataSubjectRequest, TransitionCase
from transitions.queries.access import Access
from transitions.queries.facts import Fact
from transitions.rules import people
from transitions.rules.case import CaseData
from transitions.rules.codes import RESTRICTING, EntryReason

RESTRICTED = "Verarbeitung eingeschränkt"
HINT = Fact("", "Hinweis", f"{RESTRICTED} (Art. 18 DSGVO)")  # in place of everything that is told about the person
REFUSED = (
    "Im Fall {case_ref} ist die Verarbeitung eingeschränkt (Art. 18 DSGVO). Es wurde nichts geändert. Die "
    "Einschränkung endet im Register der Anfragen."
)
NAMED_ANEW = (
    "Für diese Person ist im Fall {case_ref} die Verarbeitung eingeschränkt (Art. 18 DSGVO). Benennen Sie sie nicht "
    "neu. Es wurde nichts geändert. Die Einschränkung endet im Register der Anfragen."
)
DOUBTFUL = (
    "Zum Fall {case_ref} wurde eine Anfrage an der Anwendung vorbei geändert oder gelöscht, mit der die Person seine "
    "Verarbeitung einschränken konnte. Es wurde nichts geändert. Sagen Sie es der Technik und der Prüfung."
)


@dataclass(frozen=True)
class HeldCases:
    """What must be kept: by requests in force, and Fallzeichen of which nobody knows, because a request was changed."""

    by: QuerySet[DataSubjectRequest]
    doubtful: frozenset[str]

    @cached_property
    def refs(self) -> frozenset[str]:
        """The Fallzeichen of both."""
        return self.doubtful | frozenset(self.by.values_list("case_ref", flat=True))

    def why(self, case: TransitionCase) -> str:
        """Why the data of a case may only be kept, as a sentence; empty where they may be used."""
        if case.case_ref in self.doubtful:
            return DOUBTFUL.format(case_ref=case.case_ref)
        return REFUSED.format(case_ref=case.case_ref) if case.case_ref in self.refs else ""


def held() -> HeldCases:
    """What either side has to keep; both sides keep the same row. Raises KeyLost."""
    sealing = DataSubjectRequest.sealing
    standing = sealing.standing()
    lost = [seal for seal in sealing.lost(standing) if any(seal.says("kind", str(kind)) for kind in RESTRICTING)]
    refs = TransitionCase.objects.values_list("case_ref", flat=True) if lost else ()
    doubtful = frozenset(ref for ref in refs if any(seal.says("case_ref", ref) for seal in lost))
    return HeldCases(DataSubjectRequest.objects.filter(pk__in=map(UUID, standing)).restricting(), doubtful)


def held_for(access: Access) -> HeldCases:
    """What the side of this person has to keep: by its own requests, and as receiver by those of the naming carrier.

    A carrier keeps nothing by a request of another carrier in the same agreement.
    """
    binding = Q(partner__in=access.partners(Permission.CASES_ENTER))
    if access.partners(Permission.CASES_RECEIVE):
        named = TransitionCase.objects.filter(case_ref=OuterRef("case_ref"))
        binding |= Q(Exists(named.filter(transition_list__sender=OuterRef("partner"))))
    found = held()
    return HeldCases(found.by.filter(binding, agreement=access.agreement), found.doubtful)


def restricted_refs(access: Access) -> frozenset[str]:
    """The Fallzeichen that are restricted for the side of this person."""
    return held_for(access).refs


def hidden_refs(access: Access) -> frozenset[str]:
    """The Fallzeichen whose data this person does not see; none for who came for a request of a person."""
    return frozenset() if access.reason == EntryReason.SUBJECT_REQUEST else restricted_refs(access)


def check_unrestricted(case: TransitionCase, access: Access) -> None:
    """Raises Refused for a case whose data may only be kept by the side of this person."""
    refuse(held_for(access).why(case))


def restricted_people(refs: Collection[str]) -> dict[people.Mark, str]:
    """By written name and date of birth, whom these Fallzeichen keep: nobody of them is named under another one.

    Raises vault.KeyLost.
    """
    entries = CaseEntry.objects.filter(case__case_ref__in=refs).told().select_related("case")
    return {people.identity(entry.data): entry.case.case_ref for entry in entries}


def check_namable(persons: Collection[CaseData], access: Access) -> None:
    """Raises Refused where one of them is a person whose data may only be kept, also vault.KeyLost."""
    found = restricted_people(restricted_refs(access))
    for data in persons:
        if ref := found.get(people.identity(data)):
            raise Refused(NAMED_ANEW.format(case_ref=ref))
