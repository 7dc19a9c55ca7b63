"""The proof that a version was handed over, as both sides read it: numbers and times, no names."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.utils.html import format_html
from django.utils.safestring import SafeString

from kok.words import day, moment
from transitions.models import TransitionListVersion, TransmissionReceipt
from transitions.pages.notices import DIFFERENT, SealedNotice
from transitions.pages.titles import list_name
from transitions.queries.access import Access
from transitions.queries.receipts import compare
from transitions.queries.versions import draft_beside, newer_than, shows_names
from transitions.rules.codes import ReceiptMatch, VersionState
from transitions.rules.release import NO_EFFECT

COMPARED = {
    ReceiptMatch.EQUAL: "am {day} geprüft: Die Liste ist unverändert.",
    ReceiptMatch.ERASED: ("am {day} geprüft: Angaben sind nach ihrer Frist gelöscht, alles andere ist unverändert."),
    ReceiptMatch.DIFFERENT: "<strong>Die Liste ist nicht mehr die übermittelte.</strong>",
}


@dataclass(frozen=True)
class ReceiptPage:
    """A receipt beside its list. `compared`: what the comparison says.

    `newer`: the version that replaced it; `draft`: the one that will.
    """

    version: TransitionListVersion
    receipt: TransmissionReceipt
    list_name: str
    compared: SafeString
    is_different: bool
    is_current: bool
    newer: TransitionListVersion | None
    draft: TransitionListVersion | None
    different: ClassVar[SealedNotice] = DIFFERENT
    no_effect: ClassVar[str] = NO_EFFECT

    @property
    def facts(self) -> list[tuple[str, str, str]]:
        """What is proven: name, words, and the class of what is no word."""
        receipt = self.receipt
        late = f", davon {receipt.late_count} nachgemeldet"
        confirmed = (
            f"{moment(receipt.acknowledged_at)}, {receipt.acknowledgement.name}" if receipt.acknowledged_at else ""
        )
        return [
            ("Von", self.version.transition_list.sender.name, ""),
            ("An", receipt.recipient.name, ""),
            ("Freigegeben und übermittelt", f"{moment(receipt.released_at)}, {receipt.released_name}", ""),
            ("Empfang bestätigt", confirmed or "noch nicht", ""),
            ("Fälle", f"{receipt.case_count or 'keine (Nullmeldung)'}{late * bool(receipt.late_count)}", ""),
            ("Prüfsumme (SHA-256)", receipt.sha256, "kok-hash"),
            ("Vergleich mit der Liste", self.compared, ""),
        ]

    @property
    def is_unconfirmed(self) -> bool:
        """Whether the receiving unit has not said yet that it arrived."""
        return self.version.state == VersionState.RELEASED

    @property
    def is_replaced(self) -> bool:
        """Whether a newer version holds."""
        return self.version.state == VersionState.CLOSED


def receipt_page(
    version: TransitionListVersion, receipt: TransmissionReceipt, access: Access, today: date
) -> ReceiptPage:
    """Of a version that was released. Raises vault.KeyLost."""
    comparison = compare(receipt)
    return ReceiptPage(
        version=version,
        receipt=receipt,
        list_name=list_name(version.transition_list),
        compared=format_html(COMPARED[comparison], day=day(today)),
        is_different=comparison is ReceiptMatch.DIFFERENT,
        is_current=shows_names(version, access),
        newer=newer_than(version, access),
        draft=draft_beside(version, access),
    )
