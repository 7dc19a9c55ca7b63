"""Every partner approves the circulated version; then the minutes are closed, and their file goes out."""

from datetime import datetime

from django.db import transaction

from kok import genuine
from kok.access import Permission, partners_of
from kok.clock import BERLIN
from kok.errors import require
from kok.models import Document, User
from meetings.convening.models import Meeting
from meetings.record.actions.telling import check_recipients, send_files, tell
from meetings.record.actions.versions import check_responsible, circulated, locked_minutes, order_file, record
from meetings.record.documents.as_circulated import check_as_circulated
from meetings.record.models import Attendance, Minutes, MinutesApproval, MinutesVersion
from meetings.record.queries.distribution import readers_of_approved
from meetings.record.queries.mailed import APPROVED
from meetings.record.queries.standing import check_founded
from meetings.record.rules import minutes as rules
from meetings.record.rules import writing
from meetings.record.rules.codes import MinutesState
from members.actions import check_genuine
from members.models import Partner

State = Minutes.State
NOT_YOURS = (
    "Sie können nur für Ihren eigenen Partner genehmigen. Es wurde nichts genehmigt. "
    "Für die übrigen Partner genehmigen deren Stellen selbst."
)


@transaction.atomic
def approve(*, minutes: Minutes, partner: int, version: int, by: User, now: datetime) -> bool:
    """Approves the circulated version for one partner; True when it was the last approval that was missing.

    Then the minutes are approved and can never change again, the meeting is closed, the file is made and the
    distribution list is told. Raises Refused for another's partner, a second time, and another version; and where the
    version, an approval of it, a partner, or a role of who approves was put in or changed past the application, or the
    rows of the meeting say something else than the version.
    """
    locked = locked_minutes(minutes)
    check_genuine(by)
    agreement = locked.meeting.body.agreement
    partners = {each.pk: each.short_name for each in Partner.objects.filter(agreement=agreement)}
    given = locked.partners_that_approved()
    names = {partners[pk] for pk in given}
    rules.check_approve(MinutesState(locked.state), partners.get(partner, ""), [*partners.values()], names)
    require(partner in partners_of(by, Permission.MINUTES_APPROVE, agreement), NOT_YOURS)
    writing.check_version(shown=version, now=locked.version)
    approved = circulated(locked)
    check_as_circulated(locked, approved)
    genuine.check([MinutesApproval.objects.filter(version=approved)])
    MinutesApproval.objects.create(
        version=approved, partner_id=partner, approved_at=now, approved_by=by, **called(by, locked)
    )
    record(locked, "minutes.partner_approved", by=by, now=now)
    if not rules.is_approved([*partners.values()], names | {partners[partner]}):
        return False
    _close(locked, approved, by=by, now=now)
    return True


def called(user: User, minutes: Minutes) -> dict[str, str]:
    """Name and function of whoever approves or asks for a change, as they are now: later names are other names."""
    functions = Attendance.objects.filter(meeting=minutes.meeting_id, person__user=user)
    name = user.get_full_name() or str(getattr(user, "person", user.get_username()))
    return {"name": name, "function": functions.values_list("function", flat=True).first() or ""}


def _close(minutes: Minutes, approved: MinutesVersion, *, by: User, now: datetime) -> None:
    Meeting.objects.filter(pk=minutes.meeting_id).update(state=Meeting.State.CLOSED)
    minutes.state = State.APPROVED
    minutes.approved_at, minutes.approved_by = now, by
    minutes.save(update_fields=["state", "approved_at", "approved_by"])
    record(minutes, "minutes.approved", by=by, now=now)
    order_file(approved, minutes, now=now)
    readers = readers_of_approved(minutes, now.astimezone(BERLIN).date())
    check_recipients(minutes, readers, now=now)
    tell(approved, APPROVED, readers, now=now)


@transaction.atomic
def request_file(*, version: MinutesVersion, by: User, now: datetime) -> Document:
    """Asks for the PDF of a version once more, after one that could not be made.

    Raises Refused for a version whose text is gone.
    """
    locked = locked_minutes(version.minutes)
    [now_kept] = genuine.rows(MinutesVersion.objects.filter(pk=version.pk))
    rules.check_file(is_readable=now_kept.is_readable, is_withheld=now_kept.is_withheld)
    record(locked, "minutes.file_requested", by=by, now=now)
    return order_file(now_kept, locked, now=now)


@transaction.atomic
def send_file(*, minutes: Minutes, keys: frozenset[str], by: User, now: datetime) -> int:
    """Mails the approved PDF to recipients without an account, each one once, after a confirmed choice.

    Raises Forged where it is not approved by what is sealed, and where a seat, who has it, or a person was put in or
    changed past the application.
    """
    locked = locked_minutes(minutes)
    check_responsible(locked, by=by)
    check_founded(locked)
    writing.check_chosen(len(keys))
    listed = readers_of_approved(locked, now.astimezone(BERLIN).date())
    chosen = [recipient for recipient in listed if recipient.by_file and recipient.key in keys]
    check_recipients(locked, chosen, now=now)
    sent = send_files(circulated(locked), chosen, now=now)
    record(locked, "minutes.file_sent", by=by, now=now, note=f"{sent} Empfänger")
    return sent
