"""What a meeting postpones is offered for the next agenda of its body, until somebody takes it or declines it."""

from datetime import date

import pytest

from meetings.models import AgendaItem, DeclinedItem, Meeting
from tests.builders import a_body, a_meeting
from tests.meetings.held import Stage, a_held_meeting, signed_in, write
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
OFFERED = "Vertagt, noch nicht wieder aufgenommen"


@pytest.fixture(autouse=True)
def _winter(settings):
    settings.KOK_NOW = "2026-12-01T09:00"


@built_once
def stage():
    held = a_held_meeting()
    held.meeting.items.filter(title="Planung").update(note="Mit Plan.", subject_kind="statement", subject_id=5)
    write(held, held.sections[2], "Auf das nächste Mal.", result="POSTPONED")
    return held


def _url(meeting: Meeting, tail: str = "") -> str:
    return f"/wetteraukreis/gremien/{meeting.body.slug}/sitzungen/{meeting.pk}/{tail}"


def _page(stage: Stage, meeting: Meeting) -> str:
    return signed_in(stage.writer).get(_url(meeting)).content.decode().split("<main")[1]


def _act(stage: Stage, meeting: Meeting, **what: int) -> str:
    return signed_in(stage.writer).post(_url(meeting, "tagesordnung/vertagt"), what, follow=True).content.decode()


def test_given_a_postponed_item_when_the_next_meeting_is_planned_then_it_is_offered_until_it_is_taken(stage) -> None:
    item = stage.sections[2].item
    following = a_meeting(items=("Begrüßung",))
    page = _page(stage, following)
    assert OFFERED in page
    assert "vertagt am Di 17.11.2026, TOP 3" in page
    assert OFFERED not in signed_in(stage.member).get(_url(following)).content.decode(), "whoever makes no agenda"
    assert "„Planung“ steht auf der Tagesordnung dieser Sitzung." in _act(stage, following, take=item.pk)
    taken = following.items.get(title="Planung")
    assert (taken.note, taken.subject_kind, taken.subject_id, taken.continues) == ("Mit Plan.", "statement", 5, item)
    page = _page(stage, following)
    assert OFFERED not in page
    assert "Vertagt: Sitzung am Di 17.11.2026, TOP 3" in page
    assert "Wieder aufgenommen: Sitzung am Mi 12.05.2027, TOP 2" in _page(stage, stage.meeting)
    assert "inzwischen wieder aufgenommen" in _act(stage, following, take=item.pk)
    assert AgendaItem.objects.filter(continues=item).count() == 1


def test_given_the_meeting_that_took_it_when_that_is_cancelled_then_the_substitute_has_it(stage) -> None:
    item = stage.sections[2].item
    following = a_meeting(items=("Begrüßung",))
    _act(stage, following, take=item.pk)
    Meeting.objects.filter(pk=following.pk).update(state="CANCELLED", cancellation_reason="Krankheit")
    later = a_meeting(on=date(2027, 6, 9))
    assert OFFERED in _page(stage, later)
    sent = {
        "body": later.body_id, "meets_on": "20.05.2027", "starts_at": "10:00", "ends_at": "12:00", "place": "Hier",
        "link": "",
    }  # fmt: skip
    signed_in(stage.writer).post(f"/wetteraukreis/sitzungen/neu?ersetzt={following.pk}", sent)
    assert Meeting.objects.get(replaces=following).items.get(title="Planung").continues == item
    assert OFFERED not in _page(stage, later)


def test_given_a_postponed_item_when_it_is_declined_then_it_is_not_offered_and_one_click_offers_it_again(stage) -> None:
    item = stage.sections[2].item
    following = a_meeting(items=("Begrüßung",))
    assert "wird nicht wieder aufgenommen" in _act(stage, following, decline=item.pk)
    page = _page(stage, following)
    assert f'name="take" value="{item.pk}"' not in page
    assert "Nicht wieder aufgenommen: 1" in page
    _act(stage, following, offer=item.pk)
    assert not DeclinedItem.objects.exists()
    assert f'name="take" value="{item.pk}"' in _page(stage, following)


def test_given_another_body_or_an_earlier_meeting_when_planned_then_nothing_is_offered(stage) -> None:
    assert OFFERED not in _page(stage, a_meeting(body=a_body()))
    assert OFFERED not in _page(stage, a_meeting(on=date(2026, 11, 16), items=("Begrüßung",)))
