"""What is stored about the transitions of Punkt 8b. Nobody outside this app may import it."""

from transitions.models.checks import CheckJob
from transitions.models.doubles import TwoPeople
from transitions.models.imports import PendingImport
from transitions.models.lists import (
    CaseEntry,
    CaseEvent,
    TransitionCase,
    TransitionList,
    TransitionListVersion,
)
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
