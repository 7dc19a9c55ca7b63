"""Signs of life: the schedule (beat) writes its own, a worker does so by doing a task.

A worker whose children hang runs on; only a task that was done proves that it works, and every one
does. So that there is one, the worker sends itself `kok.pulse` by its own clock, independent of beat. Whoever is silent
cannot say so, so each looks after the other one: it tells those who run the installation, once for each silence, and
delivers that mail itself.

Nobody judges before he has run, and given signs without a gap, for as long as he grants the other. So neither a start,
nor an update, nor a database that was away, nor a clock that was put forward makes an alarm.
"""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from kok import audit, operators, outbox, words
from kok.mails import MailText
from kok.models import Pulse
from kok.vault import KeyLost

log = logging.getLogger(__name__)
MAIL = "pulse.silent"
NOTICES = {
    MAIL: MailText(
        "KoK: {part} arbeitet nicht",
        "der Teil „{part}“ der Anwendung gibt seit einigen Minuten kein Zeichen. Es ging nichts verloren: Nachrichten, "
        "Dokumente und Erinnerungen warten, bis er wieder arbeitet. Was zu tun ist, steht auf der Seite „Aufträge“:",
        "{link}",
        "Zu diesem Ausfall folgt keine weitere Nachricht. Ob er vorbei ist, zeigt die Seite.",
        "{left_out}",
        operators.WHY,
    )
}
BEAT, WORKER = "beat", "worker"
_BEGAN = time.monotonic()  # of this process; the children of a worker have it from their parent
_OTHER = {BEAT: WORKER, WORKER: BEAT}
_WITHOUT = {
    WORKER: "Nachrichten und Dokumente warten.",
    BEAT: "Erinnerungen, Löschlauf und Prüfungen bleiben aus.",
}
TITLES = {WORKER: "Worker", BEAT: "Zeitplan (beat)"}


def patience() -> timedelta:
    """How long a sign may be missing: three in a row."""
    return timedelta(seconds=3 * settings.KOK_PULSE_SECONDS)


def age() -> timedelta:
    """How long this process runs; for a child of a worker, how long the worker does."""
    return timedelta(seconds=time.monotonic() - _BEGAN)


def sign(name: str, *, now: datetime, age: timedelta) -> None:
    """`name`, which runs for `age`, gives a sign, looks after the other one and delivers what there is to tell."""
    own = _write(name, now)
    waited = min(now - own.since, age)
    if waited >= patience():
        _look_after(_OTHER[name], waited_since=now - waited, now=now)
    # A mail server that thinks for long must not silence who gives signs.
    outbox.deliver_kind(MAIL, now=now, answer_within=patience().total_seconds() / 3)


def _is_silent(pulse: Pulse, now: datetime) -> bool:
    """Also when its last sign lies ahead: then the clock was put back, and there was none since."""
    return abs(now - pulse.at) >= patience()


@transaction.atomic
def _write(name: str, now: datetime) -> Pulse:
    pulse, _ = Pulse.objects.select_for_update().get_or_create(name=name, defaults={"at": now, "since": now})
    if _is_silent(pulse, now):
        pulse.since = now
    pulse.at, pulse.told_at = now, None
    pulse.save()
    return pulse


@transaction.atomic
def _look_after(name: str, *, waited_since: datetime, now: datetime) -> None:
    never_yet = {"at": waited_since, "since": waited_since}
    pulse, _ = Pulse.objects.select_for_update().get_or_create(name=name, defaults=never_yet)
    if not _is_silent(pulse, now) or pulse.told_at:
        return
    note = f"seit {words.stamp(pulse.at)}"
    action = f"pulse.{name}-silent"
    is_told = operators.tell(MAIL, f"{name}:{pulse.at.isoformat()}", now=now, part=TITLES[name])
    if is_told:  # else the next sign tries again
        pulse.told_at = now
        pulse.save(update_fields=["told_at"])
    if is_told or not _is_written(action, note, now):
        audit.record(by=None, action=action, note=note, now=now)
    log.error("%s schweigt %s.", name, note)


def _is_written(action: str, note: str, now: datetime) -> bool:
    """Whether the trail says so, or cannot be asked."""
    try:
        newest, _ = audit.newest(action, until=now)
    except KeyLost:
        return True
    return newest is not None and newest.note == note


def where_to_read(name: str) -> str:
    """What shows the log of this part. The names are those in docs/examples/systemd and docker-compose.yml."""
    return f"Den Grund zeigt „journalctl --unit kok-{name}“ oder „docker compose logs {name}“."


def _what_to_do(name: str) -> str:
    again = f"Neu starten: „systemctl restart kok-{name}“ oder „docker compose restart {name}“."
    return f"{again} {where_to_read(name)}"


def ask(name: str) -> Callable[[datetime], Sequence[str]]:
    """What `kok.health` asks about one of the two."""

    def asked(now: datetime) -> Sequence[str]:
        pulse = Pulse.objects.filter(name=name).first()
        if pulse is None:
            return [f"Hat noch kein Zeichen gegeben. {_WITHOUT[name]} {_what_to_do(name)}"]
        if _is_silent(pulse, now):
            return [f"Schweigt seit {words.stamp(pulse.at)}. {_WITHOUT[name]} {_what_to_do(name)}"]
        return []

    return asked
