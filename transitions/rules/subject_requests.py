"""Requests of the people concerned: what may be asked, and until when it must be answered."""

from calendar import monthrange
from datetime import date

from transitions.rules.case import Code


class RequestKind(Code):
    """What somebody asks for."""

    ACCESS = "ACCESS", "Auskunft (Art. 15 DSGVO, § 83 SGB X)"
    CORRECTION = "CORRECTION", "Berichtigung (Art. 16 DSGVO, § 84 SGB X)"
    ERASURE = "ERASURE", "Löschung (Art. 17 DSGVO, § 84 SGB X)"


class RequestAnswer(Code):
    """How it was answered."""

    GRANTED = "GRANTED", "entsprochen"
    PARTLY = "PARTLY", "teilweise entsprochen"
    REFUSED = "REFUSED", "abgelehnt, mit Gründen"
    NO_DATA = "NO_DATA", "keine Daten vorhanden"


def answer_due_on(received_on: date) -> date:
    """The last day for the answer: one month after receipt (Art. 12 Abs. 3 DSGVO), the end of a shorter month.

    It is not moved to a workday: whoever answers earlier is never late.
    """
    year, month = divmod(received_on.year * 12 + received_on.month, 12)
    return date(year, month + 1, min(received_on.day, monthrange(year, month + 1)[1]))
