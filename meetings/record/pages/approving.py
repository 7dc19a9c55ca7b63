"""The page on which minutes are approved: the whole document, what changed since the version before, and why."""

from dataclasses import dataclass

from kok.access import Permission, partners_of
from kok.models import User
from kok.words import day
from meetings.convening.documents.letterhead import OfficeLetterhead
from meetings.convening.pages.meetings import MeetingPage
from meetings.record.documents.changes import Changes
from meetings.record.documents.content import MinutesDocument
from meetings.record.documents.frozen import read
from meetings.record.documents.minutes import shown
from meetings.record.models import Minutes, MinutesVersion
from meetings.record.pages.reading import changes_in, to_approve
from meetings.record.queries.versions import VersionPair, approvals_of, pair_of, versions_of
from members.models import Partner


@dataclass(frozen=True, kw_only=True)
class ApprovingPage:
    """Exactly what is approved, frozen as it was circulated; `replaced` is the version before, where there was one."""

    version: MinutesVersion
    text: MinutesDocument
    sender: OfficeLetterhead
    partners: list[Partner]
    replaced: MinutesVersion | None
    pair: VersionPair | None
    changes: Changes | None
    void: list[str]  # a sentence for each approval of mine that does not count any more


def approving_page(user: User, page: MeetingPage, minutes: Minutes) -> ApprovingPage | None:
    """None while nothing goes round to be approved."""
    versions = versions_of(minutes)
    if not versions or not versions[0].counts:
        return None
    newest, replaced = versions[0], next(iter(versions[1:]), None)
    frozen, pair = read(newest.content), pair_of(minutes, newest.number, None, sees_draft=False)
    return ApprovingPage(
        version=newest,
        text=shown(frozen, [], is_approved=False),
        sender=frozen.sender,
        partners=to_approve(user, page),
        replaced=replaced,
        pair=pair,
        changes=changes_in(pair, minutes) if pair else None,
        void=_void(user, page, replaced) if replaced else [],
    )


VOID = "Die Genehmigung der Fassung {number} für {partner} vom {on} gilt nicht mehr. Lesen Sie, was sich geändert hat."


def _void(user: User, page: MeetingPage, replaced: MinutesVersion) -> list[str]:
    mine = partners_of(user, Permission.MINUTES_APPROVE, page.agreement)
    return [
        VOID.format(number=replaced.number, partner=page.partners[row.partner_id].short_name, on=day(row.approved_at))
        for row in approvals_of(replaced)
        if row.partner_id in mine
    ]
