"""Loads an agreement from a file: `manage.py load_agreement agreements/wetterau-2022.toml`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Any, TypedDict

from django.core.management.base import CommandParser

from kok import clock, words
from kok.errors import Refused
from kok.management.base import KokCommand
from kok.management.files import unreadable
from members import actions
from members.rules.agreement_file import parse
from members.rules.codes import Loading


class ReadFile(TypedDict):
    """What loading a file did or would do, as `--json` says it."""

    agreement: str
    region: str
    result: str
    checked_only: bool
    municipalities: list[dict[str, str]]
    versions: list[dict[str, Any]]
    older_versions: list[dict[str, object]]
    moved_in_the_past: list[dict[str, str]]


class Command(KokCommand[ReadFile]):
    """Twice without change; a file with a problem changes nothing and names the place.

    A changed file begins a new version from the day it names, and never touches what was.
    """

    help = "Lädt eine Kooperationsvereinbarung aus einer Datei."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and whether it is only looked at."""
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="DATEI", help="zum Beispiel agreements/wetterau-2022.toml")
        parser.add_argument("--check", action="store_true", help="zeigt nur, was sich ändern würde; speichert nichts")

    def answer(self, *, file: Path, check: bool, **_: object) -> ReadFile:
        """Reads and checks; stores unless asked only what would change."""
        wanted = parse(_text_of(file))
        original = _original_beside(file)
        if check:
            loaded = actions.check_agreement(file=wanted, now=clock.now(), original=original)
        else:
            self.require_key()
            loaded = actions.load_agreement(file=wanted, by=None, now=clock.now(), original=original)
        return {
            "agreement": wanted.agreement.slug,
            "region": wanted.agreement.region,
            "result": loaded.loading.value,
            "checked_only": check,
            "municipalities": list(map(asdict, loaded.municipalities)),
            "versions": list(map(asdict, loaded.started)),
            "older_versions": [asdict(each) | {"sentence": each.said(clock.today())} for each in loaded.older],
            "moved_in_the_past": list(map(asdict, loaded.moved)),
        }

    def tell(self, found: ReadFile) -> str:
        """What happened or would happen, and of every new version from which day and what it says otherwise."""
        loading = Loading(found["result"])
        would = WOULD[loading] if found["checked_only"] else f"ist {loading.label}"
        lines = [f"Die Vereinbarung {found['region']} {would}."]
        if loading is Loading.AMENDED:
            lines += chain.from_iterable(map(_version, found["versions"]))
            lines += _municipalities(found["municipalities"])
            lines += _moved(found["moved_in_the_past"])
            lines.append(REMAINS)
        lines += map(itemgetter("sentence"), found["older_versions"])
        if found["checked_only"]:
            lines.append("Es wurde nichts geändert. Ohne --check wird die Datei geladen.")
        return "\n".join(lines)


WOULD = {
    Loading.LOADED: "würde neu geladen",
    Loading.AMENDED: "würde angepasst",
    Loading.UNCHANGED: "würde unverändert bleiben",
}
MOVED = (
    "Achtung: Die Fassung beginnt in der Vergangenheit. Sie ändert Fristen, die schon vorbei sind oder es dadurch "
    "werden, und damit, was als fristgerecht gilt:"
)
REMAINS = (
    "Was vor dem ersten Tag einer neuen Fassung galt, bleibt, wie es war; auch Fristen, die bis dahin fällig wurden. "
    "Sitze und ihre Besetzung bleiben, wie sie in der Anwendung stehen."
)


def _version(version: dict[str, Any]) -> Iterator[str]:
    reason = f" Anlass: {version['reason']}" if version["reason"] else ""
    yield f"{version['title']}, Fassung {version['number']}, gilt ab {words.day(version['starts_on'])}.{reason}"
    for change in version["changes"]:
        yield from _difference(change)
    for sentence in version["remains"]:
        yield f"  {sentence}"


def _municipalities(found: Sequence[dict[str, str]]) -> Iterator[str]:
    if found:
        yield "Gemeinden: Neue und neu benannte stehen sofort zur Auswahl, keine fällt weg."
    for each in found:
        yield from _difference(each)


def _difference(change: Mapping[str, str]) -> Iterator[str]:
    yield f"  {change['place']}"
    yield f"    bisher: {_shown(change['before'])}"
    yield f"    neu:    {_shown(change['after'])}"


def _moved(found: Sequence[dict[str, str]]) -> Iterator[str]:
    if found:
        yield MOVED
    for each in found:
        yield from _difference({**each, "place": each["what"]})


def _shown(text: str) -> str:
    return text.replace("\n\n", "\n            ") or "–"


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{unreadable(path, error)} Es wurde nichts geändert.") from None


def _original_beside(path: Path) -> actions.Original | None:
    """The unchanged wording lies beside the file under the same name: `wetterau-2022.txt`."""
    beside = path.with_suffix(".txt")
    try:
        return actions.Original(beside.name, beside.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Refused(f"{unreadable(beside, error)} Es wurde nichts geändert.") from None
