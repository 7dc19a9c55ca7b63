"""The register of requests of the people concerned. It holds no name: only a Fallzeichen, where there is one."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from operator import attrgetter

from django.db import transaction
from django.db.models import Q

from kok import audit
from kok.access import Permission
from kok.errors import refuse, require
from kok.genuine import check_standing
from kok.seen import MEANT, check_shown
from kok.words import local_day
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
from transitions.rules.codes import FULFILLED, RESTRICTING, ExtensionReason, RequestAnswer, RequestKind
from transitions.rules.subject_requests import check_extension

OLDEST = timedelta(days=366)  # a request of more than a year ago is a slip of the keyboard
OTHER_DETAILS = (
    "Inzwischen hat jemand bei dieser Anfrage etwas anderes eingetragen. Es wurde nichts überschrieben. Vergleichen "
    f"Sie beides. {MEANT}"
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
NOT_YOURS = "Für diesen Partner führen Sie keine Anfragen. Es wurde nichts eingetragen."
ANSWERED_WRONG = "Der Tag der Antwort liegt vor dem Eingang oder in der Zukunft. Prüfen Sie das Datum."
NOT_CORRECTABLE = (
    "Diese Antwort lässt sich nicht berichtigen: Die Anfrage ist offen, schon neu aufgenommen, oder ihre Einschränkung "
    "gilt und ist hier aufzuheben. Es wurde nichts geändert."
)
ALREADY_EXTENDED = "Die Frist ist schon verlängert. Ein zweites Mal geht es nicht. Es wurde nichts geändert."
ALREADY_LIFTED = "Diese Einschränkung ist schon aufgehoben. Es wurde nichts geändert. Öffnen Sie das Register neu."
LIFTED_WRONG = "Der Tag liegt vor der Antwort oder in der Zukunft. Prüfen Sie das Datum."
ALREADY_ANSWERED = "Diese Anfrage ist schon beantwortet. Es wurde nichts geändert. Öffnen Sie das Register neu."
NOT_KNOWN = (
    "Tragen Sie zuerst das Fallzeichen ein und den Tag, an dem die Identität geprüft wurde. Vorher darf niemand "
    "Auskunft erhalten oder Daten ändern lassen."
)
HAS_CASE = "Zu dieser Anfrage gehört ein Fallzeichen. Löschen Sie es, wenn es keine Daten gibt."
CHECKED_WRONG = "Die Identität wurde frühestens am Tag des Eingangs und spätestens heute geprüft."
NO_CASE = "Ein Fall mit diesem Fallzeichen ist für Sie nicht da. Prüfen Sie die Schreibweise."


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
    today = local_day(now)
    Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner.pk)  # whoever clicks twice waits here
    lock_case(case_ref)
    require(partner.pk in by.partners(Permission.CASES_ENTER), NOT_YOURS)
    _refuse_all(
        {
            RECEIVED_WRONG: today - OLDEST <= received_on <= today,
            CHECKED_WRONG: _is_checked_in_time(identity_checked_on, received_on, today),
            NO_CASE: _is_known(case_ref, partner, by),
        }
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
    entered = DataSubjectRequest.objects.filter(**said, answer="", recorded_at__gt=now - AT_ONCE)
    require(not entered.exists(), ENTERED)
    request = DataSubjectRequest.objects.create(**said, recorded_at=now)
    _record(request, "subject_request.registered", by=by, now=now)
    if _restricts(request):
        _tell(request, by=by, now=now)
    return request


@transaction.atomic
def complete_request(
    *,
    request: DataSubjectRequest,
    touched: Mapping[str, object],
    shown: Mapping[str, object],
    by: Access,
    now: datetime,
) -> None:
    """Notes what was found out meanwhile: the Fallzeichen and the day of the identity check, whichever was `touched`.

    `shown`: what stood there for these. Raises Refused, also where somebody else wrote something different meanwhile.
    """
    locked = _open(request, by)
    was_restricting = _restricts(locked)
    for field, value in touched.items():
        require(getattr(locked, field) in (shown[field], value), OTHER_DETAILS)
        setattr(locked, field, value)
    lock_case(locked.case_ref)
    today = local_day(now)
    _refuse_all(
        {
            CHECKED_WRONG: _is_checked_in_time(locked.identity_checked_on, locked.received_on, today),
            NO_CASE: _is_known(locked.case_ref, locked.partner, by),
        }
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
    require(locked.received_on <= answered_on <= local_day(now), ANSWERED_WRONG)
    check_shown(seen, details_mark(locked), OTHER_THAN_READ)
    lock_case(locked.case_ref)
    _check_answer(locked, answer)
    locked.answer, locked.answered_on = answer, answered_on
    locked.save()
    if locked.promises_erasure:
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
    correctable = filter(attrgetter("may_be_corrected"), lines_of(same, now.date()))
    old = require(next(correctable, None), NOT_CORRECTABLE).request
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
    if old.promises_erasure:
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
    require(not locked.extension_months, ALREADY_EXTENDED)
    check_extension(locked.received_on, months, told_on, local_day(now))
    locked.extension_months, locked.extension_reason, locked.extension_told_on = months, reason, told_on
    locked.save()
    _record(locked, "subject_request.extended", by=by, now=now)


@transaction.atomic
def lift_restriction(*, request: DataSubjectRequest, lifted_on: date, by: Access, now: datetime) -> None:
    """Ends a restriction, after the person was told (Art. 18 Abs. 3 DSGVO): the case is used and erased as before.

    Raises Refused.
    """
    locked = require(_locked(request, by), ALREADY_LIFTED)
    require(RequestLine(locked, lifted_on).is_restriction_in_force, ALREADY_LIFTED)
    is_in_time = (locked.answered_on or lifted_on) <= lifted_on <= local_day(now)
    require(is_in_time, LIFTED_WRONG)
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


def _locked(request: DataSubjectRequest, by: Access) -> DataSubjectRequest | None:
    """What another partner answers does not exist for this person."""
    return requests_visible_to(by).select_for_update(of=("self",)).filter(pk=request.pk).first()


def _open(request: DataSubjectRequest, by: Access) -> DataSubjectRequest:
    """The locked row, while it waits for its answer."""
    locked = require(_locked(request, by), ALREADY_ANSWERED)
    require(not locked.answer, ALREADY_ANSWERED)
    check_standing(locked)
    return locked


def _check_answer(request: DataSubjectRequest, answer: RequestAnswer) -> None:
    if answer in FULFILLED:
        require(request.case_ref and request.identity_checked_on, NOT_KNOWN)
    if answer is RequestAnswer.NO_DATA:
        require(not request.case_ref, HAS_CASE)
        require(was_searched_for(request), NOT_SEARCHED)
    check_standing(*TransitionCase.objects.filter(case_ref=request.case_ref))  # how it stands makes an answer true
    refuse(hindrance_of(request, answer))


def _refuse_all(wanted: Mapping[str, bool]) -> None:
    """Raises Refused with the sentences of all that is not as it should be, if there is any."""
    refuse(" ".join(sentence for sentence, is_so in wanted.items() if not is_so))


def _is_checked_in_time(checked_on: date | None, received_on: date, today: date) -> bool:
    return checked_on is None or received_on <= checked_on <= today


def _is_known(case_ref: str, partner: Partner, by: Access) -> bool:
    """Whoever works for two carriers answers for each of them about its own cases only."""
    its_own = Q(transition_list__sender=partner) | Q(transition_list__versions__receipt__recipient=partner)
    return not case_ref or cases_visible_to(by).filter(its_own, case_ref=case_ref).exists()


def _record(request: DataSubjectRequest, action: str, *, by: Access, now: datetime) -> None:
    """Into the trail of the application, not the access log: nothing sealed is seen, and auditors follow the clock."""
    audit.record(by=by.user, action=action, obj=request, agreement=by.agreement.slug, now=now)
