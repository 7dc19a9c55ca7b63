"""What a rule says when it refuses. Free of Django, so that rules stay pure."""


class Refused(Exception):
    """A rule says no.

    The sentence is German and complete, because people read it: what happened, that nothing was lost, what to do.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Taken(Exception):
    """A key, or a place in time, that another row has. Names the table and the key, and no value of either."""

    def __init__(self, table: str, key: str) -> None:
        super().__init__(f"{table} ({key})")
        self.table, self.key = table, key


_TAKEN = ("23505", "23P01")  # SQLSTATE


def taken(error: Exception) -> Taken | None:
    """What an error of the database says is taken; None where it says something else."""
    told = error.__cause__
    if getattr(told, "sqlstate", None) not in _TAKEN:
        return None
    return Taken(told.diag.table_name or "", told.diag.constraint_name or "")  # type: ignore[union-attr]


class Forged(Refused):
    """What is stored is not what the application wrote, so nobody gets it (ADR 23)."""
