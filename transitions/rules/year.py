"""Which list a case belongs on: the list of the year Y names who leaves school in the year Y + 1 (2.3, Punkt 8b)."""

from datetime import date

from kok.errors import Refused
from transitions.rules.months import month_words


class WrongYear(Refused):
    """The end of school does not fit the list. `may_be_late`: as a Nachmeldung it would."""

    def __init__(self, sentence: str, *, may_be_late: bool) -> None:
        super().__init__(sentence)
        self.may_be_late = may_be_late


def check_year(expected_end_on: date, list_year: int, is_late: bool) -> None:  # noqa: FBT001  the third fact of a case
    """A normal entry ends in Y + 1; a Nachmeldung in Y + 1, or in Y when it was found late. Raises WrongYear."""
    ends = expected_end_on.year
    if ends == list_year + 1 or (is_late and ends == list_year):
        return
    said = f"Die Schule endet im {month_words(expected_end_on)}. Die Liste {list_year} nennt die Schulabgänge "
    if ends == list_year:
        raise WrongYear(
            f"{said}{list_year + 1}. Als Nachmeldung können Sie den Fall aufnehmen: hier, oder schon jetzt in einer "
            f"neuen Fassung der Liste {list_year - 1}.",
            may_be_late=not is_late,
        )
    if ends < list_year:
        raise WrongYear(
            f"{said}{list_year + 1}. Dieser Fall gehörte auf die Liste {ends - 1}. Prüfen Sie das Jahr.",
            may_be_late=False,
        )
    raise WrongYear(f"{said}{list_year + 1}. Dieser Fall gehört auf die Liste {ends - 1}.", may_be_late=False)


def check_list_year(year: int, today: date, first_year: int) -> None:
    """A list may be begun for last year (late), this year or next year, not before the agreement. Raises Refused."""
    if year < first_year or not today.year - 1 <= year <= today.year + 1:
        raise Refused(
            f"Eine Übergangsliste {year} kann jetzt nicht begonnen werden. Möglich sind die Jahre "
            f"{max(first_year, today.year - 1)} bis {today.year + 1}."
        )
