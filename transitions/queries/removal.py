"""Which cases of a draft an act erases at once, and which not: what a person demanded comes first (Art. 15, 18 DSGVO).

Both sides of a restriction keep the case, as from the periods (`queries.restriction`).
"""

from dataclasses import replace

from django.db.models import QuerySet

from transitions.models import TransitionCase, TransitionListVersion
from transitions.queries.access import Access
from transitions.queries.requests import asks_for_access
from transitions.queries.restriction import HeldCases, held
from transitions.rules.codes import EntryReason, RequestKind

ASKED_FOR_ACCESS = (
    "Zum Fall {case_ref} ist eine Auskunft verlangt und noch nicht erteilt. Es wurde nichts gelöscht. Erstellen Sie "
    "zuerst die Auskunft und beantworten Sie die Anfrage."
)


def why_not_removed(case: TransitionCase, access: Access) -> str:
    """Why nobody takes this case out of its draft, as a sentence; empty when somebody may.

    Whoever came for a request of a person removes it to follow an objection, while nothing else holds it.
    """
    found = held()
    if access.reason == EntryReason.SUBJECT_REQUEST:
        found = replace(found, by=found.by.exclude(kind=RequestKind.OBJECTION))
    return _why_kept(case, found, access)


def why_not_discarded(draft: TransitionListVersion, access: Access) -> str:
    """The same for all who were never named in this draft, unseen: an objection is followed case by case."""
    found = held()
    return next(filter(None, (_why_kept(case, found, access) for case in never_named(draft))), "")


def never_named(draft: TransitionListVersion) -> QuerySet[TransitionCase]:
    """Who stands in this draft only: what is said of them goes with it."""
    return TransitionCase.objects.filter(pk__in=draft.entries.values("case"), named_at=None).order_by("case_ref")


def _why_kept(case: TransitionCase, found: HeldCases, access: Access) -> str:
    if why := found.why(case):
        return why
    is_asked = asks_for_access(access, case) is not None
    return ASKED_FOR_ACCESS.format(case_ref=case.case_ref) if is_asked else ""
