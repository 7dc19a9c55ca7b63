"""The entry for catalogues of public software: what it says must be valid and true."""

import json
import tomllib
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from kok.embedded import PROJECT

ENTRY: dict[str, Any] = yaml.safe_load((PROJECT / "publiccode.yml").read_text())


SCHEMA = Draft202012Validator(json.loads((PROJECT / "tests/setup/publiccode.schema.json").read_text()))


def _faults(entry: dict[str, Any]) -> list[str]:
    return [f"{fault.json_path}: {fault.message}" for fault in SCHEMA.iter_errors(entry)]


def test_given_the_entry_when_judged_by_the_standard_then_it_is_valid() -> None:
    assert _faults(ENTRY) == []


FAULTS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "genericName": lambda entry: entry["description"]["de"].update(genericName="x" * 36),
    "shortDescription": lambda entry: entry["description"]["de"].update(shortDescription="x" * 151),
    "longDescription": lambda entry: entry["description"]["de"].update(longDescription="kurz"),
    "scope": lambda entry: entry["intendedAudience"].update(scope=["social-services"]),
    "categories": lambda entry: entry.update(categories=["konferenzen"]),
    "url": lambda entry: entry.update(url="https://example.org/kok.git"),
    "stable": lambda entry: entry.update(developmentStatus="stable"),
    "contacts": lambda entry: entry["maintenance"].update(type="community"),
    "unknown": lambda entry: entry.update(licence="EUPL-1.2"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_given_a_fault_in_the_entry_when_judged_then_it_is_found(fault: str) -> None:
    entry = yaml.safe_load((PROJECT / "publiccode.yml").read_text())
    FAULTS[fault](entry)
    assert len(_faults(entry)) == 1


def test_given_a_published_repository_when_its_address_is_added_then_the_entry_is_valid() -> None:
    entry = {**ENTRY, "developmentStatus": "stable", "url": "https://opencode.de/kok/kok.git"}
    assert _faults(entry) == []


def test_given_version_and_licence_when_compared_with_the_project_then_they_are_the_same() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    assert (ENTRY["softwareVersion"], ENTRY["legal"]["license"]) == (project["version"], project["license"])
