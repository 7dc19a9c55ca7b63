"""A list from its draft to the LWV: four eyes, freezing, replays, corrections, and what is told to whom."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction

from kok import outbox
from kok.clock import BERLIN
from kok.errors import Refused
from kok.models import OutboxMessage, User
from tests.builders import an_agreement, give_role
from tests.transitions import world
from tests.transitions.world import (
    NOW,
    YEAR,
    a_draft,
    acknowledged,
    an_access,
    case_data,
    fresh,
    people,
    released,
    submitted,
)
from tests.worlds import built_once
from transitions.actions import entries, importing, lists, releasing
from transitions.models import CaseEntry, CaseEvent, TransitionCase, TransitionListVersion, TransmissionReceipt
from transitions.pages.review import review_of
from transitions.queries.release import hindrance_of
from transitions.rules import release as rules
from transitions.rules.codes import CaseState, Certainty, EndReason, VersionState
from transitions.rules.year import WrongYear

pytestmark = pytest.mark.django_db


@built_once(autouse=True)
def agreement() -> Any:
    return an_agreement()


@built_once
def receipt() -> TransmissionReceipt:
    return released(a_draft())


def test_given_a_draft_when_released_by_a_second_person_then_a_receipt_says_how_many_to_whom_and_by_what_sum():
    receipt = released(a_draft(people(3)))
    assert (receipt.case_count, receipt.late_count, receipt.recipient.slug) == (3, 0, "lwv-hessen")
    assert len(receipt.sha256) == 64
    assert fresh(receipt.version).state == VersionState.RELEASED
    assert TransitionCase.objects.filter(named_at=receipt.released_at).count() == 3
    assert set(CaseEvent.objects.values_list("kind", flat=True)) == {"NAMED"}


def test_given_nobody_to_name_when_released_then_it_is_a_nullmeldung():
    assert released(a_draft([])).is_nil_report


def test_given_a_draft_not_submitted_when_released_then_refused():
    draft = a_draft()
    with pytest.raises(Refused, match="liegt nicht zur Freigabe vor"):
        releasing.release(version=draft, revision=draft.revision, by=an_access("case-releaser"), now=NOW)
    assert not TransmissionReceipt.objects.exists()


def test_given_a_release_when_replayed_then_refused_and_only_one_receipt_is_there(receipt):
    with pytest.raises(Refused, match="schon freigegeben"):
        releasing.release(
            version=receipt.version, revision=receipt.version.revision, by=an_access("case-releaser"), now=NOW
        )
    assert TransmissionReceipt.objects.count() == 1


def test_given_a_draft_that_was_read_when_it_changes_before_the_release_then_refused():
    officer = an_access()
    draft = submitted(a_draft(by=officer))
    seen = draft.revision
    lists.take_back(version=draft, by=officer, now=NOW)
    entries.add_entry(version=draft, data=people(2)[1], is_late=False, by=officer, now=NOW)
    again = submitted(draft, by=officer)
    assert again.revision != seen
    with pytest.raises(Refused, match="geändert, seit Sie ihn gelesen haben"):
        releasing.release(version=again, revision=seen, by=an_access("case-releaser"), now=NOW)


def test_given_a_submitted_draft_when_anything_of_it_is_changed_or_discarded_then_refused_and_it_still_waits():
    officer = an_access()
    draft = submitted(a_draft(by=officer))
    entry, act = draft.entries.get(), {"by": officer, "now": NOW}
    for change in (
        lambda: entries.add_entry(version=draft, data=people(2)[1], is_late=False, **act),
        lambda: entries.change_entry(entry=entry, data=people(2)[1], is_late=False, seen=entry.changed_at, **act),
        lambda: entries.remove_entry(entry=entry, seen=entry.changed_at, **act),
        lambda: importing.hold_rows(version=draft, rows=[(people(2)[1], False)], **act),
        lambda: lists.submit(version=draft, revision=draft.revision, **act),
        lambda: lists.discard_draft(version=draft, revision=draft.revision, **act),
    ):
        with pytest.raises(Refused, match=r"liegt seit 10\.03\.2027, 10:00 Uhr zur Freigabe vor"):
            change()
    assert (fresh(draft).submitted_at, draft.entries.get().data) == (NOW, case_data())


@pytest.mark.parametrize("role", ["case-receiver", "case-officer"])
def test_given_somebody_who_may_not_release_when_he_tries_then_refused(role):
    draft = submitted(a_draft())
    with pytest.raises(Refused):
        releasing.release(version=draft, revision=draft.revision, by=an_access(role), now=NOW)


def test_given_a_released_version_when_the_database_is_asked_to_change_it_then_it_refuses(receipt):
    version = receipt.version
    for change in (
        lambda: CaseEntry.objects.filter(version=version).update(content=""),
        lambda: CaseEntry.objects.filter(version=version).delete(),
        lambda: TransitionListVersion.objects.filter(pk=version.pk).update(number=9),
        lambda: TransitionListVersion.objects.filter(pk=version.pk).update(state="DRAFT"),
        lambda: TransmissionReceipt.objects.update(case_count=7),
        lambda: TransmissionReceipt.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_given_two_officers_when_both_begin_the_list_then_they_work_on_one_draft():
    first, second = a_draft([], by=an_access()), a_draft([], by=an_access())
    assert first.pk == second.pk


def test_given_a_list_of_a_far_year_when_begun_then_refused():
    with pytest.raises(Refused, match="kann jetzt nicht begonnen werden"):
        a_draft([], year=YEAR + 2)


def test_given_a_missing_day_of_information_when_submitted_then_refused_and_nothing_is_laid_before_anybody():
    draft = a_draft([case_data(informed_on=None)])
    with pytest.raises(Refused, match="noch nicht vollständig"):
        submitted(draft)
    assert fresh(draft).submitted_at is None


def test_given_a_released_list_when_a_draft_is_discarded_then_what_was_released_stays():
    officer = an_access()
    receipt = released(a_draft(by=officer))
    draft = a_draft([people(2)[1]], by=officer)
    lists.discard_draft(version=draft, revision=draft.revision, by=officer, now=NOW)
    assert TransitionListVersion.objects.get() == receipt.version
    assert TransitionCase.objects.count() == 1


def test_given_a_first_draft_when_discarded_then_nothing_of_it_is_left():
    officer = an_access()
    draft = a_draft(people(2), by=officer)
    lists.discard_draft(version=draft, revision=draft.revision, by=officer, now=NOW)
    assert not TransitionCase.objects.exists()
    assert not CaseEntry.objects.exists()


IN_TIME, LATE = datetime(2027, 4, 30, 21, 59, tzinfo=UTC), datetime(2027, 4, 30, 22, 0, tzinfo=UTC)  # Hessen: midnight


@pytest.mark.parametrize(
    ("added_at", "released_at", "late"), [(NOW, IN_TIME, 0), (IN_TIME, IN_TIME, 0), (IN_TIME, LATE, 1), (LATE, LATE, 1)]
)
def test_given_somebody_added_to_a_transmitted_list_when_released_then_a_nachmeldung_only_after_the_deadline(
    added_at, released_at, late
):
    officer = an_access()
    first = released(a_draft(by=officer)).version
    draft = a_draft([people(2)[1]], by=officer, now=added_at)
    assert review_of(draft, released_at.astimezone(BERLIN).date()).counts.late == late
    second = released(draft, now=released_at)
    assert fresh(first).state == VersionState.CLOSED
    assert (second.case_count, second.late_count) == (2, late)
    assert TransitionCase.objects.filter(is_late=True).count() == late


def test_given_who_leaves_school_this_year_when_added_before_the_deadline_then_only_as_a_nachmeldung():
    officer = an_access()
    released(a_draft(by=officer))
    draft = a_draft([], by=officer)
    leaver = replace(people(2)[1], expected_end_on=date(YEAR, 7, 1))
    with pytest.raises(WrongYear) as wrong:
        entries.add_entry(version=draft, data=leaver, is_late=False, by=officer, now=NOW)
    assert wrong.value.may_be_late
    entries.add_entry(version=draft, data=leaver, is_late=True, by=officer, now=NOW)
    assert released(draft).late_count == 1


def test_given_the_newest_version_when_confirmed_then_once_and_by_the_receiving_unit_only():
    receipt = released(a_draft())
    with pytest.raises(Refused):
        acknowledged(receipt, by=an_access("case-officer"))
    version = acknowledged(receipt)
    assert version.state == VersionState.ACKNOWLEDGED
    with pytest.raises(Refused, match="schon bestätigt"):
        acknowledged(receipt)


def test_given_a_replaced_version_when_confirmed_then_refused():
    officer = an_access()
    first = released(a_draft(by=officer))
    released(a_draft([people(2)[1]], by=officer))
    with pytest.raises(Refused, match="ersetzt"):
        acknowledged(first)


def test_given_every_step_when_told_then_neutral_mails_reach_the_others_once(
    django_capture_on_commit_callbacks: Any, settings: Any
):
    officer, releaser, receiver = an_access(), an_access("case-releaser"), an_access("case-receiver")
    give_role(officer.user, role="case-releaser")
    settings.KOK_NOW = NOW.isoformat()
    draft = submitted(a_draft(by=officer), by=officer)
    outbox.deliver(now=NOW)
    receipt = released(draft, by=releaser, now=NOW)
    outbox.deliver(now=NOW)
    acknowledged(receipt, by=receiver, now=NOW)
    outbox.deliver(now=NOW)
    to = [(message.to[0], message.body.split(",")[1].split()[0]) for message in mail.outbox]
    assert [address for address, _ in to] == [
        releaser.user.email,
        receiver.user.email, officer.user.email,  # not the releaser herself
        officer.user.email, releaser.user.email,
    ]  # fmt: skip
    assert "die Übergangsliste 2027 ist freigegeben und übermittelt." in mail.outbox[2].body
    assert {message.subject for message in mail.outbox} == {"KoK Wetteraukreis: neue Mitteilung liegt vor"}
    assert all("Zirbelnuss" not in f"{message.subject}{message.body}" for message in mail.outbox)
    assert not OutboxMessage.objects.exclude(state="SENT").exists()


def test_given_a_draft_taken_back_when_mails_are_due_then_only_that_it_waits_no_more_is_told(settings: Any):
    settings.KOK_NOW = NOW.isoformat()
    releaser = an_access("case-releaser")
    draft = submitted(a_draft())
    lists.take_back(version=draft, by=an_access(), now=NOW)
    outbox.deliver(now=NOW)
    (message,) = mail.outbox
    assert message.to == [releaser.user.email]
    assert "wartet nicht mehr auf Ihre Freigabe" in message.body


def test_given_a_draft_taken_back_when_submitted_again_unchanged_then_the_second_person_is_asked_again(settings: Any):
    settings.KOK_NOW = NOW.isoformat()
    an_access("case-releaser")
    draft = submitted(a_draft())
    outbox.deliver(now=NOW)
    later = NOW + timedelta(minutes=5)
    lists.take_back(version=draft, by=an_access(), now=later)
    submitted(draft, now=later)
    outbox.deliver(now=later)
    assert [message.body.count("wartet auf Ihre Freigabe") for message in mail.outbox] == [1, 1]


def test_given_an_ending_that_does_not_fit_when_chosen_then_refused():
    officer = an_access()
    released(a_draft(by=officer))
    entry = a_draft([], by=officer).entries.get()
    common = {"entry": entry, "by": officer, "now": NOW}
    for ending, reason, to in (
        (CaseState.CONFIRMED, EndReason.MOVED, None),
        (CaseState.WITHDRAWN, EndReason.DEATH, None),
        (CaseState.POSTPONED, EndReason.SCHOOL_EXTENDED, None),
        (CaseState.POSTPONED, EndReason.SCHOOL_EXTENDED, date(2028, 9, 1)),
        (CaseState.POSTPONED, EndReason.SCHOOL_EXTENDED, date(2028, 6, 1)),
        (CaseState.DECEASED, EndReason.DEATH, date(2029, 7, 1)),
    ):
        with pytest.raises(Refused):
            entries.end_case(**common, ending=ending, reason=reason, postponed_to=to)


def test_given_the_sum_of_a_list_when_the_same_people_are_released_again_then_it_differs():
    """Nobody can guess a name by computing the sum: a random number is part of it."""
    officer = an_access()
    one = released(a_draft(by=officer)).sha256
    draft = a_draft([], by=officer, now=NOW + timedelta(days=1))
    entry = draft.entries.get()
    for certainty in (Certainty.OPEN, entry.data.certainty):
        data = case_data(**{**entry.data.__dict__, "certainty": certainty})
        entry = entries.change_entry(
            entry=entry, data=data, is_late=False, seen=entry.changed_at, by=officer, now=NOW + timedelta(days=1)
        )
    two = released(draft).sha256
    assert one != two
    assert rules.OWN_DRAFT


def test_given_a_draft_whose_author_was_taken_out_by_sql_when_the_author_releases_it_then_it_is_refused():
    officer = an_access()
    draft = submitted(a_draft(by=officer), by=an_access())
    give_role(officer.user, role="case-releaser")
    both = an_access("case-releaser", user=User.objects.get(pk=officer.user.pk))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE transitions_transitionlistversion SET authors = '{}'")
    with pytest.raises(Refused, match="an der Anwendung vorbei geändert"):
        releasing.release(version=draft, revision=fresh(draft).revision, by=both, now=NOW)
    assert not TransmissionReceipt.objects.exists()


def test_given_a_releaser_with_the_mailbox_of_an_author_when_she_releases_then_both_count_as_one_person():
    draft = world.submitted(world.a_draft())
    author = User.objects.get(pk=draft.authors[0])
    releaser = world.an_access("case-releaser")
    releaser.user.email = author.email.replace("@", "+frei@")
    releaser.user.save()
    assert hindrance_of(draft, releaser) == rules.OWN_MAILBOX
    with pytest.raises(Refused, match="zählen deshalb als eine Person"):
        releasing.release(version=draft, revision=draft.revision, by=releaser, now=world.NOW)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kok_user SET email = 'anders@example.org' WHERE id = %s", [author.pk])
    with pytest.raises(Refused, match="an der Anwendung vorbei geändert"):
        releasing.release(version=draft, revision=draft.revision, by=releaser, now=world.NOW)
