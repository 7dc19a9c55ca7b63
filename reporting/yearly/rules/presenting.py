"""Why a Jahresbericht cannot be put onto the agenda of the next meeting."""

from datetime import date

from kok.words import day


def obstacle(year: int, meets_on: date, *, top: str, comes_late: bool, is_dispatched: bool) -> str:
    """A sentence, "" where nothing stands against it. `top` is where a report of this year stands there already."""
    told = (
        (
            top,
            f"Der Jahresbericht {year} steht schon auf der Tagesordnung der Sitzung am {day(meets_on)} (TOP {top}).",
        ),
        (
            comes_late,
            (
                f"Zur Sitzung am {day(meets_on)} ist schon eingeladen. Tragen Sie den Jahresbericht dort als "
                "nachgereichten Punkt ein."
            ),
        ),
        (
            is_dispatched,
            (
                f"Die Sitzung am {day(meets_on)} ist verlegt; die Nummern ihrer Tagesordnung stehen fest. "
                "Tragen Sie den Jahresbericht dort als neuen Punkt ein."
            ),
        ),
    )
    return next((sentence for is_so, sentence in told if is_so), "")
