"""What is stored about the transitions of Punkt 8b. Nobody outside this app may import it."""

from transitions.models.cases import CaseEvent, TransitionCase
from transitions.models.checks import CheckJob
from transitions.models.doubles import TwoPeople
from transitions.models.entries import CaseEntry
from transitions.models.imports import PendingImport
from transitions.models.lists import TransitionList, TransitionListVersion
from transitions.models.log import AccessLogDay, AccessLogEntry
from transitions.models.names import NameMarks
from transitions.models.questions import CaseQuestion
from transitions.models.receipts import Acknowledgement, TransmissionReceipt
from transitions.models.requests import DataSubjectRequest

__all__ = [
    "AccessLogDay",
    "AccessLogEntry",
    "Acknowledgement",
    "CaseEntry",
    "CaseEvent",
    "CaseQuestion",
    "CheckJob",
    "DataSubjectRequest",
    "NameMarks",
    "PendingImport",
    "TransitionCase",
    "TransitionList",
    "TransitionListVersion",
    "TransmissionReceipt",
    "TwoPeople",
]
