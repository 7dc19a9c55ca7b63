"""Makes the list of everything the application is made of, as CycloneDX 1.6, and the page of licences.

It reads the locks, because they say what is installed; licences come from what is installed here. What production
runs is "required"; the servers of the demo, and what only tests and set-up use, is "excluded".
"""

import base64
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.license import License, LicenseAcknowledgement
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

PROJECT = Path(__file__).resolve().parents[1]
LOCKS = ("base", "dev", "servers", "npm", "setup", "audit")  # of requirements/; the first is what production runs
LOCKED = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==([^ ;\\]+)")
SHA256 = re.compile(r"--hash=sha256:([0-9a-f]{64})")
UNKNOWN = "wird nur auf anderen Systemen installiert"


def python_components() -> Iterator[Component]:
    """Every package of every list once; one that production runs counts as that."""
    seen: dict[tuple[str, str], Component] = {}
    for lock in LOCKS:
        for block in re.split(r"\n(?=[A-Za-z0-9])", (PROJECT / "requirements" / f"{lock}.txt").read_text()):
            if found := LOCKED.match(block):
                name, version = found.groups()
                scope = ComponentScope.REQUIRED if lock == "base" else ComponentScope.EXCLUDED
                if (name, version) not in seen:
                    sums = [HashType(alg=HashAlgorithm.SHA_256, content=each) for each in SHA256.findall(block)]
                    seen[name, version] = _component("pypi", name, version, scope, sums, licence_of(name))
    return iter(seen.values())


def npm_components() -> Iterator[Component]:
    """Every package of package-lock.json; what only tests use stands under `devDependencies` there."""
    packages = json.loads((PROJECT / "package-lock.json").read_text())["packages"]
    only_tests = packages[""].get("devDependencies", {})
    for place, package in packages.items():
        if not place:
            continue
        name = place.removeprefix("node_modules/")
        scope = ComponentScope.EXCLUDED if name in only_tests else ComponentScope.REQUIRED
        digest = base64.b64decode(package["integrity"].removeprefix("sha512-")).hex()
        sums = [HashType(alg=HashAlgorithm.SHA_512, content=digest)]
        yield _component("npm", name, package["version"], scope, sums, package["license"])


def licence_of(name: str) -> str:
    """What the installed package says of its licence, shortest form first."""
    try:
        known = metadata(name)
    except PackageNotFoundError:
        return UNKNOWN
    said, stated = ("".join(known.get_all(name) or []).strip() for name in ("License-Expression", "License"))
    classifiers = [each.rpartition(" :: ")[2] for each in known.get_all("Classifier") or [] if "License ::" in each]
    return said or (stated if stated and len(stated) <= 40 else "") or ", ".join(classifiers) or UNKNOWN


def _component(
    kind: str, name: str, version: str, scope: ComponentScope, sums: list[HashType], licence: str
) -> Component:
    namespace, _, bare = name.rpartition("/")
    address = PackageURL(type=kind, namespace=namespace or None, name=bare, version=version)
    return Component(
        type=ComponentType.LIBRARY, name=name, version=version, scope=scope, hashes=sums, purl=address,
        bom_ref=str(address), licenses=[] if licence == UNKNOWN else [_licence(licence)],
    )  # fmt: skip


def _licence(text: str) -> License:
    return LicenseFactory().make_from_string(text, license_acknowledgement=LicenseAcknowledgement.DECLARED)


def bom() -> Bom:
    """The list. The same locks give the same list, byte by byte."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    whole = Component(
        type=ComponentType.APPLICATION, name=project["name"], version=project["version"], bom_ref="kok",
        licenses=[_licence(project["license"])],
    )  # fmt: skip
    parts = [*python_components(), *npm_components()]
    names = "\n".join(sorted(str(part.purl) for part in parts))
    made = Bom(components=parts, serial_number=uuid5(NAMESPACE_URL, names))
    made.metadata.component = whole
    made.register_dependency(whole, [part for part in parts if part.scope is ComponentScope.REQUIRED])
    return made


def as_json(made: Bom) -> str:
    """CycloneDX 1.6, without the second in which it was made."""
    found: dict[str, Any] = json.loads(JsonV1Dot6(made).output_as_string())
    del found["metadata"]["timestamp"]
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def licences(made: Bom) -> str:
    """The page of licences: what production runs, each package once."""
    lines = [
        "# Lizenzen der verwendeten Programme",
        "",
        "Diese Seite macht `bin/sbom` aus den Listen der Pakete und aus dem, was die Pakete selbst angeben.",
        "Der Quelltext der Anwendung steht unter der EUPL-1.2. Fremde Programme installiert die Einrichtung;",
        "mitgeliefert wird keines. Was nur Vorführung, Entwicklung und Tests brauchen, steht in `build/sbom.json`.",
        "",
        "| Paket im Betrieb | Lizenz nach eigener Angabe |",
        "|---|---|",
    ]
    parts = {part.name: part for part in made.components if part.scope is ComponentScope.REQUIRED}
    lines += [f"| {name} | {_words(parts[name])} |" for name in sorted(parts)]
    return "\n".join(lines) + "\n"


def _words(part: Component) -> str:
    said = sorted(
        str(getattr(each, "value", None) or getattr(each, "id", None) or getattr(each, "name", None))
        for each in part.licenses
    )
    return ", ".join(said) or UNKNOWN


def main() -> int:
    """Writes both files."""
    made = bom()
    (PROJECT / "build").mkdir(exist_ok=True)
    (PROJECT / "build" / "sbom.json").write_text(as_json(made))
    (PROJECT / "docs" / "licences.md").write_text(licences(made))
    sys.stdout.write(f"{len(made.components)} Bestandteile stehen in build/sbom.json, Lizenzen in docs/licences.md.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
