"""The draft itself: locked before anything in it changes, and whose hands were in it.

A draft that lies before the second person is not changed, only taken back first (`actions.recall`). Every change makes
its author one who may not release it.
"""

from datetime import datetime

from kok import words
from kok.access import Permission
from kok.errors import require
from kok.genuine import check_standing
from transitions.actions.locks import locked_version
from transitions.models import TransitionListVersion
from transitions.queries.access import Access
from transitions.rules import release

NOT_OWN = "Diesen Entwurf bearbeitet die Fallbearbeitung des benennenden Trägers. Es wurde nichts geändert."


def locked_draft(version: TransitionListVersion, by: Access) -> TransitionListVersion:
    """The draft, locked until the end of the transaction; also one that was submitted, or changed past the application.

    Raises Refused when it is none any more or not one's own.
    """
    draft = locked_version(version)
    require(draft.transition_list.sender_id in by.partners(Permission.CASES_DRAFT), NOT_OWN)
    require(draft.is_draft, release.NO_DRAFT)
    return draft


def writable_draft(version: TransitionListVersion, by: Access) -> TransitionListVersion:
    """The draft, locked, in preparation, and as it was sealed, with its list.

    Raises Refused, `release.Laid` when it lies before the second person.
    """
    draft = locked_draft(version, by)
    check_standing(draft, draft.transition_list)
    check_not_laid(draft)
    return draft


def check_not_laid(draft: TransitionListVersion) -> None:
    """Nobody takes a submission back by the way, from a page that was opened before it. Raises `release.Laid`."""
    if draft.submitted_at is not None:
        raise release.Laid(release.LAID.format(since=words.stamp(draft.submitted_at)))


def touched(draft: TransitionListVersion, *, by: Access, now: datetime) -> None:
    """Notes a change of the draft: its revision and its author."""
    draft.revision += 1
    draft.changed_at = now
    _add_author(draft, by.user.pk)


def note_author(version: TransitionListVersion, person: int) -> None:
    """Notes that what this account wrote stands in the draft, whoever took it over."""
    _add_author(TransitionListVersion.objects.get(pk=version.pk), person)


def _add_author(draft: TransitionListVersion, person: int) -> None:
    draft.authors = list(dict.fromkeys([*draft.authors, person]))
    draft.save()
