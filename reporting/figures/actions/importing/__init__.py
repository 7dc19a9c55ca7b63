"""Figures come in: a file is checked as a whole, and stored as a revision only when all of it is right (8.2).

Only the worker and commands import this: the arrays behind it take 25 MiB, which the web process need not carry.
"""

from reporting.figures.actions.importing.checking import Checked
from reporting.figures.actions.importing.storing import FileRefused, check_file, import_file

__all__ = ["Checked", "FileRefused", "check_file", "import_file"]
