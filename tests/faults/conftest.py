"""One house for all faults; each test leaves it without processes and with an empty queue."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from tests.faults.acts import Secretary
from tests.faults.house import House, built


@pytest.fixture(scope="session")
def _house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with built(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture
def house(_house: House) -> Iterator[House]:
    """Running servers with the demo, no web, no worker, no beat."""
    _house.mail_server.behave()
    yield _house
    _house.end_test()


@pytest.fixture(scope="session")
def _days() -> Iterator[date]:
    first = date(2027, 1, 12)  # a Tuesday, long enough after the house begins
    return (first + timedelta(weeks=week) for week in range(60))


@pytest.fixture
def secretary(house: House, _days: Iterator[date]) -> Secretary:
    """The secretariat, signed in, with days on which nobody meets yet."""
    return Secretary.at(house, house.web(), _days)
