"""What the tests of a file begin with: built once, by the real actions, and found by each test as it was built.

    @built_once
    def receipt() -> TransmissionReceipt:
        return released(a_draft())

A world is a fixture. Its rows are written before the first test of the file that asks for it, in a transaction around
the tests; each test works in a savepoint on top, which is rolled back, and gets copies of its own of what was returned.
Worlds may ask for other worlds, and for nothing else: what a test sets for itself alone (`settings`, `monkeypatch`)
comes after them. Settings that belong to a world are named with it and hold for its tests as well:

    @built_once(KOK_NOW="2027-03-10T09:00:00+01:00")

A test finds the worlds it asks for and those that are `autouse`, never one that only its neighbour asked for: they lie
on each other as they stand in the file, each on a savepoint, and go as soon as a test does without. A test with
transactions of its own builds its world for itself.
"""

import inspect
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import groupby, takewhile
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings

LONGEST = 300  # seconds that a world stands; whoever entered the sealed area in it may stay there for some minutes


@dataclass(frozen=True, eq=False)
class World:
    """How it is built, from which others, and with which settings."""

    build: Callable[..., Any]
    needs: tuple[str, ...]
    settings: dict[str, Any]

    @property
    def name(self) -> str:
        """The name of its fixture."""
        return self.build.__name__

    @property
    def place(self) -> tuple[str, int]:
        """Where it stands."""
        return self.build.__code__.co_filename, self.build.__code__.co_firstlineno


@dataclass
class _Level:
    """A world that stands, on the savepoint that takes it away, and what it and those below returned."""

    world: World
    savepoint: transaction.Atomic
    values: dict[str, Any]
    until: float = field(default_factory=lambda: time.monotonic() + LONGEST)


@dataclass
class Standing:
    """The worlds that stand in the database of this process, each on the one before."""

    levels: list[_Level] = field(default_factory=list)
    around: transaction.Atomic | None = None
    given: dict[str, Any] = field(default_factory=dict)  # the copies of the test that runs

    def be(self, wanted: Sequence[World]) -> None:
        """Has exactly these worlds stand, and copies of what they returned ready."""
        if self.around is None and wanted:
            self.around = _begun()
        young = takewhile(lambda level: time.monotonic() < level.until, self.levels)
        kept = len(list(takewhile(lambda pair: pair[0].world is pair[1], zip(young, wanted, strict=False))))
        self._take_away(kept)
        for world in wanted[kept:]:
            self._build(world, wanted[: len(self.levels) + 1])
        self.given = self._copies()

    def clear(self) -> None:
        """Nothing stands, and no transaction is around the tests."""
        self._take_away(0)
        if self.around is not None:
            _rolled_back(self.around)
            self.around = None

    def _build(self, world: World, until: Iterable[World]) -> None:
        values, savepoint = self._copies(), _begun()
        try:
            with _settings(until):
                values[world.name] = world.build(**{name: values[name] for name in world.needs})
            connection.check_constraints()  # what waits for the end of the transaction would wait in each test
        except BaseException:
            _rolled_back(savepoint)
            raise
        self.levels.append(_Level(world, savepoint, values))

    def _take_away(self, kept: int) -> None:
        while len(self.levels) > kept:
            _rolled_back(self.levels.pop().savepoint)

    def _copies(self) -> dict[str, Any]:
        """What the worlds returned, as it was then; one thing that several of them hold stays one thing."""
        saves = {id(hook[1]): hook[1] for hook in connection.run_on_commit}  # rows know theirs by identity
        return deepcopy(self.levels[-1].values, saves) if self.levels else {}


_standing = Standing()


def _begun() -> transaction.Atomic:
    around = transaction.atomic()
    around._from_testcase = True  # type: ignore[attr-defined]  # what must not lie in a transaction may in this one
    around.__enter__()
    return around


def _rolled_back(around: transaction.Atomic) -> None:
    transaction.set_rollback(True)
    around.__exit__(None, None, None)


def _settings(worlds: Iterable[World]) -> ExitStack:
    stack = ExitStack()
    for world in worlds:
        stack.enter_context(override_settings(**world.settings))
    return stack


def built_once(build: Callable[..., Any] | None = None, *, autouse: bool = False, **settings: Any) -> Any:
    """A fixture whose rows are built once for the tests of a file; `settings` hold while it is built and used."""
    if build is None:
        return lambda build: built_once(build, autouse=autouse, **settings)
    needs = list(inspect.signature(build).parameters.values())
    own = World(build, tuple(each.name for each in needs), settings)

    def given(settings: Any, **needed: Any) -> Any:
        for name, value in own.settings.items():
            setattr(settings, name, value)
        if own.name in _standing.given:
            return _standing.given[own.name]
        return own.build(**needed)  # for this test alone: it has transactions of its own, or asks while it runs

    given.__name__, given.__doc__, given.__module__ = build.__name__, build.__doc__, build.__module__
    first = inspect.Parameter("settings", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    given.__signature__ = inspect.Signature([first, *needs])  # type: ignore[attr-defined]
    given.world = own  # type: ignore[attr-defined]
    return pytest.fixture(autouse=autouse)(given)


def worlds_of(item: Any) -> list[World]:
    """Those that a test asks for, each behind what it needs, in the order in which they stand."""
    fixtures = item._fixtureinfo.name2fixturedefs
    own = [fixtures[name][-1].func for name in item.fixturenames if name in fixtures]
    return sorted((each.world for each in own if hasattr(each, "world")), key=lambda each: each.place)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In each file the tests of one world beside each other, those first that ask for none."""
    files = groupby(items, key=lambda item: item.path)
    items[:] = [item for _, tests in files for item in sorted(tests, key=_places)]


def _places(item: pytest.Item) -> list[tuple[str, int]]:
    return [world.place for world in worlds_of(item)]


@pytest.fixture(scope="module")
def _worlds_of_the_file(django_db_blocker: Any) -> Iterator[None]:
    yield
    with django_db_blocker.unblock():
        _standing.clear()


@pytest.fixture
def _worlds(
    request: pytest.FixtureRequest, django_db_setup: None, _worlds_of_the_file: None, django_db_blocker: Any
) -> Iterator[None]:
    with django_db_blocker.unblock():
        if _is_transactional(request):
            _standing.clear()
        else:
            _standing.be(worlds_of(request.node))
    yield
    _standing.given = {}


def _is_transactional(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    asked = {"transactional_db", "live_server", "django_db_reset_sequences"} & set(request.fixturenames)
    return bool(asked) or bool(marker and marker.kwargs.get("transaction"))


@pytest.fixture
def _django_db_helper(_worlds: None, _django_db_helper: None) -> None:
    """The transaction of a test begins on top of its worlds."""
