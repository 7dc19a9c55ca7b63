"""What a new invitation changes: each part of when and where alone."""

from datetime import date, time
from types import SimpleNamespace
from typing import Any

import pytest

from meetings.convening.rules.changes import changes_of

TOLD = {
    "meets_on": date(2027, 5, 12),
    "starts_at": time(10),
    "ends_at": time(12),
    "place": "Kreishaus",
    "link": "",
}


@pytest.mark.parametrize(
    ("part", "now", "word"),
    [
        ("meets_on", date(2027, 5, 13), "Tag (bisher Mi 12.05.2027)"),
        ("starts_at", time(9), "Uhrzeit"),
        ("ends_at", time(13), "Uhrzeit"),
        ("ends_at", None, "Uhrzeit"),
        ("place", "Rathaus", "Ort"),
        ("link", "https://example.org/", "Link zur Videokonferenz"),
    ],
)
def test_given_an_invitation_when_one_part_alone_is_another_then_it_is_the_change(
    part: str, now: Any, word: str
) -> None:
    assert changes_of(SimpleNamespace(**TOLD), SimpleNamespace(**TOLD | {part: now})) == (word,)


def test_given_an_invitation_when_nothing_is_another_then_there_is_no_change() -> None:
    assert changes_of(SimpleNamespace(**TOLD), SimpleNamespace(**TOLD)) == ()
