"""What was circulated stays: every version with its hash, its approvals, its file; readers have the newest one."""

import hashlib
import json
import re
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from lxml import html

from kok import documents, erasure, outbox, seen
from kok.erasure.listing import sealed
from kok.errors import Refused
from kok.models import Document, ErasedObject, OutboxMessage
from meetings.convening.documents.letterhead import OfficeLetterhead
from meetings.models import Minutes, MinutesApproval, MinutesVersion
from meetings.record.actions.approval import approve
from meetings.record.actions.circulation import circulate, take_back
from meetings.record.actions.decisions import change_resolution, record_resolution
from meetings.record.actions.holding import AttendanceMark, save_attendance
from meetings.record.actions.minutes import save_header
from meetings.record.actions.tasks import change_task, mark_of, record_task, remove_task
from meetings.record.documents import minutes as paper
from meetings.record.documents.content import (
    AgreedTask,
    AttendanceLine,
    Decision,
    Delegation,
    Guest,
    Item,
    MinutesDocument,
    View,
)
from meetings.record.documents.frozen import Frozen, checksum, read, written
from meetings.record.queries.versions import APPROVED_FILE, DRAFT_FILE, versions_of
from tests.meetings.held import MEETS_ON, NOW, Stage, a_held_meeting, checked, circulated, signed_in, write
from tests.meetings.test_names_of_the_day import rename
from tests.roles import as_owner, as_worker, by_worker
from tests.worlds import built_once

LATER = NOW + timedelta(days=3)
pytestmark = pytest.mark.django_db

FROZEN = Frozen(
    document=MinutesDocument(
        body="Kooperationskonferenz „Süd“",
        number="KoK-06440-2026-02",
        version=1,
        is_approved=False,
        drafted_on=date(2026, 11, 17),
        held_on=date(2026, 11, 10),
        starts_at=time(10),
        ends_at=None,
        place="",
        chair="Antonia Abel, Wetteraukreis",
        keeper="Bernd Busch, Wetteraukreis",
        convened="Eingeladen.",
        quorum="Beschlussfähig.",
        delegations=(Delegation("LWV Hessen", (AttendanceLine("Emma Ehlers", "Fachbereich", "anwesend"),)),),
        guests=(Guest("Gerda Gast", "EUTB", "2"),),
        items=(
            Item(
                number="2",
                title="Planung",
                level=1,
                text="Zeile eins\n\n„Zeile“ zwei",
                outcome="Beschluss",
                guests=("Gerda Gast",),
                resolutions=(
                    Decision("B-2026-01", "So."),
                    Decision("", "", has_consensus=False, views=(View("LWV Hessen", "Anders."),)),
                ),
                tasks=(
                    AgreedTask("A-2026-001", "Zahlen", "Curtius", date(2026, 12, 1), "2"),
                    AgreedTask("A-2", "x", "", None, "2"),
                ),
            ),
        ),
        approvals=(),
        distribution="alle",
    ),
    sender=OfficeLetterhead(
        "Wetteraukreis", "Der Landrat", "Geschäftsführung der KoK", ("Europaplatz", "61169 Friedberg")
    ),
    partners=((1, "Wetteraukreis"), (2, "LWV Hessen")),
)


def _partner(stage: Stage, slug: str) -> int:
    return stage.meeting.body.agreement.partners.get(authority__slug=slug).pk


def _approve(stage: Stage, slug: str, *, version: int = 1, at: datetime = LATER) -> bool:
    return approve(
        minutes=stage.minutes, partner=_partner(stage, slug), version=version, by=stage.approvers[slug], now=at
    )


def _taken_back(stage: Stage, reason: str = "TOP 3 war falsch.") -> Stage:
    take_back(minutes=stage.minutes, version=stage.minutes.version, reason=reason, by=stage.writer, now=LATER)
    stage.minutes.refresh_from_db()
    return stage


def _circulated_again(stage: Stage, text: str = "Richtig.", at: datetime = LATER) -> Stage:
    write(stage, stage.sections[2], text)
    circulate(minutes=stage.minutes, version=2, seen=checked(stage, at), by=stage.writer, now=at)
    stage.minutes.refresh_from_db()
    return stage


