"""The guards of tests/conftest.py guard."""

import logging
import socket

import pytest
from django.db import connection

from kok.embedded import PROJECT


def test_given_the_embedded_cluster_when_a_test_asks_then_the_database_is_a_test_database(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select current_database()")
        assert cursor.fetchone()[0].startswith("test_")


def test_given_a_foreign_address_when_a_test_connects_then_it_fails() -> None:
    with socket.socket() as probe, pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        probe.connect(("192.0.2.1", 80))


@pytest.mark.logs_errors
def test_given_the_mark_when_an_error_is_logged_then_the_test_passes() -> None:
    logging.getLogger("kok").error("erwartet")


def test_given_no_mark_when_an_error_is_logged_then_the_test_fails(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    pytester.makeconftest("from tests.conftest import _no_logged_errors")
    pytester.makepyfile("import logging\ndef test_it():\n    logging.getLogger('kok').error('defekt')")
    result = pytester.runpytest_subprocess("-p", "no:django", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*logged as an error: defekt*"])
