"""The way of the minutes: circulated, taken back, approved by every partner, sent out."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from kok import audit, dispatch, documents, erasure, genuine, outbox, text_checks
from kok.access import Permission, partners_of
from kok.clock import BERLIN
from kok.dispatch import Addressee, Sending, SentSubject
from kok.errors import Refused
from kok.models import Document, TextCheck, User
from kok.seen import differing
from meetings.convening.models import Meeting
from meetings.convening.rules.outgoing import CHECKED, check_as_shown, check_looked_at
from meetings.record.actions.erasure import REPLACED
from meetings.record.actions.minutes import check_writable
from meetings.record.actions.tasks import keep_as_circulated, replace_circulated
from meetings.record.documents import minutes as paper
from meetings.record.documents.as_circulated import check_as_circulated
from meetings.record.documents.frozen import checksum, written
from meetings.record.documents.going_out import parts_of_draft
from meetings.record.models import Attendance, Minutes, MinutesApproval, MinutesVersion
from meetings.record.queries.distribution import Recipient, readers_of_approved, readers_of_draft
from meetings.record.queries.mailed import MINUTES, by_letter, mailed
from meetings.record.queries.minutes import text_of
from meetings.record.queries.readiness import draft_of
from meetings.record.queries.standing import check_founded
from meetings.record.queries.versions import stage_of
from meetings.record.rules import minutes as rules
from meetings.record.rules import writing
from meetings.record.rules.codes import MinutesState
from members.actions import check_genuine, check_hands
from members.models import Agreement, Partner
from members.queries.foundation import seated

State = Minutes.State


@transaction.atomic
def check_names(*, minutes: Minutes, version: int, by: User, now: datetime, shown: str | None = None) -> TextCheck:
    """Asks whether the draft names somebody whom it must not name (5.5); a worker answers. Raises Refused as circulate.

    Only here and only for a draft that could go out: each question is counted and logged where it is answered.
    """
    locked = _complete_draft(minutes, version=version, by=by)
    _check_as_shown(locked, shown, now=now)
    return text_checks.ask(kind="minutes", object_id=locked.pk, by=by, now=now)


@transaction.atomic
def circulate(*, minutes: Minutes, version: int, seen: str, by: User, now: datetime, shown: str | None = None) -> int:
    """Sends the draft to members and approvers for approval; returns how many were told.

    Raises Refused when something is missing, when `version` is not the one that the person saw, `seen` not the
    state of the check of names, or `shown` not the marks of the text and of whom it goes to; None where no page was.
    """
    locked = _complete_draft(minutes, version=version, by=by)
    check = text_checks.found(kind="minutes", object_id=locked.pk, now=now)
    is_pending = check is not None and check.is_pending(now)
    check_looked_at(state=check.state if check else "", is_pending=is_pending, seen=seen)
    _check_as_shown(locked, shown, now=now)
    frozen = _freeze(locked, by=by, now=now)
    replace_circulated(locked, by=by, now=now)
    locked.state = State.CIRCULATED
    if locked.circulated_at is None:
        locked.circulated_at, locked.circulated_by = now, by
    locked.save(update_fields=["state", "circulated_at", "circulated_by"])
    _record(locked, "minutes.circulated", by=by, now=now, note=CHECKED[seen])
    _request_file(frozen, locked, now=now)
    readers = readers_of_draft(locked, now.astimezone(BERLIN).date())
    _check_recipients(locked, readers, now=now)
    return _tell(frozen, "minutes.circulated", readers, now=now)


def _check_as_shown(minutes: Minutes, shown: str | None, *, now: datetime) -> None:
    if shown is not None:
        readers = readers_of_draft(minutes, now.astimezone(BERLIN).date())
        check_as_shown(differing(shown, parts_of_draft(minutes, readers)))


def _freeze(minutes: Minutes, *, by: User, now: datetime) -> MinutesVersion:
    """Keeps the text as it goes out; from here on everything about it names this row."""
    frozen = paper.frozen_now(minutes, circulated_on=now.astimezone(BERLIN).date())
    content = written(frozen)
    return MinutesVersion.objects.create(
        minutes=minutes,
        number=minutes.version,
        content=content,
        sha256=checksum(content),
        numbers=frozen.document.numbers,
        circulated_at=now,
        circulated_by=by,
    )


def _complete_draft(minutes: Minutes, *, version: int, by: User) -> Minutes:
    locked = _locked(minutes)
    check_writable(locked, by=by)
    writing.check_version(shown=version, now=locked.version)
    rules.check_circulate(MinutesState(locked.state), draft_of(text_of(locked)))
    return locked


@transaction.atomic
def take_back(
    *,
    minutes: Minutes,
    version: int,
    reason: str,
    by: User,
    now: datetime,
    withhold: bool = False,
    also: Collection[int] = (),
) -> None:
    """Makes a circulated text a draft again, as the next version; what was circulated and its approvals stay, void.

    Everybody to whom it went is told. `withhold`: nobody reads the old text any more, and the worker erases it at once;
    neither the earlier versions of the numbers `also`, which were taken back before and may say the same.
    Raises Refused without a reason, after the approval, for the partner that does not own the minutes, when `version`
    is not the one that the person saw, and for a hand that was put in past the application.
    """
    locked = _locked(minutes)
    check_hands(by)
    _check_owner(locked, by=by)
    rules.check_reopen(MinutesState(locked.state))
    writing.check_version(shown=version, now=locked.version)
    writing.check_take_back(reason)
    circulated = _going_round(locked).get()  # also one that was put in past the application: it counts no more
    circulated.taken_back_at, circulated.taken_back_by, circulated.reason = now, by, reason
    circulated.is_withheld = withhold
    circulated.save(update_fields=["taken_back_at", "taken_back_by", "reason", "is_withheld"])
    locked.state = State.DRAFT
    locked.version += 1
    locked.save(update_fields=["state", "version"])
    if not withhold:
        keep_as_circulated(locked)
    _record(locked, "minutes.taken_back", by=by, now=now, note=reason)
    _tell_of_end("minutes.taken_back", circulated, now=now)
    if withhold:
        gone = [circulated, *_withhold_earlier(circulated, also, now=now)]
        erasure.ask(REPLACED, [str(version.pk) for version in gone])


def _withhold_earlier(newest: MinutesVersion, numbers: Collection[int], *, now: datetime) -> list[MinutesVersion]:
    """Versions that were taken back before; whoever has one of them is asked to destroy that one, too."""
    rows = MinutesVersion.objects.filter(minutes=newest.minutes_id, number__in=numbers, number__lt=newest.number)
    rows = rows.filter(is_withheld=False)
    earlier = list(rows)
    rows.update(is_withheld=True)
    for version in earlier:
        _tell_of_end("minutes.withheld", version, now=now)
    return earlier


def _tell_of_end(kind: str, version: MinutesVersion, *, now: datetime) -> None:
    """One mail to each mailbox: to whoever approved it, and to whoever it was mailed to and still has an account.

    Who got a letter holds the paper: that must be told by letter, and stands in the record as not yet told.
    """
    told: set[str] = set()
    for approval in MinutesApproval.objects.filter(version=version).select_related("approved_by"):
        by = approval.approved_by
        if by.is_active and by.email and by.email.lower() not in told:
            told.add(by.email.lower())
            to = Addressee(approval.name, approval.function, account=by.pk)
            _tell_one(kind, version, f"user-{by.pk}", by.email, to, {"approved": True}, now=now)
    for row in mailed(version):
        if row.address.lower() not in told:
            told.add(row.address.lower())
            to = Addressee(row.name, row.function, person=row.person, account=row.account)
            _tell_one(kind, version, f"dispatch-{row.pk}", row.address, to, {"dispatch": row.pk}, now=now)
    for row in by_letter(version):
        key = outbox.marked(f"{kind}:{version.pk}:dispatch-{row.pk}")
        sending = _sending(version, Addressee(row.name, row.function, person=row.person, account=row.account))
        dispatch.missed(key=key, kind=kind, sending=sending, reason="erhielt einen Brief", now=now)


def _tell_one(
    kind: str, version: MinutesVersion, key: str, address: str, to: Addressee, context: dict[str, Any], *, now: datetime
) -> None:
    outbox.enqueue(
        kind=kind,
        key=f"{kind}:{version.pk}:{key}",
        to=address,
        context={"version": version.pk} | context,
        now=now,
        sending=_sending(version, to),
    )


@transaction.atomic
def approve(*, minutes: Minutes, partner: int, version: int, by: User, now: datetime) -> bool:
    """Approves the circulated version for one partner; True when it was the last approval that was missing.

    Then the minutes are approved and can never change again, the meeting is closed, the file is made and the
    distribution list is told. Raises Refused for another's partner, a second time, and another version; and where the
    version, an approval of it, a partner, or a role of who approves was put in or changed past the application, or the
    rows of the meeting say something else than the version.
    """
    locked = _locked(minutes)
    check_genuine(by)
    agreement = locked.meeting.body.agreement
    partners = {each.pk: each.short_name for each in Partner.objects.filter(agreement=agreement)}
    given = locked.partners_that_approved()
    names = {partners[pk] for pk in given}
    rules.check_approve(MinutesState(locked.state), partners.get(partner, ""), [*partners.values()], names)
    _check_approver(partner, agreement, by=by)
    writing.check_version(shown=version, now=locked.version)
    approved = _circulated(locked)
    check_as_circulated(locked, approved)
    genuine.check([MinutesApproval.objects.filter(version=approved)])
    MinutesApproval.objects.create(
        version=approved, partner_id=partner, approved_at=now, approved_by=by, **_called(by, locked)
    )
    _record(locked, "minutes.partner_approved", by=by, now=now)
    if not rules.is_approved([*partners.values()], names | {partners[partner]}):
        return False
    _close(locked, approved, by=by, now=now)
    return True


def _called(user: User, minutes: Minutes) -> dict[str, str]:
    """Name and function of whoever approves, as they are now: later names are other names."""
    person = getattr(user, "person", None)
    rows = Attendance.objects.filter(meeting=minutes.meeting_id, person=person) if person else Attendance.objects.none()
    name = user.get_full_name() or (str(person) if person else user.get_username())
    return {"name": name, "function": rows.values_list("function", flat=True).first() or ""}


def _close(minutes: Minutes, approved: MinutesVersion, *, by: User, now: datetime) -> None:
    Meeting.objects.filter(pk=minutes.meeting_id).update(state=Meeting.State.CLOSED)
    minutes.state = State.APPROVED
    minutes.approved_at, minutes.approved_by = now, by
    minutes.save(update_fields=["state", "approved_at", "approved_by"])
    _record(minutes, "minutes.approved", by=by, now=now)
    _request_file(approved, minutes, now=now)
    readers = readers_of_approved(minutes, now.astimezone(BERLIN).date())
    _check_recipients(minutes, readers, now=now)
    _tell(approved, "minutes.approved", readers, now=now)


@transaction.atomic
def request_file(*, version: MinutesVersion, by: User, now: datetime) -> Document:
    """Asks for the PDF of a version once more, after one that could not be made.

    Raises Refused for a version whose text is gone.
    """
    locked = _locked(version.minutes)
    [now_kept] = genuine.rows(MinutesVersion.objects.filter(pk=version.pk))
    rules.check_file(is_readable=now_kept.is_readable, is_withheld=now_kept.is_withheld)
    _record(locked, "minutes.file_requested", by=by, now=now)
    return _request_file(now_kept, locked, now=now)


@transaction.atomic
def send_file(*, minutes: Minutes, keys: frozenset[str], by: User, now: datetime) -> int:
    """Mails the approved PDF to recipients without an account, each one once, after a confirmed choice.

    Raises Forged where it is not approved by what is sealed, and where a seat, who has it, or a person was put in or
    changed past the application.
    """
    locked = _locked(minutes)
    _check_owner(locked, by=by)
    check_founded(locked)
    writing.check_chosen(len(keys))
    listed = readers_of_approved(locked, now.astimezone(BERLIN).date())
    chosen = [recipient for recipient in listed if recipient.by_file and recipient.key in keys]
    _check_recipients(locked, chosen, now=now)
    approved = _circulated(locked)
    sent = sum(
        outbox.enqueue(
            kind="minutes.file",
            key=f"minutes.file:{locked.pk}:{recipient.key}",
            to=recipient.email,
            context={"version": approved.pk},
            now=now,
            sending=_sending(approved, recipient.addressee),
        )
        for recipient in chosen
    )
    _record(locked, "minutes.file_sent", by=by, now=now, note=f"{sent} Empfänger")
    return sent


def _check_recipients(minutes: Minutes, recipients: list[Recipient], *, now: datetime) -> None:
    """The mails go to the addresses of now: raises Forged where somebody put one there past the application."""
    meeting = minutes.meeting
    people = [recipient.addressee.person for recipient in recipients if recipient.addressee.person]
    genuine.check(seated(meeting.body, meeting.meets_on, now.astimezone(BERLIN).date(), beside=people))


def _check_owner(minutes: Minutes, *, by: User) -> None:
    acting = partners_of(by, Permission.MINUTES_CIRCULATE, minutes.meeting.body.agreement)
    writing.check_owner(minutes.owner_id, acting, owner_name=minutes.owner.short_name)


def _check_approver(partner: int, agreement: Agreement, *, by: User) -> None:
    if partner not in partners_of(by, Permission.MINUTES_APPROVE, agreement):
        raise Refused(
            "Sie können nur für Ihren eigenen Partner genehmigen. Es wurde nichts genehmigt. "
            "Für die übrigen Partner genehmigen deren Stellen selbst."
        )


def _locked(minutes: Minutes) -> Minutes:
    rows = Minutes.objects.select_for_update(of=("self",))
    return rows.select_related("meeting__body__agreement", "owner__authority").get(pk=minutes.pk)


def _circulated(minutes: Minutes) -> MinutesVersion:
    """The version that goes round or is approved. Raises Refused where it is not the text that was circulated."""
    [found] = genuine.rows(_going_round(minutes))
    return found


def _going_round(minutes: Minutes) -> QuerySet[MinutesVersion]:
    return MinutesVersion.objects.filter(minutes=minutes, number=minutes.version)


def _request_file(version: MinutesVersion, minutes: Minutes, *, now: datetime) -> Document:
    return documents.request(
        kind="minutes",
        object_id=version.pk,
        version=stage_of(version, minutes),
        filename=paper.filename(version, minutes),
        now=now,
    )


def _tell(version: MinutesVersion, kind: str, recipients: list[Recipient], *, now: datetime) -> int:
    """One mail to each mailbox; the version in the key keeps a second click from telling anybody twice.

    Who cannot be reached by a link is recorded as such; returns how many mails there are.
    """
    for recipient in recipients:
        if not recipient.by_link:
            key = outbox.marked(f"{kind}:{version.minutes_id}:v{version.number}:{recipient.key}")
            sending = _sending(version, recipient.addressee)
            dispatch.missed(key=key, kind=kind, sending=sending, reason=recipient.way.label, now=now)
    return sum(
        outbox.enqueue(
            kind=kind,
            key=f"{kind}:{version.minutes_id}:v{version.number}:{recipient.key}",
            to=recipient.email,
            context={"version": version.pk, "approves": recipient.approves},
            now=now,
            sending=_sending(version, recipient.addressee),
        )
        for recipient in recipients
        if recipient.by_link
    )


def _sending(version: MinutesVersion, to: Addressee) -> Sending:
    return Sending(SentSubject(MINUTES, version.minutes_id, version=str(version.number)), to)


def _record(minutes: Minutes, action: str, *, by: User, now: datetime, note: str = "") -> None:
    audit.record(by=by, action=action, obj=minutes, agreement=minutes.meeting.body.agreement.slug, note=note, now=now)
