"""The mails of the sealed area: something waits, and where. No name, no number of cases, no Fallzeichen."""

from collections.abc import Callable

from django.conf import settings
from django.urls import reverse

from kok import clock
from kok.mails import MailText
from kok.models import OutboxMessage
from kok.outbox import Mail
from members.documents import about
from members.queries import holders_of, user_ids
from transitions.models import CaseQuestion, TransitionListVersion
from transitions.queries.questions import waiting
from transitions.queries.release import crossed_by_outcome
from transitions.rules.acts import AREA, NEWS
from transitions.rules.codes import VersionState

Question = Callable[[TransitionListVersion], bool]
WORKS, RECEIVES, RELEASES = (
    f"Sie erhalten diese Nachricht, weil Sie {what}."
    for what in ("an dieser Übergangsliste arbeiten", "Übergangslisten entgegennehmen", "Übergangslisten freigeben")
)


def _news(said: str, why: str) -> MailText:
    return MailText(NEWS, said, "{link}", AREA, why)


NOTICES = {
    "cases.submitted": _news(
        "ein Entwurf der Übergangsliste {year} wartet auf Ihre Freigabe. Sie sehen ihn im geschützten Bereich:",
        RELEASES,
    ),
    "cases.released": _news(
        "Ihnen ist {released} Bitte bestätigen Sie im geschützten Bereich den Empfang:",
        RECEIVES,
    ),
    "cases.acknowledged": _news(
        "der Empfang der Übergangsliste {year} ist bestätigt. Sie sehen die Bestätigung im geschützten Bereich:",
        WORKS,
    ),
    "cases.changed": _news(
        "zur Übergangsliste {year} gibt es Neues. Sie sehen es im geschützten Bereich:",
        WORKS,
    ),
    "cases.asked": _news(
        "zur Übergangsliste {year} gibt es eine Rückfrage. Bitte beantworten Sie sie im geschützten Bereich:",
        WORKS,
    ),
    "cases.answered": _news(
        "eine Rückfrage zur Übergangsliste {year} ist beantwortet. Sie sehen die Antwort im geschützten Bereich:",
        RECEIVES,
    ),
    "cases.returned": _news(
        "ein Entwurf der Übergangsliste {year} ist zurück in der Bearbeitung. Warum, sehen Sie im geschützten Bereich:",
        WORKS,
    ),
    "cases.recalled": _news(
        "ein Entwurf der Übergangsliste {year} wartet nicht mehr auf Ihre Freigabe. Die Fallbearbeitung hat ihn "
        "zurückgeholt. Sie sehen ihn im geschützten Bereich:",
        RELEASES,
    ),
    "cases.crossed": _news(
        "zur Übergangsliste {year} ist ein Ergebnis eingetragen, zu dem ein Entwurf nicht mehr passt: Er lässt sich so "
        "nicht freigeben. Welche Fälle es sind, sehen Sie im geschützten Bereich:",
        WORKS,
    ),
    "cases.sent": _news(
        "die Übergangsliste {year}{which} ist freigegeben und übermittelt. Sie brauchen nichts zu tun. Die Quittung "
        "sehen Sie im geschützten Bereich:",
        WORKS,
    ),
}
FIRST = {"which": "", "released": "die Übergangsliste {year} übermittelt worden."}
LATER = {
    "which": ", Fassung {number},",
    "released": "eine neue Fassung der Übergangsliste {year} übermittelt worden: Fassung {number}. Sie ersetzt die "
    "vorige.",
}


def _asks(version: TransitionListVersion) -> bool:
    """Whether a question about a case of its list still waits for an answer."""
    return waiting(CaseQuestion.objects.filter(case__transition_list=version.transition_list_id)).exists()


def _in_draft(is_so: Question) -> Question:
    return lambda version: version.is_draft and is_so(version)


_STAYS: Question = lambda version: True  # noqa: E731  what was said once stays true
# Each mail, with whether it is still true when it goes out.
_STILL_TRUE: dict[str, Question] = {
    "cases.submitted": _in_draft(lambda draft: draft.submitted_at is not None),
    "cases.released": lambda version: version.state == VersionState.RELEASED,
    "cases.acknowledged": _STAYS,
    "cases.changed": _STAYS,
    "cases.asked": _asks,
    "cases.answered": _STAYS,
    "cases.returned": _in_draft(lambda draft: draft.returned_at is not None),
    "cases.recalled": _in_draft(lambda draft: draft.submitted_at is None),
    "cases.crossed": _in_draft(lambda draft: bool(crossed_by_outcome(draft))),
    "cases.sent": _STAYS,
}
KINDS = tuple(_STILL_TRUE)


def build(message: OutboxMessage) -> Mail | None:
    """The mail, or None when it is over: the draft was taken back, or the person has the role no more."""
    versions = TransitionListVersion.objects.select_related(
        "transition_list__agreement", "transition_list__sender__authority"
    )
    version = versions.filter(pk=message.context["version"]).first()
    if version is None or not _STILL_TRUE[message.kind](version):
        return None
    agreement = version.transition_list.agreement
    readers = holders_of(message.context["roles"], agreement.partners.all(), clock.today())
    if message.context["user"] not in user_ids(readers):
        return None
    link = settings.KOK_PUBLIC_URL + reverse("transitions:enter", args=[agreement.slug])
    return about(agreement, message.kind, {"link": link, **_values(version)})


def _values(version: TransitionListVersion) -> dict[str, object]:
    values = {"year": version.transition_list.year, "number": version.number}
    words = FIRST if version.number == 1 else LATER
    return values | {name: text.format_map(values) for name, text in words.items()}
