"""What a measured worker loads besides (`--include`): each child writes down by its number which task it has done."""

import os
from pathlib import Path
from typing import Any

from celery import signals

from kok.embedded import var_folder

DONE = Path("tasks-done")


@signals.task_postrun.connect
def _write_down(task: Any, **_: Any) -> None:
    with (var_folder() / DONE).open("a") as file:
        file.write(f"{os.getpid()} {task.name}\n")
