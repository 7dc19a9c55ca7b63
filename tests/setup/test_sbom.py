"""What the application is made of, compared with the locks, and the page of licences."""

import json
import re
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from kok.embedded import PROJECT

REQUIREMENTS = PROJECT / "requirements"
LOCK = json.loads((PROJECT / "package-lock.json").read_text())["packages"]


@pytest.fixture(scope="module")
def sbom() -> ModuleType:
    spec = spec_from_file_location("sbom", PROJECT / "bin" / "sbom.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def text(sbom: ModuleType) -> str:
    return str(sbom.as_json(sbom.bom()))


@pytest.fixture(scope="module")
def parts(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)["components"]
    return found


def _locked(name: str) -> set[str]:
    """Read apart from the program: every line of a list that does not continue another one."""
    lines = (REQUIREMENTS / name).read_text().splitlines()
    pins = [re.split(r"[ ;\\]", line)[0] for line in lines if line and line[0].isalnum()]
    return {"pkg:pypi/" + re.sub(r"\[.*\]", "", pin).replace("==", "@") for pin in pins}


def _npm(*, only_tests: bool) -> set[str]:
    names = LOCK[""]["devDependencies" if only_tests else "dependencies"]
    return {f"pkg:npm/{name.replace('@', '%40')}@{LOCK[f'node_modules/{name}']['version']}" for name in names}


def test_given_the_locks_when_listed_then_every_package_stands_there_and_nothing_else(
    parts: list[dict[str, Any]],
) -> None:
    locked = set().union(*(_locked(path.name) for path in REQUIREMENTS.glob("*.txt")))
    assert {part["purl"] for part in parts} == locked | _npm(only_tests=False) | _npm(only_tests=True)
    assert len(parts) == len({part["purl"] for part in parts})


def test_given_the_locks_when_listed_then_what_production_runs_is_told_apart(parts: list[dict[str, Any]]) -> None:
    required = {part["purl"] for part in parts if part["scope"] == "required"}
    assert required == _locked("base.txt") | _npm(only_tests=False)


def test_given_the_sums_of_the_locks_when_listed_then_each_stands_with_its_package(parts: list[dict[str, Any]]) -> None:
    wanted = set(re.findall(r"sha256:([0-9a-f]{64})", (REQUIREMENTS / "base.txt").read_text()))
    required = [part for part in parts if part["scope"] == "required" and part["purl"].startswith("pkg:pypi/")]
    assert {each["content"] for part in required for each in part["hashes"]} == wanted
    assert all(part["hashes"] for part in parts)


def test_given_the_list_when_judged_by_cyclonedx_then_it_is_valid_and_the_same_every_time(
    sbom: ModuleType, text: str
) -> None:
    assert json.loads(text)["specVersion"] == "1.6"
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert sbom.as_json(sbom.bom()) == text


def test_given_the_page_of_licences_when_compared_with_the_list_then_no_package_of_production_is_missing(
    sbom: ModuleType,
) -> None:
    """Names only: what a package says of its licence is read where it is installed, and not every system takes each."""
    rows = re.compile(r"^\| (\S+) \| (.+) \|$", re.MULTILINE)
    kept = dict(rows.findall((PROJECT / "docs" / "licences.md").read_text()))
    made = dict(rows.findall(sbom.licences(sbom.bom())))
    assert set(kept) == set(made), "Rufen Sie bin/sbom auf: docs/licences.md ist älter als die Listen."
    assert all(kept.values())
