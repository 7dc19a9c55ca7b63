"""The agenda before and after dispatch: add, change, order by buttons, remove, late items; with and without htmx."""

from datetime import UTC, date, datetime

import pytest

from kok.errors import Refused
from meetings.convening.actions import agenda as actions
from meetings.convening.actions import invitations, planning
from meetings.convening.documents.agenda import html as agenda_of_round
from meetings.convening.queries.agenda import items_of
from meetings.convening.queries.invitations import changes_since, latest_round
from meetings.models import ActionItem, AgendaItem
from tests import builders
from tests.htmx import parse, plain, press
from tests.meetings.held import seen_on, sent_minutes

NOW = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _spring(settings):
    settings.KOK_NOW = "2027-04-01T09:00"


@pytest.fixture
def meeting():
    builders.an_agreement()
    return builders.a_meeting(items=("Begrüßung", "Planung", "Übergänge", "Verschiedenes"))


@pytest.fixture
def user(meeting, client):
    user = builders.a_user(role="secretariat")
    client.force_login(user)
    return user


def items(meeting) -> dict[str, AgendaItem]:
    return {item.title: item for item in AgendaItem.objects.filter(meeting=meeting)}


def shown(meeting) -> list[str]:
    return [f"{item.number} {item.title}" for item in AgendaItem.objects.filter(meeting=meeting)]


def move(meeting, title, direction, user):
    actions.move_item(item=items(meeting)[title], move=direction, by=user, now=NOW)


def url(meeting, page="tagesordnung/"):
    return f"/wetteraukreis/gremien/kok/sitzungen/{meeting.pk}/{page}"


def test_given_an_agenda_when_items_move_then_numbers_follow_their_places(meeting, user):
    move(meeting, "Übergänge", "in", user)
    assert shown(meeting) == ["1 Begrüßung", "2 Planung", "2.1 Übergänge", "3 Verschiedenes"]
    move(meeting, "Planung", "up", user)
    assert shown(meeting) == ["1 Planung", "1.1 Übergänge", "2 Begrüßung", "3 Verschiedenes"]
    move(meeting, "Übergänge", "out", user)
    assert shown(meeting) == ["1 Planung", "2 Übergänge", "3 Begrüßung", "4 Verschiedenes"]


def test_given_an_item_when_a_part_is_added_and_the_item_removed_then_both_are_gone_and_numbers_close_up(meeting, user):
    actions.add_item(meeting=meeting, title="Wohnen", parent=items(meeting)["Planung"], by=user, now=NOW)
    assert shown(meeting)[2] == "2.1 Wohnen"
    planning = items(meeting)["Planung"]
    actions.remove_item(item=planning, shown=actions.mark_of(planning, with_parts=True), by=user, now=NOW)
    assert shown(meeting) == ["1 Begrüßung", "2 Übergänge", "3 Verschiedenes"]


def test_given_a_closing_item_when_another_is_added_by_its_page_then_it_stands_before_it(meeting, user, client):
    AgendaItem.objects.filter(meeting=meeting, title="Verschiedenes").update(code="other")
    client.post(url(meeting, "tagesordnung/neu"), {"title": "Wohnen", "note": "", "parent": ""})
    assert shown(meeting) == ["1 Begrüßung", "2 Planung", "3 Übergänge", "4 Wohnen", "5 Verschiedenes"]


def test_given_a_dispatched_agenda_when_an_item_comes_late_then_it_gets_the_next_free_number(meeting, user):
    invitations.invite(meeting=meeting, revision=1, by=user, now=NOW)
    late = actions.add_item(meeting=meeting, title="Nachtrag", by=user, now=NOW)
    part = actions.add_item(meeting=meeting, title="Wohnen", parent=items(meeting)["Planung"], by=user, now=NOW)
    assert (late.number, late.is_late, part.number) == ("5", True, "2.1")
    assert shown(meeting) == [
        "1 Begrüßung", "2 Planung", "2.1 Wohnen", "3 Übergänge", "4 Verschiedenes", "5 Nachtrag",
    ]  # fmt: skip
    with pytest.raises(Refused, match="ihre Nummern stehen fest"):
        move(meeting, "Nachtrag", "up", user)
    with pytest.raises(Refused, match="ihre Nummern stehen fest"):
        actions.remove_item(item=late, shown=actions.mark_of(late, with_parts=True), by=user, now=NOW)


