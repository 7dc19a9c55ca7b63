"""Whether the application can work, for monitoring and for those who run it.

Without its database or its tables it cannot (`missing`). Everything else is a part that may be degraded while people
go on working: apps register how to ask. Nothing here writes, and no answer names a version, a host or a person.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from celery import current_app
from django.apps import apps
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from kok import documents, erasure, inspections, queries
from kok.models import ErasureRun
from kok.words import counted

OK, DEGRADED, UNAVAILABLE = "ok", "degraded", "unavailable"
LONGEST_WAIT = timedelta(minutes=15)  # of a message or document; the sweep tells a worker several times in it
LOOK_BACK = 50  # runs of erasure; the nightly one carries out every rule
BROKER_PATIENCE = 1.0  # seconds; who asks for the state of the application must not wait for the broker
BROKER_AWAY = (
    "Der Broker ist nicht erreichbar. Nachrichten und Dokumente warten, Änderungen bleiben gespeichert. Starten Sie "
    "ihn: „systemctl restart valkey-server“ (oder redis-server) oder „docker compose restart broker“. Danach geht "
    "alles von selbst weiter."
)

# A German sentence for each thing that is not as it should be, none when all is well. It only reads.
Ask = Callable[[datetime], Sequence[str]]


@dataclass(frozen=True)
class HealthPart:
    """`name` stands in the answer to monitoring, `title` on the page *Aufträge*."""

    name: str
    title: str
    ask: Ask


@dataclass(frozen=True)
class State:
    """What a part said; no sentence when it is well."""

    part: HealthPart
    sentences: Sequence[str]

    @property
    def is_well(self) -> bool:
        """Whether nothing is to be told."""
        return not self.sentences


_parts: dict[str, HealthPart] = {}


def register(name: str, title: str, ask: Ask) -> None:
    """Called by apps in `ready()`: one more part that may be degraded."""
    _parts[name] = HealthPart(name, title, ask)


def missing() -> str:
    """What the application cannot work without and has not: "database", "schema", or nothing.

    The schema is missing while a migration of this version waits, or a table is not there.
    """
    try:
        with connection.cursor() as cursor:
            tables = set(connection.introspection.table_names(cursor))
        if not _expected_tables() <= tables:
            return "schema"
        applied = set(MigrationRecorder(connection).migration_qs.values_list("app", "name"))
    except Error:
        return "database"
    return "" if _expected_migrations() <= applied else "schema"


@cache
def _expected_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).graph.nodes)


@cache
def _expected_tables() -> frozenset[str]:
    models = apps.get_models(include_auto_created=True)
    ours = {model._meta.db_table for model in models if model._meta.managed and not model._meta.proxy}
    return frozenset(ours | {MigrationRecorder.Migration._meta.db_table})


def states(now: datetime) -> list[State]:
    """What every part says; one that cannot be asked is not well."""
    return [State(part, _asked(part, now)) for part in _parts.values()]


def _asked(part: HealthPart, now: datetime) -> Sequence[str]:
    try:
        return part.ask(now)
    except Exception as error:  # noqa: BLE001  one part that breaks hides no other
        return [f"Der Stand lässt sich nicht feststellen ({type(error).__name__})."]


def answer(now: datetime) -> dict[str, object]:
    """For monitoring: `status` is ok, degraded or unavailable, `parts` says which part it is, in one word each."""
    if lacking := missing():
        return {"status": UNAVAILABLE, "parts": {lacking: UNAVAILABLE}}
    parts = {"database": OK, "schema": OK}
    parts |= {state.part.name: OK if state.is_well else DEGRADED for state in states(now)}
    return {"status": DEGRADED if DEGRADED in parts.values() else OK, "parts": parts}


def ask_broker(_: datetime) -> Sequence[str]:
    """Whether the broker can be reached from here."""
    patience = {"socket_connect_timeout": BROKER_PATIENCE, "socket_timeout": BROKER_PATIENCE}
    try:
        with current_app.connection_for_write(transport_options=patience) as broker:
            broker.ensure_connection(max_retries=0)
    except Exception:  # noqa: BLE001  kombu and redis raise their own; each means the same
        return [BROKER_AWAY]
    return []


def ask_messages(now: datetime) -> Sequence[str]:
    """Whether a message waits longer than it should, or was given up and nobody has looked yet, or is not ours."""
    number = queries.undelivered()
    return [*_given_up(number.get("FAILED", 0), "Eine Nachricht ist", "Nachrichten sind", "nicht zugestellt"),
            *_given_up(number.get("FOREIGN", 0), "Eine Nachricht ist", "Nachrichten sind", "nicht von der Anwendung"),
            *_overdue("Eine Nachricht", queries.oldest_waiting_message(), now)]  # fmt: skip


def ask_documents(now: datetime) -> Sequence[str]:
    """Whether a document waits longer than it should, or could not be made."""
    failed = queries.failed_documents().count()
    return [*_given_up(failed, "Ein Dokument ist", "Dokumente sind", "nicht gelungen"),
            *_overdue("Ein Dokument", documents.oldest_waiting(), now)]  # fmt: skip


def ask_inspections(now: datetime) -> Sequence[str]:
    """Whether the newest nightly inspection found something or did not run; nothing before the first."""
    return [f"{each.inspection.title}: {each.trouble}." for each in inspections.results(now) if each.trouble]


def ask_erasure(now: datetime) -> Sequence[str]:
    """Whether a retention rule failed when it was last carried out, a run did not get to its end, or a request waits.

    A run does not where somebody holds its turn, or the worker was ended meanwhile. It may be of one rule, by an act of
    a person. What was written past the application does not count: the nightly check names it.
    """
    runs = list(_last_runs())
    failed = sum(bool(line["failed"]) for _, lines in runs for line in lines)
    has_ended = all(run.report or now - run.at < LONGEST_WAIT for run, _ in runs)
    return [*_given_up(failed, "Eine Löschregel ist", "Löschregeln sind", "beim letzten Lauf nicht gelungen"),
            *([] if has_ended else ["Der letzte Löschlauf kam nicht zu Ende."]),
            *_overdue("Ein Löschauftrag", erasure.asked_since(), now)]  # fmt: skip


def _last_runs() -> Iterator[tuple[ErasureRun, list[dict[str, object]]]]:
    """The newest runs, each with its lines of rules that no newer one carried out, until every rule was seen."""
    unseen = {rule.slug for rule in erasure.rules()}
    for run in erasure.genuine(queries.erasure_runs().filter(is_dry=False)[:LOOK_BACK]):
        lines = [line for line in run.report if line["rule"] in unseen]
        yield run, lines
        unseen -= {line["rule"] for line in lines}
        if not unseen:
            return


def _given_up(number: int, one: str, many: str, what: str) -> Sequence[str]:
    return [f"{counted(number, one, many)} {what}."] if number else []


def _overdue(what: str, oldest: datetime | None, now: datetime) -> Sequence[str]:
    if oldest is None or now - oldest < LONGEST_WAIT:
        return []
    return [f"{what} wartet {so_long(now - oldest)}."]


def so_long(age: timedelta) -> str:
    """`seit 5 Minuten`, `seit einer Stunde`, `seit 3 Tagen`: the largest unit that fits, rounded down."""
    minutes = max(int(age.total_seconds()) // 60, 0)
    for length, one, many in (
        (24 * 60, "einem Tag", "Tagen"),
        (60, "einer Stunde", "Stunden"),
        (1, "einer Minute", "Minuten"),
    ):
        if (number := minutes // length) >= 1:
            return f"seit {counted(number, one, many)}"
    return "seit weniger als einer Minute"
