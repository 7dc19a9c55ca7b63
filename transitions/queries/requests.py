"""The register of requests of the people concerned, for those of one partner: each is controller of its own copy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from kok.access import Permission
from members.models import Partner
from transitions.models import DataSubjectRequest, TransitionCase
from transitions.queries.access import Access
from transitions.rules.subject_requests import ExtensionReason, RequestAnswer, RequestKind, answer_due_on

WARNED_DAYS = 7  # before the last day; a proposal of the rule book's authors, not law


@dataclass(frozen=True)
class RequestLine:
    """One request on a day, with its clock of one month, or more where it was extended (Art. 12 Abs. 3 DSGVO)."""

    request: DataSubjectRequest
    today: date

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
        return ExtensionReason(self.request.extension_reason).label if self.request.extension_reason else ""

    @property
    def is_restriction_in_force(self) -> bool:
        """Whether a restriction was granted and not lifted."""
        granted = self.answer in (RequestAnswer.GRANTED, RequestAnswer.PARTLY)
        return self.kind is RequestKind.RESTRICTION and granted and self.request.lifted_on is None

    @property
    def is_overdue(self) -> bool:
        """Whether the answer is still missing after its last day."""
        return self.answer is None and self.due_on < self.today

    @property
    def is_urgent(self) -> bool:
        """Whether a week or less is left."""
        return self.answer is None and 0 <= (self.due_on - self.today).days <= WARNED_DAYS

    @property
    def was_late(self) -> bool:
        """Whether the answer came after its last day."""
        return self.request.answered_on is not None and self.request.answered_on > self.due_on


@dataclass(frozen=True)
class Register:
    """All requests of the own partners: open ones first, the most urgent on top."""

    lines: tuple[RequestLine, ...]

    @property
    def open_count(self) -> int:
        """How many wait for an answer."""
        return sum(line.answer is None for line in self.lines)

    @property
    def restricted_count(self) -> int:
        """How many restrictions are in force."""
        return sum(line.is_restriction_in_force for line in self.lines)

    @property
    def overdue_count(self) -> int:
        """How many of them are over their month."""
        return sum(line.is_overdue for line in self.lines)


def requests_visible_to(access: Access) -> QuerySet[DataSubjectRequest]:
    """The requests that the own partners answer."""
    partners = access.partners(Permission.CASES_ENTER)
    found = DataSubjectRequest.objects.filter(agreement=access.agreement, partner__in=partners)
    return found.select_related("partner__authority", "recorded_by")


def requests_about(case: TransitionCase, partner: Partner, today: date) -> tuple[RequestLine, ...]:
    """What was asked of one partner about a case, the oldest first."""
    found = DataSubjectRequest.objects.filter(case_ref=case.case_ref, partner=partner).order_by("received_on")
    return tuple(RequestLine(request, today) for request in found)


def register_of(access: Access, today: date) -> Register:
    """The whole register of this person."""
    lines = [RequestLine(request, today) for request in requests_visible_to(access)]
    return Register(tuple(sorted(lines, key=_urgency)))


def _urgency(line: RequestLine) -> tuple[bool, int]:
    day = line.due_on.toordinal()
    return line.answer is not None, -day if line.answer else day


def requests_to_remind(today: date) -> Iterable[RequestLine]:
    """The open requests, of all partners, of which a week or less is left, and the overdue ones."""
    waiting = DataSubjectRequest.objects.filter(answer="").select_related("agreement", "partner__authority")
    lines = [RequestLine(request, today) for request in waiting]
    return [line for line in lines if line.is_urgent or line.is_overdue]


def open_request(pk: str) -> DataSubjectRequest | None:
    """A request that still waits for its answer, for its reminder."""
    return DataSubjectRequest.objects.filter(pk=pk, answer="").select_related("agreement", "partner__authority").first()
