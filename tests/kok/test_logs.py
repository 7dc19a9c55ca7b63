"""A log says what happened and where; what people wrote, their names and their addresses never stand in one."""

import logging
import os
import re
import smtplib
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from billiard.einfo import ExceptionInfo
from celery.app import trace
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.log import log_response

from kok import outbox
from kok.embedded import PROJECT
from kok.logs import Plain
from kok.models import User
from tests.builders import a_user
from tests.processes import Sink, ended, free_port, running_worker, wait_until
from tests.roles import as_owner
from tests.settings import RUN, VAR

NAME, ADDRESS = "Wolpertinger", "wilhelmine.wolpertinger@example.org"


def fault() -> Exception:
    """An exception with people in it, caused by another one."""
    error = smtplib.SMTPRecipientsRefused({ADDRESS: (550, NAME.encode())})
    error.__cause__ = KeyError(NAME)
    return error


def of_database() -> Exception:
    """What PostgreSQL says of a row that exists already: the row."""
    try:
        with transaction.atomic():
            User.objects.create(username=a_user(username=NAME).username)
    except DatabaseError as error:
        return error
    raise AssertionError


def request(path: str = f"/{NAME}/", method: str = "GET") -> HttpRequest:
    """A request whose path somebody typed."""
    made = HttpRequest()
    made.method, made.path = method, path
    return made


def a_refused_page(log: logging.Logger) -> None:
    asked = request()
    asked.resolver_match = SimpleNamespace(route="<slug:agreement>/protokolle/")  # type: ignore[assignment]
    log_response("Forbidden: %s", asked.path, response=HttpResponse(status=403), request=asked, logger=log,
                 exception=PermissionDenied(NAME))  # fmt: skip


def a_broken_page(log: logging.Logger) -> None:
    log_response("%s", NAME, response=HttpResponse(status=500), request=request(method=NAME), logger=log,
                 exception=fault())  # fmt: skip


def a_failed_task(log: logging.Logger) -> None:
    try:
        raise fault()
    except smtplib.SMTPException:
        told = ExceptionInfo()
    context = {"id": "17", "name": "kok.deliver", "exc": repr(told.exception), "description": "raised unexpected"}
    log.error(trace.LOG_FAILURE, context | {"traceback": NAME, "args": NAME}, exc_info=told.exc_info)


REFUSED = r"\n(.*\n)+  SMTPRecipientsRefused \(550\)$"
EVENTS: dict[str, tuple[str, Callable[[logging.Logger], None], str]] = {
    "an exception": ("kok.pdf", lambda log: log.error("PDF", exc_info=fault()), r"kok\.pdf: PDF" + REFUSED),
    "one as a value": ("kok", lambda log: log.warning("%s: %s", 7, fault()), r"7: SMTPRecipientsRefused \(550\)$"),
    "nothing else": ("gunicorn.error", lambda log: log.error(fault()), r"SMTPRecipientsRefused \(550\)$"),
    "a row of the database": (
        "kok.jobs", lambda log: log.error("Auftrag", exc_info=of_database()),
        r"  UniqueViolation \(23505 kok_user_username_key\)\n(.*\n)+  IntegrityError$",
    ),
    "a full disk": ("kok", lambda log: log.error("x", exc_info=OSError(28, "", NAME)), r"  OSError \(ENOSPC\)$"),
    "a refused page": ("django.request", a_refused_page, r"^[^\n]* 403 GET /<slug:agreement>/protokolle/$"),
    "a broken page": ("django.request", a_broken_page, r" 500 \? \?" + REFUSED),
    "a failed task": ("celery.app.trace", a_failed_task, r"kok\.deliver\[17\] raised unexpected: …" + REFUSED),
    "an unreadable request": (
        "gunicorn.error", lambda log: log.warning(f"Invalid request from ip=192.0.2.7: {NAME}"), ": Invalid request$",
    ),
    "a request that broke the server": (
        "gunicorn.error", lambda log: log.error("Error handling request %s", f"/{NAME}"), ": Error handling request$",
    ),
    "a library": ("allauth.account", lambda log: log.warning(f"mail to {ADDRESS}"), r"account: test_logs:\d+$"),
    "a warning of the server": (
        "gunicorn.error", lambda log: log.critical("WORKER TIMEOUT (pid:%s)", 4711), r"WORKER TIMEOUT \(pid:4711\)$",
    ),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.logs_errors
@pytest.mark.parametrize("what", EVENTS)
def test_given_people_in_an_event_when_it_is_logged_then_the_line_names_kind_and_place_only(what: str) -> None:
    name, act, expected = EVENTS[what]
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Plain())
    log = logging.getLogger(name)
    log.addHandler(handler)
    try:
        act(log)
    finally:
        log.removeHandler(handler)
    line = written.getvalue().rstrip("\n")
    assert re.search(expected, line), line
    assert not re.search(f"(?i){NAME}|{ADDRESS}|192\\.0\\.2", line)


