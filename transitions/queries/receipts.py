"""What was released against its receipt: the checksum, and whether a version still says what was handed over."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from transitions.models import CaseEntry, TransitionListVersion, TransmissionReceipt


class Comparison(StrEnum):
    """What a version says against its receipt; ERASED: people were erased, and everything else is as handed over."""

    EQUAL = "EQUAL"
    ERASED = "ERASED"
    DIFFERENT = "DIFFERENT"


@dataclass(frozen=True)
class ReceiptCheck:
    """How many receipts are right, in how many of these people were erased, and which differ (their numbers)."""

    equal: int
    erased: int
    different: tuple[str, ...]


def digest(entry: CaseEntry) -> str:
    """SHA-256 over what one version says about one person.

    The random number in it keeps the person from being guessed; it goes with the person, and the digest stays.
    """
    return _sha256(entry.opened)


def checksum(version: TransitionListVersion, entries: Sequence[CaseEntry]) -> str:
    """SHA-256 over everything that was released, by the digests of the people: it can be computed without them."""
    found = version.transition_list
    told = {
        "year": found.year,
        "sender": found.sender.slug,
        "agreement": found.agreement.slug,
        "version": version.number,
        "cases": [[entry.case.case_ref, entry.case.is_late, entry.digest] for entry in entries],
    }
    return _sha256(told)


def _sha256(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def check_receipts() -> ReceiptCheck:
    """Computes every version anew; nothing is written.

    A seal is bound to its case, not to its version: somebody with the database could put an older one back. The
    receipt tells, also where others of the version were erased. Raises vault.KeyLost.
    """
    found: dict[Comparison, list[str]] = {each: [] for each in Comparison}
    receipts = TransmissionReceipt.objects.select_related(
        "version__transition_list__sender__authority", "version__transition_list__agreement"
    )
    for receipt in receipts.order_by("released_at"):
        found[compare(receipt)].append(receipt.number)
    return ReceiptCheck(len(found[Comparison.EQUAL]), len(found[Comparison.ERASED]), tuple(found[Comparison.DIFFERENT]))


def compare(receipt: TransmissionReceipt) -> Comparison:
    """Computes each person and the whole of one version anew. Raises vault.KeyLost."""
    entries = _entries_of(receipt)
    is_whole = len(entries) == receipt.case_count and checksum(receipt.version, entries) == receipt.sha256
    if not is_whole or not all(_is_right(entry) for entry in entries):
        return Comparison.DIFFERENT
    return Comparison.EQUAL if all(entry.content for entry in entries) else Comparison.ERASED


def _is_right(entry: CaseEntry) -> bool:
    return digest(entry) == entry.digest if entry.content else entry.case.erased_at is not None


def _entries_of(receipt: TransmissionReceipt) -> list[CaseEntry]:
    found = CaseEntry.objects.filter(version=receipt.version_id, ending="").select_related("case")
    return list(found.order_by("case__case_ref"))
