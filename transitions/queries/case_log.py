"""Which lines of the access log are about a case: its own, and those of a whole list while it stood there."""

from datetime import datetime

from django.db.models import Q

from transitions.models import TransitionCase
from transitions.rules.codes import LogAction

ABOUT_FILES = (LogAction.IMPORT, LogAction.VIEW_FILE)


def about(case: TransitionCase) -> Q:
    """Who looked at a list looked at every case that stood on it then."""
    found = Q(case_ref=case.case_ref)
    for version, ending, released_at in case.entries.values_list("version", "ending", "version__receipt__released_at"):
        found |= Q(_stood_there(case, released_at if ending else None), case_ref="", version=str(version))
    return found


def _stood_there(case: TransitionCase, taken_off_at: datetime | None) -> Q:
    """Whether the case was among what a line about a whole version is about.

    From the moment on which it came into the draft; no longer once this version went out without it or its data were
    erased. A file that waits beside a draft holds others than the draft: its lines count from reading to taking over.
    """
    on_list = Q(at__gte=case.entered_at) & ~Q(action__in=ABOUT_FILES)
    for end in filter(None, (taken_off_at, case.erased_at)):
        on_list &= Q(at__lt=end)
    if case.read_in_at is None:
        return on_list
    return on_list | Q(action__in=ABOUT_FILES, at__range=(case.read_in_at, case.entered_at))
