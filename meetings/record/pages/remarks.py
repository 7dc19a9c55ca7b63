"""What approvers asked to be changed, as it stands beside the minutes, and the pages on which one asks and answers."""

from collections.abc import Iterable
from dataclasses import dataclass

from kok.step_pages import StepPage
from kok.words import day
from meetings.convening.pages.meetings import MeetingPage
from meetings.record.models import Minutes, MinutesRemark
from meetings.record.rules.codes import RemarkState
from meetings.record.rules.remarks import remark_state


@dataclass(frozen=True)
class RemarkLine:
    """A request with what became of it; `answer_url` only for whoever answers."""

    remark: MinutesRemark
    state: RemarkState
    answer_url: str


def remark_lines(remarks: Iterable[MinutesRemark], page: MeetingPage, *, answers: bool) -> list[RemarkLine]:
    """Each with its state, in their order. `answers`: the person works for the secretariat that owns the minutes."""
    return [_line(remark, page, answers=answers) for remark in remarks]


def _line(remark: MinutesRemark, page: MeetingPage, *, answers: bool) -> RemarkLine:
    state = remark_state(is_answered=remark.is_answered, counts=remark.version.counts)
    can = answers and state == RemarkState.OPEN
    return RemarkLine(remark, state, f"{page.url('minutes')}aenderungswunsch/{remark.pk}/" if can else "")


def asking(page: MeetingPage, minutes: Minutes) -> StepPage:
    """What happens when somebody asks for a change instead of approving."""
    return StepPage(
        above=f"Protokoll {page.meeting.number}, Fassung {minutes.version}",
        heading="Änderung erbitten",
        lead="Ihr Wunsch geht an die Geschäftsführung. Sie antwortet Ihnen oder versendet eine neue Fassung. "
        "Genehmigen können Sie auch danach noch.",
        submit="Änderung erbitten",
        cancel_url=page.url("approve"),
    )


UNCHANGED = (
    "Die Antwort ändert das Protokoll nicht. Soll es geändert werden, holen Sie es zurück und versenden eine neue "
    "Fassung; auch damit ist der Wunsch beantwortet."
)


def answering(page: MeetingPage, remark: MinutesRemark) -> StepPage:
    """The request once more, over the answer."""
    asked = f"{remark.name}, {remark.partner.short_name}, am {day(remark.asked_at)}"
    return StepPage(
        above=f"Protokoll {page.meeting.number}, Fassung {remark.version.number}",
        heading="Änderungswunsch beantworten",
        facts=[("Wer", asked), ("Was geändert werden soll", remark.text)],
        notes=[UNCHANGED],
        submit="Antwort senden",
        cancel_url=page.url("minutes"),
    )
