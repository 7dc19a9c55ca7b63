"""What was released against its receipt: the checksum, and whether a version still says what was handed over."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import filterfalse
from operator import attrgetter

from django.db.models import Exists, OuterRef

from kok.errors import Forged
from kok.readable import UNREADABLE, readable
from kok.vault import KeyLost
from transitions.models import CaseEntry, TransitionListVersion, TransmissionReceipt
from transitions.models.entries import NOT_AS_RELEASED, sha256
from transitions.rules.codes import ReceiptMatch

_OF_LIST = ("version__transition_list__sender__authority", "version__transition_list__agreement")
_ENTRIES = CaseEntry.objects.filter(version=OuterRef("version"), ending="")


@dataclass(frozen=True)
class ReceiptCheck:
    """How many receipts are right, in how many of these people were erased, and which differ (their numbers)."""

    equal: int
    erased: int
    different: tuple[str, ...]


_has_content, _is_ending = attrgetter("content"), attrgetter("ending")


def checksum(version: TransitionListVersion, entries: Sequence[CaseEntry]) -> str:
    """SHA-256 over everything that was released, by the digests of the people: it can be computed without them.

    Of whom the version takes off the list it holds the reason.
    """
    found = version.transition_list
    told = {
        "year": found.year,
        "sender": found.sender.slug,
        "agreement": found.agreement.slug,
        "version": version.number,
        "cases": [[each.case.case_ref, each.case.is_late, each.digest] for each in filterfalse(_is_ending, entries)],
        "ended": [
            [each.case.case_ref, each.ending, each.ending_reason, str(each.postponed_to)]
            for each in filter(_is_ending, entries)
        ],
    }
    return sha256(told)


def check_receipts() -> ReceiptCheck:
    """Computes every version anew; nothing is written.

    A seal is bound to its list and case, not to its version: somebody with the database could put an older one back.
    The receipt tells, also where others of the version were erased. Raises vault.KeyLost when nothing opens.
    """
    found: dict[ReceiptMatch, list[str]] = defaultdict(list)
    lost: list[str] = []
    unreadable: list[str] = []
    receipts = TransmissionReceipt.objects.select_related(*_OF_LIST)
    rows = receipts.order_by("released_at", "pk")
    for receipt in readable(rows, lambda number: unreadable.append(f"Nr. {number}")):
        try:
            found[compare(receipt)].append(receipt.number)
        except KeyLost:
            lost.append(receipt.number)
        except UNREADABLE:
            unreadable.append(receipt.number)
    if lost and len(lost) == receipts.filter(Exists(_ENTRIES.told())).count():
        raise KeyLost
    found[ReceiptMatch.DIFFERENT] += [*lost, *unreadable]  # other lists open, so it is not the key
    return ReceiptCheck(
        len(found[ReceiptMatch.EQUAL]), len(found[ReceiptMatch.ERASED]), tuple(found[ReceiptMatch.DIFFERENT])
    )


def compare(receipt: TransmissionReceipt) -> ReceiptMatch:
    """Computes each person and the whole of one version anew. Raises vault.KeyLost when nobody of it opens."""
    entries = entries_of(receipt.version)
    people = list(filterfalse(_is_ending, entries))
    kept, gone = list(filter(_has_content, people)), list(filterfalse(_has_content, people))
    is_right = _digests_of(kept) == list(map(attrgetter("digest"), kept))
    is_whole = len(people) == receipt.case_count and checksum(receipt.version, entries) == receipt.sha256
    is_erased_by_rule = all(map(attrgetter("case.erased_at"), gone))
    if not all((is_right, is_whole, is_erased_by_rule)):
        return ReceiptMatch.DIFFERENT
    return ReceiptMatch.ERASED if gone else ReceiptMatch.EQUAL


def check_as_released(versions: Iterable[TransitionListVersion]) -> None:
    """Raises Forged where one of these versions is not what was handed over, and vault.KeyLost.

    Asked before anything leaves: of each entry alone its page asks (`CaseEntry.opened`), and who takes an entry away
    leaves none to be asked.
    """
    for receipt in TransmissionReceipt.objects.filter(version__in=versions).select_related(*_OF_LIST):
        if compare(receipt) is ReceiptMatch.DIFFERENT:
            raise Forged(NOT_AS_RELEASED)


def _digests_of(kept: Sequence[CaseEntry]) -> list[str | None]:
    """What these entries say now. Raises KeyLost when none of them opens, so that it is the key."""
    digests = list(map(_digest_of, kept))
    if kept and not any(digests):
        raise KeyLost
    return digests


def _digest_of(entry: CaseEntry) -> str | None:
    """None where it is not sealed for its list and case, but was moved there from others."""
    try:
        return entry.digest_of_content
    except KeyLost:
        return None


def entries_of(version: TransitionListVersion) -> list[CaseEntry]:
    """Everything that a version says, in one order."""
    return list(CaseEntry.objects.filter(version=version).select_related("case").order_by("case__case_ref"))
