"""A machine-readable companion inside a PDF (PDF/A-3, associated file)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PdfAttachment:
    """The same facts as data. `made_at` is the moment of the data, not of the PDF, so equal input stays equal."""

    name: str
    description: str
    content: bytes
    made_at: datetime
