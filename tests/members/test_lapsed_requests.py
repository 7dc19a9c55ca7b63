"""A request that nobody can confirm any more lapses at once: trail, mail, and a row with the right day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from kok import jobs
from kok.errors import Refused
from kok.models import AuditEvent, OutboxMessage, User
from members import actions
from members.actions import lapsing
from members.models import AccountRequest
from members.queries import requests_to_confirm
from tests.builders import a_person, a_second_agreement, a_user, an_agreement, give_role, the_partner
from tests.roles import emptied

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TODAY = date(2026, 9, 1)
BASE = "/wetteraukreis/mitglieder"


@pytest.fixture
def people(settings):
    settings.KOK_NOW = NOW.isoformat()
    an_agreement()
    found = {name: a_user(role="registrar", username=name) for name in ("geberin", "zweiter", "dritte")}
    found["fachkraft"] = a_user(role="member", username="fachkraft")
    found["technik"] = a_user(role="admin", username="technik")
    for name in ("geberin", "fachkraft"):
        a_person(name.capitalize(), "Kim", user=found[name])
    return found


def ask(people, now=NOW):
    request = actions.ask_role(
        user=people["fachkraft"], role="case-officer", place=the_partner(), from_on=now.date(), by=people["geberin"],
        now=now,
    )  # fmt: skip
    emptied(OutboxMessage)
    return request


def sweep(now):
    for number in lapsing.WORK.left():
        jobs.run(lapsing.TASK, number, now=now)


def text_of(user, url):
    client = Client()
    client.force_login(user)
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def told():
    rows = OutboxMessage.objects.filter(kind="power.told", context__what__startswith="request-")
    return set(User.objects.filter(pk__in=[row.context["user"] for row in rows]).values_list("username", flat=True))


def leave(people, name, last_on):
    actions.enter_departure(
        person=people[name].person, last_on=last_on, by=people["dritte"], agreement=the_partner().agreement, now=NOW
    )


def test_given_a_request_when_its_fourteen_days_are_over_then_trail_page_and_mail_say_so_with_the_day_of_its_end(
    people, settings
):
    request = ask(people)
    later = NOW + timedelta(days=16)
    settings.KOK_NOW = later.isoformat()
    sweep(later)
    sweep(later)
    request.refresh_from_db()
    assert (request.state, request.decided_at, request.decided_by) == ("LAPSED", NOW + timedelta(days=14), None)
    [line] = AuditEvent.objects.filter(action="request.lapsed")
    assert (line.object_id, line.agreement) == (str(request.pk), "wetteraukreis")
    assert "In 14 Tagen hat es niemand bestätigt." in line.note
    assert told() == {"geberin"}
    for name in ("geberin", "zweiter"):
        page = text_of(people[name], f"{BASE}/bestaetigen/")
        assert "verfallen" in page
        assert "Di 15.09.2026" in page
    foreign = a_user(role="registrar", partner="lwv-hessen")
    assert "verfallen" not in text_of(foreign, f"{BASE}/bestaetigen/").partition("entschieden")[2]


def test_given_an_expired_request_when_the_same_is_asked_for_before_the_sweep_then_it_still_bears_its_own_day(people):
    old, later = ask(people), NOW + timedelta(days=20)
    ask(people, later)
    old.refresh_from_db()
    assert (old.state, old.decided_at) == ("LAPSED", NOW + timedelta(days=14))
    assert AuditEvent.objects.filter(action="request.lapsed", object_id=str(old.pk)).exists()


@pytest.mark.parametrize("cause", ["leaves", "closed", "role", "receiver-closed", "receiver-leaves"])
def test_given_a_giver_or_receiver_who_is_gone_when_it_happens_then_the_request_lapses_in_the_same_moment(
    people, cause
):
    request = ask(people)
    assert requests_to_confirm(people["zweiter"], NOW) == 1
    if cause == "leaves":
        leave(people, "geberin", TODAY - timedelta(days=1))
    elif cause == "closed":
        actions.close_account(user=people["geberin"], by=people["technik"], now=NOW)
    elif cause == "role":
        actions.end_role(assignment=people["geberin"].role_assignments.get(), by=people["dritte"], now=NOW)
    elif cause == "receiver-closed":
        actions.close_account(user=people["fachkraft"], by=people["technik"], now=NOW)
    else:
        leave(people, "fachkraft", TODAY + timedelta(days=20))
    request.refresh_from_db()
    assert (request.state, request.decided_at) == ("LAPSED", NOW)
    assert request.reason
    assert AuditEvent.objects.filter(action="request.lapsed").count() == 1
    assert {"zweiter", "dritte"} <= told()
    assert ("geberin" in told()) is (cause != "closed")
    assert requests_to_confirm(people["zweiter"], NOW) == 0
    page = text_of(people["zweiter"], f"{BASE}/bestaetigen/")
    assert "Bestätigen kann" not in page
    assert "verfallen" in page


def test_given_a_giver_whose_role_ends_on_a_day_when_it_has_come_then_nobody_has_a_task_and_the_sweep_ends_it(
    people, settings
):
    request = ask(people)
    actions.end_role(assignment=people["geberin"].role_assignments.get(), last_on=TODAY, by=people["dritte"], now=NOW)
    assert requests_to_confirm(people["zweiter"], NOW) == 1
    tomorrow = NOW + timedelta(days=1)
    settings.KOK_NOW = tomorrow.isoformat()
    assert requests_to_confirm(people["zweiter"], tomorrow) == 0
    with pytest.raises(Refused, match="dürfte es heute nicht mehr"):
        actions.confirm(request=request, by=people["zweiter"], now=tomorrow)
    sweep(tomorrow)
    assert AccountRequest.objects.get().state == "LAPSED"


def test_given_a_role_for_a_whole_authority_when_who_asked_for_it_covers_all_its_agreements_then_he_may_end_it(
    people, settings
):
    agreement = the_partner("lwv-hessen").agreement
    other = a_second_agreement()
    lena = a_user(role="registrar", partner="lwv-hessen", agreement=agreement, username="lena")
    give_role(lena, role="registrar", partner="lwv-hessen", agreement=other)
    here = a_user(role="registrar", partner="lwv-hessen", agreement=agreement, username="hier")
    user = a_user(username="kollegin")
    authority = the_partner("lwv-hessen", agreement).authority
    role = user.role_assignments.create(
        role="auditor", authority=authority, period=(date(2026, 3, 1), None), by_command=True
    )
    end = f"{BASE}/rollen/{role.pk}/beenden/"
    assert end in text_of(lena, f"{BASE}/konten/{user.pk}/")
    page = text_of(here, f"{BASE}/konten/{user.pk}/")
    assert end not in page
    assert "Beenden kann: lena." in page
    client = Client()
    client.force_login(here)
    assert client.get(end).status_code == 404
    client.force_login(lena)
    client.post(end, {"when": "sofort", "confirmed": "1"})
    role.refresh_from_db()
    assert role.ended_at is not None
