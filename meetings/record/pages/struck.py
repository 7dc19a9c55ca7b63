"""How it is said that something was struck from a draft meanwhile."""

from kok import words
from meetings.record.queries.struck import strike_of
from meetings.record.rules.codes import OutcomeKind

WHAT = {OutcomeKind.TASK: "Diese Aufgabe", OutcomeKind.RESOLUTION: "Dieser Beschluss"}
KEPT = "Ihre Eingabe steht noch hier. Soll sie gelten, halten Sie sie neu fest."


def struck_words(kind: OutcomeKind, pk: int, agreement: str) -> str | None:
    """Who struck a task or a resolution, as a sentence; None where nobody did."""
    strike = strike_of(kind, pk, agreement)
    if strike is None:
        return None
    return f"{WHAT[kind]} wurde inzwischen gestrichen, am {words.day_at(strike.at)} von {strike.by}."
