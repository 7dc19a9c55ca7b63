"""One person's browser, as little of it as measuring needs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection
from statistics import median
from threading import Thread
from time import perf_counter
from urllib.parse import urlencode

from tests.walk.visitor import Form, Lost, Page, read

CSRF = "m" * 32


class Unexpected(Exception):
    """A page answered with something else than itself: nothing was measured."""


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds."""

    status: int
    body: bytes
    seconds: float


@dataclass(frozen=True)
class Site:
    """A running server and a signed-in session on it."""

    port: int
    session: str

    def get(self, path: str) -> Answer:
        """A page. Raises Unexpected for anything but 200."""
        answer = self._ask("GET", path)
        if answer.status != 200:
            raise Unexpected(f"{path}: {answer.status}")
        return answer

    def page(self, path: str) -> Page:
        """A page as somebody sees it."""
        return read(path, self.get(path).body.decode())

    def form(self, path: str, button: str) -> Form:
        """The form with this button as the page gives it, with all hidden fields. Raises Unexpected without it."""
        try:
            return self.page(path).form(button)
        except Lost as error:
            raise Unexpected(str(error)) from error

    def send(self, path: str, form: Form, **typed: str) -> Answer:
        """A click on the button of a form. Raises Unexpected for anything but the redirect after it."""
        sent = {one.name: one.value for one in form.fields if one.chosen} | typed
        answer = self._ask("POST", path, urlencode(sent))
        if answer.status != 302:
            raise Unexpected(f"{path}: {answer.status}")
        return answer

    def seconds(self, path: str) -> float:
        """How long a page takes."""
        return self.get(path).seconds

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={CSRF}", "X-CSRFToken": CSRF}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        began = perf_counter()
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            content = response.read()
            return Answer(response.status, content, perf_counter() - began)
        finally:
            connection.close()


@dataclass
class Samples:
    """Seconds of things that were done in turns: round by round, so that a busy machine hits all of them alike."""

    rounds: dict[str, list[list[float]]] = field(default_factory=dict)

    def ratio(self, name: str, floor: str) -> float:
        """The median over the rounds of the ratio of medians."""
        pairs = zip(self.rounds[name], self.rounds[floor], strict=True)
        return median(median(mine) / median(theirs) for mine, theirs in pairs)

    def p50(self, name: str) -> float:
        """The median over all rounds, in seconds."""
        return median(seconds for each in self.rounds[name] for seconds in each)


def in_turns(rounds: int, count: int, things: dict[str, Callable[[], float]]) -> Samples:
    """A B C A B C: each thing `count` times per round, after one time that does not count."""
    samples = Samples({name: [] for name in things})
    for thing in things.values():
        thing()
    for _ in range(rounds):
        for name, thing in things.items():
            samples.rounds[name].append([thing() for _ in range(count)])
    return samples


def seconds_for_many(site: Site, path: str, *, count: int, at_once: int) -> float:
    """How long `count` requests take with `at_once` people asking. Raises Unexpected when one of them fails."""
    failed: list[BaseException] = []

    def ask() -> None:
        try:
            for _ in range(count // at_once):
                site.get(path)
        except (Unexpected, OSError) as error:
            failed.append(error)

    threads = [Thread(target=ask) for _ in range(at_once)]
    began = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise Unexpected(str(failed[0]))
    return perf_counter() - began
