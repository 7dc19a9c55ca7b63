"""The access log as its readers and its check need it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from kok import vault
from kok.access import Permission, grants_with
from kok.clock import BERLIN
from kok.queries import account_names
from kok.trail import in_words, staff_of
from members.queries import houses_of
from transitions.models import AccessLogDay, AccessLogEntry, TransitionListVersion, TransmissionReceipt
from transitions.rules.retention import EXPIRED
from transitions.rules.states import LogAction

Chain = AccessLogEntry.Chain
SEALED_FIELDS = (
    "chain", "position", "actor_id", "actor", "role", "agreement", "action", "reason", "version", "list_year",
    "case_ref",
)  # fmt: skip


def sealed_words(entry: AccessLogEntry, before: str) -> str:
    """Everything that the seal of an entry covers, with the seal before it."""
    words = {name: getattr(entry, name) for name in SEALED_FIELDS}
    words |= {"day": entry.day.isoformat(), "at": entry.at.astimezone(UTC).isoformat(), "before": before}
    return json.dumps(words, sort_keys=True, ensure_ascii=False, default=str)


def proof_words(closing: AccessLogDay, before: str) -> str:
    """Everything that the proof of a day covers, with the proof of the day before it in its chain, "" at the first."""
    words = {"chain": closing.chain, "day": closing.day.isoformat(), "entries": closing.entries, "seal": closing.seal}
    return json.dumps(words | {"day before": before}, sort_keys=True)


# Reading.


@dataclass(frozen=True)
class Filter:
    """What an auditor looks for; days are inclusive."""

    from_on: date | None = None
    until_on: date | None = None
    account: int | None = None
    action: str = ""
    case_ref: str = ""
    list_year: int | None = None

    @property
    def is_set(self) -> bool:
        """Whether anything was chosen."""
        return any(astuple(self))

    @property
    def words(self) -> str:
        """The same in words for the trail, with numbers instead of names."""
        year = f"Liste {self.list_year}" if self.list_year else ""
        return in_words(self.from_on, self.until_on, self.account, self.action, self.case_ref, year)


def may_read(user: Any) -> bool:
    """Whether this account holds the role of an auditor anywhere."""
    return bool(grants_with(user, Permission.CASES_LOG))


def entries_visible_to(user: Any) -> QuerySet[AccessLogEntry]:
    """The lines of the auditor's agreements, the newest first."""
    held = grants_with(user, Permission.CASES_LOG)
    return AccessLogEntry.objects.filter(agreement__in={grant.agreement.slug for grant in held if grant.agreement})


def entries_wanted(user: Any, wanted: Filter) -> QuerySet[AccessLogEntry]:
    """What the auditor may see of what he looks for."""
    chosen = {
        "day__gte": wanted.from_on,
        "day__lte": wanted.until_on,
        "actor_id": wanted.account,
        "action": wanted.action,
        "case_ref": wanted.case_ref,
        "list_year": wanted.list_year,
    }
    return entries_visible_to(user).filter(**{name: value for name, value in chosen.items() if value})


def add_numbers(entries: Iterable[Any]) -> None:
    """Gives each line the number of its version as `number`, None where there is no such version any more."""
    named = {entry.version for entry in entries if entry.version}
    found = TransitionListVersion.objects.filter(pk__in=named).values_list("pk", "number")
    numbers = {str(pk): number for pk, number in found}
    for entry in entries:
        entry.number = numbers.get(entry.version)


def show_people(user: Any, entries: Sequence[Any]) -> None:
    """Gives each line `who` and `name` as this auditor may know them.

    The people of his own house by name. Of everybody else only which house looked: its own auditor knows who it was.
    """
    numbers = {entry.actor_id for entry in entries}
    names = account_names(numbers)  # an account that was erased belongs to no house and keeps its sign-in name
    strangers = {number for number in names if number not in staff_of(user)}
    houses = houses_of(strangers)
    for entry in entries:
        is_strange = entry.actor_id in strangers
        entry.name = "" if is_strange else names.get(entry.actor_id, "")
        entry.who = houses.get(entry.actor_id, "anderes Haus") if is_strange else entry.actor


