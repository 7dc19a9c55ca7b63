"""Requests of the people concerned: what may be asked, and until when it must be answered."""

from datetime import date

from kok.errors import Refused
from kok.workdays import months_later
from transitions.rules.case import Code


class RequestKind(Code):
    """What somebody asks for."""

    ACCESS = "ACCESS", "Auskunft (Art. 15 DSGVO, § 83 SGB X)"
    CORRECTION = "CORRECTION", "Berichtigung (Art. 16 DSGVO, § 84 SGB X)"
    ERASURE = "ERASURE", "Löschung (Art. 17 DSGVO, § 84 SGB X)"
    RESTRICTION = "RESTRICTION", "Einschränkung der Verarbeitung (Art. 18 DSGVO, § 84 SGB X)"
    OBJECTION = "OBJECTION", "Widerspruch (Art. 21 DSGVO, § 84 Abs. 5 SGB X)"


class RequestAnswer(Code):
    """How it was answered."""

    GRANTED = "GRANTED", "entsprochen"
    PARTLY = "PARTLY", "teilweise entsprochen"
    REFUSED = "REFUSED", "abgelehnt, mit Gründen"
    NO_DATA = "NO_DATA", "keine Daten vorhanden"


class ExtensionReason(Code):
    """Why the month is not enough: what the law names, and nothing else (Art. 12 Abs. 3 S. 2 DSGVO)."""

    COMPLEX = "COMPLEX", "die Anfrage ist schwierig oder umfangreich"
    MANY = "MANY", "es sind viele Anfragen zugleich zu beantworten"


LONGEST_EXTENSION = 2  # months (Art. 12 Abs. 3 S. 2 DSGVO)


def answer_due_on(received_on: date, extended_by: int = 0) -> date:
    """The last day for the answer: one month after receipt, and up to two more (Art. 12 Abs. 3 DSGVO).

    It is the end of a shorter month, and not moved to a workday: whoever answers earlier is never late.
    """
    return months_later(received_on, 1 + extended_by)


def check_extension(received_on: date, months: int, told_on: date, today: date) -> None:
    """By one or two months, told to the person within the first month together with the reason. Raises Refused."""
    if not 1 <= months <= LONGEST_EXTENSION:
        raise Refused("Die Frist lässt sich um einen oder um zwei Monate verlängern. Es wurde nichts geändert.")
    if not received_on <= told_on <= today:
        raise Refused("Die Person wurde frühestens am Tag des Eingangs und spätestens heute unterrichtet.")
    if told_on > (last := answer_due_on(received_on)):
        raise Refused(
            f"Von einer Verlängerung muss die Person bis {last:%d.%m.%Y} erfahren haben, einen Monat nach dem Eingang "
            "(Art. 12 Abs. 3 DSGVO). Danach lässt sich die Frist nicht mehr verlängern. Es wurde nichts geändert."
        )
