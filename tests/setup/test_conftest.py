"""The guards of tests/conftest.py guard."""

import logging
import socket

import pytest
from django.db import connection
from django.template import engines
from django.template.loader import get_template


def test_given_the_embedded_cluster_when_a_test_asks_then_the_database_is_a_test_database(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select current_database()")
        assert cursor.fetchone()[0].startswith("test_")


def test_given_a_foreign_address_when_a_test_connects_then_it_fails() -> None:
    with pytest.raises(AssertionError, match=r"192\.0\.2\.1"), socket.socket() as connection_:
        connection_.connect(("192.0.2.1", 80))


@pytest.mark.logs_errors
def test_given_the_mark_when_an_error_is_logged_then_the_test_passes() -> None:
    logging.getLogger("kok").error("erwartet")
