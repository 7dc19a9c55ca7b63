"""Who was sent what: the list with its filter, and the page on which a letter is noted."""

from dataclasses import dataclass

from kok.models import Dispatch
from kok.step_pages import StepPage
from kok.vocabulary import MAILS
from meetings.convening.pages.meetings import MeetingPage
from meetings.convening.queries.dispatches import CANCELLATION
from meetings.desk.queries.dispatches import SentRows

Result = Dispatch.Result

# Words of the filter, as they stand in the address, and the results they mean; what failed comes first everywhere.
RESULTS: dict[str, Result] = {
    "nicht-zugestellt": Result.FAILED,
    "wartet": Result.WAITING,
    "zugesagt": Result.PROMISED,
    "versandt": Result.SENT,
    "nicht-noetig": Result.OBSOLETE,
}
ORDER = [*RESULTS.values()]


@dataclass(frozen=True)
class DispatchLine:
    """One dispatch as the page shows it. `is_whole`: with address and reason, for those who send."""

    row: Dispatch
    version: str
    result: Result
    is_whole: bool
    can_note: bool
    is_letter: bool  # noted by hand


@dataclass(frozen=True)
class DispatchPage:
    """What was sent, what failed first."""

    lines: list[DispatchLine]
    sees_all: bool
    is_filtered: bool
    results: list[tuple[str, str]]  # those that occur, for the filter, in words


def dispatch_page(found: SentRows, result: str) -> DispatchPage:
    """What went out with this result, a key of RESULTS, or everything."""
    wanted = RESULTS.get(result)
    shown = [row for row in found.rows if wanted in (None, row.result)]
    shown.sort(key=lambda row: (ORDER.index(Result(row.result)), row.begun_at, row.pk))
    occurring = {row.result for row in found.rows}
    return DispatchPage(
        lines=[
            DispatchLine(
                row,
                version_words(row),
                Result(row.result),
                is_whole=found.sees_all,
                can_note=row.pk in found.noteable,
                is_letter=row.way == Dispatch.Way.LETTER,
            )
            for row in shown
        ],
        sees_all=found.sees_all,
        is_filtered=len(shown) < len(found.rows),
        results=[(key, each.label) for key, each in RESULTS.items() if each in occurring],
    )


def version_words(row: Dispatch) -> str:
    """Which version went out; a cancellation has none."""
    return "" if row.kind == CANCELLATION else f"Fassung {row.version}"


BY_HAND = "Den Brief versenden Sie selbst. Hier halten Sie fest, wann das war; der Vermerk bleibt dann, wie er ist."


def letter_step(page: MeetingPage, row: Dispatch) -> StepPage:
    """To whom a letter went, instead of what."""
    to = ", ".join(filter(None, (row.name, row.function)))
    what = ", ".join(filter(None, (MAILS.word(row.kind), version_words(row))))
    return StepPage(
        title=f"Brief vermerken, {page.title}",
        above=page.title,
        heading="Brief vermerken",
        lead=f"{to}: {what}. {BY_HAND}",
        submit="Brief vermerken",
        cancel_url=page.url("dispatches"),
    )
