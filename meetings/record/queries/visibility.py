"""Who may see and who may write minutes: drafts, what was circulated, the text as it is now."""

from kok.access import Permission, can, partners_of
from kok.models import User
from meetings.record.models import Minutes, sees_drafts
from members.models import Agreement

__all__ = ["is_owner", "may_write", "reads_draft", "sees_current_text", "sees_drafts", "sees_minutes"]


def sees_minutes(user: User, agreement: Agreement, minutes: Minutes) -> bool:
    """Whether there is something to read: for members once it was circulated, also while it is reworked."""
    return can(user, Permission.MEETING_READ, agreement) if minutes.circulated_at else sees_drafts(user, agreement)


def sees_current_text(user: User, agreement: Agreement, minutes: Minutes) -> bool:
    """Whether the text as it is now may be read; what was circulated before stands in its versions."""
    return sees_drafts(user, agreement) if minutes.is_draft else can(user, Permission.MEETING_READ, agreement)


def reads_draft(user: User, agreement: Agreement, minutes: Minutes) -> bool:
    """Whether there is a draft that this person may read; everybody else reads the newest version."""
    return minutes.is_draft and sees_drafts(user, agreement)


def may_write(user: User, agreement: Agreement, minutes: Minutes) -> bool:
    """The partner that chaired writes, and only as long as it is a draft (R-SEC-2)."""
    return minutes.is_draft and is_owner(user, agreement, minutes)


def is_owner(user: User, agreement: Agreement, minutes: Minutes) -> bool:
    """Whether this person works for the secretariat that is responsible for these minutes."""
    return minutes.owner_id in partners_of(user, Permission.MINUTES_WRITE, agreement)
