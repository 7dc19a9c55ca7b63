"""A version that nobody may read any more: each sentence about it, on pages and in mails, is true (ADR 26)."""

from datetime import timedelta

import pytest

from kok import clock, documents, erasure, outbox, seals
from kok.models import Dispatch, OutboxMessage, TextCheck, User
from meetings.models import Attendance
from meetings.record.actions.circulation import circulate, take_back
from meetings.record.actions.holding import AttendanceMark, save_attendance
from tests.meetings.held import (
    NOW,
    Stage,
    a_held_meeting,
    checked,
    circulated,
    complete,
    give_account,
    shown_on,
    signed_in,
    write,
)
from tests.meetings.test_versions import _approve, _circulated_again, _page
from tests.roles import by_worker
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)
REASON = "Ein Name gehört nicht hinein."


@pytest.fixture(autouse=True)
def papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """PDFs without WeasyPrint."""
    monkeypatch.setitem(documents._renderers, "minutes", lambda object_id, version: b"%PDF-1.7")


def withheld(stage: Stage) -> Stage:
    take_back(
        minutes=stage.minutes, version=stage.minutes.version, reason=REASON, by=stage.writer, now=LATER, withhold=True
    )
    stage.minutes.refresh_from_db()
    return stage


def taken_back(stage: Stage) -> Stage:
    take_back(
        minutes=stage.minutes, version=stage.minutes.version, reason="TOP 3 war falsch.", by=stage.writer, now=LATER
    )
    stage.minutes.refresh_from_db()
    return stage


def mails(kind: str, version: int) -> dict[str, str]:
    """What the mails of this kind about a version say, by address."""
    rows = OutboxMessage.objects.filter(kind=kind)
    told = {row.to: outbox._builders[kind](row) for row in rows}
    wanted = set(Dispatch.objects.filter(kind=kind, version=str(version)).values_list("address", flat=True))
    return {to: mail.body for to, mail in told.items() if mail is not None and to in wanted}


@built_once
def held() -> Stage:
    return a_held_meeting()


@built_once
def sent(held: Stage) -> Stage:
    return circulated(held)


@built_once
def reworked(sent: Stage) -> Stage:
    return taken_back(sent)


@built_once
def second(reworked: Stage) -> Stage:
    """The second version goes round; the first can still be read."""
    return _circulated_again(reworked)


def test_given_a_withheld_version_when_its_pages_are_read_then_no_sentence_promises_its_text(sent):
    _approve(sent, "lwv-hessen")
    page = _page(withheld(sent))
    assert "arbeitet an der Fassung 2. Bis sie versandt ist, gibt es hier keinen Text zu lesen." in page
    assert "lesen Sie hier die Fassung 1" not in page
    assert "Diese Fassung ist gesperrt. Niemand darf sie mehr lesen." in page
    assert "gesperrt Fassung 1 versandt am" in page
    assert "gilt nicht mehr LWV Hessen am 20.11.2026 durch" in page
    assert "Fassung 1, die gesperrt ist" in _page(sent, who="writer")
    history = signed_in(sent.member).get(sent.url.replace("/protokoll/", "/verlauf/")).content.decode()
    assert f"Grund: {REASON} Die Fassung 1 ist gesperrt." in history


def test_given_a_withheld_version_when_the_next_goes_out_then_neither_page_nor_mail_promises_a_comparison(sent):
    stage = _circulated_again(withheld(sent))
    for who in ("member", "writer"):
        assert "Was sich gegenüber" not in _page(stage, who=who)
    assert (
        "Was sich gegenüber"
        not in signed_in(stage.approvers["lwv-hessen"]).get(stage.url + "genehmigen/").content.decode()
    )
    assert "Eine der beiden Fassungen ist gesperrt." in _page(stage, "fassung/2/aenderungen/")
    body = mails("minutes.circulated", 2)[stage.approvers["lwv-hessen"].email]
    assert "Die Fassung 1 ist gesperrt: Niemand darf sie mehr lesen." in body
    assert "was sich" not in body


def test_given_a_readable_version_before_a_withheld_one_when_the_third_goes_out_then_it_is_compared_with_the_first(
    second,
):
    stage = withheld(second)
    circulate(minutes=stage.minutes, version=3, seen=checked(stage, LATER), by=stage.writer, now=LATER)
    page = signed_in(stage.member).get(stage.url).content.decode()
    assert f'<a href="{stage.url}fassung/3/aenderungen/">Was sich gegenüber Fassung 1 geändert hat</a>' in page
    assert "Was sich von Fassung 1 zu Fassung 3 geändert hat" in _page(stage, "fassung/3/aenderungen/")
    body = mails("minutes.circulated", 3)[stage.approvers["lwv-hessen"].email]
    assert "Die Fassung 2 ist gesperrt" in body
    assert "was sich gegenüber der Fassung 1 geändert hat" in body


@pytest.mark.parametrize("withhold", [True, False], ids=["withheld", "reworked"])
def test_given_a_version_that_was_mailed_when_taken_back_then_everybody_who_got_it_is_told_and_nobody_else(
    withhold, held
):
    reader = Attendance.objects.filter(person__isnull=False).exclude(name="Antonia Abel").first().person
    give_account(reader, held.member)
    circulated(held)
    for document in documents.Document.objects.all():
        documents.render(document.pk, now=NOW)
    left_out = OutboxMessage.objects.get(to=held.approvers["wetteraukreis"].email)
    OutboxMessage.objects.exclude(pk=left_out.pk).filter(kind="minutes.circulated").update(next_try_at=NOW)
    left_out.next_try_at = LATER + timedelta(days=9)
    left_out.put_mark()
    left_out.save()
    by_worker(outbox.deliver, now=NOW)
    _approve(held, "lwv-hessen")
    (withheld if withhold else taken_back)(held)
    told = mails("minutes.taken_back", 1)
    approver = held.approvers["lwv-hessen"].email
    assert set(told) == {approver, reader.email}
    assert "Sie hatten sie genehmigt; diese Genehmigung gilt nicht mehr." in told[approver]
    assert "genehmigt" not in told[reader.email]
    assert "Die Fassung 1 ist zurückgeholt." in told[reader.email]
    assert "weil Ihnen die Fassung 1 zugesandt wurde." in told[reader.email]
    for body in told.values():
        assert ("Niemand darf sie mehr lesen." in body) is withhold
        assert REASON not in body


