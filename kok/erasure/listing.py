"""The list of what was erased: in the database with each run, and in a file outside, because a backup forgets it.

Both are proved by seals that nobody makes without the key. The run is sealed over a checksum of its numbers, so what is
copied to the file is what the run erased; each line of the file has a seal of its own, so `--reapply` tells lines that
were made up from ours.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from itertools import groupby
from operator import itemgetter

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from kok import chains, outside, turns, vault
from kok.models import ErasedObject, ErasureRun, ReportLine

log = logging.getLogger(__name__)
OTHER_NUMBERS = (
    "Löschlauf {called}: Die Nummern zur Regel „{rule}“ sind nicht die, die er gelöscht hat. Sie wurden an der "
    "Anwendung vorbei geändert; was davon noch nicht in der Löschliste steht, kommt nicht hinein."
)
UNREADABLE = "nicht lesbar."
NOT_OURS = "ohne passendes Siegel. Sie sind erfunden, geändert oder mit einem anderen CASE_LOG_KEY geschrieben."
MISSING = (
    "Der Löschliste fehlen Nummern, die sie schon hatte, als die Sicherung gemacht wurde: {number}. Sie ist älter, "
    "oder Zeilen sind entfernt. Nehmen Sie die neueste, vom anderen Ort, und rufen Sie den Befehl noch einmal auf."
)
UNKNOWN = "Die Regel „{rule}“ kennt diese Anwendung nicht."


def one_at_a_time() -> None:
    """Until the end of the transaction nobody else erases or writes the list."""
    turns.wait("erasure")


# In the database.


@dataclass
class ErasureLine:
    """What became of one rule in one run. `failed` is the kind of the error, `is_listed` concerns the file outside.

    `checksum` is over the numbers that were erased.
    """

    rule: str
    due: int = 0
    erased: int = 0
    failed: str = ""
    is_listed: bool = True
    checksum: str = ""


def note(done: ErasureRun, line: ErasureLine, ids: Sequence[str], *, is_listed: bool = False) -> None:
    """Writes down what was erased, in the transaction that erased it: a worker that is killed forgets nothing."""
    if ids:
        line.is_listed, line.checksum = is_listed, checksum(ids)
        rows = [ErasedObject(run=done, rule=line.rule, object_id=each) for each in ids]
        ErasedObject.objects.bulk_create(rows, batch_size=1000)
    done.refresh_from_db(fields=["report"])  # the sweep may have copied what was erased before
    done.report = [*done.report, asdict(line)]
    done.save(update_fields=["report"])


def checksum(ids: Iterable[str]) -> str:
    """Of numbers, in whatever order; the report of the run keeps it."""
    return sha256("\n".join(sorted(ids)).encode()).hexdigest()


def genuine(runs: Iterable[ErasureRun]) -> list[ErasureRun]:
    """Those of these runs that stand as the worker wrote them. Raises KeyLost."""
    given = list(runs)
    standing = ErasureRun.sealing.standing(done.pk for done in given)
    return [done for done in given if str(done.pk) in standing]


def findings(today: date) -> Sequence[str]:
    """A sentence for each rule of a run whose numbers are others than it erased. Raises Refused without the key.

    A run that does not stand as it was written is named by the check of the seals.
    """
    with vault.key_required(chains.NO_KEY):
        runs = {done.pk: done for done in genuine(ErasureRun.objects.order_by("pk"))}
    wanted = {(done.pk, line["rule"], line["checksum"]) for done in runs.values() for line in done.report}
    with_numbers = filter(itemgetter(2), wanted)
    different = {(number, rule) for number, rule, _ in set(with_numbers) ^ _erased(runs)}
    return [OTHER_NUMBERS.format(called=runs[number].called, rule=rule) for number, rule in sorted(different)]


def _erased(runs: Collection[int]) -> set[tuple[int, str, str]]:
    """What these runs erased as it stands now: run, rule, checksum of the numbers."""
    rows = ErasedObject.objects.filter(run__in=runs).order_by("run", "rule").values_list("run_id", "rule", "object_id")
    of_rules = groupby(rows.iterator(chunk_size=2000), itemgetter(0, 1))
    return {(run, rule, checksum(map(itemgetter(2), each))) for (run, rule), each in of_rules}


# The file.


def copy_to_list() -> None:
    """Writes what is not yet in the list outside the database; what cannot be written is tried again by the next run.

    The list is kept beside the backups (docs/operation.md); it holds rules, numbers and moments, no names. Of a run
    that does not stand as it was written nothing is copied: the nightly check names it.
    """
    for number in _not_listed().order_by("pk").values_list("pk", flat=True):
        try:
            with transaction.atomic():
                one_at_a_time()
                for done in genuine(_not_listed().filter(pk=number)):  # none when another worker was quicker
                    _copy(done)
        except (OSError, vault.KeyLost) as error:
            log.error("Die Löschliste lässt sich nicht schreiben (%s).", type(error).__name__)  # noqa: TRY400
            return


def _not_listed() -> QuerySet[ErasureRun]:
    return ErasureRun.objects.filter(report__contains=[{"is_listed": False}])


def _copy(done: ErasureRun) -> None:
    report = [_copied(done, line) for line in done.report]
    if report != done.report:
        done.report = report
        done.save(update_fields=["report"])


def _copied(done: ErasureRun, line: ReportLine) -> ReportLine:
    if line["is_listed"]:
        return line
    numbers = list(done.erased.filter(rule=line["rule"]).order_by("pk").values_list("object_id", flat=True))
    if checksum(numbers) != line["checksum"]:
        return line
    at = done.at.isoformat()
    outside.append(settings.KOK_ERASURE_LIST, (sealed(line["rule"], number, at) for number in numbers))
    return {**line, "is_listed": True}


def sealed(rule: str, number: str, at: str) -> dict[str, str]:
    """A line of the file. Raises KeyLost."""
    line = {"rule": rule, "id": number, "at": at}
    return {**line, "seal": _seal(line)}


def _seal(line: dict[str, str]) -> str:
    told = {name: line[name] for name in ("rule", "id", "at")}
    return vault.signature(json.dumps({"list": "erased", **told}, sort_keys=True))


@dataclass(frozen=True)
class Listed:
    """What stands in the file: the numbers by rule, a German sentence for lines left out, and the newest moment."""

    numbers: dict[str, list[str]]
    left: tuple[str, ...]
    until: datetime | None


def read(lines: Iterable[str], known: Iterable[str]) -> Listed:
    """Lines of ours whose rule is known; all others are left and hinder none. Raises Refused without the key."""
    rules, numbers, left, moments = frozenset(known), defaultdict[str, list[str]](list), list[tuple[int, str]](), [""]
    for place, text in enumerate(lines, 1):
        line, problem = _line_of(text)
        moments.append(line["at"])
        if problem:
            left.append((place, problem))
        elif line["rule"] in rules:
            numbers[line["rule"]].append(line["id"])
        elif line["rule"]:
            left.append((place, UNKNOWN.format(rule=line["rule"])))
    until = max(moments)
    return Listed(dict(numbers), tuple(_sentences(left)), datetime.fromisoformat(until) if until else None)


_EMPTY = {"rule": "", "id": "", "at": ""}


def _line_of(text: str) -> tuple[dict[str, str], str]:
    """A line of the file, and what is wrong with it; one that is left, or empty, says nothing. Raises Refused."""
    if not text.strip():
        return _EMPTY, ""
    try:
        line = json.loads(text)
        with vault.key_required(chains.NO_KEY):
            is_ours = line.get("seal") == _seal(line)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return _EMPTY, UNREADABLE
    return (line, "") if is_ours else (_EMPTY, NOT_OURS)


def missing_from(listed: Listed, known: Iterable[str]) -> tuple[str, ...]:
    """A sentence where this database knows of numbers that stood in the list, and stand there no more. Raises KeyLost.

    What was erased after the backup was made it cannot know. `known` are the rules by which the list was read.
    """
    of_run = {
        done.pk: {line["rule"] for line in done.report if line["is_listed"]}
        for done in genuine(ErasureRun.objects.order_by("pk"))
    }
    there = {rule: frozenset(ids) for rule, ids in listed.numbers.items()}
    rows = ErasedObject.objects.filter(run__in=of_run, rule__in=known).values_list("run_id", "rule", "object_id")
    gone = {
        (rule, number)
        for run, rule, number in rows.iterator(chunk_size=2000)
        if rule in of_run[run] and number not in there.get(rule, frozenset())
    }
    return (MISSING.format(number=len(gone)),) if gone else ()


def _sentences(left: list[tuple[int, str]]) -> Iterator[str]:
    """One for neighbours that are left for the same reason."""
    for (_, why), each in groupby(enumerate(left), lambda found: (found[1][0] - found[0], found[1][1])):
        places = [place for _, (place, _) in each]
        first, last = places[0], places[-1]
        which = f"Zeile {first}" if first == last else f"Zeilen {first} bis {last}"
        yield f"{which} der Löschliste ausgelassen: {why}"
