"""What the nightly inspections look at here: the access log, and the released lists against their receipts."""

from datetime import date

from kok.errors import Refused
from kok.inspections import Inspection
from kok.vault import KeyLost
from transitions.queries.log import Finding, check_log
from transitions.queries.receipts import check_receipts

OTHER_KEY = (
    "Kein einziges Siegel passt. Wahrscheinlich ist CASE_LOG_KEY ein anderer als beim Schreiben; sonst wurden alle "
    "Zeilen geändert. Setzen Sie den Schlüssel aus der Sicherung ein und prüfen Sie noch einmal."
)
NO_KEY = (
    "CASE_LOG_KEY fehlt oder ist kein Schlüssel dieser Anwendung (64 Zeichen, 0 bis 9 und a bis f). Es wurde nichts "
    "geprüft. Setzen Sie den Schlüssel aus der Sicherung ein."
)
DIFFERENT = (
    "Quittung {number}: Der Inhalt ist nicht mehr der übermittelte. Sagen Sie es der Prüfung und beiden Partnern, und "
    "verwenden Sie die Liste nicht."
)


def log_findings(today: date) -> list[str]:
    """A sentence for each place where the access log is not as it was written. Raises Refused without its key."""
    try:
        found = check_log(today)
    except KeyLost:
        raise Refused(NO_KEY) from None
    return [OTHER_KEY] if found.is_other_key else [_words(each) for each in found.findings]


def receipt_findings(today: date) -> list[str]:
    """A sentence for each released list that is not what was handed over. Raises Refused without its key."""
    try:
        found = check_receipts()
    except KeyLost as lost:
        raise Refused(f"{lost.sentence} Es wurde nichts geprüft.") from None
    return [DIFFERENT.format(number=number) for number in found.different]


def _words(finding: Finding) -> str:
    place = f", Zeile {finding.position}" if finding.position else ""
    return f"{finding.label} am {finding.day:%d.%m.%Y}{place}: {finding.sentence}"


INSPECTIONS = (
    Inspection("access-log", "Zugriffsprotokoll der Übergangslisten", log_findings),
    Inspection("receipts", "Übermittelte Listen gegen ihre Quittungen", receipt_findings),
)
