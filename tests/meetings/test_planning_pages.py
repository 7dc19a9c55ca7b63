"""Planning a meeting in the browser's words: what is entered, what comes out, what is refused."""

import pytest

from meetings.models import Meeting
from tests import builders

pytestmark = pytest.mark.django_db
PLAN = "/wetteraukreis/sitzungen/neu"
OCCASION = {
    "meets_on": "20.05.2027", "starts_at": "10:00", "ends_at": "12:00", "place": "Friedberg, Raum 204", "link": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _spring(settings):
    settings.KOK_NOW = "2027-04-01T09:00"


@pytest.fixture
def agreement():
    return builders.an_agreement()


@pytest.fixture
def secretariat(agreement, client):
    """The secretariat of the partner in office (term 3: Wetteraukreis) is signed in."""
    user = builders.a_user(role="secretariat")
    client.force_login(user)
    return user


def plan(client, **changes):
    return client.post(PLAN, {"body": builders.the_body().pk, **OCCASION, **changes})


def test_given_a_workday_when_planned_then_the_meeting_stands_with_its_standard_agenda(client, secretariat):
    answer = plan(client)
    meeting = Meeting.objects.get()
    assert answer.url == f"/wetteraukreis/gremien/kok/sitzungen/{meeting.pk}/"
    assert (meeting.state, meeting.number) == ("PLANNED", None)
    numbers = list(meeting.items.values_list("number", flat=True))
    assert numbers == ["1", "2", "3", "4", "5", "6", "6.1", "6.2", "7", "8", "9", "10", "11", "12"]
    assert "Passen Sie die Tagesordnung an" in client.get(answer.url).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("meets_on", "16.05.2027", "Sonntag"),
        ("meets_on", "06.05.2027", "Himmelfahrt"),
        ("meets_on", "31.03.2027", "liegt in der Vergangenheit"),
        ("meets_on", "31.02.2027", "Diesen Tag gibt es so nicht"),
        ("meets_on", "", "Hier fehlt noch eine Angabe"),
        ("ends_at", "09:00", "Das Ende liegt vor dem Beginn"),
        ("place", "", "Geben Sie einen Ort oder einen Link an"),
        ("link", "kein Link", "Diese Adresse ist nicht vollständig"),
    ],
)
def test_given_a_bad_entry_when_planned_then_a_sentence_says_what_to_do_and_nothing_is_lost(
    client, secretariat, field, value, sentence
):
    page = plan(client, **{field: value}).content.decode()
    assert sentence in page.split(f'id="id_{field}_error"')[1], "the sentence stands at its field"
    assert "Raum 204" in page or field == "place"
    assert not Meeting.objects.exists()


def test_given_a_holiday_when_planned_then_days_near_it_are_named_with_their_weekday(client, secretariat):
    page = plan(client, meets_on="06.05.2027").content.decode()
    assert "Möglich wäre Mi 05.05.2027 oder Fr 07.05.2027." in page


def test_given_a_day_when_it_is_typed_then_the_last_day_for_the_invitation_is_named(client, secretariat):
    """domain.md 2.7: Thu 20.05.2027, nominal 06.05. is Himmelfahrt, so Wed 05.05."""
    fragment = client.get(f"{PLAN}/tag", {"meets_on": "20.05.2027"}).content.decode()
    assert "spätestens am <strong>Mi 05.05.2027</strong>" in fragment


def test_given_a_near_day_when_it_is_typed_then_the_short_notice_is_named(client, secretariat):
    fragment = client.get(f"{PLAN}/tag", {"meets_on": "08.04.2027"}).content.decode()
    assert "Ladungsfrist zu kurz" in fragment


def test_given_both_secretariats_when_one_is_not_in_office_then_it_may_plan_all_the_same(agreement, client):
    client.force_login(builders.a_user(role="secretariat", partner="lwv-hessen"))
    assert plan(client).status_code == 302


