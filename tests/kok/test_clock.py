"""The moved clock: it runs on, and all processes of one start agree about it."""

import time
from datetime import UTC, datetime, timedelta
from itertools import count
from types import SimpleNamespace

import pytest

from kok import clock

MOVED_TO = "2026-11-23T09:30"
THERE = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize("minutes", [0, 5])
def test_given_a_clock_moved_some_minutes_ago_when_a_process_asks_for_the_first_time_then_these_minutes_have_passed(
    settings, minutes
):
    settings.KOK_NOW = MOVED_TO
    settings.KOK_NOW_SINCE = time.monotonic() - 60 * minutes
    passed = clock.now() - THERE - timedelta(minutes=minutes)
    assert timedelta(0) <= passed < timedelta(seconds=30)


def test_given_a_slow_machine_when_a_process_asks_for_the_first_time_then_no_moment_before_the_move_is_told(
    settings, monkeypatch
):
    readings = (float(2**exponent) for exponent in count())  # every look at a clock takes longer than the one before
    monkeypatch.setattr(clock, "time", SimpleNamespace(time=lambda: next(readings), monotonic=lambda: next(readings)))
    settings.KOK_NOW, settings.KOK_NOW_SINCE = MOVED_TO, next(readings)
    assert clock.now() >= THERE


def test_given_a_clock_moved_by_nobody_in_particular_when_asked_then_it_begins_now(settings):
    settings.KOK_NOW, settings.KOK_NOW_SINCE = "2031-01-02T12:00+01:00", 0.0
    first = clock.now()
    assert first - datetime(2031, 1, 2, 11, 0, tzinfo=UTC) < timedelta(seconds=30)
    assert clock.now() >= first
