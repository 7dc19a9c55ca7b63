"""What may be written down as the fulfilment of a duty, besides its day (fulfilment.py); and taking it back."""

import re
from datetime import date, timedelta

from kok.errors import first_problem
from kok.words import day
from members.rules.codes import Channel
from reporting.duties.rules.occurrences import Occurrence

SHA256 = re.compile(r"[0-9a-f]{64}")
ONE_YEAR = timedelta(days=366)


def check_period(occurrence: Occurrence, submitted_on: date, in_force_on: date) -> str | None:
    """A day before the agreement, or more than a year before the deadline, is a slip or means another year.

    The year is a reading of this module; the agreement only says "bis".
    """
    earliest = max(in_force_on, occurrence.nominal_due_on - ONE_YEAR)
    if submitted_on < earliest:
        return (
            f"Der {day(submitted_on)} liegt zu weit vor der Frist am {day(occurrence.nominal_due_on)}. Es "
            "wurde nichts eingetragen. Prüfen Sie den Tag, oder wählen Sie die Frist des richtigen Jahres."
        )
    return None


def check_channel(channel: str, prescribed: str) -> str | None:
    """8c and 8d go through the statewide exchange and no other way (finding 2); 8b never does."""
    is_statewide, is_prescribed = channel == Channel.STATEWIDE, prescribed == Channel.STATEWIDE
    if is_statewide == is_prescribed:
        return None
    return ONLY_STATEWIDE if is_prescribed else NEVER_STATEWIDE


ONLY_STATEWIDE = (
    "Diese Zahl geht nur im landesweiten Datenaustausch ein, nicht gesondert. Es wurde nichts eingetragen. "
    "Wählen Sie den Datenaustausch als Weg."
)
NEVER_STATEWIDE = (
    "Diese Mitteilung gehört nicht in den landesweiten Datenaustausch. Es wurde nichts eingetragen. "
    "Wählen Sie einen anderen Weg."
)


def check_sha256(text: str) -> str | None:
    """A SHA-256 of a file, or nothing."""
    if text and not SHA256.fullmatch(text):
        return (
            "Das ist keine Prüfsumme nach SHA-256: Sie hat 64 Zeichen aus 0 bis 9 und a bis f. Es wurde nichts "
            "eingetragen. Kopieren Sie die Prüfsumme noch einmal, oder lassen Sie das Feld leer."
        )
    return None


def check_withdrawal(reason: str, *, is_withdrawn: bool) -> str | None:
    """An entry is taken back once, with a reason, and stays readable."""
    problem = first_problem((is_withdrawn, WITHDRAWN), (not reason.strip(), WITHOUT_REASON))
    return problem or None


WITHDRAWN = (
    "Diese Eintragung ist schon zurückgenommen. Es wurde nichts geändert. Laden Sie die Seite neu, um den "
    "heutigen Stand zu sehen."
)
WITHOUT_REASON = "Der Grund fehlt. Es wurde nichts geändert. Schreiben Sie kurz, warum die Eintragung falsch ist."
