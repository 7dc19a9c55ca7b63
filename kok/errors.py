"""What a rule says when it refuses. Free of Django, so that rules stay pure.

A rule returns the sentence or None; an action refuses with it, or requires what has to be so.
"""

from typing import TypeVar

Required = TypeVar("Required")


class Refused(Exception):
    """A rule says no.

    The sentence is German and complete, because people read it: what happened, that nothing was lost, what to do.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def refuse(problem: str | None) -> None:
    """Raises Refused where a rule says what is wrong; None and "" are no problem."""
    if problem:
        raise Refused(problem)


def require(wanted: Required | None, sentence: str) -> Required:
    """What has to be there or to be so, given back as it is. Raises Refused where it is not: None, False, empty."""
    if not wanted:
        raise Refused(sentence)
    return wanted


def first_problem(*checks: tuple[object, str]) -> str:
    """Of these pairs of what may be so and a sentence that says it, the sentence of the first that is; "" of none."""
    return next((sentence for is_so, sentence in checks if is_so), "")


class Taken(Exception):
    """A key, or a place in time, that another row has. Names the table and the key, and no value of either."""

    def __init__(self, table: str, key: str) -> None:
        super().__init__(f"{table} ({key})")
        self.table, self.key = table, key


_TAKEN = ("23505", "23P01")  # SQLSTATE


def taken(error: Exception) -> Taken | None:
    """What an error of the database says is taken; None where it says something else."""
    told = getattr(error.__cause__, "diag", None)
    if told is None or told.sqlstate not in _TAKEN:
        return None
    return Taken(told.table_name or "", told.constraint_name or "")


class Forged(Refused):
    """What is stored is not what the application wrote, so nobody gets it (ADR 23)."""
