"""Writing minutes: every save is a revision, and nobody overwrites a text he has not seen."""

from collections.abc import Mapping
from datetime import datetime, time

from django.db import transaction

from kok import audit, seen
from kok.access import Permission, partners_of
from kok.errors import Refused
from kok.models import User
from kok.words import clock
from meetings.convening.models import Meeting
from meetings.convening.rules.codes import MeetingState
from meetings.convening.rules.states import state_by_end
from meetings.record.models import Minutes, MinutesSection, SectionRevision
from meetings.record.queries.changed import who_changed
from meetings.record.queries.minutes import header_of
from meetings.record.rules.codes import MinutesState
from meetings.record.rules.minutes import check_edit
from meetings.record.rules.writing import check_owner, check_times

HEADER = "minutes.header-changed"
TITLES = {"chair_name": "Leitung", "taker_name": "Protokoll geschrieben von", "began_at": "Beginn", "ended_at": "Ende"}
HEADER_CHANGED = (
    "{who} diese Angaben geändert, seit Sie die Seite geöffnet haben. Jetzt steht dort: {there}. Ihre Angaben stehen "
    "noch hier. Es wurde nichts überschrieben."
)


class Conflict(Refused):
    """Somebody else saved this section meanwhile. Both texts are kept: `saved` here, the other in the form."""

    def __init__(self, saved: MinutesSection) -> None:
        super().__init__(
            "Jemand anderes hat diesen Abschnitt inzwischen gespeichert. Ihr Text ist nicht verloren. "
            "Wählen Sie, welcher Text gelten soll."
        )
        self.saved = saved


@transaction.atomic
def save_section(
    *, section: MinutesSection, text: str, result: str, revision: int | None, by: User, now: datetime
) -> MinutesSection:
    """Saves a section if it still is the revision that this person saw.

    The same text twice changes nothing, so a repeated save does no harm. Raises Conflict, and Refused when the
    minutes are no longer a draft or belong to the other secretariat (R-SEC-2).
    """
    locked = _locked_section(section, by=by)
    if (locked.text, locked.result) == (text, result):
        return locked
    if locked.revision != revision:
        raise Conflict(locked)
    return _write(locked, text=text, result=result, by=by, now=now)


@transaction.atomic
def take_theirs(
    *, section: MinutesSection, text: str, result: str, revision: int | None, by: User, now: datetime
) -> MinutesSection:
    """Ends a conflict with the text of the other person; the own one is kept among the revisions first.

    `revision` is the one that was shown. Raises Conflict when there is a newer one by now.
    """
    locked = _locked_section(section, by=by)
    if locked.revision != revision:
        raise Conflict(locked)
    theirs = {"text": locked.text, "result": locked.result}
    _write(locked, text=text, result=result, by=by, now=now)
    return _write(locked, **theirs, by=by, now=now)


@transaction.atomic
def restore_revision(
    *, section: MinutesSection, old: int, revision: int | None, by: User, now: datetime
) -> MinutesSection:
    """Makes an earlier text the present one, as a new revision. Raises Conflict like a save."""
    locked = _locked_section(section, by=by)
    if locked.revision != revision:
        raise Conflict(locked)
    earlier = SectionRevision.objects.get(section=locked, revision=old)
    return _write(locked, text=earlier.text, result=earlier.result, by=by, now=now)


@transaction.atomic
def save_header(
    *, minutes: Minutes, values: Mapping[str, object], by: User, now: datetime, shown: str | None = None
) -> Minutes:
    """Saves who chaired and wrote, and when it began and ended; only the fields that this person changed.

    With its end the meeting is over; where the end is taken out it runs again. `shown` are the marks of what the page
    showed. Raises seen.Changed where somebody else changed one of these fields meanwhile to something else.
    """
    locked = locked_draft(minutes, by=by)
    _check_header(locked, values, shown, by=by)
    before = audit.values_of(locked)
    for name, value in values.items():
        setattr(locked, name, value)
    check_times(began_at=locked.began_at, ended_at=locked.ended_at)
    if any(change := audit.changes(locked, before)):
        locked.save(update_fields=[*values])
        agreement = locked.meeting.body.agreement.slug
        audit.record(by=by, action=HEADER, obj=locked, agreement=agreement, change=change, now=now)
        _end_by(locked)
    return locked


def _end_by(minutes: Minutes) -> None:
    """A meeting is over as soon as its end is written down."""
    meeting = Meeting.objects.select_for_update().get(pk=minutes.meeting_id)
    meeting.state = state_by_end(MeetingState(meeting.state), minutes.ended_at)
    meeting.save(update_fields=["state"])


def _check_header(minutes: Minutes, values: Mapping[str, object], shown: str | None, *, by: User) -> None:
    there = header_of(minutes)
    theirs = seen.differing(shown, there) if shown is not None else []
    names = [name for name in theirs if name in values and values[name] != there[name]]
    if names:
        words = "; ".join(f"{TITLES[name]}: {_said(there[name])}" for name in names)
        who = who_changed(minutes, HEADER, reader=by)
        raise seen.Changed(HEADER_CHANGED.format(who=who, there=words), seen.marks(there))


def _said(value: object) -> str:
    return clock(value) if isinstance(value, time) else f"„{value}“" if value else "nichts"


def locked_draft(minutes: Minutes, *, by: User) -> Minutes:
    """The minutes under a row lock, if this person may write in them now."""
    rows = Minutes.objects.select_for_update(of=("self",))
    locked = rows.select_related("meeting__body__agreement", "owner__authority").get(pk=minutes.pk)
    check_writable(locked, by=by)
    return locked


def check_writable(minutes: Minutes, *, by: User) -> None:
    """R-SEC-2, and no change after circulation. Raises Refused."""
    acting = partners_of(by, Permission.MINUTES_WRITE, minutes.meeting.body.agreement)
    check_owner(minutes.owner_id, acting, owner_name=minutes.owner.short_name)
    check_edit(MinutesState(minutes.state))


def _locked_section(section: MinutesSection, *, by: User) -> MinutesSection:
    """The section and its minutes are locked, so that nobody circulates between the check and the save."""
    rows = MinutesSection.objects.select_for_update(of=("self", "minutes"))
    locked = rows.select_related("minutes", "item", "changed_by").get(pk=section.pk)
    known = section.minutes
    locked.minutes.meeting, locked.minutes.owner = known.meeting, known.owner  # which never change
    check_writable(locked.minutes, by=by)
    return locked


def _write(section: MinutesSection, *, text: str, result: str, by: User, now: datetime) -> MinutesSection:
    section.text, section.result = text, result
    section.revision += 1
    section.changed_at, section.changed_by = now, by
    section.save(update_fields=["text", "result", "revision", "changed_at", "changed_by"])
    SectionRevision.objects.create(
        section=section, revision=section.revision, text=text, result=result, saved_at=now, saved_by=by
    )
    return section