def accounts_in(user: Any) -> list[tuple[int, str]]:
    """The accounts of the own house that the visible lines name."""
    own = entries_visible_to(user).filter(actor_id__in=staff_of(user))
    rows = own.order_by("actor").values_list("actor_id", "actor").distinct()
    names = account_names(number for number, _ in rows)
    return [(number, f"{names[number]} ({actor})" if names.get(number) else actor) for number, actor in rows if number]


def years_in(user: Any) -> list[int]:
    """The list years that the visible lines name, the newest first."""
    rows = entries_visible_to(user).order_by("-list_year").values_list("list_year", flat=True).distinct()
    return [year for year in rows if year]


# Checking.


@dataclass(frozen=True)
class Finding:
    """A place where the log is not as it was written; position None concerns the whole day."""

    chain: str
    day: date
    position: int | None
    sentence: str

    @property
    def label(self) -> str:
        """The chain in words."""
        return str(Chain(self.chain).label)


@dataclass(frozen=True)
class End:
    """The newest line of a chain. Lines cut off the end are seen by comparing it with an earlier check only."""

    chain: str
    day: date
    position: int
    seal: str

    @property
    def label(self) -> str:
        """The chain in words."""
        return str(Chain(self.chain).label)


@dataclass(frozen=True)
class LogCheck:
    """The outcome of a check."""

    lines: int
    days: int
    deleted_days: int
    findings: tuple[Finding, ...]
    ends: tuple[End, ...]
    is_other_key: bool

    @property
    def is_intact(self) -> bool:
        """Whether every line is as it was written."""
        return not self.findings


CHANGED = "Diese Zeile passt nicht zu ihrem Siegel: Sie wurde geändert, eingefügt oder umgestellt."
FIRST_CHANGED = (
    "Diese Zeile passt nicht zu ihrem Siegel oder nicht zum Tag davor: Sie wurde geändert, eingefügt oder umgestellt, "
    "oder davor fehlt ein Tag."
)
NO_DAY_SEAL = "Das Tagessiegel fehlt: Der Tag wurde gelöscht oder eingefügt."
DAY_CHANGED = (
    "Das Tagessiegel passt nicht zu diesem Tag oder nicht zum Tag davor: Es wurde geändert oder erfunden, oder davor "
    "fehlt ein Tag."
)
DAY_ENDS_ELSEWHERE = "Das Tagessiegel passt nicht zur letzten Zeile."
DAY_GONE = "Alle Zeilen dieses Tages fehlen, obwohl ihre Frist noch läuft."


