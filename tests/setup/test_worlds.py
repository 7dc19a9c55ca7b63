"""Worlds that are built once: each test finds its own as it was built, and nothing of its neighbours'."""

from itertools import count

import pytest
from django.conf import settings
from django.db import connection

from kok import clock
from kok.models import User
from tests.builders import a_user, an_agreement
from tests.worlds import Standing, World, built_once

pytestmark = pytest.mark.django_db


@built_once
def somebody() -> User:
    return a_user(username="jemand")


@built_once(KOK_NOW="2031-04-01T09:00:00+02:00")
def later(somebody: User) -> tuple[User, str, str]:
    other = a_user(username=f"noch-{User.objects.count()}")
    return somebody, other.username, clock.today().isoformat()


def names() -> list[str]:
    return sorted(User.objects.values_list("username", flat=True))


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_given_a_world_that_a_test_changed_when_the_next_begins_then_it_stands_as_it_was_built(
    somebody: User, turn: int
) -> None:
    assert (names(), somebody.first_name) == (["jemand"], "")
    User.objects.filter(pk=somebody.pk).update(first_name="Anders")
    a_user(username="dazu")
    somebody.refresh_from_db()
    assert (names(), somebody.first_name) == (["dazu", "jemand"], "Anders")


def test_given_a_row_of_a_world_when_it_is_saved_then_only_what_changed_is_written(somebody: User) -> None:
    User.objects.filter(pk=somebody.pk).update(first_name="Anders")
    somebody.last_name = "Muster"
    somebody.save()
    assert User.objects.get(pk=somebody.pk).get_full_name() == "Anders Muster", "copies know what was read"


def test_given_many_tests_of_one_world_when_they_follow_each_other_then_it_is_built_once() -> None:
    standing, built = Standing(), count(1)
    world = World(lambda: (next(built), a_user(username="jemand")), needs=(), settings={})
    numbers = []
    for wanted in ([world], [world], [world], [], [world]):
        standing.be(wanted)
        numbers.append((standing.given["<lambda>"][0] if wanted else None, names()))
    standing.clear()
    assert numbers == [(1, ["jemand"])] * 3 + [(None, []), (2, ["jemand"])]
    assert names() == []


@pytest.mark.parametrize("turn", [1, 2])
def test_given_a_world_on_another_when_asked_for_then_both_hold_the_same_things_and_its_settings_hold(
    somebody: User, later: tuple[User, str, str], turn: int
) -> None:
    assert later[0] is somebody
    assert names() == ["jemand", "noch-1"]
    assert (later[1:], settings.KOK_NOW) == (("noch-1", "2031-04-01"), "2031-04-01T09:00:00+02:00")
    somebody.username = "verändert"


def test_given_a_test_that_asks_while_it_runs_when_run_then_the_world_is_built_for_it_alone(
    request: pytest.FixtureRequest,
) -> None:
    assert names() == []
    assert request.getfixturevalue("somebody").username == "jemand"
    assert names() == ["jemand"]


def test_given_a_test_without_worlds_when_run_then_it_finds_none_of_them() -> None:
    assert names() == []
    assert an_agreement().slug == "wetteraukreis"


@pytest.mark.django_db(transaction=True)
def test_given_a_test_with_transactions_of_its_own_when_run_then_its_world_is_built_for_it_alone(
    somebody: User, later: tuple[User, str, str]
) -> None:
    assert not connection.in_atomic_block
    assert later[0] is somebody
    assert names() == ["jemand", "noch-1"]
