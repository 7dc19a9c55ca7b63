"""Each address that takes POST says in tests/post_table.py what keeps an old page from acting blindly, or why not."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.post_table import GUARDS, REASONS, TABLE

LINES = dict(line.split() for line in TABLE.splitlines() if line)
LIBRARIES = ("allauth.", "kok.account_views")  # forms about the own account: sign-in, password, second factor


def views(patterns: list[Any], inside: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, f"{inside}{pattern.namespace}:" if pattern.namespace else inside)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{inside}{pattern.name}", pattern.callback


def methods(view: Any) -> list[str] | None:
    """What `require_http_methods` allows; None for a view that takes every method."""
    while inspect.isfunction(view):
        allowed = inspect.getclosurevars(view).nonlocals.get("request_method_list")
        if allowed:
            return list(allowed)
        view = getattr(view, "__wrapped__", None)
    return None


FOUND = dict(views(get_resolver().url_patterns))


def test_given_every_address_when_it_takes_post_then_the_table_has_one_line_for_it_and_none_too_many():
    taking = set()
    for name, view in FOUND.items():
        allowed = methods(view)
        if allowed is None:
            assert view.__module__.startswith(LIBRARIES), f"{name} takes every method"
        elif "POST" in allowed:
            taking.add(name)
    assert len(taking) > 100
    assert sorted(taking) == sorted(LINES)
    assert set(LINES.values()) <= GUARDS | REASONS


def test_given_a_line_with_a_guard_when_the_view_is_read_then_it_hands_that_on():
    for name, word in LINES.items():
        if word in GUARDS:
            source = inspect.getsource(inspect.getmodule(inspect.unwrap(FOUND[name])))  # type: ignore[arg-type]
            assert word in source, f"{name} knows no {word}"