@pytest.mark.parametrize(("role", "status"), [("member", 403), ("approver", 403), ("registrar", 404), (None, 404)])
def test_given_another_role_when_planning_then_it_is_refused(agreement, client, role, status):
    client.force_login(builders.a_user(role=role))
    assert client.get(PLAN).status_code == status


def change(client, meeting, page, **changes):
    return client.post(
        f"/wetteraukreis/gremien/kok/sitzungen/{meeting.pk}/{page}",
        {**OCCASION, "meets_on": "12.05.2027", "revision": meeting.revision, **changes},
    )


def test_given_a_planned_meeting_when_changed_then_the_new_day_stands(client, secretariat):
    meeting = builders.a_meeting(items=("Begrüßung",))
    assert change(client, meeting, "angaben", meets_on="19.05.2027").status_code == 302
    meeting.refresh_from_db()
    assert (str(meeting.meets_on), meeting.revision) == ("2027-05-19", 2)


def test_given_a_meeting_changed_meanwhile_when_saved_then_it_is_refused_and_the_entries_are_still_there(
    client, secretariat
):
    meeting = builders.a_meeting(items=("Begrüßung",))
    change(client, meeting, "angaben", place="Gießen")
    page = change(client, meeting, "angaben", place="Kassel").content.decode()
    assert "Jemand anderes hat die Sitzung inzwischen geändert" in page
    assert "Soll Ihre Eingabe gelten, wählen Sie den Knopf, der mit „Trotzdem“ beginnt." in page
    assert "Trotzdem speichern</span></button>" in page
    assert "Kassel" in page
    assert Meeting.objects.get().place == "Gießen"


def test_given_an_edit_page_when_sent_again_after_the_warning_then_the_own_entries_count(client, secretariat):
    meeting = builders.a_meeting(items=("Begrüßung",))
    change(client, meeting, "angaben", place="Gießen")
    refused = change(client, meeting, "angaben", place="Kassel")
    assert refused.context["form"]["revision"].value() == 2
    change(client, meeting, "angaben", place="Kassel", revision=2)
    assert Meeting.objects.get().place == "Kassel"


def test_given_an_invited_meeting_when_edited_then_the_day_cannot_be_changed_there(client, secretariat):
    meeting = builders.a_meeting(items=("Begrüßung",), state="INVITED", number="KoK-06440-2027-01")
    change(client, meeting, "angaben", meets_on="19.05.2027", place="Gießen")
    meeting.refresh_from_db()
    assert (str(meeting.meets_on), meeting.place) == ("2027-05-12", "Gießen")


def test_given_the_same_day_when_rescheduled_then_it_is_refused(client, secretariat):
    meeting = builders.a_meeting(items=("Begrüßung",))
    page = change(client, meeting, "verlegen").content.decode()
    assert "ist schon für den 12.05.2027 vorgesehen" in page


def test_given_a_cancelled_meeting_when_replaced_twice_then_there_is_one_substitute(client, secretariat):
    cancelled = builders.a_meeting(state="CANCELLED", cancellation_reason="Krankheit")
    entries = {"body": builders.the_body().pk, **OCCASION}
    client.post(f"{PLAN}?ersetzt={cancelled.pk}", entries)
    page = client.post(f"{PLAN}?ersetzt={cancelled.pk}", entries | {"starts_at": "09:00"}).content.decode()
    assert "ist schon ein Ersatz geplant" in page
    assert Meeting.objects.count() == 2
    page = client.get(f"/wetteraukreis/gremien/kok/sitzungen/{cancelled.pk}/").content.decode()
    assert "Ersatz ist die Sitzung" in page


@pytest.mark.parametrize("number", ["0", "x"])
def test_given_no_such_cancelled_meeting_when_replaced_then_the_page_does_not_exist(client, secretariat, number):
    assert client.get(f"{PLAN}?ersetzt={number}").status_code == 404


def test_given_a_double_click_when_planned_then_there_is_one_meeting_and_a_sentence(client, secretariat):
    plan(client)
    page = plan(client).content.decode()
    assert "zu dieser Uhrzeit schon eine Sitzung geplant" in page
    assert Meeting.objects.count() == 1
