"""The check of all seals: asked for on a page, carried out by a worker, believed only where it is ours."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from kok import clock, erasure
from kok.models import AuditEvent
from tests.builders import a_user, an_agreement
from tests.meetings.held import signed_in
from tests.roles import by_worker
from tests.transitions.checking import checked
from transitions.actions import checking
from transitions.models import CheckJob
from transitions.models.checks import GIVEN_UP

pytestmark = [pytest.mark.django_db, pytest.mark.logs_errors]
NOW = datetime(2027, 3, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def auditor(settings):
    settings.KOK_NOW = NOW.isoformat()
    an_agreement()
    return a_user(role="auditor", partner=None)


def asked(auditor) -> str:
    """The address of the page that waits."""
    return signed_in(auditor).post(reverse("transitions-log:check"))["Location"]


def by_sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_given_the_button_when_pressed_then_the_page_says_that_it_runs_and_then_what_was_found(auditor):
    address = asked(auditor)
    waiting = signed_in(auditor).get(address).content.decode()
    assert "Die Prüfung läuft seit" in waiting
    assert "Alle Siegel passen." not in waiting
    fragment = signed_in(auditor).get(address, headers={"HX-Request": "true"}).content.decode()
    assert fragment.lstrip().startswith('<div id="stand" hx-get=')
    (job,) = checking.left()
    by_worker(checking.run, job, clock.now())
    assert "Alle Siegel passen." in signed_in(auditor).get(address).content.decode()
    assert AuditEvent.objects.get(action="access-log.checked").actor_id == auditor.pk
    assert list(checking.left()) == []


def test_given_a_check_when_somebody_else_asks_for_its_page_then_there_is_none(auditor):
    assert signed_in(a_user(role="auditor", partner=None)).get(asked(auditor)).status_code == 404
    assert signed_in(auditor).get(reverse("transitions-log:checked", args=[uuid4()])).status_code == 404


def test_given_a_result_made_up_as_web_or_worker_when_the_page_is_read_then_it_says_nothing(auditor):
    page = checked(signed_in(auditor))
    assert "Alle Siegel passen." in page
    true = CheckJob.objects.get()
    by_sql(
        "INSERT INTO transitions_checkjob (id, asked_at, asked_by_id, seals_of_mail, state, found, finished_at, mark)"
        " SELECT gen_random_uuid(), asked_at, asked_by_id, seals_of_mail, state, found, finished_at, mark"
        " FROM transitions_checkjob"
    )
    made_up = CheckJob.objects.exclude(pk=true.pk).get()
    client = signed_in(auditor)
    assert client.get(reverse("transitions-log:checked", args=[made_up.pk])).status_code == 404
    assert client.get(reverse("transitions-log:checked", args=[true.pk])).status_code == 200


def test_given_a_check_put_in_by_sql_when_a_worker_hears_of_it_then_it_is_not_carried_out(auditor):
    by_sql(
        "INSERT INTO transitions_checkjob (id, asked_at, asked_by_id, seals_of_mail, state, mark)"
        " VALUES (gen_random_uuid(), %s, %s, '[]', 'WAITING', '')", NOW, auditor.pk,
    )  # fmt: skip
    by_worker(checking.run, str(CheckJob.objects.get().pk), NOW)
    assert CheckJob.objects.get().state == "WAITING"


def test_given_a_check_that_breaks_or_never_ends_when_the_page_is_read_then_it_says_whom_to_ask(
    auditor, settings, monkeypatch
):
    address, late = asked(auditor), asked(auditor)
    monkeypatch.setattr(checking, "whole_check", lambda today, seals: 1 / 0)
    by_worker(checking.run, address.rstrip("/").rpartition("/")[2], NOW)
    assert "Die Prüfung ist nicht zu Ende gekommen." in signed_in(auditor).get(address).content.decode()
    assert "Die Prüfung läuft seit" in signed_in(auditor).get(late).content.decode()
    settings.KOK_NOW = (clock.now() + GIVEN_UP + timedelta(minutes=1)).isoformat()  # the clock has gone on since NOW
    assert "Die Prüfung ist nicht zu Ende gekommen." in signed_in(auditor).get(late).content.decode()


def test_given_a_check_when_the_next_day_begins_then_it_is_erased(auditor):
    asked(auditor)
    by_worker(erasure.run, now=clock.now() + timedelta(hours=10))
    assert CheckJob.objects.exists()
    by_worker(erasure.run, now=clock.now() + timedelta(days=1))
    assert not CheckJob.objects.exists()
