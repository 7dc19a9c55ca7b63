"""Four eyes: who may release a draft, and what makes it out of date."""

from collections.abc import Collection

from kok.errors import Refused

OWN_DRAFT = (
    "Sie haben diesen Entwurf selbst bearbeitet oder vorgelegt. Die Freigabe braucht eine zweite Person, die nichts "
    "daran geändert hat. Es wurde nichts übermittelt."
)
CHANGED = (
    "Der Entwurf hat sich geändert, seit Sie ihn gelesen haben. Es wurde nichts übermittelt. Lesen Sie ihn noch einmal."
)
NOT_SUBMITTED = "Dieser Entwurf liegt noch nicht zur Freigabe vor. Es wurde nichts übermittelt."
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
INCOMPLETE = "Die Liste ist noch nicht vollständig. Es wurde nichts vorgelegt. Ergänzen Sie zuerst, was fehlt."


def check_four_eyes(person: int, authors: Collection[int], submitted_by: int | None) -> None:
    """Raises Refused for everybody who changed or submitted the draft, whatever roles he holds (scenario 15)."""
    if person in authors or person == submitted_by:
        raise Refused(OWN_DRAFT)


def check_release(
    *, person: int, authors: Collection[int], submitted_by: int | None, revision: int, seen_revision: int
) -> None:
    """Whether this person may release what he read. Raises Refused."""
    check_four_eyes(person, authors, submitted_by)
    if submitted_by is None:
        raise Refused(NOT_SUBMITTED)
    check_revision(revision, seen_revision)


def check_revision(revision: int, seen_revision: int) -> None:
    """Raises Refused when the draft changed after it was read."""
    if revision != seen_revision:
        raise Refused(CHANGED)
