"""The index of the rules leads to each: every file it names is there, and every number in the code stands in it."""

import re
from pathlib import Path

from tests.shape import ROOT, modules

INDEX = (ROOT / "docs" / "rules.md").read_text()
NUMBER = re.compile(r"\bR-[A-Z]+(?:-\d+)?|\bO-\d\d\b|\bV-[A-Z](?=\d\d\b)")


def _named_paths() -> list[str]:
    return [path for path in re.findall(r"`([\w./*]+)`", INDEX) if "/" in path]


def test_given_the_index_of_rules_when_its_paths_are_followed_then_each_leads_somewhere() -> None:
    paths = [path for path in _named_paths() if path != "rules/retention.py"]  # of each app or room
    assert len(paths) > 20
    assert [path for path in paths if not any(ROOT.glob(path))] == []


def test_given_numbers_of_rules_in_the_code_when_looked_up_then_the_index_has_them() -> None:
    used = {number for path in modules() for number in NUMBER.findall(Path(path).read_text())}
    known = set(NUMBER.findall(INDEX)) | set(re.findall(r"\bV-[A-Z]\b", INDEX))
    first, last = re.findall(r"O-(\d\d)", INDEX)[:2]
    known |= {f"O-{number:02}" for number in range(int(first), int(last) + 1)}
    assert {"R-SEC-3", "O-04", "V-F"} <= used
    assert used - known - {"R-SEC"} == set()