def _approved_in_two(stage: Stage) -> Stage:
    _approve(circulated(stage), "lwv-hessen")
    _circulated_again(_taken_back(stage))
    for slug in stage.approvers:
        _approve(stage, slug, version=2)
    stage.minutes.refresh_from_db()
    return stage


def _page(stage: Stage, path: str = "", who: str = "member") -> str:
    answer = signed_in(getattr(stage, who)).get(stage.url + path)
    assert answer.status_code == 200, answer.status_code
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@built_once
def held():
    return a_held_meeting()


@built_once
def stage(held):
    return circulated(held)


@built_once
def taken_back(stage):
    return _taken_back(stage)


@built_once
def second(taken_back):
    """The second version goes round."""
    return _circulated_again(taken_back)


@built_once
def approved_twice(held):
    return _approved_in_two(held)


@built_once
def reworked(held):
    """Almost everything is another in the second version."""
    return _reworked(held)


def test_given_any_content_when_written_and_read_again_then_it_is_the_same_and_so_is_its_checksum():
    content = written(FROZEN)
    assert read(content) == FROZEN
    assert written(read(content)) == content
    assert checksum(content) == hashlib.sha256(content.encode()).hexdigest()
    assert content.startswith('{"document":{"approvals":[],"body":"Kooperationskonferenz „Süd“"')


def test_given_a_text_from_before_a_field_existed_when_read_then_the_field_has_its_default():
    content = json.loads(written(FROZEN))
    del content["document"]["items"][0]["resolutions"][0]["has_consensus"]
    assert read(json.dumps(content)) == FROZEN


def test_given_a_complete_draft_when_circulated_then_text_attendance_and_header_are_kept_as_they_went_out(stage):
    version = stage.minutes.versions.get()
    assert (version.number, version.counts, version.circulated_by) == (1, True, stage.writer)
    assert version.sha256 == hashlib.sha256(version.content.encode()).hexdigest()
    document = read(version.content).document
    assert [item.text for item in document.items][2] == "Text zu Planung."
    assert (document.chair, document.drafted_on) == ("Antonia Abel, Wetteraukreis", MEETS_ON)
    assert document.delegations[0].people[0].name == "Antonia Abel"


def test_given_a_version_taken_back_when_members_read_then_they_have_it_with_the_reason_while_the_next_is_written(
    taken_back,
):
    write(taken_back, taken_back.sections[2], "Noch geheim.")
    for who in ("member", "other_secretariat"):
        page = _page(taken_back, "fassung/1/", who)
        assert "Text zu Planung." in page
        assert "Noch geheim." not in page
    page = _page(taken_back)
    assert "Die Geschäftsstelle arbeitet an der Fassung 2. Bis sie versandt ist, lesen Sie hier die Fassung 1." in page
    assert "Grund: TOP 3 war falsch." in page
    assert "Text zu Planung." in page
    assert "liegt noch nicht vor" not in page
    assert "Noch geheim." not in page + _page(taken_back, "lesen/")
    assert "Text zu Planung." in _page(taken_back, "lesen/")
    assert "Noch geheim." in _page(taken_back, who="other_secretariat")
    assert "Fassung 1, die alle lesen" in _page(taken_back, who="writer")


def test_given_a_version_taken_back_when_an_approver_opens_the_approval_then_he_learns_that_it_is_reworked(taken_back):
    client = signed_in(taken_back.approvers["lwv-hessen"])
    for answer in (
        client.get(taken_back.url + "genehmigen/", follow=True),
        client.post(
            taken_back.url + "genehmigen/", {"version": 1, "partner": _partner(taken_back, "lwv-hessen")}, follow=True
        ),
    ):
        assert "Die Geschäftsstelle arbeitet an der Fassung 2." in answer.content.decode()
    assert "Es wurde nichts genehmigt." in answer.content.decode()
    assert not MinutesApproval.objects.exists()


