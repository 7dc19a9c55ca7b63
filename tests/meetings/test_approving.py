"""Whoever approves reads all that is approved, what changed, and why; or asks for a change instead."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape

import pytest

from kok import erasure, outbox
from kok.errors import Refused
from kok.models import OutboxMessage
from meetings.models import MinutesRemark
from meetings.record.actions.approval import approve
from meetings.record.actions.circulation import circulate, take_back
from meetings.record.actions.decisions import mark_of_positions, record_positions, record_resolution
from meetings.record.actions.holding import add_guest
from meetings.record.actions.remarks import answer_remark, ask_change
from meetings.record.actions.tasks import record_task
from tests.builders import the_partner
from tests.meetings.held import NOW, Stage, a_held_meeting, checked, circulated, signed_in, write
from tests.roles import by_worker
from tests.worlds import built_once

LATER = NOW + timedelta(days=3)
TEXT = "TOP 3: Die Fahrdienste waren nicht Thema."
pytestmark = pytest.mark.django_db


@built_once(KOK_NOW=LATER.isoformat())
def stage() -> Stage:
    """Circulated, with everything that minutes can hold."""
    stage = a_held_meeting()
    common = {"minutes": stage.minutes, "by": stage.writer}
    items = [section.item for section in stage.sections]
    both = frozenset(partner.pk for partner in (the_partner(), the_partner("lwv-hessen")))
    record_resolution(**common, item=items[0], text="Ein Konzept entsteht.", consenting=both, now=NOW)
    views = {the_partner().pk: "Dafür.", the_partner("lwv-hessen").pk: "Dagegen."}
    record_positions(**common, item=items[2], positions=views, shown=mark_of_positions({}), now=NOW)
    record_task(
        **common, item=items[2], what="Zahlen liefern", who="Planung", partner=None, due_on=date(2026, 12, 1), now=NOW
    )
    add_guest(**common, name="Gerd Gast", organisation="EUTB", item=items[2])
    return circulated(stage)


def _get(stage: Stage, who: str, path: str = "genehmigen/") -> str:
    user = stage.approvers.get(who) or getattr(stage, who)
    answer = signed_in(user).get(path if path.startswith("/") else stage.url + path)
    assert answer.status_code == 200, answer.status_code
    return " ".join(unescape(answer.content.decode()).split())


def _texts(value: object) -> Iterator[str]:
    """Every text that a version holds."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name not in ("held_on", "drafted_on", "starts_at", "ends_at", "due_on"):
                yield from _texts(each)


def test_given_minutes_that_go_round_when_one_approves_then_the_page_shows_the_whole_version_attendance_first(stage):
    page = _get(stage, "lwv-hessen")
    frozen = json.loads(stage.minutes.versions.get().content)
    missing = [text for text in _texts(frozen) if " ".join(text.split()) not in page]
    assert missing == []
    assert page.index("Antonia Abel, Leitung") < page.index("TOP 1 Begrüßung")
    assert "Di 17.11.2026" in page
    assert "10:30 bis 12:00 Uhr" in page


def _again(stage: Stage, text: str = "Ganz anders.") -> None:
    take_back(minutes=stage.minutes, version=1, reason="TOP 3 war falsch.", by=stage.writer, now=LATER)
    stage.minutes.refresh_from_db()
    write(stage, stage.sections[1], text)
    circulate(minutes=stage.minutes, version=2, seen=checked(stage, LATER), by=stage.writer, now=LATER)
    stage.minutes.refresh_from_db()


def _approve(stage: Stage, slug: str, version: int = 1) -> None:
    by = stage.approvers[slug]
    approve(minutes=stage.minutes, partner=the_partner(slug).pk, version=version, by=by, now=NOW)


def test_given_an_approval_that_became_void_when_one_approves_anew_then_the_page_says_it_why_and_what_changed(stage):
    _approve(stage, "lwv-hessen")
    _again(stage)
    page = _get(stage, "lwv-hessen")
    assert "Die Genehmigung der Fassung 1 für LWV Hessen vom 17.11.2026 gilt nicht mehr." in page
    assert "Grund: TOP 3 war falsch." in page
    assert re.search(r"<ins>.*?Ganz anders\.", page)
    assert "Die Genehmigung der Fassung 1" not in _get(stage, "wetteraukreis")


def test_given_an_approval_that_became_void_when_the_overview_is_opened_then_it_says_so_until_the_new_version_waits(
    stage,
):
    _approve(stage, "lwv-hessen")
    take_back(minutes=stage.minutes, version=1, reason="TOP 3 war falsch.", by=stage.writer, now=LATER)
    page = _get(stage, "lwv-hessen", "/wetteraukreis/")
    assert "wird überarbeitet. Ihre Genehmigung gilt nicht mehr (LWV Hessen)." in page
    assert "TOP 3 war falsch." not in page
    assert "wird überarbeitet" not in _get(stage, "wetteraukreis", "/wetteraukreis/")
    write(stage, stage.sections[1], "Ganz anders.")
    stage.minutes.refresh_from_db()
    circulate(minutes=stage.minutes, version=2, seen=checked(stage, LATER), by=stage.writer, now=LATER)
    page = _get(stage, "lwv-hessen", "/wetteraukreis/")
    assert "für LWV Hessen; neue Fassung, die Genehmigung der vorigen gilt nicht mehr" in page
    assert "wird überarbeitet" not in page


