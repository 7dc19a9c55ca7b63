"""What changed in a draft since somebody read it or gave it back: nobody reads sixty people again for one month."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from transitions.models import AccessLogEntry, TransitionCase, TransitionListVersion
from transitions.rules.codes import LogAction


@dataclass(frozen=True)
class DraftChanges:
    """The Fallzeichen of who came or was changed after a moment, of these who `came`, and of who was removed.

    `is_returned`: the moment is that at which the draft was given back, not that of the state somebody read.
    """

    since: datetime
    is_returned: bool
    changed: frozenset[str]
    came: frozenset[str]
    removed: tuple[str, ...]


def changes_of(draft: TransitionListVersion, read_at: datetime | None) -> DraftChanges | None:
    """After the state of `read_at`; where there are none, after the last time it was given back. None: nothing."""
    found = _after(draft, read_at, is_returned=False) if read_at else None
    if found:
        return found
    returned = _acts(draft).filter(action=LogAction.GIVEN_BACK).order_by("-at").first()  # the draft itself forgets it
    return _after(draft, returned.at, is_returned=True) if returned else None


def _after(draft: TransitionListVersion, since: datetime, *, is_returned: bool) -> DraftChanges | None:
    touched = dict(draft.entries.filter(changed_at__gt=since).values_list("case__case_ref", "case__entered_at"))
    changed = frozenset(touched)
    came = frozenset(case_ref for case_ref, entered_at in touched.items() if entered_at > since)
    removed = _removed(draft, since)
    return DraftChanges(since, is_returned, changed, came, removed) if changed or removed else None


def _removed(draft: TransitionListVersion, since: datetime) -> tuple[str, ...]:
    """Of whoever was removed only the Fallzeichen is left, in the log of the acts."""
    lines = _acts(draft).filter(action=LogAction.DRAFT, at__gt=since).exclude(case_ref="")
    touched = set(lines.values_list("case_ref", flat=True))
    standing = TransitionCase.objects.filter(case_ref__in=touched).values_list("case_ref", flat=True)
    return tuple(sorted(touched - set(standing)))


def _acts(draft: TransitionListVersion) -> QuerySet[AccessLogEntry]:
    return AccessLogEntry.objects.filter(version=str(draft.pk))