def test_given_an_approval_when_its_version_is_taken_back_then_it_stays_as_a_record_and_counts_no_more(stage):
    _approve(stage, "lwv-hessen")
    _circulated_again(_taken_back(stage))
    assert stage.minutes.partners_that_approved() == frozenset()
    void = MinutesApproval.objects.get()
    assert (void.version.number, void.version.counts) == (1, False)
    assert "nicht genehmigt Wetteraukreis gilt nicht mehr LWV Hessen" in _page(stage, "fassung/1/")
    assert "steht aus LWV Hessen" in _page(stage)
    assert _approve(stage, "wetteraukreis", version=2) is False
    assert _approve(stage, "lwv-hessen", version=2) is True


def test_given_minutes_in_two_versions_when_read_then_both_are_reached_from_the_page_and_say_which_counts(
    approved_twice,
):
    page = signed_in(approved_twice.member).get(approved_twice.url).content.decode()
    for number in (1, 2):
        assert f'href="{approved_twice.url}fassung/{number}/"' in page
    first, second = _page(approved_twice, "fassung/1/"), _page(approved_twice, "fassung/2/")
    assert "Diese Fassung ist zurückgeholt. Eine spätere hat sie ersetzt." in first
    assert ("Text zu Planung." in first, "Text zu Planung." in second) == (True, False)
    assert "Richtig." in second
    assert "genehmigt Fassung 2 versandt am 20.11.2026" in second
    assert signed_in(approved_twice.member).get(approved_twice.url + "fassung/3/").status_code == 404


def test_given_an_authority_and_a_person_renamed_later_when_approved_minutes_are_read_then_they_say_what_they_said(
    stage,
):
    for slug in stage.approvers:
        _approve(stage, slug)
    before = _page(stage)
    rename("wetteraukreis")
    user = stage.approvers["lwv-hessen"]
    user.first_name, user.last_name = "Ganz", "Anders"
    user.save()
    after = _page(stage)
    assert "Ganz Anders" not in after
    part = slice(before.index("Leitung Antonia"), before.index("Fassungen"))
    assert part.stop - part.start > 300
    assert before[part] in after


def test_given_a_later_version_when_duties_ask_for_the_day_then_it_is_that_of_the_first(second):
    stage = second
    assert stage.minutes.circulated_at == NOW
    assert [version.circulated_at for version in versions_of(stage.minutes)] == [LATER, NOW]


def test_given_two_versions_when_their_files_are_made_late_then_each_shows_its_own_text(approved_twice, monkeypatch):
    first, second = approved_twice.minutes.versions.order_by("number")
    drawn: dict[tuple[int, int], str] = {}
    monkeypatch.setattr(paper.pdf, "render", lambda page: page.encode())
    monkeypatch.setitem(
        documents._renderers,
        "minutes",
        lambda pk, stage_: drawn.setdefault((pk, stage_), paper.render(pk, stage_).decode()).encode(),
    )
    for pk in Document.objects.values_list("pk", flat=True):
        documents.render(pk, now=NOW)
    assert set(drawn) == {(first.pk, DRAFT_FILE), (second.pk, DRAFT_FILE), (second.pk, APPROVED_FILE)}
    assert "Text zu Planung." in drawn[first.pk, DRAFT_FILE]
    assert "gilt erst, wenn alle" in drawn[second.pk, DRAFT_FILE]
    assert "Richtig." in drawn[second.pk, APPROVED_FILE]
    assert "gilt erst, wenn alle" not in drawn[second.pk, APPROVED_FILE]
    with pytest.raises(Refused, match="nicht genehmigt"):
        paper.render(first.pk, APPROVED_FILE)
    names = dict(Document.objects.values_list("object_id", "filename").filter(version=DRAFT_FILE))
    assert names[first.pk] == "KoK-06440-2026-11-Protokoll-Entwurf-1.pdf"
    client = signed_in(approved_twice.member)
    assert b"Text zu Planung." in client.get(approved_twice.url + "fassung/1/pdf").content
    assert b"Richtig." in client.get(approved_twice.url + "fassung/2/pdf").content


