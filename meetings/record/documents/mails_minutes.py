"""Mails about minutes: a link for those who can read here, the file only for those who cannot."""

from django.conf import settings
from django.urls import reverse

from kok import dispatch, queries
from kok.models import OutboxMessage
from kok.outbox import Mail, MailAttachment, NotReady
from meetings.record.models import MinutesVersion
from meetings.record.queries.versions import APPROVED_FILE, version_by_pk, versions_of
from members.documents import about


def circulated(message: OutboxMessage) -> Mail | None:
    """Tells that a version waits for approval; nothing when it was taken back or approved meanwhile."""
    version = version_by_pk(message.context["version"])
    if not version.counts or not version.minutes.goes_round:
        return None
    newest, *earlier = versions_of(version.minutes)
    more = {"before": next(iter(earlier), None), "compared_with": newest.compared_with}
    return _mail("minutes.circulated", version, approves=message.context["approves"], **more)


def ended(message: OutboxMessage) -> Mail | None:
    """Tells whoever approved or got a version that it is reworked, or withheld later; why stands on the page.

    Nothing where the mail with the version did not go out.
    """
    approved = message.context.get("approved", False)
    if not approved and not dispatch.was_sent(message.context["dispatch"]):
        return None
    return _mail(message.kind, version_by_pk(message.context["version"]), approved=approved)


def approved(message: OutboxMessage) -> Mail | None:
    """Tells that the minutes are approved, in which version, by link."""
    return _mail("minutes.approved", version_by_pk(message.context["version"]))


def file(message: OutboxMessage) -> Mail | None:
    """The approved PDF for somebody without an account. Raises NotReady until the worker has made it."""
    version = version_by_pk(message.context["version"])
    document = queries.document_of(kind="minutes", object_id=version.pk, version=APPROVED_FILE)
    if document is None or not document.is_done:
        raise NotReady
    content = queries.document_content(document)
    return _mail("minutes.file", version, MailAttachment(document.filename, content, "application/pdf"))


def _mail(kind: str, version: MinutesVersion, *attachments: MailAttachment, **more: object) -> Mail:
    meeting = version.minutes.meeting
    path = reverse("meetings:minutes", args=[meeting.body.agreement.slug, meeting.body.slug, meeting.pk])
    context: dict[str, object] = {
        "version": version,
        "minutes": version.minutes,
        "meeting": meeting,
        "body": meeting.body,
        "link": settings.KOK_PUBLIC_URL + path,
    } | more
    return about(meeting.body.agreement, kind, context, *attachments)
