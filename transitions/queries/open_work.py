"""What waits in the sealed area for a person, as years and days: for pages outside, which learn no more."""

from datetime import date

from django.db.models import QuerySet

from kok.access import Permission, partners_of
from kok.models import User
from kok.words import local_day
from members.models import Agreement
from transitions.models import CaseQuestion, PendingImport, TransitionListVersion
from transitions.queries.outcomes import without_outcomes
from transitions.queries.questions import promised, waiting
from transitions.queries.requests import open_requests
from transitions.rules.codes import VersionState
from transitions.rules.retention import import_kept_until


def drafts_to_release(user: User, agreement: Agreement) -> list[int]:
    """The years of the lists that were submitted and that this person may release: not the own ones (four eyes)."""
    found = TransitionListVersion.objects.filter(
        transition_list__agreement=agreement,
        transition_list__sender__in=partners_of(user, Permission.CASES_RELEASE, agreement),
        state=VersionState.DRAFT,
        submitted_at__isnull=False,
    ).exclude(authors__contains=[user.pk])
    return _years(found.exclude(submitted_by=user))


def drafts_given_back(user: User, agreement: Agreement) -> list[int]:
    """The years of the drafts that the second person gave back to this person's case unit."""
    mine = partners_of(user, Permission.CASES_DRAFT, agreement)
    found = TransitionListVersion.objects.filter(transition_list__sender__in=mine, state=VersionState.DRAFT)
    return _years(found.filter(returned_at__isnull=False))


def rows_to_decide(user: User, agreement: Agreement) -> list[tuple[int, date]]:
    """Where rows of a file wait beside a draft of the own case unit: the year of the list, the last day before they go.

    A draft that lies before the second person has none: they are decided before it is submitted.
    """
    mine = partners_of(user, Permission.CASES_DRAFT, agreement)
    waiting = PendingImport.objects.filter(version__transition_list__sender__in=mine)
    found = waiting.order_by("uploaded_at").values_list("version__transition_list__year", "uploaded_at")
    return [(year, import_kept_until(local_day(at))) for year, at in found]


def versions_promised(user: User, agreement: Agreement) -> list[int]:
    """The years of the lists of which an answer promised the other unit a new version that is not released yet."""
    mine = partners_of(user, Permission.CASES_DRAFT, agreement)
    open_ones = promised(CaseQuestion.objects.filter(case__transition_list__sender__in=mine))
    return sorted(set(open_ones.values_list("case__transition_list__year", flat=True)))


def lists_to_acknowledge(user: User, agreement: Agreement) -> list[int]:
    """The years of the lists whose newest version waits for this receiving unit."""
    return _years(
        TransitionListVersion.objects.filter(
            transition_list__agreement=agreement,
            receipt__recipient__in=partners_of(user, Permission.CASES_RECEIVE, agreement),
            state=VersionState.RELEASED,
            receipt__acknowledgement__isnull=True,
        )
    )


def outcomes_to_record(user: User, agreement: Agreement, today: date) -> list[int]:
    """The years of the lists of this receiving unit on which outcomes are missing that should be there."""
    mine = partners_of(user, Permission.CASES_RECEIVE, agreement)
    missing = without_outcomes(today) if mine else []
    return sorted(version.transition_list.year for version in missing if version.receipt.recipient_id in mine)


def requests_to_answer(user: User, agreement: Agreement, today: date) -> list[date]:
    """The last days for the requests of people concerned that the own partners have not answered.

    From the first day on, unlike the reminders: what is demanded takes a version, its release and its erasure.
    """
    mine = partners_of(user, Permission.CASES_ENTER, agreement)
    return sorted(line.due_on for line in open_requests(today) if line.request.partner_id in mine) if mine else []


def questions_to_answer(user: User, agreement: Agreement) -> list[int]:
    """The year of the list of each question that the other unit asked and that this person may answer."""
    mine = partners_of(user, Permission.CASES_DRAFT, agreement)
    asked = waiting(CaseQuestion.objects.filter(case__transition_list__sender__in=mine))
    return sorted(asked.values_list("case__transition_list__year", flat=True))


def _years(versions: QuerySet[TransitionListVersion]) -> list[int]:
    return list(versions.order_by("transition_list__year").values_list("transition_list__year", flat=True))