def test_given_a_process_that_dies_of_a_fault_when_its_last_words_are_logged_then_they_hold_no_text() -> None:
    program = (
        "import django, warnings, threading; django.setup(); warnings.warn('Wolpertinger');"
        "t = threading.Thread(target=lambda: int('Wolpertinger')); t.start(); t.join(); {}['Wolpertinger']"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "kok.settings"},
    )  # fmt: skip
    assert done.returncode == 1
    assert NAME not in done.stderr
    assert re.findall(r"^  (\w+Error)$", done.stderr, re.MULTILINE) == ["ValueError", "KeyError"]


class Refusing:
    """A mail server that names whom it refuses, as most do."""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        return f"550 5.1.1 <{address}>: {NAME} unknown"


@contextmanager
def refusing_mail_server() -> Iterator[Sink]:
    port = free_port()
    controller = Controller(Refusing(), hostname="127.0.0.1", port=port)
    controller.start()
    yield Sink(url=f"smtp://127.0.0.1:{port}")
    controller.stop()


@contextmanager
def running_web(sink: Sink) -> Iterator[tuple[int, Path]]:
    """gunicorn as in production on the test database: its port and its log."""
    port, log = free_port(), VAR / "web-logs.log"
    environment = os.environ | {"EMAIL_URL": sink.url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    environment["DATABASE_URL"] = environment["DATABASE_URL"].replace("/kok?", f"/{connection.settings_dict['NAME']}?")
    command = ["gunicorn", "kok.wsgi", "--bind", f"127.0.0.1:{port}", "--worker-class=gthread", "--preload"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, "--no-control-socket"], cwd=PROJECT, stdout=output, stderr=output,
            env=environment,
        )  # fmt: skip
    try:
        wait_until(lambda: "Booting worker" in log.read_text(), seconds=60, what="web")
        yield port, log
    finally:
        ended(process)


def asked(port: int, path: str, *, body: str = "", **headers: str) -> int:
    """The status of an answer, to a form that was filled in honestly."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as web:
        if body:
            web.request("GET", path)
            answer = web.getresponse()
            token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', answer.read().decode())
            assert token
            body += f"&csrfmiddlewaretoken={token[1]}"
            headers["Cookie"] = (answer.getheader("Set-Cookie") or "").partition(";")[0]
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        web.request("POST" if body else "GET", path, body or None, headers)
        with web.getresponse() as last:
            return last.status


def said(port: int, line: str) -> None:
    """Words that are no request."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as web:
        web.sendall(f"{line}\r\n\r\n".encode())
        web.recv(1000)


@contextmanager
def table_gone(table: str) -> Iterator[None]:
    """The statements that ask for it fail, and quote themselves."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO gone")
        try:
            yield
        finally:
            cursor.execute(f"ALTER TABLE gone RENAME TO {table}")


@pytest.mark.slow
@pytest.mark.logs_errors
@pytest.mark.django_db(transaction=True)
def test_given_real_faults_in_every_process_when_the_logs_are_read_then_they_tell_the_fault_and_nobodys_name(
    broker: str,
) -> None:
    person = a_user(username=NAME)
    User.objects.filter(pk=person.pk).update(email=ADDRESS)
    with refusing_mail_server() as sink, running_web(sink) as (port, web):
        assert asked(port, f"/seite/{NAME}/?name={NAME}") == 404
        assert asked(port, "/konto/login/", Host=f"{NAME}.example") == 400
        said(port, f"{NAME} {ADDRESS}")
        assert asked(port, "/konto/password/reset/", body=f"email={ADDRESS}") == 302
        with table_gone("kok_user"):
            assert asked(port, "/konto/login/", body=f"login={NAME}&password={NAME}") == 500
        with transaction.atomic():
            outbox.enqueue(
                kind="account.invited", key=NAME, to=ADDRESS, context={"user": person.pk}, now=person.date_joined
            )
            User.objects.filter(pk=person.pk).update(password=make_password(None))
        with running_worker("logs", sink, "--pool=solo") as (_, worker):
            outbox.publish("kok.deliver")
            wait_until(lambda: "SMTPRecipientsRefused" in worker.read_text(), seconds=60, what="a refused mail")
            with table_gone("kok_outboxmessage"):
                outbox.publish("kok.deliver")
                wait_until(lambda: "UndefinedTable (42P01)" in worker.read_text(), seconds=60, what="a failed task")
    for statement in (f"SELECT '{NAME}'::int", f"INSERT INTO kok_user (username) VALUES ('{NAME}')", f"SELEC '{NAME}'"):
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute(statement)
    for told in ("404 GET /seite/<slug:name>/", "400 GET ?", "Invalid request", "UndefinedTable (42P01)"):
        assert told in web.read_text()
    for log in (web, worker, RUN / "postgres" / "log" / "postgres.log"):
        assert not re.search(f"(?i){NAME}|{ADDRESS}", log.read_text()), log
