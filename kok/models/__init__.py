"""What the kernel stores."""

from kok.models.accounts import AccountSession, AddressChange, Attempts, SignInEvent, UsedCode, User
from kok.models.dispatch import Dispatch
from kok.models.erasures import ErasedObject, ErasureRequest, ErasureRun, ReportLine
from kok.models.footer import BarrierReport, StatutoryPage
from kok.models.journal import RowChange
from kok.models.records import AuditEvent, Document, OutboxMessage, PublicHoliday, Pulse, Turn
from kok.models.sealed import Sealed
from kok.models.sealing import Sealing
from kok.models.seals import Seal, SealDay
from kok.models.text_checks import TextCheck

__all__ = [
    "AccountSession",
    "AddressChange",
    "Attempts",
    "AuditEvent",
    "BarrierReport",
    "Dispatch",
    "Document",
    "ErasedObject",
    "ErasureRequest",
    "ErasureRun",
    "OutboxMessage",
    "PublicHoliday",
    "Pulse",
    "ReportLine",
    "RowChange",
    "Seal",
    "SealDay",
    "Sealed",
    "Sealing",
    "SignInEvent",
    "StatutoryPage",
    "TextCheck",
    "Turn",
    "UsedCode",
    "User",
]
