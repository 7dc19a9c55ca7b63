"""Invitations and cancellations are asked about names and birth dates before they go out, as minutes are (5.5)."""

import re

import pytest

from kok import clock, text_checks
from kok.errors import Refused
from kok.models import AuditEvent, OutboxMessage, TextCheck
from kok.seen import marks
from meetings.convening.actions import invitations, outgoing
from meetings.convening.actions.agenda import change_item, mark_of
from meetings.convening.actions.notice import Consent
from meetings.convening.queries.outgoing import PARTS, source_of
from meetings.convening.rules.outgoing import CANCELLATION, INVITATION
from tests import builders
from tests.meetings.held import shown_on

State = TextCheck.State
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _spring(settings):
    settings.KOK_NOW = "2027-04-01T09:00"


@pytest.fixture
def meeting():
    builders.an_agreement()
    return builders.a_meeting(items=("Begrüßung", "Verschiedenes"))


@pytest.fixture
def user(meeting, client):
    user = builders.a_user(role="secretariat")
    client.force_login(user)
    return user


@pytest.fixture
def answer(monkeypatch):
    """What the worker will say."""
    said = [State.CLEAR]
    monkeypatch.setattr(text_checks, "_judges", [lambda question, now: said[0]])

    def say(state):
        said[0] = state

    return say


def url(meeting, page):
    return f"/wetteraukreis/gremien/kok/sitzungen/{meeting.pk}/{page}"


def page_of(client, meeting, page, **headers):
    return client.get(url(meeting, page), headers=headers).content.decode()


def work():
    for check in TextCheck.objects.filter(state=State.WAITING):
        text_checks.run(str(check.pk), clock.now())


def invited(meeting, user):
    invitations.invite(meeting=meeting, revision=1, by=user, now=clock.now())


def mails(kind):
    return OutboxMessage.objects.filter(kind=kind).count()


CASES = [
    ("invitation", "einladen", {"revision": 1}, "Einladung"),
    ("cancellation", "absagen", {"revision": 2, "reason": "Kein Raum"}, "Sitzung"),
]


@pytest.mark.parametrize("case", CASES)
def test_given_an_invitation_or_a_cancellation_when_a_name_is_found_then_it_warns_once_and_goes_out_with_a_tick(
    meeting, user, client, answer, case
):
    kind, path, typed, what = case
    if kind == "cancellation":
        invited(meeting, user)
    answer(State.WARNED)
    first = typed | shown_on(client, url(meeting, path))
    client.post(url(meeting, path), first)
    client.post(url(meeting, path), first)  # a double click
    waiting = page_of(client, meeting, path)
    assert "Der Text wird auf Namen geprüft." in waiting
    assert f'hx-get="{url(meeting, path)}"' in waiting
    work()
    part = page_of(client, meeting, path, **{"HX-Request": "true", "HX-Target": "pruefung"})
    assert "<h1" not in part
    assert "Prüfen Sie den Text." in part
    assert f"{what} trotzdem" in part
    typed = typed | shown_on(client, url(meeting, path))
    client.post(url(meeting, path), typed | {"seen": "WARNED"})
    assert not mails(kind), "without the tick it waits"
    client.post(url(meeting, path), typed | {"seen": "CLEAR", "checked": "on"})
    assert not mails(kind), "nobody sends with an answer that he did not see"
    late = client.post(url(meeting, path), typed | {"seen": "WAITING", "checked": "on"}).content.decode()
    assert "Lesen Sie, was sie ergeben hat." in late
    assert re.search('name="seen" value="WARNED"', late), "the next try is one with the answer"
    client.post(url(meeting, path), typed | {"seen": "WARNED", "checked": "on"})
    assert mails(kind) == 7
    assert TextCheck.objects.count() == 1
    act = AuditEvent.objects.filter(action__in=("meeting.invited", "meeting.cancelled")).latest("pk")
    assert act.note.endswith("trotz Hinweis der Prüfung auf Namen")
    client.force_login(builders.a_user(role="member"))
    history = page_of(client, meeting, "verlauf/")
    assert "Hinweis" not in history[history.index("<h1") :], "members must not learn it"