def test_given_minutes_that_are_written_anew_when_a_member_reads_who_was_there_then_it_is_as_circulated(reworked):
    row = reworked.meeting.attendances.exclude(name="Antonia Abel").first()
    save_attendance(minutes=reworked.minutes, marks={row.pk: AttendanceMark("EXCUSED")}, by=reworked.writer, now=NOW)
    path = reworked.url.replace("/protokoll/", "/teilnehmende/")

    def page(who):
        return signed_in(who).get(path).content.decode()

    assert "nach der Fassung 1 teilgenommen hat" in page(reworked.member)
    assert "entschuldigt" not in page(reworked.member)
    assert f"{row.name}, {row.function}: anwesend" in page(reworked.member)
    assert "entschuldigt" in page(reworked.other_secretariat)


def test_given_a_withheld_version_when_a_member_asks_who_was_there_then_the_page_says_why_it_is_not_said(sent):
    stage = withheld(sent)
    page = signed_in(stage.member).get(stage.url.replace("/protokoll/", "/teilnehmende/")).content.decode()
    assert "Die versandte Fassung ist gesperrt." in page
    assert "Antonia Abel" not in page


def test_given_minutes_sent_in_time_when_taken_back_after_their_day_then_nothing_is_overdue(settings, reworked):
    settings.KOK_NOW = (NOW + timedelta(days=30)).isoformat()
    page = _page(reworked, who="writer")
    assert "überfällig" not in page
    assert "zuerst versandt am 17.11.2026, für die neue Fassung läuft keine Frist" in page


def test_given_a_version_that_was_taken_back_when_read_as_on_paper_then_it_says_so(reworked):
    paper = signed_in(reworked.member).get(f"{reworked.url}lesen/").content.decode()
    assert "Zurückgeholt am 20.11.2026." in paper
    assert "Diese Fassung gilt nicht mehr" not in " ".join(paper.split())
    assert "Genehmigungen, die es für sie gab, gelten nicht mehr." in paper


def test_given_a_withheld_version_before_the_draft_when_it_is_sent_then_the_page_names_what_it_is_compared_with(second):
    stage = withheld(second)
    checked(stage, clock.now())
    page = signed_in(stage.writer).get(f"{stage.url}versenden/").content.decode()
    assert "Was sich gegenüber Fassung 1 geändert hat" in page


def test_given_a_text_changed_in_another_tab_when_sent_from_the_old_one_then_it_says_so_and_asks_for_no_check(held):
    stage = complete(held)
    checked(stage, clock.now())
    client, url = signed_in(stage.writer), f"{stage.url}versenden/"
    old = {"version": 1, "seen": "CLEAR"} | shown_on(client, url)
    write(stage, stage.sections[0], "Ein anderer Text.")
    before = TextCheck.objects.count()
    answer = client.post(url, old, follow=True)
    assert "wurde geändert: TOP 1. Es ist noch nichts geschehen." in answer.content.decode()
    assert TextCheck.objects.count() == before


def test_given_approved_minutes_when_somebody_wants_them_back_then_a_sentence_says_that_they_stay(sent):
    for partner in sent.approvers:
        _approve(sent, partner)
    page = signed_in(sent.writer).get(f"{sent.url}zurueck/", follow=True).content.decode()
    assert "Das Protokoll ist genehmigt und bleibt, wie es ist." in page


def test_given_somebody_whom_a_version_did_not_reach_when_it_is_taken_back_then_no_letter_carries_it_after(sent):
    row = Dispatch.objects.filter(kind="minutes.circulated", way="NONE").first()
    path = sent.url.replace("/protokoll/", f"/versand/{row.pk}/brief")
    client = signed_in(sent.writer)
    assert client.get(path).status_code == 200
    taken_back(sent)
    assert client.get(path).status_code == 404
    assert path not in client.get(sent.url.replace("/protokoll/", "/versand/")).content.decode()


def test_given_an_earlier_version_that_says_the_same_when_one_is_withheld_then_the_page_offers_to_withhold_it_too(
    second,
):
    client, page = signed_in(second.writer), f"{second.url}zurueck/"
    assert "Welche früheren Fassungen" in client.get(page).content.decode()
    given = {"version": 2, "reason": REASON, "also": "1"}
    assert "nur mit dieser gesperrt" in client.post(page, given).content.decode()
    client.post(page, given | {"withhold": "on"})
    assert "Diese Fassung ist gesperrt." in _page(second, "fassung/1/")
    by_worker(erasure.run, now=LATER)
    assert set(second.minutes.versions.values_list("is_withheld", "content")) == {(True, "")}
    assert list(seals.findings(clock.today())) == []


def test_given_an_approver_whose_account_was_closed_when_the_version_is_taken_back_then_only_others_are_told(
    sent,
) -> None:
    _approve(sent, "lwv-hessen")
    gone = sent.approvers["lwv-hessen"]
    User.objects.filter(pk=gone.pk).update(is_active=False)
    taken_back(sent)
    told = set(OutboxMessage.objects.filter(kind="minutes.taken_back").values_list("to", flat=True))
    assert told
    assert gone.email not in told
