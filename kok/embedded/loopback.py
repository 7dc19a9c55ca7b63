"""Questions to a program on this machine: never through the proxy that the environment names."""

from http.client import HTTPResponse
from urllib.request import ProxyHandler, build_opener

_OPENER = build_opener(ProxyHandler({}))


def ask(url: str, *, timeout: float = 5) -> HTTPResponse:
    """The answer to a GET, to be closed by the caller. Raises OSError (URLError, HTTPError) without a good one."""
    answer: HTTPResponse = _OPENER.open(url, timeout=timeout)
    return answer