class _Check:
    """Walks along both chains and remembers what it finds."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.findings: list[Finding] = []
        self.ends: list[End] = []
        self.lines = self.days = self.deleted_days = self.fitting = 0

    def chain(self, chain: str) -> None:
        """Every day of a chain, each linked to the one before."""
        before = ""
        seals = {row.day: row for row in AccessLogDay.objects.filter(chain=chain)}
        self.proofs(seals)
        entries = AccessLogEntry.objects.filter(chain=chain).order_by("day", "position").iterator(chunk_size=2000)
        for day, rows in _by_day(entries, seals):
            self.days += 1
            before = self.day(chain, day, rows, seals.get(day), before)
        if seals:
            last = seals[max(seals)]
            self.ends.append(End(chain, last.day, last.entries, last.seal))

    def proofs(self, seals: dict[date, AccessLogDay]) -> None:
        """Every day against the day before it: without the key none can be made up, and none cut off in front."""
        before = ""
        for day in sorted(seals):
            closing = seals[day]
            if vault.signature(proof_words(closing, before)) == closing.proof:
                self.fitting += 1
            else:
                self.findings.append(Finding(closing.chain, day, None, DAY_CHANGED))
            before = closing.proof

    def day(self, chain: str, day: date, rows: list[AccessLogEntry], closing: AccessLogDay | None, before: str) -> str:
        """One day of one chain; the seal to which the next day is linked."""
        if not rows and closing:
            return self.empty_day(chain, day, closing)
        last = 0
        for entry in rows:
            self.entry(entry, before, last)
            if entry.position > last:
                before, last = entry.seal, entry.position
        if closing is None:
            self.findings.append(Finding(chain, day, None, NO_DAY_SEAL))
            return before
        self.gap(chain, day, last, closing.entries + 1)
        if closing.seal != before:
            self.findings.append(Finding(chain, day, None, DAY_ENDS_ELSEWHERE))
        return closing.seal

    def empty_day(self, chain: str, day: date, closing: AccessLogDay) -> str:
        """A day without lines: deleted after its period, or made away with."""
        if EXPIRED[chain](day, self.today):
            self.deleted_days += 1
        else:
            self.findings.append(Finding(chain, day, None, DAY_GONE))
        return closing.seal

    def entry(self, entry: AccessLogEntry, before: str, last: int) -> None:
        """One line against its seal. Behind a gap it cannot be judged, and the gap is the finding."""
        self.lines += 1
        if vault.signature(sealed_words(entry, before)) == entry.seal:
            self.fitting += 1
        elif entry.position <= last + 1:
            sentence = FIRST_CHANGED if entry.position == 1 else CHANGED
            self.findings.append(Finding(entry.chain, entry.day, entry.position, sentence))
        self.gap(entry.chain, entry.day, last, entry.position)

    def gap(self, chain: str, day: date, last: int, following: int) -> None:
        """Lines that are missing between two positions, as one finding."""
        if following == last + 2:
            self.findings.append(Finding(chain, day, last + 1, "Diese Zeile fehlt."))
        elif following > last + 2:
            self.findings.append(Finding(chain, day, last + 1, f"Die Zeilen {last + 1} bis {following - 1} fehlen."))

    def witnesses(self) -> None:
        """What stands elsewhere and is among the acts: opened versions and receipts. A log that was emptied has not."""
        versions = TransitionListVersion.objects.order_by("opened_at").values_list("pk", "opened_at")
        self.told(LogAction.DRAFT, [(*row, "Eine Fassung wurde angelegt, und das") for row in versions])
        rows = TransmissionReceipt.objects.order_by("released_at").values_list("version_id", "released_at", "number")
        self.told(LogAction.RELEASE, [(pk, at, f"Die Freigabe mit der Quittung {no}") for pk, at, no in rows])

    def told(self, action: LogAction, witnesses: list[tuple[Any, datetime, str]]) -> None:
        """Finds versions without a line of this act, as long as lines of that day are kept."""
        told = set(AccessLogEntry.objects.filter(chain=Chain.ACT, action=action).values_list("version", flat=True))
        for version, at, words in witnesses:
            day = at.astimezone(BERLIN).date()
            if str(version) not in told and not EXPIRED[Chain.ACT](day, self.today):
                sentence = f"{words} steht nicht im Protokoll: Zeilen wurden entfernt."
                self.findings.append(Finding(Chain.ACT, day, None, sentence))


def check_log(today: date) -> LogCheck:
    """Recomputes every seal of both chains; nothing is written.

    Read lines that were deleted after their period are no finding: the closing seals of their days stay and link the
    chain. The newest lines of the log can be cut off unseen, unless a list was opened or released in them: `seals_gone`
    compares with an earlier check. Raises vault.KeyLost without a key.
    """
    check = _Check(today)
    for chain in Chain.values:
        check.chain(chain)
    check.witnesses()
    is_other_key = check.days > 0 and check.fitting == 0
    return LogCheck(check.lines, check.days, check.deleted_days, tuple(check.findings), tuple(check.ends), is_other_key)


def seals_gone(seals: Iterable[str]) -> list[str]:
    """Which ends of an earlier check stand neither at a line nor at a day any more; trust it in an intact log only.

    The end of a day stays for ever. A line that was the newest only for a while goes with its day after its period.
    """
    wanted = list(dict.fromkeys(seals))
    kept = set(AccessLogEntry.objects.filter(seal__in=wanted).values_list("seal", flat=True))
    kept |= set(AccessLogDay.objects.filter(seal__in=wanted).values_list("seal", flat=True))
    return [seal for seal in wanted if seal not in kept]


def _by_day(
    entries: Iterator[AccessLogEntry], seals: dict[date, AccessLogDay]
) -> Iterator[tuple[date, list[AccessLogEntry]]]:
    """Every day that has lines or a closing seal, in order."""
    waiting = sorted(seals, reverse=True)
    for day, rows in groupby(entries, key=lambda entry: entry.day):
        while waiting and waiting[-1] < day:
            yield waiting.pop(), []
        if waiting and waiting[-1] == day:
            waiting.pop()
        yield day, list(rows)
    yield from ((day, []) for day in reversed(waiting))
