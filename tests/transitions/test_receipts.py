"""Released lists against their receipts: an older seal put back under the key change is found, erasure is told."""

import json
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from kok.models import User
from tests.builders import a_person, a_user, an_agreement
from tests.roles import as_worker
from tests.transitions.inside import enter
from tests.transitions.world import NOW, a_draft, acknowledged, an_access, case_data, people, released
from transitions.actions import entries
from transitions.models import Acknowledgement, CaseEntry, TransitionCase, TransmissionReceipt
from transitions.queries.receipts import check_receipts

pytestmark = pytest.mark.django_db
WARNING = "Der Inhalt dieser Fassung ist nicht mehr der übermittelte"


def two_versions() -> tuple[TransmissionReceipt, TransmissionReceipt]:
    """A list of two people, and its correction."""
    an_agreement()
    by = an_access()
    first = released(a_draft(people(2), by=by))
    draft = a_draft([], by=by)
    entry = draft.entries.order_by("case__case_ref").first()
    data = case_data(**{**entry.data.__dict__, "expected_end_on": date(2028, 6, 1)})
    entries.change_entry(entry=entry, data=data, is_late=False, seen=entry.changed_at, by=by, now=NOW)
    return first, released(draft, now=NOW + timedelta(days=1))


def put_back(receipt: TransmissionReceipt, older: TransmissionReceipt) -> None:
    """Somebody with the database, without the key, as the worker."""
    with as_worker():
        for entry in CaseEntry.objects.filter(version=older.version):
            CaseEntry.objects.filter(version=receipt.version, case=entry.case).update(content=entry.content)


def test_given_released_lists_when_compared_then_each_is_equal_to_its_receipt():
    two_versions()
    assert (check_receipts().equal, check_receipts().different) == (2, ())


def test_given_an_older_seal_put_back_when_compared_then_the_receipt_is_named_and_the_command_ends_with_1(capsys):
    first, second = two_versions()
    put_back(second, first)
    assert check_receipts().different == (second.number,)
    with pytest.raises(SystemExit) as ended:
        call_command("check_receipts", "--json")
    assert ended.value.code == 1
    assert json.loads(capsys.readouterr().out)["different"] == [second.number]
    with pytest.raises(SystemExit):
        call_command("check_receipts")
    assert f"Quittung {second.number}: Der Inhalt ist nicht mehr der übermittelte." in capsys.readouterr().out


def test_given_an_erased_list_when_compared_then_it_is_told_and_the_rest_still_compared(capsys):
    receipt = released_alone()
    with as_worker():
        CaseEntry.objects.filter(version=receipt.version).update(content="")
    assert check_receipts().different == (receipt.number,), "emptied, but no erasure run did it"
    TransitionCase.objects.update(erased_at=NOW)
    assert (check_receipts().erased, check_receipts().different) == (1, ())
    call_command("check_receipts")
    assert "In 1 Fassungen sind Angaben nach ihrer Frist gelöscht; alles andere ist, wie" in capsys.readouterr().out


def released_alone() -> TransmissionReceipt:
    """One list with one person."""
    an_agreement()
    return released(a_draft(people(1)))


def test_given_an_older_seal_put_back_when_the_pages_are_read_then_they_warn_and_no_receipt_is_confirmed():
    first, second = two_versions()
    receiver = enter(a_user(role="case-receiver", partner="lwv-hessen"))

    def pages():
        for name in ("version", "receipt", "acknowledge"):
            address = reverse(f"transitions:{name}", args=["wetteraukreis", second.version.pk])
            yield receiver.get(address).content.decode()

    version, receipt, confirmation = pages()
    assert WARNING not in version + receipt + confirmation
    assert "Die Liste ist unverändert." in receipt
    assert "Die Liste ist unverändert." in confirmation
    assert "Empfang bestätigen</span>" in confirmation
    put_back(second, first)
    version, receipt, confirmation = pages()
    assert all(WARNING in page for page in (version, receipt, confirmation))
    assert "Empfang bestätigen</span>" not in confirmation


def test_given_other_names_since_when_the_receipt_is_read_then_it_names_releaser_and_confirmer_as_they_were_called():
    receipt = released_alone()
    acknowledged(receipt)
    receipt = TransmissionReceipt.objects.get(pk=receipt.pk)
    receiver = receipt.acknowledgement.by
    for user in (receipt.released_by, receiver):
        user.first_name, user.last_name = "Neu", "Benannt"
        user.save()
    address = reverse("transitions:receipt", args=["wetteraukreis", receipt.version_id])
    page = enter(receiver).get(address).content.decode()
    assert receipt.released_name in page
    assert receipt.acknowledgement.name in page
    assert "Benannt" not in page.partition("<main")[2]


def test_given_a_person_of_another_name_when_released_and_confirmed_then_the_receipt_names_the_account():
    an_agreement()
    releaser, receiver = an_access("case-releaser"), an_access("case-receiver")
    for access, name, employer in ((releaser, "Stein", "wetteraukreis"), (receiver, "Weiß", "lwv-hessen")):
        a_person("Fremd", employer=employer, user=access.user)
        User.objects.filter(pk=access.user.pk).update(first_name="Toni", last_name=name)
    receipt = released(a_draft(), by=releaser)
    acknowledged(receipt, by=receiver)
    assert receipt.released_name == "Toni Stein"
    assert Acknowledgement.objects.get().name == "Toni Weiß"
