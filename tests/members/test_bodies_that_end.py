"""A changed Anlage 2 that leaves a body out: what hangs on it is told of, and nothing is left without a body."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.urls import reverse

from kok.errors import Refused
from meetings.models import ActionItem, Meeting
from members.actions import check_agreement, load_agreement
from members.models import Agreement, AnnexVersion
from members.queries import bodies_on
from tests.builders import (
    WETTERAU_FILE,
    a_meeting,
    a_seat,
    a_user,
    amended,
    an_agreement,
    the_body,
    the_partner,
    wetterau,
)  # fmt: skip
from tests.meetings.held import sent_minutes

pytestmark = pytest.mark.django_db
NOW, ENDS_BEFORE = datetime(2026, 9, 1, 8, 0, tzinfo=UTC), date(2027, 1, 1)
BOARD = "psychosozialer-beirat"
LAST_DAY = "endet am 31.12.2026"


@pytest.fixture(autouse=True)
def board():
    an_agreement()
    return the_body(BOARD)


def without_board(on=ENDS_BEFORE):
    bodies = tuple(body for body in wetterau().bodies if body.slug != BOARD)
    return amended(on=on, annex="2", bodies=bodies)


def a_closed_meeting(board, on=date(2026, 6, 10)):
    """Held, with minutes that wait for their approval and an open task."""
    meeting = a_meeting(body=board, on=on, items=("Planung",), state=Meeting.State.HELD, number=f"PSB {on}")
    sent_minutes(meeting, owner=the_partner(), by=a_user(role="secretariat"), due_on=on)
    return ActionItem.objects.create(
        body=board, item=meeting.items.get(), number="A-2026-001", what="Ort suchen", who="Amt"
    )


@pytest.mark.parametrize("act", [load_agreement, check_agreement], ids=["load", "check"])
@pytest.mark.parametrize(
    ("on", "state", "said"),
    [
        (
            date(2027, 5, 12),
            "PLANNED",
            "soll danach noch tagen (12.05.2027). Verlegen Sie die Sitzung auf einen Tag davor",
        ),
        (date(2027, 1, 4), "INVITED", "oder sagen Sie sie ab. Oder lassen Sie das Gremium in der Datei stehen."),
        (
            date(2027, 1, 4),
            "HELD",
            "hat danach noch getagt (04.01.2027). Nennen Sie unter valid_from einen späteren Tag",
        ),
    ],
)
def test_given_a_body_left_out_when_it_meets_after_its_end_then_it_is_said_what_to_do_and_nothing_is_changed(
    board, act, on, state, said
):
    a_meeting(body=board, on=on, state=state, number="PSB 1")
    who = {"by": None} if act is load_agreement else {}
    with pytest.raises(Refused) as refused:
        act(file=without_board(), now=NOW, **who)
    assert LAST_DAY in refused.value.sentence
    assert said in refused.value.sentence
    assert refused.value.sentence.endswith("Es wurde nichts geändert.")
    assert AnnexVersion.objects.filter(annex="2").count() == 1


def test_given_a_body_left_out_when_seats_and_meetings_remain_then_both_are_named_at_once(board):
    a_seat(body=board)
    a_meeting(body=board, on=date(2027, 5, 12))
    with pytest.raises(Refused, match=r"hat danach noch Sitze\..* und es soll danach noch tagen") as refused:
        load_agreement(file=without_board(), by=None, now=NOW)
    assert ".." not in refused.value.sentence


@pytest.mark.parametrize(
    ("on", "state"), [(date(2026, 12, 31), "PLANNED"), (date(2027, 5, 12), "CANCELLED"), (date(2026, 6, 10), "HELD")]
)
def test_given_a_body_left_out_when_it_met_until_its_end_only_then_it_ends(board, on, state):
    reason = {"cancellation_reason": "Es endet."} if state == "CANCELLED" else {}
    a_meeting(body=board, on=on, state=state, number="PSB 1", **reason)
    load_agreement(file=without_board(), by=None, now=NOW)
    agreement = Agreement.objects.get()
    assert BOARD in {body.slug for body in bodies_on(agreement, date(2026, 12, 31))}
    assert BOARD not in {body.slug for body in bodies_on(agreement, ENDS_BEFORE)}


def test_given_a_body_left_out_when_tasks_and_minutes_are_open_then_the_file_says_so_and_they_stay(board, client):
    task = a_closed_meeting(board)
    (started,) = check_agreement(file=without_board(), now=NOW).started
    assert [sentence.partition(".")[0] for sentence in started.remains] == [
        "Das Gremium „Psychosozialer Beirat“ endet am 31",
        "Noch nicht genehmigte Protokolle: 1",
        "Offene Aufgaben: 1",
    ]
    load_agreement(file=without_board(), by=None, now=NOW)
    client.force_login(a_user(role="secretariat"))
    assert "Ort suchen" in client.get(reverse("meetings:tasks", args=["wetteraukreis"])).content.decode()
    client.post(reverse("meetings:task-close", args=["wetteraukreis", task.pk]), {"state": "DONE"})
    task.refresh_from_db()
    assert task.state == "DONE"
    pages = ["meetings:detail", "meetings:minutes"]
    answers = [client.get(reverse(name, args=["wetteraukreis", BOARD, task.item.meeting_id])) for name in pages]
    assert [answer.status_code for answer in answers] == [200, 200]


def test_given_a_body_left_out_when_the_file_is_checked_by_command_then_what_remains_is_told(board, tmp_path, capsys):
    a_closed_meeting(board)
    text = WETTERAU_FILE.read_text(encoding="utf-8")
    start = text.index(f'[[body]]\nslug = "{BOARD}"')
    text = text[:start] + text[text.index("\n\n", start) :]
    begins = 'valid_from = 2027-01-01\nreason = "Beschluss"'
    text = text.replace('number = "2"\nheading = "Gremien', f'number = "2"\n{begins}\nheading = "Gremien')
    file = tmp_path / "neu.toml"
    file.write_text(text, encoding="utf-8")
    call_command("load_agreement", str(file), "--check")
    told = capsys.readouterr().out
    assert f"  Das Gremium „Psychosozialer Beirat“ {LAST_DAY}.\n" in told
    assert "  Offene Aufgaben: 1. Sie stehen unter „Aufgaben“, bis jemand sie abschließt" in told


def test_given_the_conference_under_another_short_name_when_loaded_then_it_is_refused():
    bodies = tuple(replace(body, slug="konferenz") if body.slug == "kok" else body for body in wetterau().bodies)
    with pytest.raises(Refused, match="Die Kooperationskonferenz behält ihren Kurznamen „kok“"):
        load_agreement(file=amended(on=ENDS_BEFORE, annex="1", bodies=bodies), by=None, now=NOW)
