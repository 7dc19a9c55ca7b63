"""Figures come in: a file is checked as a whole, and stored as a revision only when all of it is right (8.2)."""

from reporting.actions.importing.checking import Checked
from reporting.actions.importing.staging import LIMITS
from reporting.actions.importing.storing import FileRefused, check_file, import_file

__all__ = ["LIMITS", "Checked", "FileRefused", "check_file", "import_file"]
