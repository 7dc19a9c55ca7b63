"""Which formats there are: the shipped ones and those an administrator put into the folder `KOK_FORMATS`."""

import logging
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from kok.errors import Refused, require
from reporting.figures.rules.formats import Format, unknown_format
from reporting.figures.rules.formats_file import parse_format

logger = logging.getLogger(__name__)
SHIPPED = Path(__file__).resolve().parent.parent / "formats"
Stamp = tuple[tuple[Path, int, int], ...]


def formats() -> dict[tuple[str, str], Format]:
    """Every format by id and version. A file of the folder replaces the shipped one with the same id and version.

    Read once, and again when a file changed. A file with a mistake is left out; `format_of` tells it.
    """
    return _read(_stamp())[0]


def format_of(format_id: str, version: str) -> Format:
    """The format of a file: exactly this version, else the newest of the same major one.

    Raises Refused when there is none.
    """
    found, broken = _read(_stamp())
    if (format_id, version) in found:
        return found[format_id, version]
    wanted = (format_id, _major(version))
    same = [each for each in found.values() if (each.id, _major(each.version)) == wanted]
    known = ", ".join(map(" ".join, sorted(found)))
    unknown = (
        f"Das Format der Datei gibt es hier nicht. Bekannt sind {known}. Es wurde nichts übernommen. "
        f"{' '.join(['Prüfen Sie die Spalten format_id und format_version.', *broken])}"
    )
    return require(max(same, key=_version, default=None), unknown)


def latest_formats() -> list[Format]:
    """The newest version of each format, by id."""
    newest = {found.id: found for found in sorted(formats().values(), key=_version)}
    return [newest[name] for name in sorted(newest)]


def format_named(format_id: str) -> Format:
    """The newest version of a format; one without columns where there is none any more."""
    newest = {found.id: found for found in latest_formats()}
    return newest.get(format_id, unknown_format(format_id))


def _version(found: Format) -> tuple[int, ...]:
    return _parts(found.version)


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")) if version.replace(".", "").isdecimal() else (0,)


def _major(version: str) -> int:
    return _parts(version)[0] if version.count(".") == 2 else -1


def _stamp() -> Stamp:
    folders = [SHIPPED, *map(Path, filter(None, [settings.KOK_FORMATS]))]
    files = [(path, path.stat()) for folder in folders for path in sorted(folder.glob("*.toml"))]
    return tuple((path, state.st_mtime_ns, state.st_size) for path, state in files)


@lru_cache(maxsize=2)
def _read(stamp: Stamp) -> tuple[dict[tuple[str, str], Format], tuple[str, ...]]:
    found: dict[tuple[str, str], Format] = {}
    broken: list[str] = []
    for path, _, _ in stamp:
        try:
            each = parse_format(path.read_text(encoding="utf-8"))
        except (Refused, UnicodeDecodeError) as error:
            reason = getattr(error, "sentence", "Die Datei ist kein Text in UTF-8.")
            broken.append(f"{path.name}: {reason}")
            logger.warning("A file of a format was left out: %s", path.name)
        else:
            found[each.id, each.version] = each
    return found, tuple(broken)
