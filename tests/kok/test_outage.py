"""While the database is away or full every page says "gleich wieder da", whatever part of a request fails at it."""

from contextlib import contextmanager

import psycopg
import pytest
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.exception import convert_exception_to_response
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve

from kok import outage
from tests.builders import a_user, an_agreement

pytestmark = pytest.mark.logs_errors
ROW = 'Failing row contains (1, "Zirbelnuss").'


def raised_by_the_database(error):
    """What Django makes of an error of psycopg."""
    try:
        with connection.wrap_database_errors:
            raise error  # noqa: TRY301
    except Exception as made:  # noqa: BLE001
        return made


def hidden_below(error):
    """What stands on top when something fails while the error is handled."""
    try:
        try:
            raise error
        except type(error):
            raise KeyError("x")  # noqa: B904
    except KeyError as told:
        return told


AWAY = [
    psycopg.OperationalError("connection refused"),
    psycopg.errors.AdminShutdown("terminating connection due to administrator command"),
    psycopg.errors.CannotConnectNow("the database system is starting up"),
    psycopg.errors.CrashShutdown("terminating connection because of crash"),
    psycopg.errors.ConnectionFailure("lost"),
    psycopg.errors.TooManyConnections("sorry, too many clients already"),
    psycopg.errors.DiskFull("No space left on device"),
    psycopg.errors.OutOfMemory("out of memory"),
    psycopg.errors.IoError("could not read block"),
    psycopg.errors.ReadOnlySqlTransaction("cannot execute UPDATE in a read-only transaction"),
    psycopg.errors.LockNotAvailable("canceling statement due to lock timeout"),
    psycopg.InterfaceError("the connection is closed"),
]
DEFECTS = [
    psycopg.errors.UniqueViolation("twice"),
    psycopg.errors.DeadlockDetected("deadlock"),
    psycopg.errors.UndefinedTable("relation does not exist"),
    psycopg.errors.StringDataRightTruncation("too long"),
    psycopg.ProgrammingError("wrong"),
]


@pytest.mark.parametrize("error", AWAY, ids=lambda error: type(error).__name__)
def test_given_a_database_that_cannot_work_when_judged_then_it_is_away_even_below_other_errors(error):
    made = raised_by_the_database(error)
    assert outage.cause(made) is made
    assert outage.cause(hidden_below(made)) is made


@pytest.mark.parametrize("error", [*map(raised_by_the_database, DEFECTS), KeyError("x"), None], ids=repr)
def test_given_another_error_when_judged_then_the_database_is_not_to_blame(error):
    assert outage.cause(error) is None


@contextmanager
def failing(error, *, at=""):
    """Every statement that holds these words fails; all, without words."""

    def refuse(execute, sql, *rest):
        if at in sql:
            with connection.wrap_database_errors:
                raise error
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture
def somebody(db):
    an_agreement()
    client = Client(raise_request_exception=False)
    client.force_login(a_user(role="admin"))
    return client


@pytest.mark.parametrize(
    ("at", "address"),
    [
        ("", "/"),
        ("kok_accountsession", "/seite/hilfe/"),
        ("kok_user", "/seite/hilfe/"),
        ("kok_outboxmessage", "/verwaltung/auftraege/"),
        ("kok_attempts", "/konto/login/"),
    ],
)
@pytest.mark.parametrize("error", [AWAY[0], psycopg.errors.DiskFull(f"No space left on device\nDETAIL: {ROW}")])
def test_given_a_database_that_is_away_when_a_page_is_opened_then_it_says_gleich_wieder_da_and_the_log_has_one_line(
    somebody, caplog, at, address, error
):
    if address == "/konto/login/":
        somebody.logout()
        send = lambda: somebody.post(address, {"login": "wer", "password": "was"})  # noqa: E731
    else:
        send = lambda: somebody.get(address)  # noqa: E731
    with failing(error, at=at):
        answer = send()
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "Wir sind gleich wieder da" in page
    assert answer["Retry-After"] == "30"
    assert "no-store" in answer["Cache-Control"]
    told = [record for record in caplog.records if record.levelname == "ERROR"]
    place = f"{answer.request['REQUEST_METHOD']} /{resolve(address).route}"
    said = f"503 {place}: Die Datenbank ist nicht verfügbar ({type(error).__name__})."
    assert [record.getMessage() for record in told] == [said]
    assert told[0].exc_info is None
    assert "Zirbelnuss" not in caplog.text


def test_given_a_form_that_was_sent_when_the_database_is_away_then_the_page_says_how_to_send_it_again(somebody):
    with failing(AWAY[0]):
        sent = somebody.post("/verwaltung/auftraege/1/erneut").content.decode()
        read = somebody.get("/verwaltung/auftraege/").content.decode()
    assert "Was Sie eben abgeschickt haben, ist wahrscheinlich nicht gespeichert." in sent
    assert "F5" in sent
    assert 'href=""' not in sent  # following it would throw away what the browser holds
    assert "abgeschickt" not in read
    assert 'href=""' in read


def test_given_htmx_when_the_database_is_away_then_the_status_keeps_what_stands_on_the_page(somebody):
    with failing(AWAY[0]):
        answer = somebody.post("/verwaltung/auftraege/1/erneut", headers={"HX-Request": "true"})
    assert answer.status_code == 503
    settings = somebody.get("/seite/hilfe/").content.decode()
    assert '{"code": "[45]..", "swap": false, "error": true}' in settings


def test_given_a_full_database_when_a_session_is_changed_then_nobody_is_told_of_a_bad_request(somebody):
    def view(request):
        request.session["x"] = 1
        return HttpResponse("ok")

    request = RequestFactory().get("/", headers={"cookie": f"sessionid={somebody.session.session_key}"})
    handler = convert_exception_to_response(SessionMiddleware(view))
    with failing(psycopg.errors.DiskFull("full"), at='UPDATE "kok_accountsession"'):
        answer = handler(request)
    assert (answer.status_code, "gleich wieder da" in answer.content.decode()) == (503, True)


def test_given_a_defect_when_a_page_fails_then_it_stays_a_defect(somebody):
    with failing(psycopg.errors.UniqueViolation("twice"), at="kok_outboxmessage"):
        answer = somebody.get("/verwaltung/auftraege/")
    assert answer.status_code == 500
    assert "Fehler" in answer.content.decode()
