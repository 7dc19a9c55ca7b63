"""Punkt 8b outside the sealed area: the duty that its release fulfils, and what waits for whom (O-04)."""

from datetime import UTC, date, datetime

import pytest

from reporting.models import Submission
from tests.builders import a_user, an_agreement, the_partner
from tests.reporting.test_pages import DUTY, OVERVIEW, text_of
from tests.transitions.numbers import a_list, a_release, a_version
from tests.worlds import built_once
from transitions.models import DataSubjectRequest

pytestmark = pytest.mark.django_db


@built_once(autouse=True, KOK_NOW="2028-04-16T09:00")
def agreement():
    found = an_agreement()
    found.introduced_on = date(2028, 1, 3)
    found.save()
    return found


@pytest.fixture
def sign_in(client):
    return lambda role: client.force_login(a_user(role=role))


def test_given_a_list_in_the_sealed_area_when_the_duty_opens_then_only_its_release_fulfils_it(client, sign_in):
    sign_in("reporter")
    assert "Auf anderem Weg übermittelt?" in text_of(client.get(DUTY))
    a_version(a_list(year=2028))
    text = text_of(client.get(DUTY))
    assert "Ihre Freigabe erfüllt die Frist, auch als Nullmeldung." in text
    assert "Auf anderem Weg übermittelt?" not in text
    response = client.post(f"{DUTY}eintragen", {"submitted_on": "14.04.2028", "channel": "LETTER"})
    assert "Die Übergangsliste 2028 steht in dieser Anwendung." in text_of(response)
    assert not Submission.objects.exists()


def test_given_a_released_list_when_a_member_opens_the_duty_then_it_says_when_and_leads_to_the_numbers(client, sign_in):
    a_release(a_list(year=2028), at=datetime(2028, 4, 11, 8, 0, tzinfo=UTC))
    sign_in("member")
    response = client.get(DUTY)
    assert "wurde am Di 11.04.2028 hier freigegeben und übermittelt. Damit ist die Frist erfüllt." in text_of(response)
    assert 'href="/wetteraukreis/uebergaenge/"' in response.content.decode()
    sign_in("reporter")  # may not open the numbers
    assert 'href="/wetteraukreis/uebergaenge/"' not in client.get(DUTY).content.decode()


def todos(client, user):
    client.force_login(user)
    return [(todo.what, todo.note, todo.due_on) for todo in client.get(OVERVIEW).context["overview"].todos]


def test_given_the_sealed_area_when_its_people_open_the_overview_then_their_work_stands_there_without_names(
    client, agreement
):
    officer, releaser = a_user(role="case-officer"), a_user(role="case-releaser")
    receiver = a_user(role="case-receiver", partner="lwv-hessen")
    release = "Die Übergangsliste 2028 ist bis So 30.04.2028 freizugeben"
    owed = (release, "Schulabgänge 2029, wirksam bis Di 02.05.2028", date(2028, 4, 30))
    assert todos(client, officer) == todos(client, releaser) == [owed]
    draft = a_version(a_list(year=2028))
    assert todos(client, releaser) == [owed]
    draft.submitted_at, draft.submitted_by, draft.authors = draft.opened_at, officer, [officer.pk]
    draft.submitted_content = "0" * 64
    draft.save()
    waiting = ("Ein Entwurf wartet auf Freigabe", "Übergangsliste 2028", date(2028, 4, 30))
    assert (todos(client, officer), todos(client, releaser)) == ([owed], [waiting])
    assert todos(client, receiver) == []
    draft.delete()
    a_release(a_list(year=2028), at=datetime(2028, 4, 11, 8, 0, tzinfo=UTC))
    arrived = ("Eine freigegebene Liste wartet auf die Empfangsbestätigung", "Übergangsliste 2028", None)
    assert (todos(client, officer), todos(client, releaser), todos(client, receiver)) == ([], [], [arrived])


def test_given_the_own_draft_when_a_releaser_opens_the_overview_then_it_does_not_wait_for_him(client, agreement):
    releaser = a_user(role="case-releaser")
    moment = datetime(2028, 4, 11, 8, 0, tzinfo=UTC)
    a_version(
        a_list(year=2028), submitted_at=moment, submitted_by=a_user(), submitted_content="0" * 64, authors=[releaser.pk]
    )
    assert [what for what, _, _ in todos(client, releaser)] == [
        "Die Übergangsliste 2028 ist bis So 30.04.2028 freizugeben"
    ]


def test_given_a_request_near_its_day_when_the_case_unit_opens_the_overview_then_it_is_told(client, agreement):
    DataSubjectRequest.objects.create(
        agreement=agreement,
        partner=the_partner(),
        kind="ACCESS",
        received_on=date(2028, 3, 20),
        recorded_at=datetime(2028, 3, 20, tzinfo=UTC),
        recorded_by=a_user(),
    )
    told = ("Eine Anfrage einer betroffenen Person ist zu beantworten", "", date(2028, 4, 20))
    assert told in todos(client, a_user(role="case-officer"))
    assert told not in todos(client, a_user(role="case-receiver", partner="lwv-hessen"))
    assert told not in todos(client, a_user(role="member"))


def test_given_several_requests_due_on_one_day_when_the_case_unit_opens_the_overview_then_they_are_one_line(client):
    for _ in range(4):
        DataSubjectRequest.objects.create(
            agreement=the_partner().agreement,
            partner=the_partner(),
            kind="ACCESS",
            received_on=date(2028, 3, 20),
            recorded_at=datetime(2028, 3, 20, tzinfo=UTC),
            recorded_by=a_user(),
        )
    found = [each for each in todos(client, a_user(role="case-officer")) if "betroffene" in each[0]]
    assert found == [("Vier Anfragen betroffener Personen sind zu beantworten", "", date(2028, 4, 20))]