def test_given_sent_numbers_with_a_gap_when_an_item_comes_late_then_they_stay_as_they_were_sent(meeting, user):
    AgendaItem.objects.filter(meeting=meeting, title="Verschiedenes").update(number="9")
    invitations.invite(meeting=meeting, revision=1, by=user, now=NOW)
    actions.add_item(meeting=meeting, title="Nachtrag", by=user, now=NOW)
    assert shown(meeting)[-2:] == ["9 Verschiedenes", "10 Nachtrag"]


def test_given_a_dispatched_agenda_when_an_item_comes_late_then_the_page_asks_for_a_new_invitation(
    meeting, user, client
):
    invitations.invite(meeting=meeting, revision=1, by=user, now=NOW)
    assert "Seit der Einladung hat sich etwas geändert" not in client.get(url(meeting, "")).content.decode()
    client.post(url(meeting, "tagesordnung/neu"), {"title": "Nachtrag", "note": "", "parent": ""})
    page = " ".join(client.get(url(meeting, "")).content.decode().split())
    assert "Seit der Einladung hat sich etwas geändert: Tagesordnung." in page
    assert "nachgereicht" in page


def test_given_a_moved_meeting_when_an_item_is_added_before_the_new_invitation_then_it_is_not_late(
    meeting, user, client
):
    invitations.invite(meeting=meeting, revision=1, by=user, now=NOW)
    actions.add_item(meeting=meeting, title="Nachtrag", by=user, now=NOW)
    meeting.refresh_from_db()
    planning.reschedule(
        meeting=meeting, revision=meeting.revision, by=user, now=NOW, meets_on=date(2027, 6, 24),
        starts_at=meeting.starts_at, ends_at=meeting.ends_at, place=meeting.place, link=meeting.link,
    )  # fmt: skip
    for page in ("tagesordnung/", "tagesordnung/neu"):
        assert "nachgereicht" not in client.get(url(meeting, page)).content.decode()
    answer = client.post(url(meeting, "tagesordnung/neu"), {"title": "Bericht", "note": "", "parent": ""}, follow=True)
    assert "nachgereicht" not in answer.content.decode()
    assert shown(meeting)[-2:] == ["5 Nachtrag", "6 Bericht"]
    with pytest.raises(Refused, match="ihre Nummern stehen fest"):
        move(meeting, "Bericht", "up", user)
    meeting.refresh_from_db()
    sent = invitations.invite(meeting=meeting, revision=meeting.revision, by=user, now=NOW)
    assert "nachgereicht" not in agenda_of_round(sent)
    assert actions.add_item(meeting=meeting, title="Noch einer", by=user, now=NOW).is_late


def test_given_an_agenda_that_had_a_late_item_when_only_the_day_moves_then_the_agenda_did_not_change(meeting, user):
    invitations.invite(meeting=meeting, revision=1, by=user, now=NOW)
    actions.add_item(meeting=meeting, title="Nachtrag", by=user, now=NOW)
    meeting.refresh_from_db()
    invitations.invite(meeting=meeting, revision=meeting.revision, by=user, now=NOW)
    meeting.refresh_from_db()
    moved = planning.reschedule(
        meeting=meeting, revision=meeting.revision, by=user, now=NOW, meets_on=date(2027, 6, 24),
        starts_at=meeting.starts_at, ends_at=meeting.ends_at, place=meeting.place, link=meeting.link,
    )  # fmt: skip
    assert not AgendaItem.objects.filter(is_late=True).exists()
    last = latest_round(moved)
    assert [word.split()[0] for word in changes_since(last, moved, items_of(moved))] == ["Tag"]