def _asked(stage: Stage, slug: str = "lwv-hessen") -> MinutesRemark:
    partner, by = the_partner(slug).pk, stage.approvers[slug]
    return ask_change(minutes=stage.minutes, partner=partner, version=1, text=TEXT, by=by, now=LATER)


def test_given_an_approver_who_wants_a_change_when_he_asks_for_it_then_the_secretariat_reads_it_and_nobody_else(stage):
    client = signed_in(stage.approvers["lwv-hessen"])
    assert 'protokoll/aenderung-erbitten/"' in _get(stage, "lwv-hessen")
    form = client.get(stage.url + "aenderung-erbitten/").content.decode()
    sent = dict(re.findall(r'name="(version|partner)" value="(\d+)"', form))
    client.post(stage.url + "aenderung-erbitten/", sent | {"text": TEXT})
    assert MinutesRemark.objects.get().text == TEXT
    for who in ("writer", "other_secretariat", "lwv-hessen"):
        page = _get(stage, who, "")
        assert TEXT in page, who
        assert "wartet auf Antwort" in page
    for who in ("member", "wetteraukreis"):
        assert TEXT not in _get(stage, who, ""), who
    assert "Ein Änderungswunsch zum Protokoll der Sitzung am Di 17.11.2026 beantworten" in _get(
        stage, "writer", "/wetteraukreis/"
    )
    assert "Änderungswunsch" not in _get(stage, "other_secretariat", "/wetteraukreis/")
    assert "Änderung des Protokolls erbeten" in _get(stage, "writer", f"{stage.url.removesuffix('protokoll/')}verlauf/")


def test_given_a_request_when_it_is_mailed_then_the_mail_names_neither_text_nor_person(stage):
    _asked(stage)
    message = OutboxMessage.objects.get(kind="minutes.remarked")
    assert message.to == stage.writer.email
    told = outbox._builders[message.kind](message)
    assert told is not None
    assert "Änderungswunsch zum Protokoll vom 17.11.2026" in told.subject
    assert TEXT not in told.body
    assert stage.approvers["lwv-hessen"].username not in told.body
    assert stage.url in told.body


def test_given_a_request_when_answered_then_whoever_asked_reads_it_and_still_may_approve(stage):
    remark = _asked(stage)
    path = stage.url + f"aenderungswunsch/{remark.pk}/"
    assert path in _get(stage, "writer", "")
    assert path not in _get(stage, "other_secretariat", "")
    signed_in(stage.writer).post(path, {"answer": "Sie waren Thema, ab 11 Uhr."})
    page = _get(stage, "lwv-hessen", "")
    assert "Sie waren Thema, ab 11 Uhr." in page
    assert "wartet auf Antwort" not in page
    assert "Änderungswunsch" not in _get(stage, "writer", "/wetteraukreis/")
    told = OutboxMessage.objects.get(kind="minutes.remark_answered")
    assert told.to == stage.approvers["lwv-hessen"].email
    with pytest.raises(Refused, match="schon erledigt"):
        answer_remark(remark=remark, answer="Noch einmal.", by=stage.writer, now=LATER)
    _approve(stage, "lwv-hessen")


def test_given_a_request_when_a_new_version_goes_out_then_that_answers_it(stage):
    remark = _asked(stage)
    _again(stage)
    page = _get(stage, "lwv-hessen", "")
    assert TEXT in page
    assert "neue Fassung" in page
    assert "beantworten" not in _get(stage, "writer", "")
    assert "Änderungswunsch" not in _get(stage, "writer", "/wetteraukreis/")
    with pytest.raises(Refused, match="schon erledigt"):
        answer_remark(remark=remark, answer="Zu spät.", by=stage.writer, now=LATER)


def test_given_a_request_that_may_not_be_when_sent_then_a_sentence_says_why_and_nothing_is_kept(stage):
    common = {"minutes": stage.minutes, "version": 1, "now": LATER}
    lwv, county = the_partner("lwv-hessen").pk, the_partner().pk
    by = stage.approvers["lwv-hessen"]
    for values, words in (
        ({"partner": county, "text": TEXT, "by": by}, "nur für Ihren eigenen Partner"),
        ({"partner": lwv, "text": " ", "by": by}, "Der Text fehlt"),
        ({"partner": lwv, "text": TEXT, "by": by, "version": 2}, "inzwischen geändert"),
    ):
        with pytest.raises(Refused, match=words):
            ask_change(**common | values)  # type: ignore[arg-type]
    _approve(stage, "lwv-hessen")
    with pytest.raises(Refused, match="schon genehmigt"):
        ask_change(**common, partner=lwv, text=TEXT, by=by)
    with pytest.raises(Refused, match="liegen beim Wetteraukreis"):
        answer_remark(remark=_asked(stage, "wetteraukreis"), answer="Nein.", by=stage.other_secretariat, now=LATER)
    assert MinutesRemark.objects.count() == 1


def test_given_a_version_that_is_withheld_when_read_then_what_was_asked_about_it_goes_as_well(stage):
    remark = _asked(stage)
    take_back(
        minutes=stage.minutes, version=1, reason="Ein Name steht darin.", by=stage.writer, now=LATER, withhold=True
    )
    assert TEXT not in _get(stage, "writer", "")
    by_worker(erasure.carry_out_what_was_asked, now=LATER)
    remark.refresh_from_db()
    assert (remark.text, remark.name != "") == ("", True)
