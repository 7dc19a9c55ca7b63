"""Four eyes: who may release a draft, and what makes it out of date."""

from collections.abc import Collection

from kok.errors import Refused, require
from kok.words import counted

OWN_DRAFT = (
    "Sie haben diesen Entwurf selbst bearbeitet oder vorgelegt. Die Freigabe braucht eine zweite Person, die nichts "
    "daran geändert hat. Es wurde nichts übermittelt."
)
OWN_MAILBOX = (
    "Ihr Konto hat dieselbe E-Mail-Adresse wie das einer Person, die diesen Entwurf bearbeitet oder vorgelegt hat. "
    "Beide zählen deshalb als eine Person. Die Freigabe braucht eine zweite. Es wurde nichts übermittelt."
)
CHANGED = (
    "Der Entwurf hat sich geändert, seit Sie ihn gelesen haben. Es wurde nichts {done}. Lesen Sie ihn noch einmal."
)
NO_RECEIVER = "In dieser Vereinbarung gibt es keinen Empfänger. Es wurde nichts übermittelt."
NOT_SUBMITTED = "Dieser Entwurf liegt nicht zur Freigabe vor. Es wurde nichts übermittelt."
FORGED = (
    "Dieser Entwurf wurde an der Anwendung vorbei geändert. Es wurde nichts übermittelt. Sagen Sie es der Prüfung; die "
    "Fallbearbeitung verwirft ihn und beginnt einen neuen."
)
DISCARD_FIRST = (
    "Der Entwurf dieser Liste wurde an der Anwendung vorbei geändert. Sagen Sie es der Technik und der Prüfung, "
    "verwerfen Sie ihn auf der Seite „Übergangslisten“ und beginnen Sie die Liste neu."
)
OTHER_ENTRIES = (
    "In diesem Entwurf steht nicht mehr, was Sie gelesen haben. Es wurde nichts übermittelt. Lesen Sie ihn noch einmal."
)
OTHER_THAN_SUBMITTED = (
    "Dieser Entwurf wurde seit dem Vorlegen an der Anwendung vorbei geändert. Es wurde nichts übermittelt. Geben Sie "
    "ihn zurück, und sagen Sie es der Technik und der Prüfung. Die Fallbearbeitung prüft jeden Fall und legt neu vor."
)
LACKS_CASES = (
    "In diesem Entwurf fehlen Fälle der übermittelten Liste: Sie wurden an der Anwendung vorbei entfernt. Es wurde "
    "nichts eingetragen. Sagen Sie es der Technik und der Prüfung. Die Fallbearbeitung verwirft den Entwurf und "
    "beginnt ihn neu."
)
RECEIPT_OF_DRAFT = (
    "Zu diesem Entwurf wurde an der Anwendung vorbei eine Quittung eingefügt. Verwerfen lässt er sich erst, wenn die "
    "Technik sie entfernt hat. Es wurde nichts geändert. Sagen Sie es der Technik und der Prüfung."
)
OTHER_THAN_RELEASED = (
    "Die zuletzt übermittelte Fassung ist nicht mehr die, die freigegeben wurde: Sie wurde an der Anwendung vorbei "
    "geändert. Es wurde nichts eingetragen. Sagen Sie es der Technik und der Prüfung."
)
NO_DRAFT = "Diese Fassung ist schon freigegeben. Es wurde nichts geändert. Öffnen Sie die Liste neu."
ROWS_WAIT = (
    "Beim Entwurf warten noch Zeilen einer Datei. Es wurde nichts geändert. Die Fallbearbeitung nimmt sie "
    "zuerst in den Entwurf oder verwirft sie."
)
UNCHANGED = (
    "Gegenüber der übermittelten Liste hat sich nichts geändert. Es wurde nichts vorgelegt. Ändern Sie etwas, oder "
    "verwerfen Sie den Entwurf."
)
RESTRICTED = (
    "Im Fall {case_ref} ist die Verarbeitung eingeschränkt (Art. 18 DSGVO): Er darf nicht zum ersten Mal übermittelt "
    "werden. Es wurde nichts vorgelegt. Beenden Sie die Einschränkung im Register der Anfragen, oder entfernen Sie den "
    "Fall im Einvernehmen mit der Person aus dem Entwurf."
)
UNDECIDED = (
    "Über {proposals} aus früheren Listen ist noch nicht entschieden. Eine Nullmeldung sagt, dass niemand zu nennen "
    "ist: Entscheiden Sie zuerst bei jeder Person. Es wurde nichts vorgelegt."
)
ALL_DECIDED_FIRST = (
    "Eine Nullmeldung sagt, dass niemand zu nennen ist. Sie lässt sich erst vorlegen und freigeben, wenn bei jeder "
    "Person entschieden ist."
)
NO_EFFECT = "Die Benennung ist kein Antrag auf Leistungen und keine Übertragung der Zuständigkeit."
LAID = (
    "Der Entwurf liegt seit {since} zur Freigabe vor. Es wurde nichts geändert. Möchten Sie ihn zurückholen? Das "
    "geht auf seiner Seite mit „Entwurf zurückholen“."
)
NOT_LAID = "Dieser Entwurf liegt nicht zur Freigabe vor. Es wurde nichts geändert."
GIVE_REASON = "Wer freigibt, gibt den Entwurf mit einem Grund zurück. Es wurde nichts geändert."
UNKNOWN_CASE = "Ein Fall mit diesem Fallzeichen steht nicht in dem Entwurf. Es wurde nichts geändert."
INCOMPLETE = "Die Liste ist noch nicht vollständig. Es wurde nichts vorgelegt. Ergänzen Sie zuerst, was fehlt."


class Laid(Refused):
    """The draft lies before the second person: whoever changes it takes it back first, on purpose."""


def check_four_eyes(person: int, authors: Collection[int], submitted_by: int | None) -> None:
    """Raises Refused for everybody who changed or submitted the draft, whatever roles he holds (scenario 15)."""
    require(person not in authors and person != submitted_by, OWN_DRAFT)


def check_mailboxes(mailbox: str, others: Collection[str]) -> None:
    """Raises Refused for whoever reads mail in the mailbox of an author: both count as one person (ADR 21)."""
    require(not mailbox or mailbox not in others, OWN_MAILBOX)


def undecided_words(count: int) -> str:
    """Why a list that names nobody cannot go out yet: earlier lists propose so many people for it; "" for none."""
    proposals = counted(count, "einen Vorschlag", "Vorschläge")
    return UNDECIDED.format(proposals=proposals) if count else ""


def check_release(
    *, person: int, authors: Collection[int], submitted_by: int | None, revision: int, seen_revision: int
) -> None:
    """Whether this person may release what he read. Raises Refused."""
    check_four_eyes(person, authors, submitted_by)
    require(submitted_by is not None, NOT_SUBMITTED)
    check_revision(revision, seen_revision, "übermittelt")


def check_revision(revision: int, seen_revision: int, done: str) -> None:
    """Raises Refused when the draft changed after it was read. `done`: what was not, as in "Es wurde nichts …"."""
    require(revision == seen_revision, CHANGED.format(done=done))
