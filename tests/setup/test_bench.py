"""bin/bench: what it judges, what it writes, and one quick round of its cheap parts, so that it cannot rot."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from django.test import Client

from kok import documents
from kok.embedded import PROJECT
from kok.models import Document, TextCheck
from kok.tasks import check_text, render
from meetings.models import MinutesVersion
from tests.benchmarks.client import Answer, Samples, Site
from tests.benchmarks.compare import compared
from tests.benchmarks.documents import seconds_until_seen
from tests.benchmarks.results import Result, table, write
from tests.meetings.held import NOW, a_held_meeting, complete, signed_in
from tests.roles import by_worker


@dataclass(frozen=True)
class SiteHere(Site):
    """The application in this process; its worker is done before the next request."""

    client: Client

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        began = perf_counter()
        sent: Any = {"data": body, "content_type": "application/x-www-form-urlencoded"} if body is not None else {}
        answer = self.client.generic(method, path, **sent)
        for check in TextCheck.objects.filter(state=TextCheck.State.WAITING):
            by_worker(check_text, str(check.pk))
        for document in Document.objects.filter(state=Document.State.WAITING):
            by_worker(render, document.pk)
        return Answer(answer.status_code, answer.content, perf_counter() - began)


@pytest.mark.parametrize(
    ("value", "at_least", "verdict"),
    [
        (2.0, False, "holds"), (2.1, False, "misses the goal"), (3.1, False, "**fails**"),
        (2.0, True, "holds"), (1.9, True, "**fails**"), (None, False, "not built yet"),
    ],
)  # fmt: skip
def test_given_a_goal_and_a_line_when_measured_then_the_verdict_says_on_which_side_it_is(value, at_least, verdict):
    line = 2.0 if at_least else 3.0
    result = Result("S1", "page", value, "×", 2, line, at_least=at_least, note="not built yet")
    assert result.verdict == verdict
    assert result.fails == (verdict == "**fails**")


def test_given_one_disturbed_round_when_compared_then_the_ratio_is_that_of_the_quiet_ones():
    samples = Samples({"page": [[2.0, 2.0, 9.0], [40.0, 40.0, 40.0], [4.0, 4.0, 4.0]], "floor": [[1.0], [1.0], [2.0]]})
    assert samples.ratio("page", "floor") == 2.0


def test_given_a_document_when_written_then_only_what_stands_between_the_marks_changes(tmp_path):
    document = tmp_path / "performance.md"
    document.write_text("Before\n<!-- table -->\nold\n<!-- end -->\nAfter\n", encoding="utf-8")
    results = [Result("S2", "minutes", 13, "queries", 12, 12)]
    for _ in range(2):
        write(results, "Measured today.", document)
    assert document.read_text(encoding="utf-8") == (
        f"Before\n<!-- table -->\nMeasured today.\n\n{table(results)}\n<!-- end -->\nAfter\n"
    )
    assert "| S2 | minutes | 13 queries | ≤ 12 queries | exact | **fails** |" in table(results)


def line(value: float | None, unit: str = "×", *, at_least: bool = False) -> Result:
    return Result("S1", "page", value, unit, 2, 3, at_least=at_least)


@pytest.mark.parametrize(
    ("old", "new", "unit", "at_least", "value", "fails"),
    [
        ([2.0, 2.0, 2.0], [2.4, 9.0, 2.4], "×", False, 1.2, False),  # one disturbed round
        ([1.0], [1.4], "s", False, 1.4, True),
        ([0.5], [0.35], "×", True, 0.5 / 0.35, True),  # requests a second: less is worse
        ([8], [8], "queries", False, 8, False),
        ([8], [9], "queries", False, 9, True),
        ([25.0], [25.1], "kB", False, 25.1, True),
        ([1.0], [1.5], "MiB", False, 1.5, False),  # memory keeps its own goal
    ],
)  # fmt: skip
def test_given_an_old_and_a_new_state_when_compared_then_a_time_may_grow_a_little_and_a_count_not_at_all(
    old, new, unit, at_least, value, fails
):
    pairs = [
        (line(a, unit, at_least=at_least), line(b, unit, at_least=at_least)) for a, b in zip(old, new, strict=True)
    ]
    found = compared(pairs)
    assert found.value == pytest.approx(value)
    assert found.fails == fails


def test_given_a_line_that_could_not_be_counted_when_compared_then_it_crosses_nothing():
    assert not compared([(line(None, "queries"), line(None, "queries"))]).fails


def test_given_the_document_when_read_then_it_has_a_place_for_the_table():
    text = (PROJECT / "docs" / "performance.md").read_text(encoding="utf-8")
    assert text.index("<!-- table -->\n") < text.index("<!-- end -->")


@pytest.mark.django_db
def test_given_minutes_that_are_measured_when_sent_and_taken_back_twice_then_each_round_leaves_a_draft(
    monkeypatch, settings
):
    settings.KOK_NOW = NOW.isoformat()
    monkeypatch.setitem(documents._renderers, "minutes", lambda object_id, version: b"%PDF-1.7")
    stage = complete(a_held_meeting())
    site = SiteHere(0, "", signed_in(stage.writer))
    for _ in range(2):
        assert seconds_until_seen(site, stage.url) > 0
    assert [each.reason for each in MinutesVersion.objects.order_by("number")] == ["Messung", "Messung"]


@pytest.mark.slow
def test_given_a_fresh_machine_when_measured_once_then_queries_and_bytes_hold(tmp_path: Path):
    raw = tmp_path / "raw.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "--rounds", "1", "--only", "S1,S2", "--json", raw],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr  # how quick it is, nobody knows beside other tests
    results = json.loads(raw.read_text())["results"]
    assert {result["measure"] for result in results} == {"S1", "S2"}
    assert [result for result in results if result["measure"] == "S2" and result["verdict"] != "holds"] == []
