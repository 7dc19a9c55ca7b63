"""What the kernel stores."""

from kok.models.accounts import AccountSession, User
from kok.models.footer import BarrierReport, StatutoryPage
from kok.models.records import AuditEvent, Document, ErasedObject, ErasureRun, OutboxMessage, PublicHoliday, Pulse

__all__ = [
    "AccountSession",
    "AuditEvent",
    "BarrierReport",
    "Document",
    "ErasedObject",
    "ErasureRun",
    "OutboxMessage",
    "PublicHoliday",
    "Pulse",
    "StatutoryPage",
    "User",
]
