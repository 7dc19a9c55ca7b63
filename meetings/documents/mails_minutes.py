"""Mails about minutes: a link for those who can read here, the file only for those who cannot."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from kok import queries
from kok.models import Document, OutboxMessage
from kok.outbox import Attachment, Mail, NotReady
from meetings.documents.minutes import file_version
from meetings.models import Minutes


def circulated(message: OutboxMessage) -> Mail | None:
    """Tells that a draft waits for approval; nothing when it was taken back or approved meanwhile."""
    minutes = _minutes(message)
    if minutes.state != Minutes.State.CIRCULATED or minutes.version != message.context["version"]:
        return None
    return _mail("minutes.circulated", minutes, approves=message.context["approves"])


def approved(message: OutboxMessage) -> Mail | None:
    """Tells that the minutes are approved, by link."""
    return _mail("minutes.approved", _minutes(message))


def file(message: OutboxMessage) -> Mail | None:
    """The approved PDF for somebody without an account. Raises NotReady until the worker has made it."""
    minutes = _minutes(message)
    document = queries.document_of(kind="minutes", object_id=minutes.pk, version=file_version(minutes))
    if document is None or document.state != Document.State.DONE:
        raise NotReady
    content = queries.document_content(document)
    return _mail("minutes.file", minutes, Attachment(document.filename, content, "application/pdf"))


def _minutes(message: OutboxMessage) -> Minutes:
    return Minutes.objects.select_related("meeting__body__agreement", "owner__authority").get(
        pk=message.context["minutes"]
    )


def _mail(kind: str, minutes: Minutes, *attachments: Attachment, approves: bool = False) -> Mail:
    meeting = minutes.meeting
    path = reverse("meetings:minutes", args=[meeting.body.agreement.slug, meeting.body.slug, meeting.pk])
    context: dict[str, Any] = {
        "minutes": minutes,
        "meeting": meeting,
        "body": meeting.body,
        "approves": approves,
        "link": settings.KOK_PUBLIC_URL + path,
    }
    subject = render_to_string(f"email/{kind}.subject.txt", context).strip()
    return Mail(subject, render_to_string(f"email/{kind}.txt", context), attachments)
