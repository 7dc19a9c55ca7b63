"""The proof that a version was handed over, as both sides read it: numbers and times, no names."""

from dataclasses import dataclass
from datetime import date

from kok.words import day
from transitions.models import TransitionListVersion, TransmissionReceipt
from transitions.pages.titles import list_name
from transitions.queries.access import Access
from transitions.queries.receipts import compare
from transitions.queries.versions import draft_beside, newer_than, shows_names
from transitions.rules.codes import ReceiptMatch, VersionState

COMPARED = {
    ReceiptMatch.EQUAL: "am {day} geprüft: Die Liste ist unverändert.",
    ReceiptMatch.ERASED: ("am {day} geprüft: Angaben sind nach ihrer Frist gelöscht, alles andere ist unverändert."),
    ReceiptMatch.DIFFERENT: "",
}


@dataclass(frozen=True)
class ReceiptPage:
    """A receipt beside its list. `compared`: what the comparison says, "" where the list `is_different`.

    `newer`: the version that replaced it; `draft`: the one that will.
    """

    version: TransitionListVersion
    receipt: TransmissionReceipt
    list_name: str
    compared: str
    is_different: bool
    is_current: bool
    newer: TransitionListVersion | None
    draft: TransitionListVersion | None

    @property
    def is_unconfirmed(self) -> bool:
        """Whether the receiving unit has not said yet that it arrived."""
        return self.version.state == VersionState.RELEASED

    @property
    def is_replaced(self) -> bool:
        """Whether a newer version holds."""
        return self.version.state == VersionState.CLOSED

    @property
    def is_open_to_read(self) -> bool:
        """Whether the list itself can be looked at."""
        return self.version.state in (VersionState.RELEASED, VersionState.ACKNOWLEDGED)


def receipt_page(
    version: TransitionListVersion, receipt: TransmissionReceipt, access: Access, today: date
) -> ReceiptPage:
    """Of a version that was released. Raises vault.KeyLost."""
    comparison = compare(receipt)
    return ReceiptPage(
        version=version,
        receipt=receipt,
        list_name=list_name(version.transition_list),
        compared=COMPARED[comparison].format(day=day(today)),
        is_different=comparison is ReceiptMatch.DIFFERENT,
        is_current=shows_names(version, access),
        newer=newer_than(version, access),
        draft=draft_beside(version, access),
    )
