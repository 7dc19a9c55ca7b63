"""The question about known holes: what the two programs answer becomes a sentence and an exit code."""

from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType
from typing import Any

import pytest

from kok.embedded import PROJECT


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = spec_from_file_location("audit", PROJECT / "bin" / "audit.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CLEAN = {"dependencies": [{"name": "django", "version": "5.2.19", "vulns": []}]}
HOLE = {
    "dependencies": [
        {"name": "django", "version": "5.2.1", "vulns": [{"id": "PYSEC-2025-1", "fix_versions": ["5.2.2"]}]}
    ]
}
# What pip-audit says of a package that its index does not know; it ends with 0 then.
SKIPPED = {"dependencies": [{"name": "django", "skip_reason": "Dependency not found"}]}
NPM_CLEAN: dict[str, Any] = {"vulnerabilities": {}}
NPM_HOLE = {"vulnerabilities": {"axe-core": {"severity": "high", "range": "<4.14"}}}
NPM_REFUSED = {"message": "405 Method Not Allowed", "statusCode": 405}


@pytest.mark.parametrize(
    ("python", "npm", "code", "words"),
    [
        (CLEAN, NPM_CLEAN, 0, ["Gefragt: 3 Pakete. Bekannte Lücken: 0."]),
        (HOLE, NPM_CLEAN, 1, ["django 5.2.1: PYSEC-2025-1, behoben in 5.2.2"]),
        (CLEAN, NPM_HOLE, 1, ["axe-core: high, Fassungen <4.14"]),
        (SKIPPED, NPM_CLEAN, 2, ["NICHT GEFRAGT: django.", "heißt nicht, dass es keine gibt"]),
        (CLEAN, NPM_REFUSED, 2, ["NICHT GEFRAGT: alle npm-Pakete."]),
        (None, None, 2, ["Gefragt: 0 Pakete", "NICHT GEFRAGT: alle Python-Pakete, alle npm-Pakete."]),
        (HOLE, None, 1, ["behoben in 5.2.2", "NICHT GEFRAGT: alle npm-Pakete."]),
    ],
)
def test_given_what_the_indexes_said_when_summed_up_then_silence_is_no_all_clear(
    audit: ModuleType, python: dict[str, Any] | None, npm: dict[str, Any] | None, code: int, words: list[str]
) -> None:
    found, text = audit.verdict([audit.python_answer(python), audit.npm_answer(npm, 2)])
    assert found == code
    for part in words:
        assert part in text


def test_given_a_hole_that_no_version_mends_when_told_then_it_says_so(audit: ModuleType) -> None:
    answer = audit.python_answer(
        {"dependencies": [{"name": "old", "version": "1", "vulns": [{"id": "X-1", "fix_versions": []}]}]}
    )
    assert answer.holes == ["old 1: X-1, behoben in noch keiner Fassung"]


def test_given_a_program_that_is_missing_or_says_no_json_when_asked_then_it_counts_as_silent(audit: ModuleType) -> None:
    assert audit._json_of(["no-such-program-here"]) is None
    assert audit._json_of(["echo", "Traceback"]) is None
    assert audit._json_of(["echo", "[]"]) is None


def test_given_the_lists_when_asked_about_then_none_that_is_installed_is_left_out(audit: ModuleType) -> None:
    """`dev` holds `base` and what set-up installs; the list of the asking program itself is not asked about."""
    named = {path.stem for path in (PROJECT / "requirements").glob("*.txt")}
    assert named - {"base", "setup", "audit"} == set(audit.LISTS)