def test_given_the_preview_of_an_invitation_when_the_agenda_changes_then_it_is_not_sent(meeting, user):
    actions.add_item(meeting=meeting, title="Wohnen", by=user, now=NOW)
    with pytest.raises(Refused, match="inzwischen geändert"):
        invitations.invite(meeting=meeting, revision=1, by=user, now=NOW)


def test_given_a_held_meeting_when_the_agenda_changes_then_it_is_refused(user):
    held = builders.a_meeting(on=date(2026, 5, 12), items=("Begrüßung",), state="HELD", number="KoK-06440-2026-01")
    with pytest.raises(Refused, match="hat schon stattgefunden"):
        actions.add_item(meeting=held, title="Wohnen", by=user, now=NOW)


@pytest.mark.parametrize("direction", ["up", "down", "in"])
def test_given_htmx_when_a_button_is_pressed_then_the_page_equals_the_fresh_one(meeting, user, client, direction):
    value = f"{direction}:{items(meeting)['Planung'].pk}"
    page = client.get(url(meeting)).content
    after = press(client, page, "move", value)
    fresh = parse(client.get(f"{url(meeting)}?punkt={items(meeting)['Planung'].pk}").content)
    assert plain(after, "tagesordnung") == plain(fresh, "tagesordnung")
    assert plain(after, "tagesordnung") != plain(parse(page), "tagesordnung")


def test_given_no_javascript_when_a_button_is_pressed_then_the_whole_page_says_what_happened(meeting, user, client):
    answer = client.post(url(meeting), {"move": f"up:{items(meeting)['Planung'].pk}"}, follow=True)
    assert "„Planung“ ist jetzt TOP 1." in answer.content.decode()
    assert shown(meeting)[0] == "1 Planung"


def test_given_the_first_item_when_the_page_is_shown_then_only_moves_that_lead_somewhere_are_offered(
    meeting, user, client
):
    page = parse(client.get(url(meeting)).content)
    first = items(meeting)["Begrüßung"].pk
    values = page.xpath(f'//tr[@id="top-{first}"]//button[not(@disabled)]/@value')
    assert values == [f"down:{first}"]
    assert all(button.text_content().strip() for button in page.xpath('//button[@name="move"]'))


def test_given_an_item_when_deleted_then_a_page_asks_first(meeting, user, client):
    page = url(meeting, f"tagesordnung/{items(meeting)['Planung'].pk}/loeschen")
    assert "„Planung“ verschwindet von der Tagesordnung" in client.get(page).content.decode()
    assert "2 Planung" in shown(meeting)
    client.post(page, {"seen": seen_on(client, page)})
    assert shown(meeting) == ["1 Begrüßung", "2 Übergänge", "3 Verschiedenes"]


def test_given_open_tasks_and_minutes_when_the_next_agenda_is_read_then_they_stand_under_their_items(user, client):
    earlier = builders.a_meeting(on=date(2026, 10, 7), items=("Planung",), state="HELD", number="KoK-06440-2026-02")
    sent_minutes(earlier, owner=builders.the_partner(), due_on=date(2026, 10, 21), by=user)
    ActionItem.objects.create(
        body=earlier.body, item=earlier.items.get(), number="A-2026-001", what="Zahlen anfordern", who="Fachdienst"
    )
    client.post(
        "/wetteraukreis/sitzungen/neu",
        {"body": earlier.body_id, "meets_on": "20.05.2027", "starts_at": "10:00", "place": "Friedberg"},
    )
    planned = earlier.body.meetings.get(meets_on=date(2027, 5, 20))
    page = " ".join(client.get(url(planned, "")).content.decode().split())
    assert "A-2026-001 Zahlen anfordern" in page
    assert "Protokoll KoK-06440-2026-02</a> wartet auf die Genehmigung" in page
