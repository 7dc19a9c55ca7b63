"""The life of a delivery: read in and checked, remarked upon, submitted, accepted (domain.md 0.3 and 8.2).

Corrections are complete new deliveries; what was submitted stays as it is. Timeliness is that of r0 (scenario 32).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from kok import words
from kok.errors import Refused

VALIDATED, SUBMITTED, ACCEPTED = "VALIDATED", "SUBMITTED", "ACCEPTED"
MOST_CHARACTERS = 500


def open_rules(warnings: Iterable[Mapping[str, Any]], remarks: Mapping[str, str]) -> tuple[str, ...]:
    """The rules whose warnings nobody has remarked upon yet, each once, in the order of the file."""
    rules = dict.fromkeys(str(warning["rule"]) for warning in warnings)
    return tuple(rule for rule in rules if not remarks.get(rule, "").strip())


def check_remark(*, state: str, rule: str, warnings: Iterable[Mapping[str, Any]], text: str) -> None:
    """A remark answers a warning of this delivery before it is submitted. Raises Refused."""
    _check_unsubmitted(state, "Es wurde nichts geändert.")
    if rule not in {warning["rule"] for warning in warnings}:
        raise Refused(f"Zu {rule} gibt es hier keinen Hinweis. Es wurde nichts geändert. Laden Sie die Seite neu.")
    if not text.strip():
        raise Refused("Die Bemerkung fehlt. Es wurde nichts geändert. Schreiben Sie kurz, wie die Zahl zustande kommt.")
    if len(text) > MOST_CHARACTERS:
        raise Refused(f"Die Bemerkung ist länger als {MOST_CHARACTERS} Zeichen. Kürzen Sie sie.")


def check_submission(*, state: str, without_remark: Sequence[str], waiting_before: Sequence[int]) -> None:
    """Submitted is once, in the order of the revisions, and with a remark for every warning. Raises Refused."""
    _check_unsubmitted(state, "Es wurde nichts noch einmal abgegeben.")
    if waiting_before:
        raise Refused(
            f"Vorher ist r{min(waiting_before)} abzugeben. Es wurde nichts abgegeben. Geben Sie die Lieferungen der "
            "Reihe nach ab, oder verwerfen Sie beide und beginnen Sie neu."
        )
    if without_remark:
        raise Refused(
            f"Zu {_list(without_remark)} fehlt noch eine Bemerkung. Es wurde nichts abgegeben. Schreiben Sie zu jedem "
            "Hinweis, wie die Zahl zustande kommt."
        )


def check_acceptance(*, state: str) -> None:
    """Only what was submitted is accepted, and once. Raises Refused."""
    if state == ACCEPTED:
        raise Refused("Diese Lieferung ist schon angenommen. Es wurde nichts geändert.")
    if state != SUBMITTED:
        raise Refused("Diese Lieferung ist noch nicht abgegeben. Es wurde nichts geändert. Warten Sie die Abgabe ab.")


def check_discard(*, state: str, is_newest: bool) -> None:
    """What nobody has submitted may go again, the newest first, so that numbers have no gaps. Raises Refused."""
    _check_unsubmitted(state, "Es wurde nichts gelöscht. Berichtigen Sie mit einer neuen Datei.")
    if not is_newest:
        raise Refused("Dazu gibt es schon eine neuere Lieferung. Es wurde nichts gelöscht. Verwerfen Sie zuerst diese.")


def _check_unsubmitted(state: str, consequence: str) -> None:
    if state != VALIDATED:
        raise Refused(f"Diese Lieferung ist schon abgegeben und bleibt, wie sie ist. {consequence}")


def _list(rules: Sequence[str]) -> str:
    return rules[0] if len(rules) == 1 else f"{', '.join(rules[:-1])} und {rules[-1]}"


def timeliness(submissions: Sequence[tuple[int, date]], due_on: date | None) -> str:
    """How the deliveries stand to their deadline, from (number, day of submission), oldest first.

    The first one decides; a correction is never late. `due_on` is the last effective day, None where no deadline is.
    """
    if not submissions:
        return "Noch nicht abgegeben."
    (first, on), *corrections = submissions
    in_time = "" if due_on is None else "fristgerecht " if on <= due_on else "nach dem Ende der Frist "
    said = [f"r{first} {in_time}abgegeben am {words.day(on)}"]
    said += [f"r{number} berichtigt am {words.day(day)}" for number, day in corrections]
    return f"{', '.join(said)}."