def test_given_mails_about_minutes_when_queued_then_each_names_its_version(approved_twice):
    first, second = approved_twice.minutes.versions.order_by("number")
    rows = OutboxMessage.objects.filter(kind__startswith="minutes.")
    told = {(row.kind, row.context["version"]) for row in rows}
    assert told == {
        ("minutes.circulated", first.pk), ("minutes.circulated", second.pk), ("minutes.approved", second.pk),
        ("minutes.taken_back", first.pk),
    }  # fmt: skip
    mail = outbox._builders["minutes.approved"](rows.filter(kind="minutes.approved")[0])
    assert mail is not None
    assert "ist genehmigt, in der Fassung 2." in mail.body


def test_given_an_approval_when_its_version_is_taken_back_then_whoever_gave_it_is_told_without_the_reason(stage):
    _approve(stage, "lwv-hessen")
    _taken_back(stage)
    row = OutboxMessage.objects.get(kind="minutes.taken_back", to=stage.approvers["lwv-hessen"].email)
    mail = outbox._builders["minutes.taken_back"](row)
    assert mail is not None
    assert mail.subject == "KoK Wetteraukreis: Protokoll vom 17.11.2026 wird überarbeitet"
    assert "Sie hatten sie genehmigt; diese Genehmigung gilt nicht mehr." in mail.body
    assert stage.url in mail.body
    assert "TOP 3" not in mail.body


def test_given_versions_when_the_papers_of_the_meeting_are_opened_then_they_are_reached_from_there(second):
    stage = second
    page = signed_in(stage.member).get(stage.url.replace("/protokoll/", "/unterlagen/")).content.decode()
    for path in ("fassung/1/", "fassung/2/", "fassung/2/aenderungen/"):
        assert f'href="{stage.url}{path}"' in page


def test_given_a_draft_when_the_papers_are_opened_then_nothing_is_said_of_it(held):
    page = signed_in(held.member).get(held.url.replace("/protokoll/", "/unterlagen/")).content.decode()
    assert "Fassung" not in page


def test_given_a_reason_when_the_history_is_read_then_it_stands_there(second):
    stage = second
    answer = signed_in(stage.member).get(stage.url.replace("/protokoll/", "/verlauf/"))
    page = " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())
    assert re.search(r"Protokoll zur Bearbeitung zurückgeholt \([^)]*\) Grund: TOP 3 war falsch\.", page)


@pytest.mark.parametrize("versions", [1, 2])
def test_given_any_number_of_versions_when_read_then_the_queries_stay_the_same(versions, django_assert_num_queries):
    stage = _approved_in_two(a_held_meeting()) if versions == 2 else circulated(a_held_meeting())
    client = signed_in(stage.member)
    client.get(stage.url)
    with django_assert_num_queries(8 if versions == 2 else 9):  # one more asks who has approved what goes round
        client.get(stage.url)


# The database has the last word


def test_given_a_circulated_version_when_changed_or_deleted_then_the_database_refuses(stage):
    version = stage.minutes.versions.get()
    for values in ({"content": "{}"}, {"sha256": "0" * 64}, {"number": 7}, {"circulated_at": LATER}):
        with as_owner(), pytest.raises(IntegrityError, match="bleibt, wie sie war"), transaction.atomic():
            MinutesVersion.objects.filter(pk=version.pk).update(**values)
    with as_owner(), pytest.raises(IntegrityError, match="bleibt, wie sie war"), transaction.atomic():
        version.delete()


def test_given_a_wrong_checksum_when_a_version_is_added_then_the_database_refuses(held):
    with pytest.raises(IntegrityError, match="bleibt, wie sie war"), transaction.atomic():
        MinutesVersion.objects.create(
            minutes=held.minutes, number=1, content="{}", sha256=checksum("{} "), circulated_at=NOW,
            circulated_by=held.writer,
        )  # fmt: skip


def test_given_a_version_taken_back_when_it_is_to_count_again_or_gets_another_reason_then_the_database_refuses(
    taken_back,
):
    taken = {"taken_back_at": None, "taken_back_by": None, "reason": ""}
    for values in (taken, {"reason": "Ein anderer."}, {"taken_back_at": NOW}):
        with as_owner(), pytest.raises(IntegrityError, match="bleibt, wie sie war"), transaction.atomic():
            taken_back.minutes.versions.update(**values)


