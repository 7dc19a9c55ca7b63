"""The pure rules around writing: what looks like a date of birth, and refusals with a sentence."""

from datetime import time

import pytest

from kok.errors import Refused
from meetings.convening.rules.outgoing import birth_date_like, ended
from meetings.record.rules import writing


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Grund: Frist", "Grund: Frist."),
        ("Grund: Es eilt.", "Grund: Es eilt."),
        ("Grund: Wer zahlt? ", "Grund: Wer zahlt?"),
        ("Vermerk: „Liegt vor“", "Vermerk: „Liegt vor“."),
        ("Vermerk: „Liegt vor.“", "Vermerk: „Liegt vor.“"),
    ],
)
def test_given_what_somebody_typed_when_a_sentence_ends_with_it_then_there_is_one_full_stop(text, sentence) -> None:
    assert ended(text) == sentence


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Frau X, geb. 03.04.1987, zieht um.", ["geb. 03.04.1987"]),
        ("geboren am 3.4.87", ["geboren am 3.4.87"]),
        ("Geburtsdatum: 03. 04. 1987", ["Geburtsdatum: 03. 04. 1987"]),
        ("Herr Y (*01.02.2010)", ["*01.02.2010"]),
        ("Jahrgang 1987", ["Jahrgang 1987"]),
        ("Der Antrag vom 12.03.1999 liegt vor.", ["12.03.1999"]),
        ("Stichtag 31.12.2025, nächste Sitzung am 12.05.2027.", []),
        ("Die Vereinbarung gilt seit 01.03.2022.", []),
        ("Punkt 8.1 und Az. 50.1.2-1987", []),
        ("", []),
    ],
)
def test_given_a_text_when_looked_at_then_only_dates_like_a_birth_are_found(text: str, found: list[str]) -> None:
    places = birth_date_like([("TOP 3", text)], year=2026)
    assert [place.found for place in places] == found
    assert all(place.sentence.startswith("TOP 3: ") for place in places)


@pytest.mark.parametrize(
    ("began_at", "ended_at", "refused"),
    [
        (time(10), time(12), False),
        (time(10), None, False),
        (None, time(9), False),
        (time(10), time(10), True),
        (time(10), time(9), True),
    ],
)
def test_given_times_when_checked_then_the_end_is_after_the_beginning(
    began_at: time | None, ended_at: time | None, refused: bool
) -> None:
    if refused:
        with pytest.raises(Refused, match="vor ihrem Beginn"):
            writing.check_times(began_at=began_at, ended_at=ended_at)
    else:
        writing.check_times(began_at=began_at, ended_at=ended_at)


def test_given_another_partner_when_it_writes_then_the_sentence_names_who_may() -> None:
    writing.check_owner(1, {1, 2}, owner_name="Wetteraukreis")
    with pytest.raises(Refused, match="liegen beim Wetteraukreis"):
        writing.check_owner(1, {2}, owner_name="Wetteraukreis")
