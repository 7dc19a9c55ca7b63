"""Duties in the lines of a list, each with the one page where it is done."""

from collections.abc import Iterable
from dataclasses import dataclass

from kok.addresses import address
from reporting.duties.queries.duties import Duty
from reporting.duties.rules.codes import DutyKind

PAGES = {
    DutyKind.MEETINGS: "meetings:list",
    DutyKind.CHANGE: "meetings:secretariat",
    DutyKind.INVITATION: "meetings:detail",
    DutyKind.MINUTES: "meetings:minutes",
}


@dataclass(frozen=True)
class DutyLine:
    """A duty in a list; `url` is empty for people who may not open its page."""

    duty: Duty
    url: str


def lines_of(duties: Iterable[Duty], agreement: str, *, sees_meetings: bool) -> tuple[DutyLine, ...]:
    """Each duty with its page; all but the yearly ones lead to meetings."""
    return tuple(
        DutyLine(duty, url_of(duty, agreement) if sees_meetings or duty.is_recordable else "") for duty in duties
    )


def url_of(duty: Duty, agreement: str) -> str:
    """The page of the duty itself, or of the meetings of which it talks."""
    if duty.is_recordable:
        return address("reporting:duty", agreement, *map(str, duty.key))
    meeting = (duty.meeting.body.slug, duty.meeting.pk) if duty.meeting else ()
    return address(PAGES[duty.kind], agreement, *meeting)