def test_given_an_approved_version_when_taken_back_by_any_path_then_it_is_refused(approved_twice):
    with pytest.raises(Refused, match="genehmigt"):
        take_back(
            minutes=approved_twice.minutes,
            version=approved_twice.minutes.version,
            reason="Doch anders.",
            by=approved_twice.writer,
            now=LATER,
        )
    second = approved_twice.minutes.versions.filter(number=2)
    values = {"taken_back_at": LATER, "taken_back_by": approved_twice.writer, "reason": "Doch anders."}
    with as_owner(), pytest.raises(IntegrityError, match="genehmigt"), transaction.atomic():
        second.update(**values)
    with as_worker(), pytest.raises(IntegrityError, match="genehmigt"), transaction.atomic():
        second.update(content="")


def test_given_minutes_without_a_version_that_counts_when_they_are_to_go_round_then_the_database_refuses(held):
    sent = {"state": "CIRCULATED", "circulated_at": NOW, "circulated_by": held.writer}
    with as_owner(), pytest.raises(IntegrityError, match="gehört die Fassung"), transaction.atomic():
        Minutes.objects.update(**sent)
    _taken_back(circulated(held))
    with as_owner(), pytest.raises(IntegrityError, match="gehört die Fassung"), transaction.atomic():
        Minutes.objects.update(state="CIRCULATED")


def test_given_approvals_when_added_to_a_version_taken_back_changed_or_deleted_then_the_database_refuses(stage):
    _approve(stage, "lwv-hessen")
    row = MinutesApproval.objects.get()
    for refused in (lambda: MinutesApproval.objects.update(name="Jemand anderes"), row.delete):
        with as_owner(), pytest.raises(IntegrityError, match="Genehmigung gilt"), transaction.atomic():
            refused()
    _taken_back(stage)
    with as_owner(), pytest.raises(IntegrityError, match="Genehmigung gilt"), transaction.atomic():
        MinutesApproval.objects.create(
            version=stage.minutes.versions.get(), partner_id=_partner(stage, "wetteraukreis"), approved_at=LATER,
            approved_by=stage.approvers["wetteraukreis"], name="x",
        )  # fmt: skip


# Erasure


def test_given_a_replaced_text_when_twelve_months_passed_since_the_approval_then_text_and_file_go_and_the_rest_stays(
    approved_twice,
):
    first, second = approved_twice.minutes.versions.order_by("number")
    hash_before = first.sha256
    by_worker(erasure.run, now=LATER + timedelta(days=360))
    assert approved_twice.minutes.versions.get(number=1).content
    by_worker(erasure.run, now=LATER + timedelta(days=366))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.content, first.sha256, first.reason) == ("", hash_before, "TOP 3 war falsch.")
    assert second.content
    assert set(Document.objects.filter(kind="minutes").values_list("object_id", flat=True)) == {second.pk}
    assert first.approvals.count() == 1
    assert ErasedObject.objects.get(rule="minutes-replaced").object_id == str(first.pk)
    page = _page(approved_twice, "fassung/1/")
    assert "Der Text dieser Fassung ist gelöscht." in page
    assert "Text zu Planung." not in page
    assert hash_before in page
    assert signed_in(approved_twice.member).get(approved_twice.url + "fassung/1/pdf").status_code == 404
    with pytest.raises(Refused, match="gelöscht"):
        paper.render(first.pk, DRAFT_FILE)


def test_given_a_backup_that_brings_a_replaced_text_back_when_erased_again_then_it_goes_at_once(taken_back):
    version = taken_back.minutes.versions.get()
    line = json.dumps(sealed("minutes-replaced", str(version.pk), NOW.isoformat()))
    by_worker(erasure.reapply, [line], now=LATER)
    version.refresh_from_db()
    assert version.content == ""
    page = _page(taken_back)
    assert "Die Geschäftsstelle arbeitet an der Fassung 2." in page
    assert "Der Text dieser Fassung ist gelöscht." in page


