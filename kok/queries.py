"""What the kernel's own pages show: demo mail, failed messages and documents, the audit trail."""

import email
import email.policy
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.message import EmailMessage
from itertools import chain as chained
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, DateTimeField, Exists, Min, OuterRef, Q, QuerySet, When

from kok import chains, clock
from kok.access import ROLES, Lookups, Permission, grants_of, holds, waiting_grants_of
from kok.errors import Forged
from kok.models import AuditEvent, Document, ErasureRun, OutboxMessage, PublicHoliday, User
from kok.vault import KeyLost

NOT_AS_MADE = (
    "Diese Datei ist nicht mehr die, die erstellt wurde: Sie wurde an der Anwendung vorbei geändert und wird deshalb "
    "nicht herausgegeben. Sagen Sie es der Technik; sie lässt die Datenbank sichern und prüfen."
)


@dataclass(frozen=True)
class DemoFile:
    """What was attached to a mail of the demo."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class DemoMail:
    """A mail that the demo wrote into a file instead of sending it."""

    name: str
    to: str
    subject: str
    sent_at: datetime
    body: str
    attachments: tuple[DemoFile, ...]


def demo_mails(limit: int = 50) -> list[DemoMail]:
    """The newest mails of the demo's sink."""
    folder = Path(settings.EMAIL_FILE_PATH)
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
    return list(islice(chained.from_iterable(map(_mails_in, files)), limit))


def _mails_in(path: Path) -> list[DemoMail]:
    """The file backend divides the mails of one connection by a line of dashes."""
    parts = path.read_bytes().split(b"\n" + b"-" * 79 + b"\n")
    return [_read_mail(part, f"{path.stem}-{index}") for index, part in enumerate(parts) if part.strip()][::-1]


