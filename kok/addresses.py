"""Addresses of pages. They never change while a process lives, and a page needs dozens of them: each is kept."""

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=8192)  # as many as the pages in use link to
def address(name: str, *args: str | int) -> str:
    """The address of a page by the name of its URL and its arguments, as `reverse` gives it."""
    return reverse(name, args=args)
