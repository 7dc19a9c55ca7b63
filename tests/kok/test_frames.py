"""Calls of a request map no memory of their own, at whatever depth a template loops."""

import resource
from collections.abc import Callable

from kok.frames import in_one_chunk

LOOPS, DEPTHS = 200, 200  # frames of 80 bytes and more: several ends of a chunk of 16 kB


def _nothing() -> None:
    return None


_nothing.__code__ = _nothing.__code__.replace(co_stacksize=50)  # more than a frame of the recursion: it meets each end


def _loops_at(depth: int) -> None:
    if depth:
        return _loops_at(depth - 1)
    for _ in range(LOOPS):
        _nothing()
    return None


def _most_mapped(loops_at: Callable[[int], None]) -> int:
    """Pages of memory that were mapped anew, at the depth where they were most."""
    mapped = []
    for depth in range(DEPTHS):
        before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
        loops_at(depth)
        mapped.append(resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before)
    return max(mapped)


def test_given_a_loop_at_any_depth_when_it_calls_then_no_call_takes_memory_from_the_system() -> None:
    in_one_chunk(_loops_at)(DEPTHS)  # what is mapped once
    assert _most_mapped(in_one_chunk(_loops_at)) < LOOPS / 4


def test_given_the_application_when_gunicorn_takes_it_then_its_calls_have_room() -> None:
    from kok.wsgi import application

    assert application.__code__.co_stacksize == in_one_chunk(_nothing).__code__.co_stacksize  # type: ignore[attr-defined]
