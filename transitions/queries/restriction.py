"""Which cases may only be kept (Art. 18 DSGVO), and for whom: neither shown, used, transmitted anew, nor erased.

Each side is controller of its own copy (domain.md 5.2): a restriction at the LWV binds the LWV. One at the county binds
both, because the county tells its recipients (Art. 19 DSGVO). Only who came for a request of a person sees the data.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from kok.access import Permission
from kok.errors import Refused
from members.models import Authority
from transitions.models import DataSubjectRequest, TransitionCase
from transitions.queries.access import Access
from transitions.queries.facts import Fact
from transitions.rules.states import EntryReason

RESTRICTED = "Verarbeitung eingeschränkt"
HINT = Fact("", "Hinweis", f"{RESTRICTED} (Art. 18 DSGVO)")  # in place of everything that is told about the person
REFUSED = (
    "Im Fall {case_ref} ist die Verarbeitung eingeschränkt (Art. 18 DSGVO). Es wurde nichts geändert. Die "
    "Einschränkung endet im Register der Anfragen."
)


def restricted_refs(access: Access) -> frozenset[str]:
    """The Fallzeichen that are restricted for the side of this person."""
    own = Q(partner__in=access.partners(Permission.CASES_ENTER))
    of_county = ~Q(partner__authority__kind=Authority.Kind.LWV)
    found = DataSubjectRequest.objects.restricting().filter(own | of_county, agreement=access.agreement)
    return frozenset(found.values_list("case_ref", flat=True))


def hidden_refs(access: Access) -> frozenset[str]:
    """The Fallzeichen whose data this person does not see; none for who came for a request of a person."""
    return frozenset() if access.reason == EntryReason.SUBJECT_REQUEST else restricted_refs(access)


def check_unrestricted(case: TransitionCase, access: Access) -> None:
    """Raises Refused for a case whose data may only be kept."""
    if case.case_ref in restricted_refs(access):
        raise Refused(REFUSED.format(case_ref=case.case_ref))


def not_held(cases: QuerySet[TransitionCase]) -> QuerySet[TransitionCase]:
    """The cases that no side has to keep because of a request; both sides keep the same row."""
    holding = DataSubjectRequest.objects.restricting().filter(case_ref=OuterRef("case_ref"))
    return cases.exclude(Exists(holding))
