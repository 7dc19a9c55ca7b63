"""How the check of a file stands, step by step."""

from kok.words import number
from reporting.figures.models import ImportJob
from reporting.figures.rules.codes import RUNNING, ImportState


def steps_of(job: ImportJob) -> list[dict[str, str]]:
    """The way of a file, as the component for steps wants it."""
    states = ["done"] * job.steps_done + ["current"] + ["todo"] * len(RUNNING)
    rows = {ImportState.READING: f"{number(job.rows_read)} Zeilen" if job.rows_read else ""}
    return [
        {"label": each.label, "state": state, "note": rows.get(each, ""), "url": ""}
        for each, state in zip(RUNNING, states, strict=False)
    ]
