"""What remains open when somebody leaves: counts, who takes it over, and no name of a young person."""

from datetime import date

import pytest

from meetings.record.actions.tasks import record_task
from members.models import Person
from members.pages.leaving import remaining
from members.queries.leaving import Leaving
from tests.builders import a_user, an_agreement, give_role
from tests.meetings.held import NOW, a_held_meeting, circulated, complete, give_account
from tests.transitions.world import NAMES, a_draft, an_access, released, submitted

pytestmark = pytest.mark.django_db
LAST = date(2026, 11, 30)


def told(person: Person, by: object, last_on: date = LAST) -> dict[str, tuple[str, str]]:
    leaving = Leaving(person, last_on, by, last_on)  # type: ignore[arg-type]
    return {line.what: (line.to, line.url) for line in remaining(leaving)}


def test_given_tasks_drafts_and_approvals_when_their_person_leaves_then_they_are_counted_and_go_to_colleagues():
    stage = a_held_meeting()
    abel = Person.objects.get(family_name="Abel")
    give_account(abel, stage.approvers["wetteraukreis"])
    for who in ("Frau Abel", "Fachstelle Abel und Busch", "Jemand anderes"):
        record_task(
            minutes=stage.minutes, item=stage.sections[0].item, what="Etwas tun", who=who, partner=None, due_on=None,
            by=stage.writer, now=NOW,
        )  # fmt: skip
    complete(stage)
    registrar = a_user(role="registrar")
    found = told(abel, registrar)
    assert found["Offene Aufgaben, die den Namen nennen (Wetteraukreis): 2"] == ("schreibt", "")
    assert found["Protokolle im Entwurf, die den Namen nennen (Wetteraukreis): 1"] == ("schreibt", "")
    give_role(registrar, role="member")
    found = told(abel, type(registrar).objects.get(pk=registrar.pk))
    assert found["Offene Aufgaben, die den Namen nennen (Wetteraukreis): 2"][1] == "/wetteraukreis/aufgaben/"
    circulated(stage)
    waits = "Protokolle, die auf Genehmigung warten (Wetteraukreis): 1"
    assert told(abel, registrar)[waits] == ("", "/wetteraukreis/mitglieder/konten/")
    second = a_user(role="approver")
    assert told(abel, registrar)[waits][0] == second.username
    assert "Protokolle im Entwurf, die den Namen nennen (Wetteraukreis): 1" not in told(abel, registrar)


def test_given_lists_that_wait_when_the_only_case_officer_leaves_then_counts_are_told_and_no_name():
    an_agreement()
    officer, registrar = an_access(), a_user(role="registrar")
    abel = Person.objects.get(family_name="Abel")
    give_account(abel, officer.user)
    draft = a_draft(by=officer)
    found = told(abel, registrar, date(2027, 3, 31))
    assert found["Entwürfe von Übergangslisten (Wetteraukreis): 1"][0] == ""
    duty = next(what for what in found if what.startswith("Pflichten aus Punkt"))
    assert duty == "Pflichten aus Punkt 8b: niemand sonst hat die Rolle Fallbearbeitung"
    assert not any(name in " ".join([what, *line]) for what, line in found.items() for name in NAMES)
    other = an_access()
    found = told(abel, registrar, date(2027, 3, 31))
    assert found["Entwürfe von Übergangslisten (Wetteraukreis): 1"][0] == other.user.username
    assert duty not in found
    releaser = an_access("case-releaser")
    dorn = Person.objects.get(family_name="Dorn")
    give_account(dorn, releaser.user)
    submitted(draft, by=officer)
    assert told(dorn, registrar)["Übergangslisten, die auf Freigabe warten (Wetteraukreis): 1"][0] == ""


def test_given_a_released_list_when_the_only_receiver_leaves_then_its_confirmation_is_counted():
    an_agreement()
    released(a_draft())
    gerlach = Person.objects.filter(employer__slug="lwv-hessen")[0]
    receiver = an_access("case-receiver")
    give_account(gerlach, receiver.user)
    found = told(gerlach, a_user(role="registrar", partner="lwv-hessen"))
    assert found["Übergangslisten ohne Empfangsbestätigung (Wetteraukreis): 1"][0] == ""
