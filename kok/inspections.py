"""Inspections: what must not change unseen. Apps declare how to look, each night writes down what every one found.

The trail keeps every result; the page of the jobs shows the newest; a new finding goes by mail to those who run the
installation. No line here names a person.

Everybody who may act may add to the trail, and who has the database may add any words. So a result counts only where
its line is sealed and not dated ahead; a newer one that is not makes the state doubtful, never well.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import Error, connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max

from kok import audit, clock, findings, operators
from kok.clock import BERLIN
from kok.database import bounds, rights
from kok.errors import Refused
from kok.mails import MailText
from kok.models import AuditEvent
from kok.vault import KeyLost

log = logging.getLogger(__name__)
MAIL = "inspection.failed"
NOTICES = {
    MAIL: MailText(
        "KoK: Eine nächtliche Prüfung hat etwas gefunden",
        "eine nächtliche Prüfung hat etwas gefunden, das nicht so ist, wie es gespeichert wurde. Was es ist und was zu "
        "tun ist, steht auf der Seite „Aufträge“:",
        "{link}",
        "{left_out}",
        operators.WHY,
    )
}
LONGEST_NOTE = 1000
LONGEST_PAUSE = timedelta(hours=28)  # a night, three hours to look; beat makes up for one in which it did not run
TOO_LONG = "Die Prüfung ist nicht fertig geworden: Sie dauerte zu lange und wurde beendet."
DOUBTFUL = (
    "Im Änderungsprotokoll steht ein Ergebnis, das nicht von der Anwendung stammt oder sich ohne CASE_LOG_KEY nicht"
    " prüfen lässt. Es zählt nicht. Lassen Sie die Datenbank sichern und das Protokoll prüfen."
)
MISSING = "Die Prüfung ist ausgeblieben. Sehen Sie oben nach, ob Zeitplan und Worker arbeiten."
NOT_TOLD = "Die Meldung darüber ließ sich nicht schreiben, oder niemand war da, der sie erhält."


@dataclass(frozen=True)
class Inspection:
    """`look` only reads and returns a German sentence for each finding, none when all is as it should be.

    It raises Refused when it cannot look; that is a finding too.
    """

    slug: str
    title: str
    look: Callable[[date], Sequence[str]]

    @property
    def passed(self) -> str:
        """How the trail names a run without findings."""
        return f"inspection.{self.slug}-passed"

    @property
    def failed(self) -> str:
        """How the trail names a run with findings."""
        return f"inspection.{self.slug}-failed"


@dataclass(frozen=True)
class Result:
    """The newest run of an inspection; `event` is None before the first. `is_missing`: it should have run since.

    `is_doubtful`: a newer line says to be a result and is not ours, or nobody can tell without the key.
    """

    inspection: Inspection
    event: AuditEvent | None
    is_missing: bool
    is_doubtful: bool

    @property
    def is_right(self) -> bool:
        """Whether it was carried out lately and found nothing."""
        return self.event is not None and self.event.action == self.inspection.passed and not self.trouble

    @property
    def has_finding(self) -> bool:
        """Whether it was carried out lately and found something, or somebody wants to be taken for it."""
        return self.trouble in (_FINDING, _DOUBT)

    @property
    def trouble(self) -> str:
        """In one German word what is to be told; nothing when it is right, and before the first night."""
        if self.is_doubtful:
            return _DOUBT
        if self.is_missing:
            return _GONE
        return _FINDING if self.event is not None and self.event.action == self.inspection.failed else ""

    @property
    def told(self) -> str:
        """What the page of the jobs says of it beside the badge."""
        newest = self.event.note if self.event else ""
        if self.trouble in _TOLD:
            trouble, before = _TOLD[self.trouble]
            return f"{trouble} {before}: {newest}" if newest else trouble
        return newest if self.event else "Die erste Prüfung läuft in der kommenden Nacht."


_FINDING, _DOUBT, _GONE = "Befund", "fraglich", "ausgeblieben"
_TOLD = {_DOUBT: (DOUBTFUL, "Das letzte richtige Ergebnis"), _GONE: (MISSING, "Das letzte Ergebnis")}


def _rights_in_the_database(today: date) -> Sequence[str]:
    """Of rights nothing where one role does everything, as on the server of a developer."""
    is_asked = settings.PRODUCTION or rights.is_separate()
    return [*bounds.problems(), *(rights.problems() if is_asked else [])]


RIGHTS = Inspection("database-rights", "Rechte in der Datenbank", _rights_in_the_database)
_inspections: list[Inspection] = []


def register(*inspections: Inspection) -> None:
    """Called by apps in `ready()`."""
    _inspections.extend(inspections)


def results(now: datetime) -> list[Result]:
    """The newest result of every inspection."""
    newest = [(each, *_newest(each, now)) for each in _inspections]
    is_due = any(event is None for _, event, _ in newest) and _age() > LONGEST_PAUSE
    return [
        Result(each, event, _is_over(event.at, now) if event else is_due, is_doubtful)
        for each, event, is_doubtful in newest
    ]


def _is_over(last: datetime, now: datetime) -> bool:
    """Whether a night is missing since; a clock that was put forward leaves none out."""
    return now - max(last, clock.put_to() or last) > LONGEST_PAUSE


def _age() -> timedelta:
    """How long the installation has its tables as they are, by the clock of the machine, which wrote that down."""
    newest = MigrationRecorder(connection).migration_qs.aggregate(at=Max("applied"))["at"]
    return datetime.fromtimestamp(clock.machine_seconds(), UTC) - newest if newest else timedelta()


def slugs() -> list[str]:
    """Every inspection of a night."""
    return [each.slug for each in _inspections]


def run(slug: str, *, now: datetime) -> None:
    """Carries out one inspection and writes down its result, also that it broke or took too long.

    Where nothing can be written, the log says so, and by the missing result `kok.health` does.
    """
    inspection = next(each for each in _inspections if each.slug == slug)
    found = _look(inspection, now.astimezone(BERLIN).date())
    try:
        _write_down(inspection, found, now)
    except Exception as error:  # noqa: BLE001  as in `_look`
        log.error("Prüfung %s: Das Ergebnis fehlt (%s).", inspection.slug, type(error).__name__)  # noqa: TRY400
        _leave(error)


def _look(inspection: Inspection, today: date) -> Sequence[str]:
    try:
        return inspection.look(today)
    except Refused as refused:
        return [refused.sentence]
    except SoftTimeLimitExceeded as error:
        _leave(error)
        return [TOO_LONG]
    except Exception as error:  # noqa: BLE001  whatever fails is told
        _leave(error)
        return [f"Die Prüfung ist nicht gelungen ({type(error).__name__})."]


def _leave(error: Exception) -> None:
    """What is written next needs a session of its own where this one was ended, or still waits for an answer."""
    if isinstance(error, Error | SoftTimeLimitExceeded):
        connection.close_if_unusable_or_obsolete()


@transaction.atomic
def _write_down(inspection: Inspection, found: Sequence[str], now: datetime) -> None:
    before, _ = _newest(inspection, now)
    action = inspection.failed if found else inspection.passed
    note = findings.in_short(found, LONGEST_NOTE - len(NOT_TOLD) - 1) or "ohne Befund"
    if found:
        log.error("Die Prüfung %s hat %s Befunde.", inspection.slug, len(found))
        is_new = before is None or (before.action, before.note) != (action, note)
        if is_new and not _tell(inspection, now):
            note = f"{note} {NOT_TOLD}"  # so the next night has another one to tell
    audit.record(by=None, action=action, note=note, now=now)


def _tell(inspection: Inspection, now: datetime) -> bool:
    """Whether somebody is told; if not, the result is written down all the same."""
    try:
        with transaction.atomic():
            return operators.tell(MAIL, f"{inspection.slug}:{now:%Y-%m-%d}", now=now)
    except Error as error:
        log.error("Prüfung %s: %s (%s)", inspection.slug, NOT_TOLD, type(error).__name__)  # noqa: TRY400
        return False


def _newest(inspection: Inspection, now: datetime) -> tuple[AuditEvent | None, bool]:
    """The newest line that the application wrote, and whether one that it did not write stands before it."""
    try:
        return audit.newest(inspection.passed, inspection.failed, until=now)
    except KeyLost:
        return None, True
