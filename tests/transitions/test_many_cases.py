"""A list of sixty costs hardly more queries than one of six, whatever is done with the whole of it."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.builders import an_agreement, the_partner
from tests.transitions.inside import enter
from tests.transitions.world import NOW, acknowledged, an_access, fresh, people, shown
from transitions.actions import entries, lists
from transitions.models import CaseEntry, TransitionCase
from transitions.queries.access import Access

pytestmark = pytest.mark.django_db
FEW, MANY = 5, 20


@pytest.fixture(autouse=True)
def _spring(settings: Any) -> None:
    settings.KOK_NOW = "2027-03-10T12:00"
    an_agreement()


def asked(by: Access, name: str, number: Any, **form: Any) -> int:
    """How many queries a page needs to do what is asked of it."""
    client = enter(by.user)
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(reverse(f"transitions:{name}", args=["wetteraukreis", number]), form)
    assert answer.status_code == 302, answer.content.decode()
    return len(queries)


def through_the_year(count: int) -> dict[str, int]:
    """A list of so many people: released, received, with all outcomes, and a version that takes everybody off."""
    officer, releaser, receiver = an_access(), an_access("case-releaser"), an_access("case-receiver")
    found: dict[str, int] = {}

    def goes_out(what: str, draft: Any) -> None:
        found[f"submission of {what}"] = asked(officer, "submit", draft.pk, revision=fresh(draft).revision)
        form = {"revision": fresh(draft).revision, "is_read": "on", **shown(draft)}
        found[f"release of {what}"] = asked(releaser, "release", draft.pk, **form)

    draft = lists.open_draft(sender=the_partner(), year=2027, by=officer, now=NOW)
    entries.add_entries(version=draft, rows=[(each, False) for each in people(count)], by=officer, now=NOW)
    goes_out("all", draft)
    acknowledged(fresh(draft).receipt, by=receiver)
    cases = TransitionCase.objects.all()
    said = {str(case.pk): "NO_LWV_BENEFIT" for case in cases}
    found["outcomes"] = asked(receiver, "outcomes", draft.pk, is_meant="on", **said)
    assert not cases.filter(outcome="").exists()
    found["next version"] = asked(officer, "list-begin", 2027)
    again = draft.transition_list.versions.get(state="DRAFT")
    CaseEntry.objects.filter(version=again).update(ending="WITHDRAWN", ending_reason="SUBJECT_REQUEST")
    goes_out("nobody", again)
    assert cases.filter(state="WITHDRAWN").count() == count
    return found


def test_given_sixty_cases_when_all_are_submitted_released_and_answered_then_no_row_asks_for_itself():
    told = []
    for count in (FEW, MANY):
        with transaction.atomic():
            told.append(through_the_year(count))
            transaction.set_rollback(True)
    few, many = told
    growth = {act: (many[act] - few[act]) / (MANY - FEW) for act in few}
    assert max(growth.values()) < 0.5, (growth, many)