def _read_mail(content: bytes, name: str) -> DemoMail:
    message = email.message_from_bytes(content.lstrip(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101  what the default policy promises
    body = message.get_body(("plain",))
    return DemoMail(
        name=name,
        to=str(message["to"]),
        subject=str(message["subject"]),
        sent_at=message["date"].datetime.replace(tzinfo=UTC),  # the file holds UTC as -0000
        body=body.get_content() if body else "",
        attachments=tuple(_read_file(part) for part in message.iter_attachments()),
    )


def _read_file(part: EmailMessage) -> DemoFile:
    content = part.get_payload(decode=True)
    kind = part.get_content_type()
    return DemoFile(part.get_filename() or kind, kind, content if isinstance(content, bytes) else b"")


def demo_file(name: str, position: str) -> DemoFile | None:
    """One attachment of a mail, named by the mail and its place from 1; looked up, never opened by its name."""
    files = {(mail.name, str(place)): file for mail in demo_mails() for place, file in enumerate(mail.attachments, 1)}
    return files.get((name, position))


def failed_messages() -> QuerySet[OutboxMessage]:
    """Messages that nobody received after the last attempt."""
    return _messages().filter(state=OutboxMessage.State.FAILED).order_by("-pk")


def foreign_messages() -> QuerySet[OutboxMessage]:
    """Messages that were put aside instead of sent: somebody wrote or changed them past the application."""
    return _messages().filter(state=OutboxMessage.State.FOREIGN).order_by("-pk")


def undelivered() -> dict[str, int]:
    """How many messages nobody received, by state: given up, or put aside."""
    states = (OutboxMessage.State.FAILED, OutboxMessage.State.FOREIGN)
    rows = OutboxMessage.objects.filter(state__in=states).values_list("state")
    return dict(rows.annotate(number=Count("pk")).order_by())


def _messages() -> QuerySet[OutboxMessage]:
    """Without what only their builders read, which may be of a kind that cannot be read at all."""
    return OutboxMessage.objects.defer("context")


def waiting_messages() -> int:
    """How many messages are queued."""
    return OutboxMessage.objects.filter(state=OutboxMessage.State.QUEUED).count()


def oldest_waiting_message() -> datetime | None:
    """Since when the message waits that waits longest; one that was put back waits since then."""
    oldest: datetime | None = _waiting().aggregate(oldest=Min("since"))["oldest"]
    return oldest


def messages_waiting_since(moment: datetime) -> QuerySet[OutboxMessage]:
    """Messages that have waited at least since this moment, with `since`, the oldest first."""
    return _waiting().filter(since__lte=moment).order_by("since", "pk")


def _waiting() -> QuerySet[Any]:
    since = Case(When(attempts=0, then="next_try_at"), default="created_at", output_field=DateTimeField())
    return _messages().filter(state=OutboxMessage.State.QUEUED).annotate(since=since)


def failed_documents() -> QuerySet[Document]:
    """Documents that could not be made and were not replaced by a later version."""
    later = Document.objects.filter(
        kind=OuterRef("kind"),
        object_id=OuterRef("object_id"),
        version__gt=OuterRef("version"),
        state=Document.State.DONE,
    )
    return Document.objects.filter(~Exists(later), state=Document.State.FAILED).defer("content").order_by("-pk")


def document_of(*, kind: str, object_id: int, version: int) -> Document | None:
    """The progress of a document without its bytes."""
    found = Document.objects.filter(kind=kind, object_id=object_id, version=version)
    return found.defer("content").first()


def documents_of(*, kind: str, object_ids: Iterable[int]) -> QuerySet[Document]:
    """The documents of a kind of several objects, without their bytes."""
    return Document.objects.filter(kind=kind, object_id__in=list(object_ids)).defer("content")


def document_content(document: Document) -> bytes:
    """The finished bytes. Raises Forged where they are not those that were made, and KeyLost."""
    row = Document.objects.get(pk=document.pk)
    content = bytes(row.content or b"")
    if hashlib.sha256(content).hexdigest() != row.sha256 or not Document.sealing.stands(row):
        raise Forged(NOT_AS_MADE)
    return content


def account_names(numbers: Iterable[int | None]) -> dict[int, str]:
    """The names that these accounts have today; an erased account has none."""
    accounts = User.objects.filter(pk__in=set(filter(None, numbers)))
    return {account.pk: account.get_full_name() for account in accounts.only("first_name", "last_name")}


def account_named(name: str) -> int | None:
    """The number of the account that signs in under a name; upper and lower case are one."""
    return User.objects.filter(username__iexact=name.strip()).values_list("pk", flat=True).first()


def accounts_at(address: str) -> list[int]:
    """The numbers of the open accounts with an address; two may share one."""
    found = User.objects.filter(email__iexact=address.strip(), is_active=True).order_by("pk")
    return list(found.values_list("pk", flat=True))


def operators() -> list[User]:
    """Who runs the installation and can be told so by mail: only who took the invitation, so the address is right.

    Whoever has no second factor yet is told as well: the mail only says that something happened.
    """
    return [each for each in _reachable() if holds(each, Permission.JOBS_MANAGE)]


def auditors() -> list[User]:
    """Who may read the access log somewhere and can be told so by mail, as with `operators`."""
    return [each for each in _reachable() if _audits(each)]


def genuine(users: Iterable[User]) -> list[User]:
    """Of these accounts those that stand as they were sealed: the address of another one could be anybody's (ADR 23).

    All of them where nothing can be proved, the key missing or another than all accounts were sealed with: that must
    reach somebody.
    """
    found = list(users)
    try:
        standing = list(filter(User.sealing.stands, found))
        return standing if standing or chains.end_of(User.sealing.chain) else found
    except KeyLost:
        return found


def left_out() -> int:
    """How many operators and auditors are told nothing because somebody changed accounts or roles past the application.

    Who that was, their last seals say: an account that was closed or a role that was taken away by SQL counts too.
    """
    known = {user.pk: user for user in (*operators(), *auditors())}
    told = {user.pk for user in genuine(known.values())}
    return len((known.keys() | _told_by_their_seals()) - told)


def _told_by_their_seals() -> set[int]:
    """The accounts that would be told, had nobody changed them or their roles; none where nothing can be proved."""
    alarmed = {Permission.JOBS_MANAGE, Permission.CASES_LOG}
    roles = [slug for slug, role in ROLES.items() if role.permissions & alarmed]
    try:
        held, had = Lookups.bearers(roles, clock.today())
        doubtful = had | set(map(int, User.sealing.changed(held)))
        seals = filter(None, map(User.sealing.newest, map(str, doubtful)))
        return {int(seal.object_id) for seal in seals if seal.says("is_active", str(True))}
    except KeyLost:
        return set()


def _audits(user: User) -> bool:
    held = (*grants_of(user), *waiting_grants_of(user))
    return any(Permission.CASES_LOG in ROLES[grant.role].permissions for grant in held)


def _reachable() -> list[User]:
    accounts = User.objects.filter(is_active=True).exclude(email="").order_by("pk")
    return [each for each in accounts if each.has_usable_password()]


def erasure_runs() -> QuerySet[ErasureRun]:
    """The runs of the retention rules, the newest first; their reports are numbers."""
    return ErasureRun.objects.order_by("-at", "-pk")


def history_of(objects: Iterable[tuple[str, int]]) -> QuerySet[AuditEvent]:
    """What happened to these objects (label of the model, number), the newest first, without the notes."""
    chosen = Q()
    for kind, number in objects:
        chosen |= Q(object_kind=kind, object_id=str(number))
    return AuditEvent.objects.filter(chosen).defer("note") if chosen else AuditEvent.objects.none()


def extra_holidays() -> frozenset[date]:
    """Holidays declared besides the regular ones."""
    days: Iterable[date] = PublicHoliday.objects.values_list("day", flat=True)
    return frozenset(days)
