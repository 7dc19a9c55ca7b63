"""By SQL, as the worker: what a draft says of a case, put into the released version, reaches nobody."""

import pytest
from django.db import connection
from django.urls import reverse

from kok import clock
from kok.errors import Refused
from kok.models.seals import give_places
from tests.builders import a_user, an_agreement, the_partner
from tests.roles import as_worker
from tests.transitions.inside import enter
from tests.transitions.test_files import offer_on
from tests.transitions.world import a_draft, acknowledged, an_access, case_data, released
from tests.worlds import built_once
from transitions.actions import cases, entries, lists, subject_requests
from transitions.models import AccessLogEntry, CaseEntry, TransitionList
from transitions.queries.receipts import check_receipts
from transitions.rules.codes import CaseOutcome, EntryReason, LogAction, RequestKind

pytestmark = [pytest.mark.django_db, pytest.mark.logs_errors]
DRAFTED = "Entwurfsname"
SWAP = """
UPDATE transitions_caseentry
   SET content=(SELECT content FROM transitions_caseentry WHERE version_id=%(draft)s AND case_id=%(case)s)
 WHERE version_id=%(released)s AND case_id=%(case)s"""


@built_once(KOK_NOW="2027-04-20T09:00:00+02:00")
def swapped():
    """The county corrects a case in a draft that nobody released; the worker's role swaps the sealed words."""
    an_agreement()
    officer = an_access()
    version = acknowledged(released(a_draft([case_data(), case_data(family_name="Quarkstein")], by=officer)))
    draft = lists.open_draft(
        sender=version.transition_list.sender, year=version.transition_list.year, by=officer, now=clock.now()
    )
    entry = draft.entries.order_by("case__case_ref").first()
    changed = case_data(given_name=DRAFTED)
    entries.change_entry(entry=entry, data=changed, is_late=False, seen=entry.changed_at, by=officer, now=clock.now())
    subject_requests.register_request(
        partner=the_partner("lwv-hessen"), kind=RequestKind.ACCESS, case_ref=entry.case.case_ref,
        received_on=clock.today(), identity_checked_on=clock.today(), by=an_access("case-receiver"), now=clock.now(),
    )  # fmt: skip
    give_places(TransitionList.sealing.chain)
    with as_worker(), connection.cursor() as cursor:
        cursor.execute(SWAP, {"draft": draft.pk, "released": version.pk, "case": entry.case_id})
        assert cursor.rowcount == 1
    return CaseEntry.objects.get(version=version, case=entry.case)


@built_once
def receiver(swapped):
    return enter(a_user(role="case-receiver", partner="lwv-hessen"))


def address(name, entry):
    thing = entry.case_id if name.startswith("case") or name == "outcome" else entry.version_id
    return reverse(f"transitions:{name}", args=["wetteraukreis", thing])


@pytest.mark.parametrize("name", ["version", "case", "print", "outcome", "outcomes", "acknowledge", "receipt"])
def test_given_the_words_of_a_draft_in_a_released_version_when_a_page_is_read_then_it_shows_none_of_them_and_says_so(
    swapped, receiver, name
):
    page = receiver.get(address(name, swapped)).content.decode()
    assert DRAFTED not in page
    assert "nicht mehr die" in page or "nicht mehr der übermittelte" in page or "nicht mehr wie übermittelt" in page


@pytest.mark.parametrize("name", ["export", "case-export"])
def test_given_the_words_of_a_draft_in_a_released_version_when_taken_out_then_there_is_no_file(swapped, settings, name):
    reason = EntryReason.SUBJECT_REQUEST if name == "case-export" else None
    receiver = enter(a_user(role="case-receiver", partner="lwv-hessen"), reason)
    page = receiver.get(address(name, swapped))
    answer = receiver.post(address(name, swapped), {"passphrase": offer_on(page)})
    assert answer["Content-Type"].startswith("text/html")
    assert "nicht mehr die, die übermittelt wurden" in answer.content.decode()
    assert not AccessLogEntry.objects.filter(action=LogAction.EXPORT).exists()


def test_given_an_entry_taken_from_a_released_version_when_printed_then_there_is_no_paper(swapped, receiver):
    with as_worker(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM transitions_namemarks WHERE entry_id=%s", [swapped.pk])
        cursor.execute("DELETE FROM transitions_caseentry WHERE id=%s", [swapped.pk])
    assert "nicht mehr die, die übermittelt wurden" in receiver.get(address("print", swapped)).content.decode()


def test_given_the_words_of_a_draft_in_a_released_version_when_an_outcome_is_entered_then_nothing_is(swapped):
    with pytest.raises(Refused, match="nicht mehr die, die übermittelt wurden"):
        cases.record_outcome(
            case=swapped.case, outcome=CaseOutcome.TAKEN_OVER_BY_LWV, by=an_access("case-receiver"), now=clock.now()
        )


def test_given_swapped_words_when_compared_then_the_receipt_is_named(swapped):
    assert check_receipts().different == (swapped.version.receipt.number,)
