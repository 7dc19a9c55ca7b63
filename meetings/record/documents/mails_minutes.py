"""Mails about minutes: a link for those who can read here, the file only for those who cannot."""

from django.conf import settings
from django.urls import reverse

from kok import dispatch, queries
from kok.mails import MailText
from kok.models import OutboxMessage
from kok.outbox import Mail, MailAttachment, NotReady
from kok.words import day
from meetings.record.models import MinutesVersion
from meetings.record.queries.remarks import remark_by_pk
from meetings.record.queries.versions import APPROVED_FILE, version_by_pk, versions_of
from members.documents import about

ABOUT = "{meeting.body_short_name} {body.agreement.region}"
SIGN_IN = "Sie melden sich dort mit Ihrem Konto an."
DESTROY = "Wenn Sie sie als PDF gespeichert oder gedruckt haben, vernichten Sie das bitte."
NOTICES = {
    "minutes.approved": MailText(
        f"{ABOUT}: Protokoll vom {{day}} ist genehmigt",
        "das Protokoll der Sitzung {meeting.number} vom {day} ist genehmigt, in der Fassung {version.number}. Sie "
        "können es hier lesen und als PDF herunterladen:",
        "{link}",
        SIGN_IN,
        "Sie erhalten diese Nachricht, weil Sie diesem Gremium angehören, an der Sitzung teilgenommen haben oder für "
        "einen Partner Protokolle genehmigen.",
    ),
    "minutes.file": MailText(
        f"{ABOUT}: Protokoll vom {{day}}",
        "im Anhang steht das genehmigte Protokoll der Sitzung {meeting.number} vom {day} in der Fassung "
        "{version.number}.",
        "Sie erhalten das Protokoll als Datei, weil Sie dem Gremium angehören oder an der Sitzung teilgenommen haben "
        "und kein Konto in der Anwendung haben. Versandt hat es die Geschäftsstelle: {minutes.owner.name}.",
    ),
    "minutes.taken_back": MailText(
        f"{ABOUT}: Protokoll vom {{day}} wird überarbeitet",
        "die Geschäftsstelle überarbeitet das Protokoll der Sitzung {meeting.number} vom {day}. Die Fassung "
        "{version.number} ist zurückgeholt.{withheld}{void} Sobald die neue Fassung versandt ist, erhalten Sie eine "
        "Nachricht.",
        "Warum es überarbeitet wird, lesen Sie hier:",
        "{link}",
        SIGN_IN,
        "Sie erhalten diese Nachricht, weil {why}.",
    ),
    "minutes.withheld": MailText(
        f"{ABOUT}: Fassung {{version.number}} des Protokolls vom {{day}} ist gesperrt",
        "vom Protokoll der Sitzung {meeting.number} vom {day} ist die Fassung {version.number} schon seit {ended} "
        f"zurückgeholt. Jetzt ist sie auch gesperrt: Niemand darf sie mehr lesen. {DESTROY}",
        "Wie es mit dem Protokoll weitergeht, lesen Sie hier:",
        "{link}",
        SIGN_IN,
        "Sie erhalten diese Nachricht, weil {why}.",
    ),
    "minutes.remarked": MailText(
        f"{ABOUT}: Änderungswunsch zum Protokoll vom {{day}}",
        "zur Fassung {version.number} des Protokolls der Sitzung {meeting.number} vom {day} bittet ein Partner um eine "
        "Änderung. Bitte lesen Sie den Wunsch beim Protokoll, und antworten Sie dort. Oder holen Sie das Protokoll "
        "zurück, und versenden Sie eine neue Fassung:",
        "{link}",
        SIGN_IN,
        "Sie erhalten diese Nachricht, weil Ihre Geschäftsstelle dieses Protokoll führt.",
    ),
    "minutes.remark_answered": MailText(
        f"{ABOUT}: Antwort zum Protokoll vom {{day}}",
        "die Geschäftsstelle hat Ihren Änderungswunsch zum Protokoll der Sitzung {meeting.number} vom {day} "
        "beantwortet. Bitte lesen Sie die Antwort, und genehmigen Sie das Protokoll, wenn nichts mehr offen ist:",
        "{link}",
        SIGN_IN,
        "Sie erhalten diese Nachricht, weil Sie um die Änderung gebeten haben.",
    ),
}
# By whether somebody approved the version that is over, and by whether nobody may read it any more.
VOID = {True: " Sie hatten sie genehmigt; diese Genehmigung gilt nicht mehr.", False: ""}
WHY = {
    True: "Sie die Fassung {} für einen Partner genehmigt hatten",
    False: "Ihnen die Fassung {} zugesandt wurde",
}
WITHHELD = {True: f" Sie ist gesperrt: Niemand darf sie mehr lesen. {DESTROY}", False: ""}


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
    version = version_by_pk(message.context["version"])
    return _mail(message.kind, version, **_over(version, approved=approved))


def _over(version: MinutesVersion, *, approved: bool) -> dict[str, object]:
    """What is said of a version that counts no more to whoever approved it, or got it."""
    return {
        "void": VOID[approved],
        "why": WHY[approved].format(version.number),
        "withheld": WITHHELD[version.is_withheld],
        "ended": day(version.taken_back_at),
    }


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


def remarked(message: OutboxMessage) -> Mail | None:
    """Tells that an approver asks for a change; nothing once it is answered or the version was taken back."""
    remark = remark_by_pk(message.context["remark"])
    if remark.is_answered or not remark.version.counts:
        return None
    return _mail("minutes.remarked", version_by_pk(remark.version_id))


def remark_answered(message: OutboxMessage) -> Mail | None:
    """Tells whoever asked for a change that there is an answer; nothing once a new version is written."""
    version = version_by_pk(message.context["version"])
    return _mail("minutes.remark_answered", version) if version.counts else None


def _mail(kind: str, version: MinutesVersion, *attachments: MailAttachment, **more: object) -> Mail:
    meeting = version.minutes.meeting
    path = reverse("meetings:minutes", args=[meeting.body.agreement.slug, meeting.body.slug, meeting.pk])
    context: dict[str, object] = {
        "version": version,
        "minutes": version.minutes,
        "meeting": meeting,
        "body": meeting.body,
        "day": day(meeting.meets_on),
        "link": settings.KOK_PUBLIC_URL + path,
    } | more
    return about(meeting.body.agreement, kind, context, *attachments)
