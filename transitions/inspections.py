"""What the nightly inspections look at here: the access log, released lists against their receipts, marks of names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kok import chain_ends, documents, erasure, findings, outbox_check, seals
from kok.chain_walk import OTHER_KEY, Finding
from kok.chains import NO_KEY, End
from kok.errors import Refused
from kok.inspections import Inspection
from kok.vault import KeyLost
from transitions.queries.log_check import LogCheck, check_log
from transitions.queries.names import unmarked
from transitions.queries.receipts import check_receipts

NOT_THERE = (
    "Das Siegel {seal} aus der Nachricht steht in keiner Kette mehr: Das Ende wurde abgeschnitten, oder die Zeile ist "
    "nach ihrer Frist gelöscht."
)
DIFFERENT = (
    "Quittung {number}: Der Inhalt ist nicht mehr der übermittelte. Sagen Sie es der Prüfung, dem "
    "sendenden und dem empfangenden Partner, und verwenden Sie die Liste nicht."
)
UNMARKED = (
    "Einträge ohne richtiges Kennzeichen ihres Namens: {number}. Protokolle werden auf diese Namen nicht geprüft. "
    "Setzen Sie CASE_NAME_KEY aus der Sicherung ein, oder rufen Sie manage.py mark_names auf."
)


def log_findings(today: date) -> list[str]:
    """A sentence for each place where the access log is not as it was written. Raises Refused without its key."""
    return _sentences(_log(today))


def _log(today: date) -> LogCheck:
    try:
        return check_log(today)
    except KeyLost:
        raise Refused(NO_KEY) from None


def _sentences(found: LogCheck) -> list[str]:
    return [OTHER_KEY] if found.is_other_key else [each.words for each in found.findings]


def receipt_findings(today: date) -> list[str]:
    """A sentence for each released list that is not what was handed over. Raises Refused without its key."""
    try:
        found = check_receipts()
    except KeyLost as lost:
        raise Refused(f"{lost.sentence} Es wurde nichts geprüft.") from None
    return [DIFFERENT.format(number=number) for number in found.different]


def name_findings(today: date) -> list[str]:
    """A sentence when people of open lists are not marked as they are called. Raises Refused without its keys."""
    try:
        number = unmarked()
    except KeyLost as lost:
        raise Refused(f"{lost.sentence} Es wurde nichts geprüft.") from None
    return [UNMARKED.format(number=number)] if number else []


@dataclass(frozen=True)
class WholeCheck:
    """What an auditor is told: the log itself, and sentences on all other seals and on what was told outside."""

    log: LogCheck
    others: tuple[str, ...]
    ends: tuple[End, ...]
    file_written_at: datetime | None
    rows: int
    seals_of_mail: int

    @property
    def is_intact(self) -> bool:
        """Whether nothing was found anywhere."""
        return self.log.is_intact and not self.others

    @property
    def findings(self) -> list[str]:
        """All that was found, each sentence once."""
        return list(dict.fromkeys((*_sentences(self.log), *self.others)))

    @property
    def first_places(self) -> list[Finding]:
        """As many places of the log as a page can show, of every kind some."""
        return findings.limited(self.log.findings, lambda each: each.sentence)[0]

    @property
    def first_others(self) -> list[str]:
        """As many of the other sentences as a page can show, of every kind some."""
        return findings.limited(self.others)[0]

    def as_json(self) -> dict[str, object]:
        """What a page shows of it, in values that JSON knows; the file of the ends is known by its newest line."""
        return {
            "is_intact": self.is_intact,
            "is_other_key": self.log.is_other_key,
            "places": [
                {"chain": each.chain.title, "day": _iso(each.day), "position": each.position, "sentence": each.sentence}
                for each in self.first_places
            ],
            "number": len(self.log.findings),
            "others": self.first_others,
            "untold": self.untold,
            "lines": self.log.lines,
            "days": self.log.days,
            "deleted_days": self.log.deleted_days,
            "rows": self.rows,
            "file_written_at": _iso(self.file_written_at),
            "seals_of_mail": self.seals_of_mail,
            "ends": [
                {"chain": end.chain.title, "day": _iso(end.day), "position": end.position, "seal": end.seal}
                for end in self.ends
            ],
        }

    @property
    def untold(self) -> int:
        """How many findings the page does not show."""
        return len(self.log.findings) + len(self.others) - len(self.first_places) - len(self.first_others)


def _iso(at: date | None) -> str | None:
    return at.isoformat() if at else None


def whole_check(today: date, seals_of_mail: Sequence[str]) -> WholeCheck:
    """Everything that is sealed, and its ends against the file and a mail. Raises Refused without the key."""
    log = _log(today)
    rows, file = seals.check(today), chain_ends.compare(today)
    gone = [NOT_THERE.format(seal=seal) for seal in chain_ends.unknown(seals_of_mail)]
    marked = (*erasure.findings(today), *outbox_check.findings(today), *documents.findings(today))
    is_other_key = OTHER_KEY in rows.findings  # then nothing else fits either
    others = rows.findings if is_other_key else (*rows.findings, *marked, *file.findings, *gone)
    return WholeCheck(log, others, tuple(chain_ends.present()), file.newest, rows.rows, len(seals_of_mail))


INSPECTIONS = (
    Inspection("access-log", "Zugriffsprotokoll der Übergangslisten", log_findings),
    Inspection("names", "Kennzeichen der Namen offener Listen", name_findings),
    Inspection("receipts", "Übermittelte Listen gegen ihre Quittungen", receipt_findings),
)
