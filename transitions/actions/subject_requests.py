"""The register of requests of the people concerned. It holds no name: only a Fallzeichen, where there is one."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from kok import audit, seen
from kok.access import Permission
from kok.clock import BERLIN
from kok.errors import Refused
from kok.genuine import check_standing
from kok.seen import Changed
from members.models import Partner
from transitions.actions import early_erasure
from transitions.actions.locks import lock_case
from transitions.actions.notices import tell_of_restriction
from transitions.models import DataSubjectRequest, TransitionCase
from transitions.queries.access import Access
from transitions.queries.requests import (
    RequestLine,
    details_mark,
    hindrance_of,
    lines_of,
    requests_visible_to,
    was_searched_for,
)
from transitions.queries.restriction import held
from transitions.queries.visibility import cases_visible_to
from transitions.rules.subject_requests import (
    FULFILLED,
    LEAVES_LIST,
    RESTRICTING,
    ExtensionReason,
    RequestAnswer,
    RequestKind,
    check_extension,
)

OLDEST = timedelta(days=366)  # a request of more than a year ago is a slip of the keyboard
OTHER_DETAILS = (
    "Inzwischen hat jemand bei dieser Anfrage etwas anderes eingetragen. Es wurde nichts überschrieben. Vergleichen "
    f"Sie beides. {seen.MEANT}"
)
AT_ONCE = timedelta(seconds=20)  # within which nobody reads two letters that say the same
ENTERED = (
    "Diese Anfrage haben Sie gerade eingetragen. Sie steht im Register der Anfragen. Es wurde keine zweite eingetragen."
)
OTHER_THAN_READ = (
    "Inzwischen hat jemand bei dieser Anfrage Fallzeichen oder Identität anders eingetragen. Die Antwort ist nicht "
    "eingetragen. Lesen Sie, was jetzt hier steht, und tragen Sie sie noch einmal ein."
)
NOT_SEARCHED = (
    "Zu dieser Anfrage hat noch niemand die Person gesucht. Suchen Sie sie zuerst mit genauem Namen und Geburtsdatum. "
    "Vorher lässt sich „keine Daten vorhanden“ nicht eintragen. Es wurde nichts eingetragen."
)
RECEIVED_WRONG = "Der Eingang liegt in der Zukunft oder mehr als ein Jahr zurück. Prüfen Sie das Datum."


@transaction.atomic
def register_request(
    *,
    partner: Partner,
    kind: RequestKind,
    case_ref: str,
    received_on: date,
    identity_checked_on: date | None,
    by: Access,
    now: datetime,
) -> DataSubjectRequest:
    """Starts the clock of one month for a request that came by letter, telephone or in person.

    `case_ref` is empty while nobody is found. Raises Refused, also where the same is entered twice at once.
    """
    today = now.astimezone(BERLIN).date()
    Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner.pk)  # whoever clicks twice waits here
    lock_case(case_ref)
    if partner.pk not in by.partners(Permission.CASES_ENTER):
        raise Refused("Für diesen Partner führen Sie keine Anfragen. Es wurde nichts eingetragen.")
    _refuse(
        "" if today - OLDEST <= received_on <= today else RECEIVED_WRONG,
        _about_identity(identity_checked_on, received_on, today),
        _about_case(case_ref, partner, by),
    )
    said = {
        "agreement": by.agreement,
        "partner": partner,
        "kind": kind,
        "case_ref": case_ref,
        "received_on": received_on,
        "identity_checked_on": identity_checked_on,
        "recorded_by": by.user,
    }
    if DataSubjectRequest.objects.filter(**said, answer="", recorded_at__gt=now - AT_ONCE).exists():
        raise Refused(ENTERED)
    request = DataSubjectRequest.objects.create(**said, recorded_at=now)
    _record(request, "subject_request.registered", by=by, now=now)
    if _restricts(request):
        _tell(request, by=by, now=now)
    return request


@transaction.atomic
def complete_request(
    *, request: DataSubjectRequest, touched: Mapping[str, Any], shown: Mapping[str, Any], by: Access, now: datetime
) -> None:
    """Notes what was found out meanwhile: the Fallzeichen and the day of the identity check, whichever was `touched`.

    `shown`: what stood there for these. Raises Refused, also where somebody else wrote something different meanwhile.
    """
    locked = _open(request, by)
    was_restricting = _restricts(locked)
    for field, value in touched.items():
        if getattr(locked, field) not in (shown[field], value):
            raise Refused(OTHER_DETAILS)
        setattr(locked, field, value)
    lock_case(locked.case_ref)
    _refuse(
        _about_identity(locked.identity_checked_on, locked.received_on, now.astimezone(BERLIN).date()),
        _about_case(locked.case_ref, locked.partner, by),
    )
    locked.save()
    _record(locked, "subject_request.completed", by=by, now=now)
    if _restricts(locked) != was_restricting:
        _tell(locked, by=by, now=now)


@transaction.atomic
def answer_request(
    *,
    request: DataSubjectRequest,
    answer: RequestAnswer,
    answered_on: date,
    seen: str | None = None,
    by: Access,
    now: datetime,
) -> None:
    """Stops the clock. What hands out or changes data needs a Fallzeichen and a checked identity.

    `seen` is the mark of the details that were read, without a page None. "Entsprochen" is said of what is done, "keine
    Daten vorhanden" once the person was looked for. Raises Refused.
    """
    locked = _open(request, by)
    if not locked.received_on <= answered_on <= now.astimezone(BERLIN).date():
        raise Refused("Der Tag der Antwort liegt vor dem Eingang oder in der Zukunft. Prüfen Sie das Datum.")
    if seen is not None and seen != details_mark(locked):
        raise Changed(OTHER_THAN_READ, details_mark(locked))
    lock_case(locked.case_ref)
    _check_answer(locked, answer)
    locked.answer, locked.answered_on = answer, answered_on
    locked.save()
    if locked.kind in LEAVES_LIST and answer is RequestAnswer.GRANTED:
        early_erasure.bring_forward(locked, by=by, now=now)
    _record(locked, "subject_request.answered", by=by, now=now)
    if locked.kind in RESTRICTING:
        _tell(locked, by=by, now=now)


@transaction.atomic
def correct_answer(*, request: DataSubjectRequest, by: Access, now: datetime) -> DataSubjectRequest:
    """Takes a request up anew whose answer was wrong: a new line, open, under the clock of the old one, which stays.

    What the wrong answer brought about and can be undone is undone. Raises Refused.
    """
    same = requests_visible_to(by).filter(pk=request.pk)
    list(same.select_for_update(of=("self",)))  # before it is asked whether somebody took it up anew
    found = lines_of(same, now.date())
    if not found or not found[0].may_be_corrected:
        raise Refused(
            "Diese Antwort lässt sich nicht berichtigen: Die Anfrage ist offen, schon neu aufgenommen, oder ihre "
            "Einschränkung gilt und ist hier aufzuheben. Es wurde nichts geändert."
        )
    old = found[0].request
    check_standing(old)
    anew = DataSubjectRequest.objects.create(
        agreement=old.agreement,
        partner=old.partner,
        kind=old.kind,
        case_ref=old.case_ref,
        received_on=old.received_on,
        identity_checked_on=old.identity_checked_on,
        extension_months=old.extension_months,
        extension_reason=old.extension_reason,
        extension_told_on=old.extension_told_on,
        corrects=old.pk,
        recorded_at=now,
        recorded_by=by.user,
    )
    if old.kind in LEAVES_LIST and old.answer == RequestAnswer.GRANTED:
        early_erasure.take_back(old, by=by, now=now)
    _record(anew, "subject_request.reopened", by=by, now=now)
    if _restricts(anew):
        _tell(anew, by=by, now=now)
    return anew


@transaction.atomic
def extend_request(
    *, request: DataSubjectRequest, months: int, reason: ExtensionReason, told_on: date, by: Access, now: datetime
) -> None:
    """Extends the month once, after the person was told of it and why (Art. 12 Abs. 3 DSGVO). Raises Refused."""
    locked = _open(request, by)
    if locked.extension_months:
        raise Refused("Die Frist ist schon verlängert. Ein zweites Mal geht es nicht. Es wurde nichts geändert.")
    check_extension(locked.received_on, months, told_on, now.astimezone(BERLIN).date())
    locked.extension_months, locked.extension_reason, locked.extension_told_on = months, reason, told_on
    locked.save()
    _record(locked, "subject_request.extended", by=by, now=now)


@transaction.atomic
def lift_restriction(*, request: DataSubjectRequest, lifted_on: date, by: Access, now: datetime) -> None:
    """Ends a restriction, after the person was told (Art. 18 Abs. 3 DSGVO): the case is used and erased as before.

    Raises Refused.
    """
    locked = requests_visible_to(by).select_for_update(of=("self",)).filter(pk=request.pk).first()
    if locked is None or not RequestLine(locked, lifted_on).is_restriction_in_force:
        raise Refused(
            "Diese Einschränkung ist schon aufgehoben. Es wurde nichts geändert. Öffnen Sie das Register neu."
        )
    if not (locked.answered_on or lifted_on) <= lifted_on <= now.astimezone(BERLIN).date():
        raise Refused("Der Tag liegt vor der Antwort oder in der Zukunft. Prüfen Sie das Datum.")
    check_standing(locked)
    locked.lifted_on = lifted_on
    locked.save()
    _record(locked, "subject_request.lifted", by=by, now=now)
    _tell(locked, by=by, now=now)


def _restricts(request: DataSubjectRequest) -> bool:
    return held().by.filter(pk=request.pk).exists()


def _tell(request: DataSubjectRequest, *, by: Access, now: datetime) -> None:
    """Art. 19 DSGVO: who received the case from this partner learns that something changed, and sees what inside."""
    case = TransitionCase.objects.filter(case_ref=request.case_ref, transition_list__sender=request.partner).first()
    if case is not None:
        tell_of_restriction(case=case, by=by, now=now)


def _open(request: DataSubjectRequest, by: Access) -> DataSubjectRequest:
    """The locked row. What another partner answers does not exist for this person."""
    locked = requests_visible_to(by).select_for_update(of=("self",)).filter(pk=request.pk).first()
    if locked is None or locked.answer:
        raise Refused("Diese Anfrage ist schon beantwortet. Es wurde nichts geändert. Öffnen Sie das Register neu.")
    check_standing(locked)
    return locked


def _check_answer(request: DataSubjectRequest, answer: RequestAnswer) -> None:
    if answer in FULFILLED and not (request.case_ref and request.identity_checked_on):
        raise Refused(
            "Tragen Sie zuerst das Fallzeichen ein und den Tag, an dem die Identität geprüft wurde. "
            "Vorher darf niemand Auskunft erhalten oder Daten ändern lassen."
        )
    if answer is RequestAnswer.NO_DATA and request.case_ref:
        raise Refused("Zu dieser Anfrage gehört ein Fallzeichen. Löschen Sie es, wenn es keine Daten gibt.")
    if answer is RequestAnswer.NO_DATA and not was_searched_for(request):
        raise Refused(NOT_SEARCHED)
    check_standing(*TransitionCase.objects.filter(case_ref=request.case_ref))  # how it stands makes an answer true
    if sentence := hindrance_of(request, answer):
        raise Refused(sentence)


def _refuse(*problems: str) -> None:
    """Raises Refused with all sentences at once, if there are any."""
    if told := " ".join(filter(None, problems)):
        raise Refused(told)


def _about_identity(checked_on: date | None, received_on: date, today: date) -> str:
    is_right = checked_on is None or received_on <= checked_on <= today
    return "" if is_right else "Die Identität wurde frühestens am Tag des Eingangs und spätestens heute geprüft."


def _about_case(case_ref: str, partner: Partner, by: Access) -> str:
    """Whoever works for two carriers answers for each of them about its own cases only."""
    its_own = Q(transition_list__sender=partner) | Q(transition_list__versions__receipt__recipient=partner)
    is_there = not case_ref or cases_visible_to(by).filter(its_own, case_ref=case_ref).exists()
    return "" if is_there else "Ein Fall mit diesem Fallzeichen ist für Sie nicht da. Prüfen Sie die Schreibweise."


def _record(request: DataSubjectRequest, action: str, *, by: Access, now: datetime) -> None:
    """Into the trail of the application, not the access log: nothing sealed is seen, and auditors follow the clock."""
    audit.record(by=by.user, action=action, obj=request, agreement=by.agreement.slug, now=now)
