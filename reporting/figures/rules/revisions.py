"""The life of a delivery: read in and checked, remarked upon, submitted, accepted (domain.md 0.3 and 8.2).

Corrections are complete new deliveries; what was submitted stays as it is. Timeliness is that of r0 (scenario 32).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypedDict

from kok import words
from kok.errors import first_problem, refuse
from reporting.figures.rules.codes import RevisionState

MOST_CHARACTERS = 500


class Warned(TypedDict):
    """A warning as it is kept with its revision."""

    row: int
    column: str
    rule: str
    sentence: str


def rules_of(warnings: Iterable[Warned]) -> list[str]:
    """The rules of warnings, each once, in the order of the file."""
    return list(dict.fromkeys(warning["rule"] for warning in warnings))


def open_rules(warnings: Iterable[Warned], remarks: Mapping[str, str]) -> tuple[str, ...]:
    """The rules whose warnings nobody has remarked upon yet."""
    return tuple(rule for rule in rules_of(warnings) if not remarks.get(rule, "").strip())


def check_remark(*, state: str, rule: str, warnings: Iterable[Warned], text: str) -> None:
    """A remark answers a warning of this delivery before it is submitted. Raises Refused."""
    strange = f"Zu {rule} gibt es hier keinen Hinweis. Es wurde nichts geändert. Laden Sie die Seite neu."
    missing = "Die Bemerkung fehlt. Es wurde nichts geändert. Schreiben Sie kurz, wie die Zahl zustande kommt."
    long = f"Die Bemerkung ist länger als {MOST_CHARACTERS} Zeichen. Kürzen Sie sie."
    refuse(
        first_problem(
            _submitted(state, "Es wurde nichts geändert."),
            (rule not in rules_of(warnings), strange),
            (not text.strip(), missing),
            (len(text) > MOST_CHARACTERS, long),
        )
    )


def check_submission(*, state: str, without_remark: Sequence[str], waiting_before: Sequence[int]) -> None:
    """Submitted is once, in the order of the revisions, and with a remark for every warning. Raises Refused."""
    waiting = (
        f"Vorher ist r{min(waiting_before, default=0)} abzugeben. Es wurde nichts abgegeben. Geben Sie die Lieferungen "
        "der Reihe nach ab, oder verwerfen Sie beide und beginnen Sie neu."
    )
    missing = (
        f"Zu {words.enumeration(without_remark)} fehlt noch eine Bemerkung. Es wurde nichts abgegeben. Schreiben Sie "
        "zu jedem Hinweis, wie die Zahl zustande kommt."
    )
    submitted = _submitted(state, "Es wurde nichts noch einmal abgegeben.")
    refuse(first_problem(submitted, (waiting_before, waiting), (without_remark, missing)))


def check_acceptance(*, state: str) -> None:
    """Only what was submitted is accepted, and once. Raises Refused."""
    refuse(NOT_ACCEPTED.get(RevisionState(state)))


NOT_ACCEPTED = {
    RevisionState.ACCEPTED: "Diese Lieferung ist schon angenommen. Es wurde nichts geändert.",
    RevisionState.VALIDATED: (
        "Diese Lieferung ist noch nicht abgegeben. Es wurde nichts geändert. Warten Sie die Abgabe ab."
    ),
}


def check_discard(*, state: str, is_newest: bool) -> None:
    """What nobody has submitted may go again, the newest first, so that numbers have no gaps. Raises Refused."""
    newer = "Dazu gibt es schon eine neuere Lieferung. Es wurde nichts gelöscht. Verwerfen Sie zuerst diese."
    submitted = _submitted(state, "Es wurde nichts gelöscht. Berichtigen Sie mit einer neuen Datei.")
    refuse(first_problem(submitted, (not is_newest, newer)))


def _submitted(state: str, consequence: str) -> tuple[bool, str]:
    told = f"Diese Lieferung ist schon abgegeben und bleibt, wie sie ist. {consequence}"
    return state != RevisionState.VALIDATED, told


def timeliness(submissions: Sequence[tuple[int, date]], due_on: date | None) -> str:
    """How the deliveries stand to their deadline, from (number, day of submission), oldest first.

    The first one decides; a correction is never late. `due_on` is the last effective day, None where no deadline is.
    """
    if not submissions:
        return "Noch nicht abgegeben."
    (first, on), *corrections = submissions
    said = [f"r{first} {_in_time(on, due_on)}abgegeben am {words.day(on)}"]
    said += [f"r{number} berichtigt am {words.day(day)}" for number, day in corrections]
    return f"{', '.join(said)}."


def _in_time(on: date, due_on: date | None) -> str:
    if due_on is None:
        return ""
    return "fristgerecht " if on <= due_on else "nach dem Ende der Frist "
