"""The way of the minutes: circulated, taken back, approved by every partner, sent out."""

from datetime import datetime

from django.db import transaction

from kok import audit, documents, outbox, text_checks
from kok.access import Permission, partners_of
from kok.clock import BERLIN
from kok.errors import Refused
from kok.models import Document, TextCheck, User
from meetings.actions.minutes import check_writable
from meetings.documents import minutes as paper
from meetings.models import Meeting, Minutes, MinutesApproval
from meetings.queries.distribution import Recipient, readers_of_approved, readers_of_draft
from meetings.queries.minutes import text_of
from meetings.queries.readiness import draft_of
from meetings.rules import minutes as rules
from meetings.rules import writing
from meetings.rules.minutes import MinutesState
from members.models import Agreement, Partner

State = Minutes.State


@transaction.atomic
def check_names(*, minutes: Minutes, version: int, by: User, now: datetime) -> TextCheck:
    """Asks whether the draft names somebody whom it must not name (5.5); a worker answers. Raises Refused as circulate.

    Only here and only for a draft that could go out: each question is counted and logged where it is answered.
    """
    locked = _complete_draft(minutes, version=version, by=by)
    return text_checks.ask(kind="minutes", object_id=locked.pk, by=by, now=now)


@transaction.atomic
def circulate(*, minutes: Minutes, version: int, seen: str, by: User, now: datetime) -> int:
    """Sends the draft to members and approvers for approval; returns how many were told.

    Raises Refused when something is missing, when `version` is not the one that the person saw, or `seen` not the
    state of the check of names.
    """
    locked = _complete_draft(minutes, version=version, by=by)
    check = text_checks.found(kind="minutes", object_id=locked.pk, now=now)
    is_pending = check is not None and check.is_pending(now)
    writing.check_looked_at(state=check.state if check else "", is_pending=is_pending, seen=seen)
    locked.state = State.CIRCULATED
    locked.circulated_at, locked.circulated_by = now, by
    locked.save(update_fields=["state", "circulated_at", "circulated_by"])
    _record(locked, "minutes.circulated", by=by, now=now, note=writing.CHECKED[seen])
    _request_file(locked, now=now)
    return _tell(locked, "minutes.circulated", readers_of_draft(locked, now.astimezone(BERLIN).date()), now=now)


def _complete_draft(minutes: Minutes, *, version: int, by: User) -> Minutes:
    locked = _locked(minutes)
    check_writable(locked, by=by)
    writing.check_version(shown=version, now=locked.version)
    rules.check_circulate(MinutesState(locked.state), draft_of(text_of(locked)))
    return locked


@transaction.atomic
def take_back(*, minutes: Minutes, reason: str, by: User, now: datetime) -> None:
    """Makes a circulated text a draft again, as the next version; approvals of the old one are dropped.

    Raises Refused without a reason, after the approval, and for the partner that does not own the minutes.
    """
    locked = _locked(minutes)
    _check_owner(locked, by=by)
    rules.check_reopen(MinutesState(locked.state))
    writing.check_take_back(reason)
    MinutesApproval.objects.filter(minutes=locked).delete()
    locked.state = State.DRAFT
    locked.version += 1
    locked.circulated_at = locked.circulated_by = None
    locked.save(update_fields=["state", "version", "circulated_at", "circulated_by"])
    _record(locked, "minutes.taken_back", by=by, now=now, note=reason)


@transaction.atomic
def approve(*, minutes: Minutes, partner: int, version: int, by: User, now: datetime) -> bool:
    """Approves the circulated version for one partner; True when it was the last approval that was missing.

    Then the minutes are approved and can never change again, the meeting is closed, the file is made and the
    distribution list is told. Raises Refused for another's partner, a second time, and another version.
    """
    locked = _locked(minutes)
    agreement = locked.meeting.body.agreement
    partners = {each.pk: each.short_name for each in Partner.objects.filter(agreement=agreement)}
    given = frozenset(MinutesApproval.objects.filter(minutes=locked).values_list("partner_id", flat=True))
    names = {partners[pk] for pk in given}
    rules.check_approve(MinutesState(locked.state), partners.get(partner, ""), [*partners.values()], names)
    _check_approver(partner, agreement, by=by)
    writing.check_version(shown=version, now=locked.version)
    MinutesApproval.objects.create(minutes=locked, partner_id=partner, approved_at=now, approved_by=by)
    _record(locked, "minutes.partner_approved", by=by, now=now)
    if not rules.is_approved([*partners.values()], names | {partners[partner]}):
        return False
    _close(locked, by=by, now=now)
    return True


