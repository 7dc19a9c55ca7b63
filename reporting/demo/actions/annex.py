"""An Anlage 2 that was amended in 2023. Nobody agreed on it: it is invented, and says so wherever it is read."""

from dataclasses import replace
from datetime import date

from members.rules.agreement import AgreementFile

BOARD = "psychosozialer-beirat"
RENAMED_ON = date(2023, 10, 5)
MET_BEFORE_ON = date(2023, 5, 10)  # a meeting that keeps the name of its day
REASON = "Erfunden für die Vorführung: Der Psychosoziale Beirat erhält einen neuen Namen."
NOTE = "Diese Fassung der Anlage ist erfunden und gibt es nur in der Vorführung."


def amended(file: AgreementFile) -> AgreementFile:
    """The shipped file, in which a body of Anlage 2 has another name from a day on."""
    annexes = tuple(
        replace(annex, valid_from=RENAMED_ON, reason=REASON, reading_note=f"{NOTE}\n\n{annex.reading_note}".strip())
        if annex.number == "2"
        else annex
        for annex in file.annexes
    )
    bodies = tuple(
        replace(body, name="Beirat für seelische Gesundheit des Wetteraukreises", short_name="Gesundheitsbeirat")
        if body.slug == BOARD
        else body
        for body in file.bodies
    )
    return replace(file, annexes=annexes, bodies=bodies)
