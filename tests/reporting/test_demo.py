"""The demo: a believable past computed backwards from today, and nothing that could reach a real person."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings

from kok import health, vault
from kok.errors import Refused
from kok.models import Dispatch, Document, OutboxMessage, User
from meetings.models import ActionItem, Meeting, Minutes
from meetings.record.documents.changes import between
from meetings.record.documents.frozen import read
from meetings.record.inspections import minutes_findings
from members.actions import load_agreement
from members.models import Agreement, Partner, Person, SeatAssignment
from members.rules.agreement_file import parse
from reporting.demo import actions as demo
from reporting.demo.actions.calendar import Plot, episodes
from reporting.demo.actions.load import FILE
from tests.builders import a_user
from tests.roles import by_worker
from tests.worlds import built_once
from transitions.queries.counts import released_on

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def demo_folder(settings, tmp_path):
    """The password of the demo goes to a folder of this test; this process has its keys already."""
    vault.signature("")
    settings.KOK_VAR = tmp_path
    return tmp_path


@built_once
def loaded():
    """The folder with the password of the demo, and that password."""
    folder = settings.KOK_VAR / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    with override_settings(KOK_VAR=folder):
        return folder, by_worker(demo.load_demo, now=NOW)


def county_of():
    return Partner.objects.get(authority__slug="wetteraukreis")


@pytest.mark.parametrize(
    "today", [date(2026, 11, 23), date(2027, 1, 4), date(2027, 6, 9), date(2028, 2, 29), date(2030, 12, 31)]
)
def test_given_any_day_when_counted_back_then_every_year_has_two_meetings_that_count(today):
    told = episodes(date(2022, 3, 1), today)
    assert [episode.plot for episode in told].count(Plot.CANCELLED) == 1
    assert [episode.plot for episode in told].count(Plot.NOT_QUORATE) == 1
    assert [each.plot for each in told[-2:]] == [Plot.REVISED, Plot.LAST]
    (moved,) = (each for each in told if each.plot == Plot.MOVED)
    assert moved.moved_from < moved.meets_on
    counting = [each.meets_on.year for each in told if each.plot not in (Plot.CANCELLED, Plot.NOT_QUORATE)]
    assert all(counting.count(year) == 2 for year in range(2022, today.year))
    assert all(each.meets_on.weekday() < 5 for each in told)


@pytest.mark.django_db
def test_given_an_empty_database_when_the_demo_is_loaded_then_the_year_can_go_on(loaded):
    minutes = list(Minutes.objects.filter(meeting__body__kind="CONFERENCE").order_by("meeting__meets_on"))
    assert [each.state for each in minutes[:-1]] == ["APPROVED"] * (len(minutes) - 1)
    assert (minutes[-1].state, minutes[-1].versions.get(taken_back_at=None).approvals.count()) == ("CIRCULATED", 1)
    assert minutes_findings(NOW.date()) == []
    (moved,) = (each for each in Meeting.objects.all() if len(set(each.rounds.values_list("meets_on"))) == 2)
    first, second = moved.rounds.order_by("round_no")
    assert (first.meets_on, second.meets_on) == (date(2024, 11, 4), moved.meets_on)
    assert (moved.state, first.urgency_reason, second.urgency_reason) == ("CLOSED", "", "")
    assert [each.version for each in minutes] == [1] * (len(minutes) - 2) + [2, 1]
    twice = minutes[-2].versions.order_by("number")
    assert [(each.counts, each.approvals.count()) for each in twice] == [(False, 1), (True, 2)]
    found = between(*(read(each.content) for each in twice))
    assert found.parts[0].title == "Teilnehmende"
    assert len(found.parts) == 3
    cancelled = Meeting.objects.get(state="CANCELLED")
    assert cancelled.replaced_by.state == "CLOSED"
    coming = Meeting.objects.get(state="PLANNED")
    assert coming.meets_on == date(2027, 1, 18)
    board = Meeting.objects.filter(body__kind="ADVISORY_BOARD", state="CLOSED").order_by("meets_on")
    assert [each.body_short_name for each in board] == ["Psychosozialer Beirat", "Gesundheitsbeirat"]
    invented = county_of().agreement.annexes.get(annex="2", number=2)
    assert (invented.period.lower, invented.reason[:8]) == (date(2023, 10, 5), "Erfunden")
    assert "nur in der Vorführung" in invented.reading_note
    assert ActionItem.objects.filter(state="OPEN").exists()
    county = county_of()
    released = {year: released_on(county.agreement, county.pk, year) for year in range(2022, 2028)}
    assert [year for year, day in released.items() if day is None] == [2027]
    assert [year for year, day in released.items() if day and day > date(year, 5, 2)] == [2025]


@pytest.mark.django_db
def test_given_the_demo_when_looked_at_then_nobody_real_can_be_reached_and_nothing_waits_to_be_sent(loaded):
    addresses = {*Person.objects.values_list("email", flat=True), *User.objects.values_list("email", flat=True)}
    assert {address.partition("@")[2] for address in addresses if address} == {"example.org"}
    of_nobody = User.objects.filter(person=None)
    assert [user.username for user in of_nobody] == ["installation-admin"], "everybody of a partner can leave it"
    assert not OutboxMessage.objects.exclude(state=OutboxMessage.State.SENT).exists()
    results = Counter(Dispatch.objects.values_list("result", flat=True))
    assert {name: results[name] > 0 for name in ("SENT", "PROMISED", "WAITING")} == {
        "SENT": True, "PROMISED": True, "WAITING": False
    }  # fmt: skip
    failed = Dispatch.objects.get(result="FAILED", way="MAIL")
    assert not OutboxMessage.objects.filter(key=failed.key).exists(), "the mail is erased, who was to get it is known"
    assert "@" not in failed.address
    assert Dispatch.objects.filter(kind="minutes.file").exists()
    assert Document.objects.exists()
    assert health.ask_documents(NOW) == [], "nobody has waited for a paper of the past"
    today = SeatAssignment.objects.filter(seat__body__kind="CONFERENCE", period__contains=NOW.date())
    assert not {str(each.person) for each in today} & {"Benedikt Olt", "Stefan Leiter", "Mark Weber"}


@pytest.mark.django_db
def test_given_a_loaded_demo_when_loaded_again_then_nothing_changes_and_the_password_is_the_same(loaded, settings):
    settings.KOK_VAR, password = loaded
    before = Meeting.objects.count()
    assert by_worker(demo.load_demo, now=NOW) == password
    assert Meeting.objects.count() == before
    assert User.objects.get(username="lwv-hessen-approver").check_password(password)


@pytest.mark.django_db
def test_given_production_when_the_demo_is_asked_for_then_it_is_refused(demo_folder, settings):
    settings.PRODUCTION = True
    with pytest.raises(Refused):
        by_worker(demo.load_demo, now=NOW)
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("put_there", ["an account", "an agreement", "an account of the same name", "other tables"])
def test_given_a_database_that_holds_anything_else_when_the_demo_is_asked_for_then_it_is_refused_and_nothing_changes(
    demo_folder, monkeypatch, put_there
):
    match put_there:
        case "an account":
            a_user(username="jemand")
        case "an agreement":
            load_agreement(file=parse(FILE.read_text(encoding="utf-8")), by=None, now=NOW)
        case "an account of the same name":
            a_user(username="wetteraukreis-secretariat")
            User.objects.update(email="julia.hartwig@wetterau.example")
        case "other tables":
            monkeypatch.setattr(connection.introspection, "table_names", lambda: ["fremd"])
    before = (User.objects.count(), Agreement.objects.count())
    for asked in (demo.require_own_database, lambda: by_worker(demo.load_demo, now=NOW)):
        with pytest.raises(Refused, match="keine Vorführung"):
            asked()
    assert (User.objects.count(), Agreement.objects.count()) == before
    assert list(demo_folder.iterdir()) == []


@pytest.mark.django_db
def test_given_a_database_without_any_table_when_asked_then_the_demo_may_come(demo_folder, monkeypatch):
    monkeypatch.setattr(connection.introspection, "table_names", list)
    demo.require_own_database()
