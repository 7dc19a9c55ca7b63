"""What was released against its receipt: the checksum, and whether a version still says what was handed over."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from transitions.models import CaseEntry, TransitionListVersion, TransmissionReceipt


class Comparison(StrEnum):
    """What a version says against its receipt; where people were erased nothing can be compared any more."""

    EQUAL = "EQUAL"
    ERASED = "ERASED"
    DIFFERENT = "DIFFERENT"


@dataclass(frozen=True)
class ReceiptCheck:
    """How many receipts were compared, which differ (their numbers), and how many lists have lost their names."""

    equal: int
    erased: int
    different: tuple[str, ...]


def checksum(version: TransitionListVersion, entries: Sequence[CaseEntry]) -> str:
    """SHA-256 over everything that was released; the random numbers in it keep names from being guessed by it."""
    found = version.transition_list
    told = {
        "year": found.year,
        "sender": found.sender.slug,
        "agreement": found.agreement.slug,
        "version": version.number,
        "cases": [[entry.case.case_ref, entry.case.is_late, entry.opened] for entry in entries],
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def check_receipts() -> ReceiptCheck:
    """Recomputes every version that still holds everybody it was released with; nothing is written.

    A seal is bound to its case, not to its version: somebody with the database could put an older one back. The
    receipt tells. Where people were erased nothing can be compared any more. Raises vault.KeyLost.
    """
    found: dict[Comparison, list[str]] = {each: [] for each in Comparison}
    receipts = TransmissionReceipt.objects.select_related(
        "version__transition_list__sender__authority", "version__transition_list__agreement"
    )
    for receipt in receipts.order_by("released_at"):
        found[compare(receipt)].append(receipt.number)
    return ReceiptCheck(len(found[Comparison.EQUAL]), len(found[Comparison.ERASED]), tuple(found[Comparison.DIFFERENT]))


def compare(receipt: TransmissionReceipt) -> Comparison:
    """Recomputes the checksum of one version. Raises vault.KeyLost."""
    entries = _entries_of(receipt)
    empty = [entry for entry in entries if not entry.content]
    if len(entries) != receipt.case_count:
        return Comparison.DIFFERENT
    if empty:
        return Comparison.ERASED if all(entry.case.erased_at for entry in empty) else Comparison.DIFFERENT
    return Comparison.EQUAL if checksum(receipt.version, entries) == receipt.sha256 else Comparison.DIFFERENT


def _entries_of(receipt: TransmissionReceipt) -> list[CaseEntry]:
    found = CaseEntry.objects.filter(version=receipt.version_id, ending="").select_related("case")
    return list(found.order_by("case__case_ref"))
