"""After erasure no byte of the name is left: not in a table, a version, a mail, a log or a session (5.5)."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from kok import erasure, outbox
from kok.erasure.listing import sealed
from tests.builders import a_user, an_agreement, an_outbox_row
from tests.roles import as_worker, by_worker, unguarded
from tests.transitions.inside import enter
from tests.transitions.traces import opened, rows, tables, traces
from tests.transitions.world import (
    NOW,
    a_draft,
    acknowledged,
    an_access,
    case_data,
    fresh,
    people,
    released,
    seen,
)
from transitions.actions import entries, lists
from transitions.actions.importing import discard_import, hold_rows
from transitions.models import CaseEntry, TransitionCase
from transitions.rules.codes import CaseState, EndReason

pytestmark = pytest.mark.django_db
WORDS = ("Wischnewskaja-Öhrlein", "Kunibertine", "Schloss Siebenschläfer")
PERSON = case_data(family_name=WORDS[0], given_name=WORDS[1], facility_name=WORDS[2])
CORRECTED = case_data(family_name=WORDS[0], given_name=f"{WORDS[1]} Ada", facility_name=WORDS[2])


@pytest.fixture(autouse=True)
def _agreement(settings, tmp_path):
    settings.KOK_ERASURE_LIST = tmp_path / "erasures.jsonl"
    settings.KOK_NOW = "2027-03-30T10:00"
    an_agreement()


def where(caplog, tmp_path):
    """Everything that the application keeps or told."""
    told = (caplog.text, *(f"{each.subject}{each.body}{each.attachments}" for each in mail.outbox))
    return traces(*WORDS, folders=(tmp_path,), texts=told)


def withdraw(entry, by, now, reason=EndReason.SUBJECT_REQUEST):
    entries.end_case(
        entry=entry, ending=CaseState.WITHDRAWN, reason=reason, postponed_to=None, by=by, now=now
    )  # fmt: skip


def a_life(*, is_acknowledged):
    """Named, looked at, corrected in a second version, withdrawn in a third; mails sent on the way."""
    by = an_access()
    an_access("case-receiver")  # somebody gets the mails
    first = released(a_draft([PERSON, *people(1)], by=by))
    if is_acknowledged:
        acknowledged(first)
    sender = first.version.transition_list.sender
    case = TransitionCase.objects.get(entries__in=[_entry_of(first.version)])
    second = lists.open_draft(sender=sender, year=2027, by=by, now=NOW + timedelta(days=1))
    entry = second.entries.get(case=case)
    entries.change_entry(
        entry=entry, data=CORRECTED, is_late=False, seen=entry.changed_at, by=by, now=NOW + timedelta(days=1)
    )
    client = enter(by.user)
    for name, key in (("lists", {}), ("version", {"version": second.pk}), ("entry", {"entry": entry.pk})):
        client.get(reverse(f"transitions:{name}", kwargs={"agreement": "wetteraukreis", **key}))
    second_receipt = released(second, now=NOW + timedelta(days=2))
    if is_acknowledged:
        acknowledged(second_receipt, now=NOW + timedelta(days=3))
    third = lists.open_draft(sender=sender, year=2027, by=by, now=NOW + timedelta(days=4))
    withdraw(third.entries.get(case=case), by, NOW + timedelta(days=4))
    return case, third


def _entry_of(version):
    return next(entry for entry in fresh(version).entries.all() if entry.data.family_name == WORDS[0])


def test_given_a_withdrawal_before_the_receipt_when_released_then_no_byte_is_left(caplog, tmp_path):
    caplog.set_level("DEBUG")
    case, third = a_life(is_acknowledged=False)
    assert where(caplog, tmp_path) == ["transitions_caseentry"]
    released(third, now=NOW + timedelta(days=5))
    outbox.deliver(now=NOW + timedelta(days=6))
    assert mail.outbox
    assert where(caplog, tmp_path) == []
    assert TransitionCase.objects.filter(pk=case.pk, case_ref=case.case_ref).exists()


def test_given_a_withdrawal_after_the_receipt_when_30_days_are_over_then_no_byte_is_left(caplog, tmp_path):
    caplog.set_level("DEBUG")
    _, third = a_life(is_acknowledged=True)
    released(third, now=NOW + timedelta(days=5))
    outbox.deliver(now=NOW + timedelta(days=6))
    day = NOW + timedelta(days=5 + 30)
    by_worker(erasure.run, now=day - timedelta(days=1))
    assert where(caplog, tmp_path) == ["transitions_caseentry"]
    by_worker(erasure.run, now=day)
    assert where(caplog, tmp_path) == []
    assert CaseEntry.objects.exclude(content="").exists(), "the other person is still there"


def test_given_a_draft_and_a_file_when_nobody_goes_on_then_no_byte_is_left(caplog, tmp_path):
    caplog.set_level("DEBUG")
    by = an_access()
    draft = a_draft([PERSON], by=by)
    hold_rows(version=draft, rows=[(CORRECTED, False)], by=by, now=NOW)
    assert where(caplog, tmp_path) == ["transitions_caseentry", "transitions_pendingimport"]
    by_worker(erasure.run, now=NOW + timedelta(days=91))
    assert where(caplog, tmp_path) == []


def test_given_a_restored_backup_when_the_list_is_applied_then_no_byte_is_left_again(caplog, tmp_path, settings):
    """The backup is older than the withdrawal: the case stands there named, as if nothing had happened."""
    receipt = released(a_draft([PERSON, *people(1)]))
    entry = _entry_of(receipt.version)
    with as_worker():
        CaseEntry.objects.filter(pk=entry.pk).update(content="")
    by_worker(erasure.run, now=datetime(2027, 3, 30, tzinfo=UTC))
    settings.KOK_ERASURE_LIST.write_text(json.dumps(sealed("cases-withdrawn", str(entry.case_id), "2027-03-30")))
    with unguarded("transitions_caseentry"):
        CaseEntry.objects.filter(pk=entry.pk).update(content=entry.content)
    assert where(caplog, tmp_path) == ["transitions_caseentry"]
    again = by_worker(
        erasure.reapply, settings.KOK_ERASURE_LIST.read_text().splitlines(), now=datetime(2027, 3, 30, tzinfo=UTC)
    )
    assert [(line["rule"], line["erased"]) for line in again.run.report] == [("cases-withdrawn", 1)]
    assert where(caplog, tmp_path) == []


@pytest.mark.parametrize("is_whole_draft", [False, True])
def test_given_rows_of_a_file_that_were_discarded_when_a_backup_brings_them_back_then_the_list_takes_them_again(
    is_whole_draft, caplog, tmp_path, settings
):
    settings.KOK_ERASURE_LIST = tmp_path / "erased.jsonl"
    by = an_access()
    draft = a_draft([], by=by)
    pending = hold_rows(version=draft, rows=[(CORRECTED, False)], by=by, now=NOW)
    if is_whole_draft:
        lists.discard_draft(version=draft, revision=fresh(draft).revision, by=by, now=NOW)
    else:
        discard_import(version=draft, **seen(draft), by=by, now=NOW)
    by_worker(erasure.carry_out_what_was_asked, now=NOW)
    assert where(caplog, tmp_path) == []
    if is_whole_draft:
        for row in (draft.transition_list, draft):
            row.save_base(raw=True, force_insert=True)  # past the seals, as a backup does
    pending.save(force_insert=True)
    assert where(caplog, tmp_path) == ["transitions_pendingimport"]
    by_worker(erasure.reapply, settings.KOK_ERASURE_LIST.read_text().splitlines(), now=NOW)
    assert where(caplog, tmp_path) == []


# The search itself


def test_given_a_name_anywhere_when_searched_then_it_is_found(caplog, tmp_path, client):
    from kok import audit
    from kok.models import Document

    user = a_user()
    user.last_name = WORDS[0].upper()
    user.save()
    audit.record(by=None, action="test", note=WORDS[1], now=NOW)
    an_outbox_row(kind="x", key="x", to="a@example.org", next_try_at=NOW, context={"n": [WORDS[0]]})
    Document.objects.create(kind="x", object_id=1, filename="x", requested_at=NOW, content=WORDS[2].encode())
    session = client.session
    session["x"] = WORDS[1]
    session.save()
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "app.log").write_text(WORDS[0])
    found = where(caplog, tmp_path)
    assert found == [
        "app.log", "kok_accountsession", "kok_auditevent", "kok_document", "kok_outboxmessage", "kok_user",
    ]  # fmt: skip


def test_given_sealed_rows_when_searched_then_every_seal_is_opened_and_the_database_alone_shows_nothing():
    a_draft([PERSON])
    text = " ".join(rows("transitions_caseentry"))
    assert WORDS[0] not in text
    assert WORDS[0] in opened(text)
    assert {"transitions_caseentry", "kok_accountsession", "kok_outboxmessage"} <= set(tables())
