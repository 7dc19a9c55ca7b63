"""The ends of the chains, told outside the database: every night to a file, every week by mail to the auditors.

Lines cut off the very end of a chain are seen by nobody who has the chain only. So the newest seals are written down
where who has the database cannot write, and compared from there. They hold numbers, days and seals, no names.
"""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain as chained
from itertools import filterfalse
from operator import attrgetter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from kok import audit, chains, clock, operators, outbox, outside, queries, words, workdays
from kok.chains import Chain, End
from kok.mails import MailText, composed
from kok.models import OutboxMessage
from kok.models.sealing import sealings
from kok.models.seals import give_places
from kok.readable import readable
from kok.reminders import Due
from kok.vault import key_required
from kok.workdays import Policy

log = logging.getLogger(__name__)
FILE = "chain-ends.jsonl"
WRITTEN = "chain-ends.written"
MAIL = "chain-ends.told"
NOTICES = {
    MAIL: MailText(
        "KoK: Enden der Ketten, Woche vom {today}",
        "die Anwendung versiegelt Zugriffsprotokoll, Änderungsprotokoll, Rollen und Nachweise der Übergangslisten "
        "Zeile für Zeile. Dies sind die letzten Zeilen am {today}. Heben Sie diese Nachricht auf; abzuschreiben ist "
        "nichts. Ob am Ende etwas fehlt, zeigt die Prüfung auf der Seite „Zugriffsprotokoll“: Fügen Sie dort den Text "
        "dieser Nachricht ein.",
        "{ends}",
        "{left_out}",
        "Sie erhalten diese Nachricht am ersten Werktag jeder Woche, weil Sie die Rolle Prüfung haben.",
    )
}
_NOTE = "Zeile "

MISSING = (
    "Die Datei mit den Enden der Ketten fehlt. Prüfen Sie KOK_CHAIN_ENDS und spielen Sie sie aus der Sicherung ein."
)
UNREADABLE = (
    "Die Datei mit den Enden der Ketten lässt sich nicht lesen. Prüfen Sie KOK_CHAIN_ENDS und die Rechte daran."
)
UNWRITABLE = (
    "Die Datei mit den Enden der Ketten lässt sich nicht schreiben; die Enden dieser Nacht stehen nirgends. Prüfen Sie "
    "KOK_CHAIN_ENDS, die Rechte daran und den Platz auf der Platte."
)
BAD_LINE = "Zeile {line} der Datei mit den Enden der Ketten ist nicht lesbar oder steht nicht an ihrer Stelle."
BEGINS_LATE = "Die Datei mit den Enden der Ketten beginnt erst mit Zeile {first}: Ihr Anfang ist entfernt."
SHORT = "Die Datei mit den Enden der Ketten endet mit Zeile {last}, geschrieben wurden {written}: Zeilen sind entfernt."
LONG = (
    "Die Datei mit den Enden der Ketten hat {last} Zeilen, die Datenbank weiß von {written}: Das Ende des "
    "Änderungsprotokolls wurde abgeschnitten, oder eine Sicherung wurde eingespielt. Nur wenn Sie eine eingespielt "
    "haben, kürzen Sie die Datei, wie es docs/installation.md in Schritt 12 beschreibt."
)
CUT = (
    "{title}: Die Zeile {position} vom {day}, die am {at} die letzte war, ist nicht mehr da. Das Ende wurde "
    "abgeschnitten oder geändert, oder eine Sicherung wurde eingespielt."
)


@dataclass(frozen=True)
class ToldEnd:
    """An end as it was told outside, and when."""

    slug: str
    day: date
    position: int
    seal: str
    at: datetime


@dataclass(frozen=True)
class EndLine:
    """One night in the file."""

    number: int
    at: datetime
    ends: tuple[ToldEnd, ...]


@dataclass(frozen=True)
class EndsComparison:
    """What the file says of the chains. `newest` is when it was written last, None before the first night."""

    newest: datetime | None
    findings: tuple[str, ...]


def ends() -> list[End]:
    """The newest line of every chain, once all that waits for its place has one. Raises vault.KeyLost."""
    for sealing in sealings():
        give_places(sealing.chain)
    return present()


def present() -> list[End]:
    """The newest line of every chain as it stands; nothing is written."""
    return [end for chain in chains.registered() if (end := chains.end_of(chain))]


# The file.


def findings(today: date) -> Sequence[str]:
    """Compares the file with the chains, and goes on writing it: the one inspection that leaves something behind.

    Raises Refused without the key.
    """
    with key_required(chains.NO_KEY):
        found = compare(today).findings
        try:
            _write(clock.now())
        except OSError:
            return (*found, UNWRITABLE)
    return found


def compare(today: date) -> EndsComparison:
    """Whether every end of the file still stands where it stood, and the file is whole. Raises KeyLost.

    Nothing is written.
    """
    written = _lines_written()
    try:
        found = list(_read(_path()))
    except FileNotFoundError:
        return EndsComparison(None, (MISSING,) if written else ())
    except OSError:
        return EndsComparison(None, (UNREADABLE,))
    except ValueError as error:
        return EndsComparison(None, (BAD_LINE.format(line=error),))
    told = chained.from_iterable(map(attrgetter("ends"), found))
    return EndsComparison(found[-1].at if found else None, (*_missing(found, written), *_gone(told, today)))