def test_given_a_replaced_text_when_web_empties_it_then_the_database_refuses(taken_back):
    with pytest.raises(IntegrityError, match="bleibt, wie sie war"), transaction.atomic():
        taken_back.minutes.versions.update(content="")


def test_given_a_text_that_nobody_may_read_any_more_when_taken_back_then_nobody_sees_it_and_the_worker_erases_it(stage):
    _approve(stage, "lwv-hessen")
    client = signed_in(stage.writer)
    client.post(stage.url + "zurueck/", {"version": 1, "reason": "Ein Name gehört nicht hinein.", "withhold": "on"})
    for who in ("member", "other_secretariat"):
        assert "Text zu Planung." not in _page(stage, "fassung/1/", who)
    page = _page(stage)
    assert "Grund: Ein Name gehört nicht hinein." in page
    assert "Text zu Planung." not in page
    for path in ("lesen/", "fassung/1/pdf", "fassung/1/pdf/stand"):
        assert signed_in(stage.member).get(stage.url + path).status_code == 404, path
    assert stage.minutes.versions.get().content
    by_worker(erasure.carry_out_what_was_asked, now=LATER)
    assert stage.minutes.versions.get().content == ""
    assert not Document.objects.filter(kind="minutes").exists()
    assert stage.minutes.versions.get().approvals.count() == 1
    stage.minutes.refresh_from_db()
    _circulated_again(stage)
    assert "Was sich geändert hat, lässt sich nicht zeigen." in _page(stage, "fassung/2/aenderungen/")


def test_given_a_text_that_is_only_corrected_when_taken_back_then_nothing_is_erased(stage):
    signed_in(stage.writer).post(stage.url + "zurueck/", {"version": 1, "reason": "Ein Tippfehler."})
    by_worker(erasure.carry_out_what_was_asked, now=LATER)
    by_worker(erasure.run, now=LATER)
    assert stage.minutes.versions.get().is_readable
    assert Document.objects.filter(kind="minutes").count() == 1


def test_given_a_version_that_counts_when_its_number_stands_in_a_list_then_it_is_not_erased(stage):
    version = stage.minutes.versions.get()
    line = json.dumps(sealed("minutes-replaced", str(version.pk), NOW.isoformat()))
    by_worker(erasure.reapply, [line], now=LATER)
    version.refresh_from_db()
    assert version.content
    assert Document.objects.filter(kind="minutes", object_id=version.pk).exists()


def test_given_attendance_that_changed_between_two_versions_when_read_then_each_shows_its_own(taken_back):
    row = taken_back.meeting.attendances.get(name="Farid Fuchs")
    save_attendance(
        minutes=taken_back.minutes, marks={row.pk: AttendanceMark("EXCUSED")}, by=taken_back.writer, now=NOW
    )
    _circulated_again(taken_back)
    assert re.search(r"Farid Fuchs, [^:]+: anwesend", _page(taken_back, "fassung/1/"))
    assert re.search(r"Farid Fuchs, [^:]+: entschuldigt", _page(taken_back, "fassung/2/"))


# What changed


def _reworked(stage: Stage) -> Stage:
    """Attendance, chair, a text, a resolution and a task differ between the two versions."""
    item = stage.sections[2].item
    everybody = frozenset(stage.meeting.body.agreement.partners.values_list("pk", flat=True))
    common = {"minutes": stage.minutes, "by": stage.writer}
    resolution = record_resolution(**common, item=item, text="Alle Zahlen.", consenting=everybody, now=NOW)
    task = record_task(**common, item=item, what="Zahlen vorlegen", who="Clara Curtius", now=NOW)
    record_task(**common, item=stage.sections[3].item, what="Raum buchen", who="", now=NOW)
    _taken_back(circulated(stage))
    row = stage.meeting.attendances.get(name="Farid Fuchs")
    save_attendance(**common, marks={row.pk: AttendanceMark("EXCUSED")}, now=NOW)
    save_header(**common, values={"chair_name": "Bernd Busch"}, now=NOW)
    change_resolution(
        **common, resolution=resolution, text="Alle neuen Zahlen.", consenting=everybody,
        shown=seen.mark(resolution.text), now=NOW,
    )  # fmt: skip
    due_on, shown = date(2027, 1, 4), mark_of(task)
    change_task(**common, task=task, what="Zahlen vorlegen", who="Clara Curtius", due_on=due_on, shown=shown, now=NOW)
    struck = stage.minutes.meeting.body.action_items.get(what="Raum buchen")
    remove_task(**common, task=struck, shown=mark_of(struck), now=NOW)
    return _circulated_again(stage, "Text zu unserer Planung.")


