"""Who is told of a version of minutes, by which mail; and what is kept of whom no mail reaches (ADR 28)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from kok import dispatch, genuine, outbox
from kok.clock import BERLIN
from kok.dispatch import Addressee, Sending, SentSubject
from kok.models import Dispatch, User
from meetings.record.models import Minutes, MinutesApproval, MinutesRemark, MinutesVersion
from meetings.record.queries.distribution import Recipient
from meetings.record.queries.mailed import FILE, MINUTES, REMARK_ANSWERED, REMARKED, by_letter, mailed
from members.queries.foundation import seated


def check_recipients(minutes: Minutes, recipients: Iterable[Recipient], *, now: datetime) -> None:
    """The mails go to the addresses of now: raises Forged where somebody put one there past the application."""
    meeting = minutes.meeting
    people = [recipient.addressee.person for recipient in recipients if recipient.addressee.person]
    genuine.check(seated(meeting.body, meeting.meets_on, now.astimezone(BERLIN).date(), beside=people))


def tell(version: MinutesVersion, kind: str, recipients: Iterable[Recipient], *, now: datetime) -> int:
    """One mail to each mailbox; the version in the key keeps a second click from telling anybody twice.

    Who cannot be reached by a link is recorded as such; returns how many mails there are.
    """
    return sum(_told(version, kind, recipient, now) for recipient in recipients)


def _told(version: MinutesVersion, kind: str, recipient: Recipient, now: datetime) -> bool:
    key = f"{kind}:{version.minutes_id}:v{version.number}:{recipient.key}"
    if recipient.by_link:
        more = {"approves": recipient.approves}
        return _mail(version, kind, key, recipient.email, recipient.addressee, more, now=now)
    sending = _sending(version, recipient.addressee)
    dispatch.missed(key=outbox.marked(key), kind=kind, sending=sending, reason=recipient.way.label, now=now)
    return False


def send_files(version: MinutesVersion, recipients: Iterable[Recipient], *, now: datetime) -> int:
    """The PDF, to each once; returns how many mails there are."""
    return sum(
        _mail(version, FILE, f"{FILE}:{version.minutes_id}:{reader.key}", reader.email, reader.addressee, {}, now=now)
        for reader in recipients
    )


def tell_remark(remark: MinutesRemark, writers: Iterable[User], *, now: datetime) -> None:
    """Tells those who wrote the minutes that somebody asks for a change; what, stands on the page."""
    for user in writers:
        to = Addressee(user.get_full_name() or user.get_username(), "Geschäftsstelle", account=user.pk)
        key = f"{REMARKED}:{remark.pk}:user-{user.pk}"
        _mail(remark.version, REMARKED, key, user.email, to, {"remark": remark.pk}, now=now)


def tell_answer(remark: MinutesRemark, *, now: datetime) -> None:
    """Tells whoever asked that there is an answer, as long as the account is open."""
    by = remark.asked_by
    if by.is_active and by.email:
        to = Addressee(remark.name, remark.function, account=by.pk)
        key = f"{REMARK_ANSWERED}:{remark.pk}:user-{by.pk}"
        _mail(remark.version, REMARK_ANSWERED, key, by.email, to, {"remark": remark.pk}, now=now)


class _Holder(NamedTuple):
    """Somebody who approved a version or has it, and how the mail knows him."""

    key: str
    address: str
    to: Addressee
    context: Mapping[str, object]


def tell_of_end(kind: str, version: MinutesVersion, *, now: datetime) -> None:
    """One mail to each mailbox: to whoever approved it, and to whoever it was mailed to and still has an account.

    Who got a letter holds the paper: that must be told by letter, and stands in the record as not yet told.
    """
    mailboxes: dict[str, _Holder] = {}
    for holder in _holders(version):
        mailboxes.setdefault(holder.address.lower(), holder)
    for key, address, to, context in mailboxes.values():
        _mail(version, kind, f"{kind}:{version.pk}:{key}", address, to, context, now=now)
    for row in by_letter(version):
        key = outbox.marked(f"{kind}:{version.pk}:dispatch-{row.pk}")
        sending = _sending(version, _addressee(row))
        dispatch.missed(key=key, kind=kind, sending=sending, reason="erhielt einen Brief", now=now)


def _holders(version: MinutesVersion) -> Iterator[_Holder]:
    given = MinutesApproval.objects.filter(version=version, approved_by__is_active=True)
    for approval in given.exclude(approved_by__email="").select_related("approved_by"):
        by = approval.approved_by
        to = Addressee(approval.name, approval.function, account=by.pk)
        yield _Holder(f"user-{by.pk}", by.email, to, {"approved": True})
    for row in mailed(version):
        yield _Holder(f"dispatch-{row.pk}", row.address, _addressee(row), {"dispatch": row.pk})


def _addressee(row: Dispatch) -> Addressee:
    return Addressee(row.name, row.function, person=row.person, account=row.account)


def _mail(
    version: MinutesVersion,
    kind: str,
    key: str,
    address: str,
    to: Addressee,
    context: Mapping[str, object],
    *,
    now: datetime,
) -> bool:
    told = {"version": version.pk, **context}
    return outbox.enqueue(kind=kind, key=key, to=address, context=told, now=now, sending=_sending(version, to))


def _sending(version: MinutesVersion, to: Addressee) -> Sending:
    return Sending(SentSubject(MINUTES, version.minutes_id, version=str(version.number)), to)