def _missing(lines: list[EndLine], written: int) -> Iterator[str]:
    """Lines that the file has lost, in front or at its end, or that it has too many."""
    first, last = (lines[0].number, lines[-1].number) if lines else (1, 0)
    if first > 1:
        yield BEGINS_LATE.format(first=first)
    if last != written:
        yield (SHORT if last < written else LONG).format(last=last, written=written)


def _path() -> Path:
    path: Path = settings.KOK_CHAIN_ENDS / FILE
    return path


@transaction.atomic
def _write(now: datetime) -> None:
    """One line with every end. The trail is told of it first, so that its end is among them. Raises OSError."""
    number = max(_lines_written(), _last_line()) + 1
    audit.record(by=None, action=WRITTEN, note=f"{_NOTE}{number}", now=now)
    told = [
        {"chain": end.chain.slug, "day": end.day.isoformat(), "line": end.position, "seal": end.seal} for end in ends()
    ]
    outside.append(_path(), [{"number": number, "at": now.isoformat(), "ends": told}])


def _lines_written() -> int:
    """How many lines the file must have, as the trail says where we wrote it. Raises KeyLost."""
    newest, _ = audit.newest(WRITTEN)
    return int(newest.note.removeprefix(_NOTE)) if newest else 0


def _last_line() -> int:
    """The number of the last line of the file; 0 where it is missing or broken, which `compare` says."""
    try:
        lines = list(_read(_path()))
    except (FileNotFoundError, ValueError):
        return 0
    return lines[-1].number if lines else 0


def _read(path: Path) -> Iterator[EndLine]:
    """The lines of the file. Raises OSError, and ValueError with the place of a line that is none or stands wrong."""
    before = None
    with path.open(encoding="utf-8") as file:
        for place, text in enumerate(file, 1):
            try:
                line = _line(json.loads(text))
            except (ValueError, TypeError, KeyError):
                raise ValueError(place) from None
            if before not in (None, line.number - 1):
                raise ValueError(place)
            before = line.number
            yield line


def _line(found: dict[str, Any]) -> EndLine:
    at = datetime.fromisoformat(found["at"])
    told = tuple(
        ToldEnd(str(end["chain"]), date.fromisoformat(end["day"]), int(end["line"]), str(end["seal"]), at)
        for end in found["ends"]
    )
    return EndLine(int(found["number"]), at, told)


def _gone(told: Iterable[ToldEnd], today: date) -> Iterator[str]:
    """Of each chain the first end that stands nowhere any more."""
    by_chain: dict[str, list[ToldEnd]] = {}
    for end in told:
        by_chain.setdefault(end.slug, []).append(end)
    for chain in chains.registered():
        of_chain = by_chain.get(chain.slug, ())
        if first := next(filterfalse(_places(chain, of_chain, today), of_chain), None):
            yield CUT.format(
                title=chain.title, position=first.position, day=words.day(first.day), at=words.day(first.at)
            )


def _places(chain: Chain, told: Iterable[ToldEnd], today: date) -> Callable[[ToldEnd], bool]:
    """Says of an end whether it stands at a day, or at a line, or went with the lines of its day after their period."""
    days = {row.day: row for row in readable(chain.closings)}  # the walk names what cannot be read
    with_seals = chain.kept.filter(seal__in=set(map(attrgetter("seal"), told)))
    lines = set(map(attrgetter("day", "position", "seal"), readable(with_seals)))

    def is_there(end: ToldEnd) -> bool:
        closing = days.get(end.day)
        if closing is None or closing.entries < end.position:
            return False
        at_day = closing.entries == end.position and closing.seal == end.seal
        at_line = (end.day, end.position, end.seal) in lines
        return at_day or at_line or (closing.entries > end.position and chain.is_expired(end.day, today))

    return is_there


def unknown(seals: Iterable[str]) -> list[str]:
    """Which seals of an earlier mail or check stand neither at a line nor at a day any more; trust intact chains only.

    The end of a day stays for ever. A line that was the newest only for a while goes with its day after its period.
    """
    wanted = list(dict.fromkeys(seals))
    kept: set[str] = set()
    for chain in chains.registered():
        for rows in (chain.kept, chain.closings):
            kept |= set(rows.filter(seal__in=wanted).values_list("seal", flat=True))
    return [seal for seal in wanted if seal not in kept]


# The mail.


def due(today: date) -> list[Due]:
    """The mail of this week to every auditor whose account stands as it was sealed, from its first workday on."""
    monday = today - timedelta(days=today.weekday())
    first = workdays.due(monday, Policy.ROLL_FORWARD, queries.extra_holidays())
    if today < first:
        return []
    told = queries.genuine(queries.auditors())
    if not told and (left_out := queries.left_out()):
        log.error("Niemand erhält die Enden der Ketten; an der Anwendung vorbei geändert: %s Konten.", left_out)
    return [Due(MAIL, "chains", first, "week", str(user.pk), user.email, {"user": user.pk}) for user in told]


def build_mail(row: OutboxMessage) -> outbox.Mail | None:
    """The ends as they stand when it is sent; None when the person audits nothing any more."""
    if row.context["user"] not in map(attrgetter("pk"), queries.auditors()):
        return None
    ends = "\n\n".join(map(_in_words, present())) or "Noch steht in keiner Kette eine Zeile."
    return composed(row.kind, {"ends": ends, "today": words.day(clock.today()), "left_out": operators.left_out()})


def _in_words(end: End) -> str:
    return f"{end.chain.title}: {words.day(end.day)}, Zeile {end.position}\n{end.seal}"