def test_given_a_task_that_went_to_another_partner_when_read_then_the_versions_differ_in_it(held) -> None:
    item, common = held.sections[2].item, {"minutes": held.minutes, "by": held.writer, "now": NOW}
    lwv, county = (
        held.meeting.body.agreement.partners.get(authority__slug=slug) for slug in ("lwv-hessen", "wetteraukreis")
    )
    task = record_task(**common, item=item, what="Zahlen vorlegen", who="Fachplanung", partner=lwv)
    _taken_back(circulated(held))
    common["minutes"].refresh_from_db()
    values = {"what": task.what, "who": task.who, "due_on": None}
    change_task(**common, task=task, shown=mark_of(task), partner=county, **values)
    _circulated_again(held, "Text zu unserer Planung.")
    assert "Fachplanung, Wetteraukreis" in _page(held, "fassung/2/")
    assert "A-2026-001" in _page(held, "fassung/2/aenderungen/")


def _changes(page: bytes) -> dict[str, list[str]]:
    """Each part of the page with what changed in it; what is struck stands in brackets, what is new in braces."""
    found = {}
    for part in html.fromstring(page).xpath("//section[@class='kok-reading']"):
        terms = part.xpath(".//dt")
        found[part.xpath("h2")[0].text_content()] = [
            " ".join(term.text_content().split()) + ": " + _marked(term.getnext()) for term in terms
        ]
    return found


def _marked(element: Any) -> str:
    for spoken in element.xpath(".//span"):
        spoken.drop_tree()
    signs = {"del": "[{}]", "ins": "{{{}}}"}
    parts = (signs[child.tag].format(child.text_content()) + (child.tail or "") for child in element)
    return (element.text or "") + "".join(parts)


def test_given_two_versions_when_compared_then_words_people_resolutions_and_tasks_that_differ_stand_there(reworked):
    stage = reworked
    page = signed_in(stage.approvers["lwv-hessen"]).get(stage.url + "fassung/2/aenderungen/").content
    function = stage.meeting.attendances.get(name="Farid Fuchs").function
    assert _changes(page) == {
        "Angaben zur Sitzung": ["Leitung geändert: [Antonia Abel,]{Bernd Busch,} Wetteraukreis"],
        "Teilnehmende": [f"Farid Fuchs, {function} (LWV Hessen) geändert: [anwesend]{{entschuldigt}}"],
        "TOP 3 Planung": [
            "Text geändert: Text zu{ unserer} Planung.",
            "Beschluss B-2026-01 geändert: Alle{ neuen} Zahlen.",
            "Aufgabe A-2026-001 geändert: Zahlen vorlegen\nClara Curtius,[ ohne Frist]{ bis 04.01.2027}",
        ],
        "TOP 4 Verschiedenes": ["Aufgabe A-2026-002 gestrichen: [Raum buchen\nnoch niemand, ohne Frist]"],
    }
    words = _page(stage, "fassung/2/aenderungen/")
    assert "Grund: TOP 3 war falsch." in words
    assert "Unverändert TOP 1 Begrüßung; TOP 2 Aufgabenkontrolle" in words
    for path in ("", "fassung/1/", "fassung/2/", "genehmigen/"):
        shown = signed_in(stage.approvers["lwv-hessen"]).get(stage.url + path).content.decode()
        assert f'href="{stage.url}fassung/2/aenderungen/"' in shown, path


