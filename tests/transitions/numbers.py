"""Released lists of which only the numbers matter: cases without content, rows made directly."""

from datetime import UTC, datetime
from itertools import count

from members.models import Agreement, Partner
from tests.builders import a_user, the_partner
from transitions.models import TransitionCase, TransitionList, TransitionListVersion, TransmissionReceipt

_number = count(1)
RELEASED_AT = datetime(2027, 4, 26, 8, 0, tzinfo=UTC)
ENDED_AT = datetime(2027, 9, 10, 8, 0, tzinfo=UTC)


def a_list(*, year: int = 2027, sender: Partner | None = None) -> TransitionList:
    """The list of a year, without a version."""
    sender = sender or the_partner(agreement=Agreement.objects.earliest("pk"))
    return TransitionList.objects.get_or_create(agreement=sender.agreement, sender=sender, year=year)[0]


def a_version(found: TransitionList, *, state: str = "DRAFT", **values) -> TransitionListVersion:
    """The next version of a list."""
    return TransitionListVersion.objects.create(
        transition_list=found,
        number=found.versions.count() + 1,
        state=state,
        opened_at=RELEASED_AT,
        changed_at=RELEASED_AT,
        **values,
    )


def a_release(found: TransitionList, *, at: datetime = RELEASED_AT, started: int = 0, involved: int = 0, **values):
    """The next version, released; the receipt counts the cases that are named until now."""
    values.setdefault("state", "RELEASED")
    return TransmissionReceipt.objects.create(
        version=a_version(found, **values),
        number=f"QU-{next(_number)}",
        recipient=the_partner("lwv-hessen", found.agreement),
        released_at=at,
        released_by=a_user(),
        released_name="Erika Beispiel",
        sha256="0" * 64,
        case_count=found.cases.count(),
        late_count=0,
        ba_started_count=started,
        lwv_involved_count=involved,
    )


def cases(found: TransitionList, number: int, *, at: datetime = RELEASED_AT, **values) -> None:
    """So many cases named at a moment, all alike."""
    TransitionCase.objects.bulk_create(
        TransitionCase(
            transition_list=found,
            case_ref=f"UE-{found.year}-{next(_number):05}",
            entered_at=at or RELEASED_AT,
            named_at=at,
            **values,
        )
        for _ in range(number)
    )


def a_counted_list(
    *,
    taken_over: int = 0,
    ended: int = 0,
    still_open: int = 0,
    year: int = 2027,
    at: datetime = RELEASED_AT,
    ended_at: datetime = ENDED_AT,
    started: int = 0,
    involved: int = 0,
) -> TransitionList:
    """A released list with these numbers; half of what ended otherwise was postponed, withdrawn or has an outcome."""
    found = a_list(year=year)
    cases(found, still_open, at=at)
    cases(found, taken_over, at=at, outcome="TAKEN_OVER_BY_LWV", ended_at=ended_at)
    kinds = ({"outcome": "OTHER_CARRIER"}, {"state": "WITHDRAWN", "end_reason": "NOT_ENTITLED"})
    for n in range(ended):
        cases(found, 1, at=at, ended_at=ended_at, **kinds[n % 2])
    a_release(found, at=at, started=started, involved=involved)
    return found
