"""By SQL as web, without a key: no list goes to an invented recipient, no restriction ends."""

from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from kok import clock, seals
from tests.builders import a_second_agreement, a_user, an_agreement, the_partner
from tests.transitions.inside import enter
from tests.transitions.world import NOW, a_draft, an_access, fresh, released, shown, submitted
from transitions.actions import subject_requests
from transitions.forms.area import TAMPERED
from transitions.models import TransmissionReceipt
from transitions.rules.codes import RequestAnswer, RequestKind

pytestmark = pytest.mark.django_db
AUTHORITY = """
INSERT INTO members_authority (slug, kind, kgs, period, name, short_name, street, postal_code, city, office_name,
  office_email, office_phone, answers_barriers)
VALUES ('erfunden', 'LWV', '', '(,)', 'Erfunden', 'Erfunden', '', '', '', '', '', '', false)
"""
RECIPIENT = """
INSERT INTO members_partner (agreement_id, authority_id, position, organs)
SELECT agreement.id, authority.id, 0, '[]' FROM members_agreement agreement, members_authority authority
WHERE agreement.slug = 'wetteraukreis' AND authority.slug = 'erfunden'
"""
GUEST = """
INSERT INTO members_partner (agreement_id, authority_id, position, organs)
SELECT agreement.id, authority.id, 9, '[]' FROM members_agreement agreement, members_authority authority
WHERE agreement.slug = 'wetteraukreis' AND authority.slug = 'nachbarkreis'
"""
KIND = "UPDATE members_authority SET kind = 'LWV' WHERE slug = 'wetteraukreis'"


@pytest.fixture(autouse=True)
def _spring(settings: Any) -> None:
    settings.KOK_NOW = "2027-03-10T12:00"
    an_agreement()


def by_sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            assert cursor.rowcount == 1


@pytest.mark.parametrize("attack", [(AUTHORITY, RECIPIENT), (KIND,)], ids=["recipient", "kind"])
def test_given_a_submitted_list_when_sql_forges_who_receives_it_then_nothing_goes_out(attack):
    draft = submitted(a_draft())
    client = enter(a_user(role="case-releaser"))
    address = reverse("transitions:release", args=["wetteraukreis", draft.pk])
    sent = {"revision": draft.revision, "is_read": "on", **shown(draft)}
    by_sql(*attack)
    page = client.post(address, sent, follow=True)
    assert TAMPERED in page.content.decode()
    assert not TransmissionReceipt.objects.exists()
    assert fresh(draft).is_draft
    assert len(seals.findings(clock.today())) == len(attack)


def test_given_a_restriction_when_sql_calls_its_house_the_lwv_then_nobody_sees_the_case_or_uses_it():
    officer = an_access()
    case = released(a_draft(by=officer)).version.entries.get().case
    request = subject_requests.register_request(
        partner=the_partner(), kind=RequestKind.RESTRICTION, case_ref=case.case_ref, received_on=NOW.date(),
        identity_checked_on=NOW.date(), by=officer, now=NOW,
    )  # fmt: skip
    granted = RequestAnswer.GRANTED
    subject_requests.answer_request(request=request, answer=granted, answered_on=NOW.date(), by=officer, now=NOW)
    client = enter(a_user(role="case-receiver", partner="lwv-hessen"))
    address = reverse("transitions:case", args=["wetteraukreis", case.pk])
    assert "Zirbelnuss" not in client.get(address).content.decode()
    by_sql(KIND)
    page = client.get(address, follow=True).content.decode()
    assert ("Zirbelnuss" in page, TAMPERED in page) == (False, True)


def test_given_the_same_list_when_nobody_forged_anything_then_it_goes_out():
    draft = submitted(a_draft())
    address = reverse("transitions:release", args=["wetteraukreis", draft.pk])
    sent = {"revision": draft.revision, "is_read": "on", **shown(draft)}
    enter(a_user(role="case-releaser")).post(address, sent)
    assert TransmissionReceipt.objects.get().recipient.slug == "lwv-hessen"


def test_given_a_role_of_another_agreement_when_sql_makes_its_house_a_partner_here_then_the_area_stays_shut():
    agreement = an_access().agreement
    other = a_second_agreement()
    guest = a_user(role="case-officer", partner="nachbarkreis", agreement=other, everywhere=True)
    by_sql(GUEST)
    client = enter(guest, agreement=other)
    entrance = reverse("transitions:enter", args=[agreement.slug])
    answer = client.post(entrance, {"eintritt-reason": "PREPARE"}, follow=True)
    assert TAMPERED in answer.content.decode() or answer.status_code == 404
    lists = client.get(reverse("transitions:lists", args=[agreement.slug]))
    assert (lists.status_code, entrance in lists["Location"]) == (302, True)
