"""What the door of the sealed area says: to who comes, also for another reason, and to whom the time is over."""

from dataclasses import dataclass, field

from kok.requests import Crumbs
from kok.step_pages import StepPage
from members.models import Agreement
from transitions.pages.links import link
from transitions.pages.notices import SealedNotice
from transitions.rules.codes import EntryReason

LOGGED = "Der Grund steht im Zugriffsprotokoll und in der Auskunft an die Betroffenen."
ELSEWHERE = SealedNotice(
    "Sie sind im geschützten Bereich einer anderen Vereinbarung.",
    "Er schließt sich, wenn Sie diesen hier öffnen. Speichern Sie dort zuerst, was Sie schreiben.",
    "info",
)
FILES = SealedNotice("Wählen Sie danach die Datei noch einmal aus.", "Eine Datei heben wir nicht auf.")


@dataclass(frozen=True, kw_only=True)
class EntrancePage(StepPage):
    """The words of the door. `cancel`: the way past it, "" where there is none; `by_key`: the same with a key."""

    cancel: str
    by_key: str
    crumbs: Crumbs = field(default_factory=list)
    notice: SealedNotice | None = None


def entrance_page(agreement: Agreement, reason: EntryReason | None, *, is_elsewhere: bool) -> EntrancePage:
    """For who comes; with the `reason` for which he is inside already."""
    notice = ELSEWHERE if is_elsewhere else None
    if reason is None:
        return EntrancePage(
            above="Übergangsliste nach Punkt 8b",
            heading="Geschützten Bereich öffnen",
            lead="Hier stehen Namen junger Menschen. Nur die Fachstellen, die mit ihnen arbeiten, dürfen sie sehen.",
            submit="Bereich öffnen",
            cancel="",
            cancel_url="",
            by_key="Mit Sicherheitsschlüssel öffnen",
            notice=notice,
        )
    return EntrancePage(
        above="Übergangsliste nach Punkt 8b",
        heading="Grund ändern",
        lead=f"Sie sind aus einem anderen Grund im Bereich: {reason.label}. Diese Seite gehört nicht dazu. {LOGGED}",
        submit="Grund ändern und weiter",
        cancel="Bei dem bisherigen Grund bleiben",
        cancel_url=link(agreement, "lists"),
        crumbs=[("Übergangslisten", link(agreement, "lists")), ("Grund ändern", None)],
        by_key="Mit Sicherheitsschlüssel öffnen",
        notice=notice,
    )


def entrance_again(agreement: Agreement, reason: EntryReason | None, *, has_files: bool) -> EntrancePage:
    """For who sent something after the time was over, or while inside for another `reason`."""
    why = "Der geschützte Bereich ist geschlossen."
    if reason:
        why = f"Sie sind aus einem anderen Grund im Bereich: {reason.label}. Dieser Schritt gehört nicht dazu. {LOGGED}"
    return EntrancePage(
        above="Geschützter Bereich",
        heading="Bitte bestätigen Sie noch einmal",
        lead=f"{why} Es ist nichts verloren: Ihre Eingabe ist auf dieser Seite aufgehoben, nirgends sonst. Bestätigen "
        "Sie, dann wird sie ausgeführt.",
        submit="Bestätigen und fortfahren",
        cancel="Eingabe verwerfen",
        cancel_url=link(agreement, "enter"),
        by_key="Mit Sicherheitsschlüssel bestätigen",
        notice=FILES if has_files else None,
    )
