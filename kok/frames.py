"""Room for the calls of a request.

CPython keeps the frames of a thread in chunks of 16 kB, takes another chunk from the system for a call that crosses the
end of one, and gives it back at the return. A loop of a template that happens to stand at such an end did so 580 times
for one page, a third of the page's time; one more `{% include %}` moves it there or away.
"""

from collections.abc import Callable
from types import FunctionType
from typing import ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")
ROOM = 10_000  # values: chunks grow by doubling, so that behind a frame of 80 kB some 50 kB are left in the same chunk


def in_one_chunk(function: Callable[P, R]) -> Callable[P, R]:
    """The function, called from a frame that asks for so much room that all calls inside find theirs behind it."""

    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)

    cast("FunctionType", call).__code__ = call.__code__.replace(co_stacksize=ROOM)
    return call
