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
    """Running servers with the demo, no worker, no beat, no web but that of the secretary."""
    _house.mail_server.behave()
    yield _house
    _house.end_test()


@pytest.fixture(scope="session")
def _days() -> Iterator[date]:
    first = date(2027, 1, 12)  # a Tuesday, long enough after the house begins
    return (first + timedelta(weeks=week) for week in range(60))


@pytest.fixture(scope="session")
def _signed_in() -> dict[str, Secretary]:
    return {}


@pytest.fixture
def secretary(house: House, _days: Iterator[date], _signed_in: dict[str, Secretary]) -> Secretary:
    """The secretariat, signed in, with days on which nobody meets yet."""
    url = house.kept_web()
    if url not in _signed_in:
        _signed_in[url] = Secretary.at(house, url, _days)
    return _signed_in[url]
