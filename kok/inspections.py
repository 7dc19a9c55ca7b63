"""Inspections: what must not change unseen. Apps declare how to look, one nightly run writes down what was found.

The trail keeps every result; the page of the jobs shows the newest; a new finding goes by mail to those who run the
installation. No line here names a person.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max

from kok import audit, clock, operators
from kok.clock import BERLIN
from kok.database import rights
from kok.errors import Refused
from kok.models import AuditEvent

log = logging.getLogger(__name__)
MAIL = "inspection.failed"
LONGEST_NOTE = 300
LONGEST_PAUSE = timedelta(days=2)  # a night may fail for an update; two may not


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
    """The newest run of an inspection; `event` is None before the first. `is_missing`: it should have run since."""

    inspection: Inspection
    event: AuditEvent | None
    is_missing: bool

    @property
    def is_right(self) -> bool:
        """Whether it was carried out lately and found nothing."""
        return self.event is not None and self.event.action == self.inspection.passed and not self.is_missing

    @property
    def has_finding(self) -> bool:
        """Whether it was carried out lately and found something."""
        return self.event is not None and self.event.action == self.inspection.failed and not self.is_missing

    @property
    def trouble(self) -> str:
        """In one German word what is to be told; nothing when it is right, and before the first night."""
        if self.is_missing:
            return "ausgeblieben"
        return "Befund" if self.has_finding else ""


def _rights_in_the_database(today: date) -> Sequence[str]:
    """Nothing where one role does everything, as on the server of a developer: production does not start there."""
    return rights.problems() if settings.PRODUCTION or rights.is_separate() else []


RIGHTS = Inspection("database-rights", "Rechte in der Datenbank", _rights_in_the_database)
_inspections: list[Inspection] = []


def register(*inspections: Inspection) -> None:
    """Called by apps in `ready()`."""
    _inspections.extend(inspections)


def results(now: datetime) -> list[Result]:
    """The newest result of every inspection."""
    newest = [(each, _newest(each)) for each in _inspections]
    is_due = any(event is None for _, event in newest) and _age() > LONGEST_PAUSE
    return [Result(each, event, now - event.at > LONGEST_PAUSE if event else is_due) for each, event in newest]


def _age() -> timedelta:
    """How long the installation has its tables as they are, by the clock of the machine, which wrote that down."""
    newest = MigrationRecorder(connection).migration_qs.aggregate(at=Max("applied"))["at"]
    return datetime.fromtimestamp(clock.machine_seconds(), UTC) - newest if newest else timedelta()


def run(*, now: datetime) -> None:
    """Carries out every inspection and writes down its result; one that breaks hinders no other."""
    for inspection in _inspections:
        _write_down(inspection, _look(inspection, now.astimezone(BERLIN).date()), now)


def _look(inspection: Inspection, today: date) -> Sequence[str]:
    try:
        return inspection.look(today)
    except Refused as refused:
        return [refused.sentence]
    except Exception as error:  # noqa: BLE001  whatever fails is told, and the next one is carried out
        return [f"Die Prüfung ist nicht gelungen ({type(error).__name__})."]


@transaction.atomic
def _write_down(inspection: Inspection, findings: Sequence[str], now: datetime) -> None:
    before = _newest(inspection)
    action = inspection.failed if findings else inspection.passed
    note = _note(findings)
    audit.record(by=None, action=action, note=note, now=now)
    if not findings:
        return
    log.error("Die Prüfung %s hat %s Befunde.", inspection.slug, len(findings))
    if before is None or (before.action, before.note) != (action, note):
        operators.tell(MAIL, f"{inspection.slug}:{now:%Y-%m-%d}", now=now)


def _note(findings: Sequence[str]) -> str:
    """The first finding, and how many there are."""
    if not findings:
        return "ohne Befund"
    more = f" Und {len(findings) - 1} weitere." if len(findings) > 1 else ""
    return findings[0][: LONGEST_NOTE - len(more)] + more


def _newest(inspection: Inspection) -> AuditEvent | None:
    return AuditEvent.objects.filter(action__in=[inspection.passed, inspection.failed]).order_by("-at", "-pk").first()
