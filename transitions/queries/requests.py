"""The register of requests of the people concerned, for those of one partner: each is controller of its own copy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from operator import attrgetter
from uuid import UUID

from django.db.models import F, QuerySet

from kok import seen
from kok.access import Permission
from kok.clock import BERLIN
from kok.codes import Code
from kok.genuine import tampered
from members.models import Partner
from members.rules.codes import PartnerKind
from transitions.models import AccessLogEntry, CaseEntry, CaseEvent, DataSubjectRequest, TransitionCase
from transitions.queries import history
from transitions.queries.access import Access
from transitions.queries.log_check import is_said
from transitions.queries.retention import erased_if_granted, erased_on
from transitions.rules.codes import (
    FULFILLED,
    LEAVES_LIST,
    CaseState,
    EventKind,
    LogAction,
    RequestAnswer,
    RequestKind,
    RequestStanding,
)
from transitions.rules.subject_requests import CaseStanding, answer_due_on, not_done

WARNED_DAYS = 7  # before the last day; a proposal of the rule book's authors, not law


@dataclass(frozen=True)
class RequestLine:
    """One request on a day, with its clock of one month, or more where it was extended (Art. 12 Abs. 3 DSGVO).

    `corrected_by`: the newer line that corrects its answer.
    """

    request: DataSubjectRequest
    today: date
    corrected_by: UUID | None = None

    @property
    def kind(self) -> RequestKind:
        """What is asked for."""
        return RequestKind(self.request.kind)

    @property
    def title(self) -> str:
        """ "Auskunft", without the paragraphs."""
        return self.kind.label.split(" (")[0]

    @property
    def answer(self) -> RequestAnswer | None:
        """How it was answered; None while it is open."""
        return RequestAnswer(self.request.answer) if self.request.answer else None

    @property
    def due_on(self) -> date:
        """The last day for the answer."""
        return answer_due_on(self.request.received_on, self.request.extension_months)

    @property
    def last_extension_on(self) -> date:
        """The day until which the person must be told of an extension: the end of the first month."""
        return answer_due_on(self.request.received_on)

    @property
    def may_be_extended(self) -> bool:
        """Whether the month can still be extended: once, while it runs, and while nothing is answered."""
        is_running = self.today <= self.last_extension_on
        return self.answer is None and is_running and not self.request.extension_months

    @property
    def extension_reason(self) -> str:
        """Why the month was extended, in words."""
        return self.request.get_extension_reason_display()

    @property
    def is_restriction_in_force(self) -> bool:
        """Whether a restriction was granted and not lifted."""
        is_granted = self.answer in FULFILLED and self.corrected_by is None
        return self.kind is RequestKind.RESTRICTION and is_granted and self.request.lifted_on is None

    @property
    def may_be_corrected(self) -> bool:
        """Whether a wrong answer can be taken up anew; a restriction in force is lifted instead (Art. 18 Abs. 3)."""
        return self.answer is not None and self.corrected_by is None and not self.is_restriction_in_force

    @property
    def is_overdue(self) -> bool:
        """Whether the answer is still missing after its last day."""
        return self.answer is None and self.due_on < self.today

    @property
    def standing(self) -> Code:
        """How it stands: the answer, where that is what counts."""
        told: tuple[tuple[object, Code | None], ...] = (
            (self.is_restriction_in_force, RequestStanding.RESTRICTED),
            (self.corrected_by, RequestStanding.CORRECTED),
            (self.answer, self.answer),
            (self.is_overdue, RequestStanding.OVERDUE),
            (self.is_urgent, RequestStanding.URGENT),
        )
        return next((code for is_so, code in told if is_so and code), RequestStanding.OPEN)

    @property
    def is_urgent(self) -> bool:
        """Whether a week or less is left."""
        return self.answer is None and 0 <= (self.due_on - self.today).days <= WARNED_DAYS

    @property
    def was_late(self) -> bool:
        """Whether the answer that counts came after its last day."""
        return self.standing is self.answer and (self.request.answered_on or self.due_on) > self.due_on


@dataclass(frozen=True)
class Register:
    """All requests of the own partners: open ones first, the most urgent on top."""

    lines: tuple[RequestLine, ...]

    @property
    def open_count(self) -> int:
        """How many wait for an answer."""
        return list(map(attrgetter("answer"), self.lines)).count(None)

    @property
    def restricted_count(self) -> int:
        """How many restrictions are in force."""
        return sum(map(attrgetter("is_restriction_in_force"), self.lines))

    @property
    def overdue_count(self) -> int:
        """How many of them are over their month."""
        return sum(map(attrgetter("is_overdue"), self.lines))


def requests_visible_to(access: Access) -> QuerySet[DataSubjectRequest]:
    """The requests that the own partners answer."""
    partners = access.partners(Permission.CASES_ENTER)
    found = DataSubjectRequest.objects.filter(agreement=access.agreement, partner__in=partners)
    return found.select_related("partner__authority", "recorded_by")


def requests_about(case: TransitionCase, partner: Partner, today: date) -> tuple[RequestLine, ...]:
    """What was asked of one partner about a case, the oldest first.

    Also the wrong answers that were taken up anew, whatever Fallzeichen they had, or none.
    """
    asked = DataSubjectRequest.objects.filter(partner=partner)
    about = set(asked.filter(case_ref=case.case_ref).values_list("pk", flat=True))
    corrects = {pk: old for pk, old in asked.values_list("pk", "corrects") if old}
    while earlier := {corrects[pk] for pk in about if pk in corrects} - about:
        about |= earlier
    found = asked.filter(pk__in=about)
    return tuple(lines_of(found.order_by("received_on", "recorded_at"), today))


def register_of(access: Access, today: date) -> Register:
    """The whole register of this person."""
    return Register(tuple(sorted(lines_of(requests_visible_to(access), today), key=_urgency)))


def asks_for_access(access: Access, case: TransitionCase) -> DataSubjectRequest | None:
    """The oldest open request for access to a case at the own side, of a person whose identity was checked.

    Without one no Auskunft is made: it holds everything about a person, for whoever asks for it (Art. 15 DSGVO). One
    that was put in or changed past the application is none (ADR 23).
    """
    found = requests_visible_to(access).filter(case_ref=case.case_ref, kind=RequestKind.ACCESS, answer="")
    asked = found.filter(identity_checked_on__isnull=False).order_by("received_on", "recorded_at")
    changed = tampered(*asked)
    return next((request for request in asked if request not in changed), None)


def access_owed(case_refs: Iterable[str]) -> list[str]:
    """Of these Fallzeichen those about which either side owes an Auskunft to somebody whose identity was checked."""
    asked = DataSubjectRequest.objects.filter(kind=RequestKind.ACCESS, answer="", identity_checked_on__isnull=False)
    found = list(asked.filter(case_ref__in=list(case_refs)))
    changed = tampered(*found)
    return sorted({request.case_ref for request in found if request not in changed})


def lines_of(requests: QuerySet[DataSubjectRequest], today: date) -> list[RequestLine]:
    """These requests on a day, each with the line that corrects it; in two queries."""
    corrections = dict(DataSubjectRequest.objects.filter(corrects__isnull=False).values_list("corrects", "pk"))
    return [RequestLine(request, today, corrections.get(request.pk)) for request in requests]


def standing_of(request: DataSubjectRequest) -> CaseStanding:
    """What has become of the case that a request is about. Opens nothing that is sealed. Raises KeyLost."""
    case = TransitionCase.objects.filter(case_ref=request.case_ref).first()
    is_handed_out = _is_handed_out(request)
    if case is None:  # removed before anybody was told of it
        return CaseStanding(is_handed_out=is_handed_out, is_there=False, is_off_list=True, is_corrected=False)
    since = datetime.combine(request.received_on, time(), BERLIN)
    is_corrected = _is_corrected(case, since) if case.named_at else _is_typed_anew(case, since)
    is_going = case.state == CaseState.WITHDRAWN or case.erase_on is not None or case.erased_at is not None
    is_ended = not CaseState(case.state).is_on_list and not _is_of_receiver(request)
    is_there = CaseEntry.objects.filter(case=case).told().exists()
    return CaseStanding(
        is_handed_out=is_handed_out,
        is_there=is_there,
        is_off_list=is_going or is_ended,
        is_corrected=is_corrected,
    )


def _is_handed_out(request: DataSubjectRequest) -> bool:
    """Whether a sealed line of the access log has a file for it, or for the line whose wrong answer it corrects."""
    lines = AccessLogEntry.objects.filter(case_ref=request.case_ref, action=LogAction.EXPORT)
    of_both = list(map(str, filter(None, (request.pk, request.corrects))))
    return is_said(lines.filter(request__in=of_both))


def was_searched_for(request: DataSubjectRequest) -> bool:
    """Whether a sealed line of the access log says that the person was looked for because of it. Raises KeyLost."""
    return is_said(AccessLogEntry.objects.filter(action=LogAction.SEARCH, request=str(request.pk)))


@dataclass(frozen=True)
class ErasureByAnswer:
    """What the answer "entsprochen" does to the day of erasure of a case that left its list.

    `would_be_on`: the day that it would bring forward; `will_be_on`: that on which the data go since it was given,
    which goes with the answer where it `may_be_stopped`. `runs_until`: the day on which the data of a withdrawn case go
    whatever is answered, or was answered instead.
    """

    would_be_on: date | None
    will_be_on: date | None
    may_be_stopped: bool
    runs_until: date | None


def erasure_by(line: RequestLine, case: TransitionCase) -> ErasureByAnswer | None:
    """For the page of the request, before and after its answer; None for who asks for something else."""
    if line.kind not in LEAVES_LIST:
        return None
    is_withdrawn = case.state == CaseState.WITHDRAWN
    is_promised = line.answer is RequestAnswer.GRANTED and line.corrected_by is None and not case.erased_at
    return ErasureByAnswer(
        would_be_on=None if line.answer else erased_if_granted(case),
        will_be_on=case.erase_on if is_promised else None,
        may_be_stopped=not is_withdrawn,
        runs_until=erased_on(case, knows_drafts=False)
        if is_withdrawn and not is_promised and not case.erased_at
        else None,
    )


def _is_corrected(case: TransitionCase, since: datetime) -> bool:
    """Whether a version that was released since then corrects a named case: a sealed line of the access log says so."""
    events = history.proven(CaseEvent.objects.filter(case=case, kind=EventKind.CORRECTED, at__gte=since))
    lines = AccessLogEntry.objects.filter(action=LogAction.RELEASE)
    return any(is_said(lines.filter(at=event.at, version=str(event.version_id))) for event in events)


def _is_typed_anew(case: TransitionCase, since: datetime) -> bool:
    """Whether somebody changed a case that was never named in its draft since then, by such a line."""
    entries = CaseEntry.objects.filter(case=case, changed_at__gte=since, changed_at__gt=F("case__entered_at"))
    lines = AccessLogEntry.objects.filter(action=LogAction.DRAFT, case_ref=case.case_ref)
    return any(is_said(lines.filter(at=at)) for at in entries.values_list("changed_at", flat=True))


def details_mark(request: DataSubjectRequest) -> str:
    """The mark of which case a request is about and whether the identity was checked, for whoever answers it."""
    return seen.mark(request.case_ref, request.identity_checked_on)


def hindrance_of(request: DataSubjectRequest, answer: RequestAnswer) -> str:
    """Why an answer would be untrue; empty when it may be given. Raises KeyLost."""
    if not request.case_ref:
        return ""
    kind = RequestKind(request.kind)
    return not_done(kind, answer, standing_of(request), is_receiver=_is_of_receiver(request))


def _is_of_receiver(request: DataSubjectRequest) -> bool:
    return request.partner.authority.kind == PartnerKind.LWV


def _urgency(line: RequestLine) -> tuple[bool, int]:
    day = line.due_on.toordinal()
    return line.answer is not None, -day if line.answer else day


def requests_to_remind(today: date) -> Iterable[RequestLine]:
    """The open requests, of all partners, of which a week or less is left, and the overdue ones."""
    return [line for line in open_requests(today) if line.is_urgent or line.is_overdue]


def open_requests(today: date) -> list[RequestLine]:
    """The requests, of all partners, that wait for their answer."""
    waiting = DataSubjectRequest.objects.filter(answer="").select_related("agreement", "partner__authority")
    return [RequestLine(request, today) for request in waiting]


def open_request(pk: str) -> DataSubjectRequest | None:
    """A request that still waits for its answer, for its reminder."""
    return DataSubjectRequest.objects.filter(pk=pk, answer="").select_related("agreement", "partner__authority").first()