def _close(minutes: Minutes, *, by: User, now: datetime) -> None:
    Meeting.objects.filter(pk=minutes.meeting_id).update(state=Meeting.State.CLOSED)
    minutes.state = State.APPROVED
    minutes.approved_at, minutes.approved_by = now, by
    minutes.save(update_fields=["state", "approved_at", "approved_by"])
    _record(minutes, "minutes.approved", by=by, now=now)
    _request_file(minutes, now=now)
    _tell(minutes, "minutes.approved", readers_of_approved(minutes, now.astimezone(BERLIN).date()), now=now)


@transaction.atomic
def request_file(*, minutes: Minutes, by: User, now: datetime) -> Document:
    """Asks for the PDF of the present state once more, after one that could not be made.

    Raises Refused for a draft: its file would stand there unchanged when the text goes out later.
    """
    locked = _locked(minutes)
    rules.check_file(MinutesState(locked.state))
    _record(locked, "minutes.file_requested", by=by, now=now)
    return _request_file(locked, now=now)


@transaction.atomic
def send_file(*, minutes: Minutes, keys: frozenset[str], by: User, now: datetime) -> int:
    """Mails the approved PDF to recipients without an account, each one once, after a confirmed choice."""
    locked = _locked(minutes)
    _check_owner(locked, by=by)
    writing.check_chosen(len(keys))
    listed = readers_of_approved(locked, now.astimezone(BERLIN).date())
    chosen = [recipient for recipient in listed if recipient.by_file and recipient.key in keys]
    sent = sum(
        outbox.enqueue(
            kind="minutes.file",
            key=f"minutes.file:{locked.pk}:{recipient.key}",
            to=recipient.email,
            context={"minutes": locked.pk},
            now=now,
        )
        for recipient in chosen
    )
    _record(locked, "minutes.file_sent", by=by, now=now, note=f"{sent} Empfänger")
    return sent


def _check_owner(minutes: Minutes, *, by: User) -> None:
    acting = partners_of(by, Permission.MINUTES_CIRCULATE, minutes.meeting.body.agreement)
    writing.check_owner(minutes.owner_id, acting, owner_name=minutes.owner.short_name)


def _check_approver(partner: int, agreement: Agreement, *, by: User) -> None:
    if partner not in partners_of(by, Permission.MINUTES_APPROVE, agreement):
        raise Refused(
            "Sie können nur für Ihren eigenen Partner genehmigen. Es wurde nichts genehmigt. "
            "Die Genehmigung des anderen Partners erteilt dessen Stelle selbst."
        )


def _locked(minutes: Minutes) -> Minutes:
    rows = Minutes.objects.select_for_update(of=("self",))
    return rows.select_related("meeting__body__agreement", "owner__authority").get(pk=minutes.pk)


def _request_file(minutes: Minutes, *, now: datetime) -> Document:
    return documents.request(
        kind="minutes",
        object_id=minutes.pk,
        version=paper.file_version(minutes),
        filename=paper.filename(minutes),
        now=now,
    )


def _tell(minutes: Minutes, kind: str, recipients: list[Recipient], *, now: datetime) -> int:
    """One mail to each mailbox; the version in the key keeps a second click from telling anybody twice."""
    return sum(
        outbox.enqueue(
            kind=kind,
            key=f"{kind}:{minutes.pk}:v{minutes.version}:{recipient.key}",
            to=recipient.email,
            context={"minutes": minutes.pk, "version": minutes.version, "approves": recipient.approves},
            now=now,
        )
        for recipient in recipients
        if recipient.by_link
    )


def _record(minutes: Minutes, action: str, *, by: User, now: datetime, note: str = "") -> None:
    audit.record(by=by, action=action, obj=minutes, agreement=minutes.meeting.body.agreement.slug, note=note, now=now)
