"""Who was sent what about a meeting and its minutes (ADR 28), as the page shows it."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from kok import dispatch
from kok.access import Permission, can
from kok.models import Dispatch, User
from meetings.convening.models import Meeting
from meetings.convening.queries.dispatches import CANCELLATION, MEETING, with_letters
from meetings.record.models import MinutesVersion
from meetings.record.queries.mailed import APPROVED, CIRCULATED, FILE, MINUTES
from members.models import Agreement

Result = Dispatch.Result
Way = Dispatch.Way
UNREACHED = (Result.FAILED, Result.PROMISED)  # a letter may stand in

# Words of the filter, as they stand in the address, and the results they mean; what failed comes first everywhere.
RESULTS: dict[str, Result] = {
    "nicht-zugestellt": Result.FAILED,
    "wartet": Result.WAITING,
    "zugesagt": Result.PROMISED,
    "versandt": Result.SENT,
    "nicht-noetig": Result.OBSOLETE,
}
TONES = {Result.FAILED: "danger", Result.WAITING: "info", Result.SENT: "success"}
ORDER = {result: place for place, result in enumerate(RESULTS.values())}


@dataclass(frozen=True)
class DispatchLine:
    """One dispatch as the page shows it; address and reason only for those who send.

    A letter stands in the place of what did not reach whoever got it. `can_note`: one can be noted.
    """

    row: Dispatch
    version: str
    address: str
    reason: str
    can_note: bool

    @property
    def is_letter(self) -> bool:
        """Whether it was noted by hand."""
        return self.row.way == Way.LETTER

    @property
    def tone(self) -> str:
        """How the badge with the result looks."""
        return TONES.get(Result(self.row.result), "neutral")


@dataclass(frozen=True)
class DispatchPage:
    """What was sent, what failed first. `sees_all`: this person sends here; others see what they got themselves."""

    lines: tuple[DispatchLine, ...]
    sees_all: bool
    is_filtered: bool
    results: tuple[tuple[str, str], ...]  # those that occur, for the filter, in words


def dispatch_page(
    user: User, agreement: Agreement, meeting: Meeting, *, version: int | None = None, result: str = ""
) -> DispatchPage:
    """What went out about a meeting and its minutes, or about one `version` of the minutes.

    `result` is a key of RESULTS.
    """
    sees_all = can(user, Permission.MEETING_INVITE, agreement)
    rows = _with_letters(_visible_to(user, _about(meeting, version), sees_all=sees_all))
    shown = [row for row in rows if result not in RESULTS or row.result == RESULTS[result]]
    shown.sort(key=lambda row: (ORDER[Result(row.result)], row.begun_at, row.pk))
    occurring = {row.result for row in rows}
    taken_back = _taken_back(meeting) if sees_all else set()
    return DispatchPage(
        lines=tuple(_line(row, taken_back, sees_all=sees_all) for row in shown),
        sees_all=sees_all,
        is_filtered=len(shown) < len(rows),
        results=tuple((key, str(found.label)) for key, found in RESULTS.items() if found in occurring),
    )


def _about(meeting: Meeting, version: int | None) -> QuerySet[Dispatch]:
    minutes = getattr(meeting, "minutes", None)
    of_minutes = [(MINUTES, minutes.pk)] if minutes else []
    if version is not None:
        return dispatch.about(*of_minutes).filter(version=str(version))
    return dispatch.about((MEETING, meeting.pk), *of_minutes)


def _visible_to(user: User, rows: QuerySet[Dispatch], *, sees_all: bool) -> QuerySet[Dispatch]:
    if sees_all:
        return rows
    person = getattr(user, "person", None)
    return rows.filter(Q(account=user.pk) | Q(person=person.pk) if person else Q(account=user.pk))


def _with_letters(rows: QuerySet[Dispatch]) -> list[Dispatch]:
    """Each letter instead of what it stands in for; and nobody has no account for the file who got the file."""
    by_file = {(row.version, row.person) for row in rows if row.kind == FILE}
    return with_letters(
        row
        for row in rows
        if not (row.way == Way.NONE and row.kind == APPROVED and (row.version, row.person) in by_file)
    )


def unreached(meeting: Meeting, pk: int) -> Dispatch | None:
    """What did not reach somebody, of this meeting or its minutes, so that a letter can be noted."""
    row = _about(meeting, None).filter(pk=pk).exclude(way=Way.LETTER).first()
    return row if row and row.result in UNREACHED and not _is_void(row, _taken_back(meeting)) else None


def _taken_back(meeting: Meeting) -> set[str]:
    versions = MinutesVersion.objects.filter(minutes__meeting=meeting, taken_back_at__isnull=False)
    return {str(number) for number in versions.values_list("number", flat=True)}


def _is_void(row: Dispatch, taken_back: set[str]) -> bool:
    """Whether it is about a text that nobody is asked to approve any more: no letter carries it after."""
    return row.kind == CIRCULATED and row.version in taken_back


def version_words(row: Dispatch) -> str:
    """Which version went out; a cancellation has none."""
    return "" if row.kind == CANCELLATION else f"Fassung {row.version}"


def _line(row: Dispatch, taken_back: set[str], *, sees_all: bool) -> DispatchLine:
    address, reason = (row.address, row.reason) if sees_all else ("", "")
    can_note = sees_all and row.result in UNREACHED and not _is_void(row, taken_back)
    return DispatchLine(row, version_words(row), address, reason, can_note=can_note)
