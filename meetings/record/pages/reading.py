"""Minutes as readers see them: the text on the page, who approved it, all versions, and what changed between two."""

from collections.abc import Iterable
from dataclasses import dataclass

from kok.access import Permission, partners_of
from kok.models import Document, User
from kok.words import local_day
from meetings.convening.pages.meetings import MeetingPage
from meetings.convening.queries.subjects import Link
from meetings.record.documents.changes import Changes, between
from meetings.record.documents.content import Approval, MinutesDocument
from meetings.record.documents.frozen import read as thawed
from meetings.record.documents.minutes import frozen_now, shown
from meetings.record.models import Minutes, MinutesVersion
from meetings.record.queries.versions import VersionPair, approvals_of, file_of
from meetings.record.queries.visibility import is_owner
from meetings.record.rules.codes import ApprovalState, MinutesState, MinutesVersionState
from members.models import Partner


@dataclass(frozen=True)
class VersionLine:
    """A version in the list of all that were circulated."""

    version: MinutesVersion
    state: MinutesVersionState


def version_lines(versions: Iterable[MinutesVersion], minutes: Minutes) -> list[VersionLine]:
    """Each with its state, in their order."""
    return [VersionLine(version, _state_of(version, minutes)) for version in versions]


def _state_of(version: MinutesVersion, minutes: Minutes) -> MinutesVersionState:
    if version.is_withheld:
        return MinutesVersionState.WITHHELD
    if not version.counts:
        return MinutesVersionState.REPLACED
    return MinutesVersionState.APPROVED if minutes.is_approved else MinutesVersionState.CIRCULATED


@dataclass(frozen=True)
class ApprovalLine:
    """What one partner said to the text on the page."""

    said: Approval
    state: ApprovalState


# By whether it was given, and whether approvals of this text count.
_APPROVALS = {
    (True, True): ApprovalState.GIVEN,
    (True, False): ApprovalState.VOID,
    (False, True): ApprovalState.PENDING,
    (False, False): ApprovalState.MISSING,
}


def _lines(approvals: Iterable[Approval], *, counts: bool = True) -> list[ApprovalLine]:
    return [ApprovalLine(said, _APPROVALS[said.approved_on is not None, counts]) for said in approvals]


@dataclass(frozen=True, kw_only=True)
class ReadingPage:
    """A text of minutes for its readers: a version as it was circulated, or without one the draft."""

    minutes: Minutes
    approvals: list[ApprovalLine]
    text: MinutesDocument | None  # None: erased or withheld
    version: MinutesVersion | None = None
    document: Document | None = None
    file_url: str = ""

    @property
    def is_newest(self) -> bool:
        """Whether it is what is written, goes round or is approved."""
        return self.version is None or self.version.number == self.minutes.version

    @property
    def is_reworked(self) -> bool:
        """Whether the draft that is written will take its place."""
        return self.minutes.is_draft and self.version is not None and self.version.number + 1 == self.minutes.version


def draft_page(minutes: Minutes) -> ReadingPage:
    """The draft as it stands now, for those who see it."""
    text = shown(frozen_now(minutes), [], is_approved=False)
    return ReadingPage(minutes=minutes, text=text, approvals=_lines(text.approvals))


def version_page(page: MeetingPage, minutes: Minutes, version: MinutesVersion) -> ReadingPage:
    """A version with its file and the approvals of each partner that was asked; when its text is gone, with those that
    were given."""
    given = approvals_of(version)
    is_approved = minutes.is_approved and version.counts
    text = shown(thawed(version.content), given, is_approved=is_approved) if version.is_readable else None
    kept = [
        Approval(page.partners[row.partner_id].short_name, row.name, row.function, local_day(row.approved_at))
        for row in given
    ]
    return ReadingPage(
        minutes=minutes,
        version=version,
        text=text,
        approvals=_lines(text.approvals if text else kept, counts=version.counts),
        document=file_of(version, minutes),
        file_url=file_url(page, version),
    )


def file_url(page: MeetingPage, version: MinutesVersion) -> str:
    """Where the PDF of a version is."""
    return f"{page.url('minutes')}fassung/{version.number}/pdf"


def to_approve(user: User, page: MeetingPage) -> list[Partner]:
    """The partners for which this person can still approve."""
    if not page.meeting.minutes.goes_round:
        return []
    still = partners_of(user, Permission.MINUTES_APPROVE, page.agreement) - page.approved_by
    return [partner for pk, partner in page.partners.items() if pk in still]


def owners_step(user: User, page: MeetingPage, minutes: Minutes) -> Link | None:
    """What the secretariat that is responsible can do with them now."""
    if not is_owner(user, page.agreement, minutes):
        return None
    return {
        MinutesState.CIRCULATED: Link("Zurück in den Entwurf", page.url("take-back")),
        MinutesState.APPROVED: Link("An Personen ohne Konto senden", page.url("send-file")),
    }.get(MinutesState(minutes.state))


def changes_in(pair: VersionPair, minutes: Minutes) -> Changes | None:
    """What changed between two versions; None where a text is gone."""
    if not pair.is_shown:
        return None
    later = thawed(pair.later.content) if pair.later else frozen_now(minutes)
    return between(thawed(pair.earlier.content), later)