def test_given_words_of_a_meeting_when_read_for_the_check_then_all_that_goes_out_is_in_it(meeting, user):
    item = meeting.items.first()
    change_item(item=item, shown=mark_of(item), title="Fall Malou", note="Akte Quastenhagen", by=user, now=clock.now())
    meeting.refresh_from_db()
    meeting.place, meeting.urgency_draft, meeting.cancellation_reason = "Bei Dünkelmoser", "Eilig wegen Sıla", "Krank"
    meeting.save()
    text = source_of(INVITATION)(meeting.pk)
    assert text.agreement == "wetteraukreis"
    for words in ("Fall Malou", "Akte Quastenhagen", "Bei Dünkelmoser", "Eilig wegen Sıla"):
        assert words in text.words
    assert source_of(CANCELLATION)(meeting.pk).words == "Krank"
    assert source_of(INVITATION)(0) is None


def test_given_an_answer_when_the_agenda_is_changed_after_it_then_the_new_text_is_a_new_question(meeting, user, answer):
    act = {"meeting": meeting, "by": user, "now": clock.now()}
    outgoing.check_invitation(**act, revision=1, urgency_reason="", shown=marks(PARTS[INVITATION](meeting)))
    work()
    change_item(
        item=meeting.items.first(),
        shown=mark_of(meeting.items.first()),
        title="Fall Malou",
        note="",
        by=user,
        now=clock.now(),
    )
    with pytest.raises(Refused, match="heute noch nicht auf Namen geprüft"):
        outgoing.invite(**act, revision=2, seen="CLEAR", shown=marks(PARTS[INVITATION](meeting)), consent=Consent())


def test_given_another_reason_when_typed_after_the_answer_then_it_is_asked_about_first(meeting, user, client, answer):
    invited(meeting, user)
    path = url(meeting, "absagen")
    client.post(path, {"revision": 2, "reason": "Kein Raum"} | shown_on(client, path))
    work()
    client.post(path, {"revision": 2, "reason": "Malou ist krank", "seen": "CLEAR"} | shown_on(client, path))
    meeting.refresh_from_db()
    assert (meeting.state, meeting.cancellation_reason) == ("INVITED", "Malou ist krank")
    assert TextCheck.objects.count() == 2
    assert not mails("cancellation")


def test_given_birth_dates_when_looked_at_then_each_is_named_with_its_place_and_asks_for_a_tick(
    meeting, user, client, answer
):
    change_item(
        item=meeting.items.first(),
        shown=mark_of(meeting.items.first()),
        title="Fall, geb. 30.01.2011",
        note="",
        by=user,
        now=clock.now(),
    )
    page = page_of(client, meeting, "einladen")
    assert "TOP 1: „geb. 30.01.2011“ sieht aus wie ein Geburtsdatum." in page
    sent = {"revision": 2} | shown_on(client, url(meeting, "einladen"))
    client.post(url(meeting, "einladen"), sent)
    work()
    client.post(url(meeting, "einladen"), sent | {"seen": "CLEAR"})
    assert not mails("invitation")
    client.post(url(meeting, "einladen"), sent | {"seen": "CLEAR", "checked": "on"})
    assert mails("invitation")


def test_given_who_may_not_send_when_asked_then_it_is_refused_and_not_counted(meeting, user):
    stranger = builders.a_user(role="secretariat", partner="lwv-hessen")
    act = {"meeting": meeting, "now": clock.now()}
    for by, revision in ((stranger, 1), (builders.a_user(role="member"), 1), (user, 7)):
        with pytest.raises(Refused):
            outgoing.check_invitation(**act, by=by, revision=revision, urgency_reason="", shown="")
    for by, revision in ((builders.a_user(role="member"), 1), (user, 7)):
        with pytest.raises(Refused):
            outgoing.check_cancellation(**act, by=by, revision=revision, reason="Kein Raum", shown="")
    assert not TextCheck.objects.exists()
