"""Why a Jahresbericht cannot be put onto the agenda of the next meeting."""

from datetime import date

from kok.errors import first_problem
from kok.words import day


def obstacle(year: int, meets_on: date, *, top: str, comes_late: bool, is_dispatched: bool) -> str:
    """A sentence, "" where nothing stands against it. `top` is where a report of this year stands there already."""
    there = f"Der Jahresbericht {year} steht schon auf der Tagesordnung der Sitzung am {day(meets_on)} (TOP {top})."
    invited = (
        f"Zur Sitzung am {day(meets_on)} ist schon eingeladen. Tragen Sie den Jahresbericht dort als nachgereichten "
        "Punkt ein."
    )
    moved = (
        f"Die Sitzung am {day(meets_on)} ist verlegt; die Nummern ihrer Tagesordnung stehen fest. Tragen Sie den "
        "Jahresbericht dort als neuen Punkt ein."
    )
    return first_problem((top, there), (comes_late, invited), (is_dispatched, moved))
