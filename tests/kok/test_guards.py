"""Default deny: undeclared views and fields are found, reading cannot write, the trail cannot be changed."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path

from kok import audit, checks, privacy, seals
from kok.access import ROLES, Permission
from kok.clock import BERLIN
from kok.middleware import ReadOnlyGet, WriteInGet
from kok.models import AuditEvent, PublicHoliday, User
from tests.builders import a_user, an_agreement
from tests.roles import as_owner, as_worker, lend, on_the_database

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_given_the_application_when_checked_then_every_view_and_every_field_is_declared():
    assert checks.every_view_declares_access(None) == []
    assert checks.every_model_declares_privacy(None) == []


def test_given_an_undeclared_view_when_checked_then_it_is_an_error(settings, monkeypatch):
    undeclared = path("offen/", lambda request: HttpResponse(), name="offen")
    monkeypatch.setattr(checks, "views", lambda: [("offen/", undeclared)])
    assert [error.id for error in checks.every_view_declares_access(None)] == ["kok.E001"]


def test_given_a_field_without_declaration_when_checked_then_it_is_named(monkeypatch):
    monkeypatch.setattr(PublicHoliday.Privacy, "plain", ("id", "day"))
    assert list(privacy.problems()) == ["kok.PublicHoliday: In Privacy fehlen name."]


def test_given_the_roles_when_read_then_each_says_who_may_hold_it_and_none_of_the_technicians_sees_content():
    assert all(role.who for role in ROLES.values())
    content = {Permission.MEETING_READ, Permission.AGREEMENT_READ, Permission.DUTIES_READ}
    assert not ROLES["admin"].permissions & content
    assert not ROLES["auditor"].permissions & content


def _ask(method, view):
    request = getattr(RequestFactory(), method)("/")
    request.resolver_match = SimpleNamespace(url_name="x")
    return ReadOnlyGet(lambda r: HttpResponse()).process_view(request, view, (), {})


def _writing_view(request):
    PublicHoliday.objects.create(day=NOW.date(), name="Test")
    return HttpResponse()


@pytest.mark.django_db
def test_given_a_view_that_writes_when_read_then_it_is_refused_and_nothing_is_stored():
    lend("kok_publicholiday")
    with pytest.raises(WriteInGet), transaction.atomic():
        _ask("get", _writing_view)
    assert not PublicHoliday.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "head"])
def test_given_a_view_that_logs_its_reading_when_it_names_the_table_then_it_may_write_there(method):
    def view(request):
        return _writing_view(request)

    lend("kok_publicholiday")
    view.writes_on_get = ("kok_publicholiday",)
    assert _ask(method, view).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["kok_outboxmessage", "kok_publicholida", "public"])
def test_given_a_view_that_logs_its_reading_when_it_writes_elsewhere_then_it_is_refused(table):
    def view(request):
        return _writing_view(request)

    lend("kok_publicholiday")
    view.writes_on_get = (table,)
    with pytest.raises(WriteInGet), transaction.atomic():
        _ask("get", view)


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE kok_auditevent SET actor = 'x'", "DELETE FROM kok_auditevent"])
def test_given_a_trail_when_somebody_changes_it_by_sql_then_the_database_refuses(statement):
    audit.record(by=None, action="test", now=NOW)
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_given_the_worker_when_it_deletes_then_the_trail_allows_it_once_ten_years_are_over_for_the_database():
    audit.record(by=None, action="test", now=NOW)
    last = NOW.astimezone(BERLIN).date().replace(year=NOW.year + 10)
    with as_worker(), connection.cursor() as cursor:
        on_the_database(last - timedelta(days=1))
        with pytest.raises(DatabaseError, match="kann nicht geändert werden"), transaction.atomic():
            cursor.execute("DELETE FROM kok_auditevent")
        on_the_database(last)
        cursor.execute("DELETE FROM kok_auditevent")
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db
def test_given_a_line_that_the_worker_puts_into_the_trail_when_it_takes_it_away_again_then_the_database_refuses():
    with as_worker(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kok_auditevent"
            " (at, actor_id, actor, action, agreement, object_kind, object_id, note, old, new) VALUES"
            " (now(), 6, 'erika', 'transition-list.released', 'wetterau', '', '', 'erfunden', '', '')"
        )
        with pytest.raises(DatabaseError, match="kann nicht geändert werden"), transaction.atomic():
            cursor.execute("DELETE FROM kok_auditevent WHERE note = 'erfunden'")
    [told] = seals.findings(NOW.date())
    assert "An der Anwendung vorbei eingefügt" in told


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "finds"), [("auditor", "/pruefung/"), ("admin", "/verwaltung/auftraege/")])
def test_given_a_role_outside_the_agreements_when_the_menu_opens_then_its_page_is_there(client, role, finds):
    an_agreement()
    client.force_login(a_user(role=role))
    assert f'href="{finds}"' in client.get("/seite/hilfe/").content.decode()


@pytest.mark.django_db
def test_given_acts_in_the_trail_when_an_auditor_reads_it_then_people_are_named_as_long_as_they_have_an_account(client):
    agreement = an_agreement()
    there, gone = a_user(username="dort"), a_user(username="fort")
    User.objects.filter(pk=there.pk).update(first_name="Julia", last_name="Hartwig")
    for each in (there, gone):
        audit.record(by=each, action="meeting.planned", agreement=agreement.slug, now=NOW)
    with as_owner():
        gone.delete()
    client.force_login(a_user(role="auditor"))
    page = client.get("/pruefung/").content.decode()
    assert '<td data-label="Konto">Julia Hartwig<small>dort</small></td>' in page
    assert '<td data-label="Konto">fort</td>' in page