def test_given_what_changed_when_read_aloud_then_beginning_and_end_of_each_change_are_spoken(reworked):
    stage = reworked
    page = html.fromstring(signed_in(stage.member).get(stage.url + "fassung/2/aenderungen/").content)
    marked = page.xpath("//dd//del | //dd//ins")
    assert len(marked) > 5
    for element in marked:
        spoken = [span.text_content().strip() for span in element.xpath("span[@class='kern-sr-only']")]
        assert spoken == {"del": ["gestrichen:", ", Ende gestrichen"], "ins": ["neu:", ", Ende neu"]}[element.tag]


def test_given_a_draft_after_a_version_when_compared_then_secretariats_see_it_and_members_do_not(taken_back):
    write(taken_back, taken_back.sections[2], "Noch geheim.")
    for who in ("writer", "other_secretariat"):
        page = signed_in(getattr(taken_back, who)).get(taken_back.url + "fassung/2/aenderungen/").content
        assert _changes(page) == {"TOP 3 Planung": ["Text geändert: [Text zu Planung.]{Noch geheim.}"]}
    assert signed_in(taken_back.member).get(taken_back.url + "fassung/2/aenderungen/").status_code == 404
    assert "Noch geheim." not in _page(taken_back)


def test_given_what_changed_when_read_then_it_leads_on_to_whom_the_new_version_went_or_will_go(taken_back):
    before = {who: _changes_page(taken_back, who) for who in ("writer", "other_secretariat")}
    assert f'href="{taken_back.url}versenden/">An wen Fassung 2 gehen wird' in before["writer"]
    assert "Fassung 2 ist noch nicht versandt." in before["other_secretariat"]
    _circulated_again(taken_back)
    after = _changes_page(taken_back, "member")
    assert f'href="{taken_back.url}fassung/2/versand/">An wen Fassung 2 ging' in after


def test_given_a_version_without_another_word_when_compared_then_it_says_what_alone_is_new(taken_back):
    circulate(minutes=taken_back.minutes, version=2, seen=checked(taken_back), by=taken_back.writer, now=NOW)
    page = _changes_page(taken_back, "member")
    assert "Beide Fassungen haben denselben Wortlaut." in page
    assert "Neu sind nur Nummer und Tag der Fassung." in page


def _changes_page(stage: Stage, who: str) -> str:
    return signed_in(getattr(stage, who)).get(stage.url + "fassung/2/aenderungen/").content.decode()


def test_given_three_versions_when_compared_then_any_earlier_one_can_be_chosen(taken_back):
    stage = _circulated_again(taken_back, "Zweitens.")
    _taken_back(stage, "Noch einmal.")
    write(stage, stage.sections[2], "Drittens.")
    circulate(minutes=stage.minutes, version=3, seen=checked(stage, LATER), by=stage.writer, now=LATER)
    url, client = stage.url + "fassung/3/aenderungen/", signed_in(stage.member)
    assert _changes(client.get(url).content)["TOP 3 Planung"] == ["Text geändert: [Zweitens.]{Drittens.}"]
    assert _changes(client.get(url + "?mit=1").content)["TOP 3 Planung"] == [
        "Text geändert: [Text zu Planung.]{Drittens.}"
    ]
    assert 'href="?mit=1"' in client.get(url).content.decode()
    for wrong in (url + "?mit=3", url + "?mit=x", url + "?mit=", stage.url + "fassung/1/aenderungen/"):
        assert client.get(wrong).status_code == 404, wrong


def test_given_an_erased_text_when_compared_then_the_page_says_why_nothing_can_be_shown(approved_twice):
    by_worker(erasure.run, now=LATER + timedelta(days=366))
    page = _page(approved_twice, "fassung/2/aenderungen/")
    assert "Der Text einer der beiden Fassungen ist gelöscht." in page
    assert "Grund: TOP 3 war falsch." in page


def test_given_the_page_of_changes_when_opened_then_the_queries_do_not_grow(reworked, django_assert_max_num_queries):
    stage = reworked
    client = signed_in(stage.member)
    with django_assert_max_num_queries(8):
        client.get(stage.url + "fassung/2/aenderungen/")
