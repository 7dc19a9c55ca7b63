"""How far a delivery and the check of a file are, who delivers, what one may do with a delivery: each code once."""

from kok.codes import Code


class RevisionState(Code):
    """How far one delivery is; a submitted one never changes."""

    VALIDATED = "VALIDATED", "geprüft, nicht abgegeben", "warning"
    SUBMITTED = "SUBMITTED", "abgegeben", "info"
    ACCEPTED = "ACCEPTED", "angenommen", "success"


class ImportState(Code):
    """How far the check of a file is."""

    WAITING = "WAITING", "wartet", "info"
    READING = "READING", "wird gelesen", "info"
    CHECKING = "CHECKING", "wird geprüft", "info"
    STORING = "STORING", "wird gespeichert", "info"
    DONE = "DONE", "eingelesen", "success"
    REFUSED = "REFUSED", "abgelehnt", "danger"
    FAILED = "FAILED", "nicht gelungen", "danger"


RUNNING = (ImportState.WAITING, ImportState.READING, ImportState.CHECKING, ImportState.STORING)  # the way of a file


class Deliverer(Code):
    """Who delivers the figures of a format."""

    LOCAL = "LOCAL", "der örtliche Träger"
    LWV = "LWV", "der LWV"


class DeliveryPart(Code):
    """What a person may do with a delivery: hand it in for its partner, or take note of it for the other one."""

    DELIVERS = "DELIVERS", "wer sie liefert"
    RECEIVES = "RECEIVES", "ein anderer Partner"
