"""What is asked before a case is saved, so that nothing is lost, doubled or taken back by the way."""

import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
from django.core import mail
from django.urls import reverse

from kok import clock, outbox
from tests.builders import a_user, an_agreement
from tests.transitions import world
from tests.transitions.inside import enter
from tests.transitions.test_county_pages import TYPED, text
from transitions.actions import entries
from transitions.actions.recall import after_recall
from transitions.models import AccessLogEntry, CaseEntry
from transitions.queries.proposals import proposals_for
from transitions.rules.codes import CaseState, EndReason, LogAction
from transitions.views import entries as views

pytestmark = pytest.mark.django_db
RECALL = "Möchten Sie ihn zurückholen?"


@pytest.fixture(autouse=True)
def _spring(settings):
    settings.KOK_NOW = "2027-03-10T12:00"
    an_agreement()


@pytest.fixture
def author():
    return world.an_access()


@pytest.fixture
def officer(author):
    return enter(author.user)


def url(name, thing):
    return reverse(f"transitions:{name}", args=["wetteraukreis", thing.pk])


def sent_by(answer, name) -> list[str]:
    """What the page sends along in its hidden fields of this name."""
    return [unescape(each) for each in re.findall(f'name="{name}" value="([^"]+)"', answer.content.decode())]


# Whoever stands there already, and how old somebody is


def test_given_the_same_person_when_entered_again_then_it_is_asked_first_by_fallzeichen_and_nothing_is_lost(
    officer, author
):
    first = world.a_draft(by=author).entries.get()
    typed = TYPED | {"family_name": "ZIRBELNUß"}
    page = officer.post(url("entry-new", first.version), typed)
    asked = f"Zirbelnuss, Malwine (Fall {first.case.case_ref}) (neues Fenster) ? Der Fall steht auf der Liste 2027."
    assert f"Familienname: Ist das dieselbe Person wie {asked}" in text(page)
    assert f'href="{url("case", first.case)}" target="_blank"' in page.content.decode()
    assert "wählen Sie unten „Trotzdem speichern“ . Für die Freigabe steht die Frage noch bei den Fällen" in text(page)
    told = AccessLogEntry.objects.filter(case_ref=first.case.case_ref, action=LogAction.TOLD_ALIKE)
    assert [line.actor_id for line in told] == [author.user.pk]
    assert 'value="ZIRBELNUß"' in page.content.decode()
    assert CaseEntry.objects.count() == 1
    again = typed | {"trotzdem": sent_by(page, "trotzdem"), "weiter": "liste"}
    assert "Vielleicht doppelt" in text(officer.post(url("entry-new", first.version), again, follow=True))
    assert CaseEntry.objects.count() == 2
    change = TYPED | {"seen": first.changed_at.isoformat(), "contact_phone": "06031 83-1"}
    assert officer.post(url("entry", first), change).status_code == 302  # nothing new to ask about


def test_given_a_case_when_made_another_person_then_it_is_asked_and_a_new_surname_or_day_alone_is_not(officer, author):
    draft = world.a_draft([], by=author)
    entry = entries.add_entry(version=draft, data=world.case_data(), is_late=False, by=author, now=clock.now())
    other = TYPED | {"family_name": "Quarkstein", "given_name": "Oda", "date_of_birth": "02.03.2011"}
    page = officer.post(url("entry", entry), other | {"seen": entry.changed_at.isoformat()})
    assert "In diesem Fall steht Zirbelnuss, Malwine, geboren am" in text(page)
    entry.refresh_from_db()
    assert entry.data == world.case_data()
    for changed in ({}, {"date_of_birth": "02.03.2011"}):
        changed |= {"family_name": "Quarkstein"}
        sent = TYPED | changed | {"seen": entry.changed_at.isoformat()}
        assert officer.post(url("entry", entry), sent).status_code == 302
        entry.refresh_from_db()
    again = TYPED | {"seen": entry.changed_at.isoformat()}
    page = officer.post(url("entry", entry), again)
    assert officer.post(url("entry", entry), again | {"trotzdem": sent_by(page, "trotzdem")}).status_code == 302


def test_given_a_person_whom_a_colleague_saves_in_the_same_moment_when_saved_then_the_page_asks_by_fallzeichen(
    officer, author, monkeypatch
):
    draft = world.a_draft([], by=author)

    def second(act, **told):
        if not CaseEntry.objects.exists():
            entries.add_entry(version=draft, data=world.case_data(), is_late=False, by=author, now=clock.now())
        return after_recall(act, **told)

    monkeypatch.setattr(views, "after_recall", second)
    page = officer.post(url("entry-new", draft), TYPED)
    case = draft.entries.get().case
    assert entries.OTHERS_ALIKE in text(page)
    assert f"Fall {case.case_ref}" in text(page)
    again = TYPED | {"trotzdem": sent_by(page, "trotzdem"), "weiter": "liste"}
    officer.post(url("entry-new", draft), again)
    assert CaseEntry.objects.count() == 2


@pytest.mark.parametrize(("born", "age"), [("14.03.1996", 31), ("30.04.2009", 18)])
def test_given_an_adult_when_called_a_minor_then_it_is_asked_and_saved_if_meant(officer, author, born, age):
    draft = world.a_draft([], by=author)
    typed = TYPED | {"date_of_birth": born}
    page = officer.post(url("entry-new", draft), typed)
    assert f"Am 30.04.2027 ist die Person {age} Jahre alt, die Grundlage sagt „minderjährig“." in text(page)
    assert "?:" not in text(page)
    assert '<a href="#id_facility_basis_0">Warum fällt die Einrichtung unter Punkt 8b?</a>' in page.content.decode()
    assert 'id="id_facility_basis_0"' in page.content.decode()
    assert not CaseEntry.objects.exists()
    assert officer.post(url("entry-new", draft), typed | {"trotzdem": sent_by(page, "trotzdem")}).status_code == 302


def test_given_a_child_when_called_of_age_then_it_is_asked_and_on_the_day_before_18_a_minor_is_one(officer, author):
    draft = world.a_draft([], by=author)
    page = officer.post(url("entry-new", draft), TYPED | {"facility_basis": "P134_4"})
    assert "ist die Person 17 Jahre alt, die Grundlage sagt „volljährig“." in text(page)
    assert officer.post(url("entry-new", draft), TYPED | {"date_of_birth": "01.05.2009"}).status_code == 302


def test_given_a_minor_who_came_of_age_meanwhile_when_proposed_or_released_then_both_pages_say_so(author, settings):
    aged = world.case_data(date_of_birth=date(2009, 12, 1), expected_end_on=date(2028, 7, 1))
    world.released(world.a_draft([aged], by=author))
    draft = world.a_draft([], by=author)
    told = text(enter(a_user(role="case-releaser")).get(url("release", draft)))
    assert "die Grundlage sagt" not in told  # 17 when named
    entries.end_case(
        entry=draft.entries.get(),
        ending=CaseState.POSTPONED,
        reason=EndReason.SCHOOL_EXTENDED,
        postponed_to=date(2029, 7, 1),
        by=author,
        now=world.NOW,
    )
    world.released(draft)
    settings.KOK_NOW = "2028-03-10T12:00"
    later = datetime(2028, 3, 10, 12, tzinfo=UTC)
    new = world.a_draft([], by=author, year=2028, now=later)
    hint = "Am 30.04.2028 ist die Person 18 Jahre alt, die Grundlage sagt „minderjährig“."
    officer = enter(author.user)
    assert hint in text(officer.get(url("proposals", new)))
    (case,) = [each.case for each in proposals_for(new)]
    officer.post(url("proposals", new), {"case": case.pk, "answer": "take"})
    assert hint in text(enter(a_user(role="case-releaser")).get(url("release", new)))


# Two who work on one draft


def test_given_two_who_change_one_case_when_the_second_mistypes_too_then_both_are_said_at_once(officer, author):
    entry = world.a_draft(by=author).entries.get()
    seen = entry.changed_at.isoformat()
    enter(a_user(role="case-officer")).post(url("entry", entry), TYPED | {"seen": seen, "facility_name": "Haus am See"})
    wrong = {"facility_name": "Haus am Wald", "contact_phone": "anrufen"}
    answer = officer.post(url("entry", entry), TYPED | {"seen": seen} | wrong)
    for words in ("Schreiben Sie eine Telefonnummer", "Jemand hat diesen Fall", "Einrichtung Haus am See Haus am Wald"):
        assert words in text(answer)
    mended = {"seen": sent_by(answer, "seen")[0], "facility_name": "Haus am Wald"}
    officer.post(url("entry", entry), TYPED | mended)
    assert CaseEntry.objects.get().data.facility_name == "Haus am Wald"


@pytest.mark.parametrize("name", ["entry-new", "entry"])
def test_given_a_page_of_a_case_when_a_colleague_submits_meanwhile_then_saving_asks_and_loses_nothing(
    officer, author, name
):
    releaser = world.an_access("case-releaser")
    draft = world.a_draft(by=author)
    entry = draft.entries.get()
    typed = TYPED | {"seen": entry.changed_at.isoformat(), "family_name": "Neuling"}
    world.submitted(draft, by=author)
    address = url(name, entry if name == "entry" else draft)
    answer = officer.post(address, typed)
    assert "Der Entwurf liegt seit Mi 10.03.2027, 10:00 Uhr zur Freigabe vor. Es wurde nichts geändert." in text(answer)
    assert RECALL in text(answer)
    assert "Zurückholen und speichern" in text(answer)
    assert 'value="Neuling"' in answer.content.decode()
    another = {"zurueckholen": "2027-03-10T08:00:00+00:00"}  # than the submission that stands
    assert RECALL in text(officer.post(address, typed | another))
    assert world.fresh(draft).submitted_at
    assert officer.post(address, typed | {"zurueckholen": sent_by(answer, "zurueckholen")}).status_code == 302
    assert world.fresh(draft).submitted_at is None
    assert "Neuling" in [each.data.family_name for each in draft.entries.all()]
    outbox.deliver(now=clock.now())
    (message,) = mail.outbox
    assert message.to == [releaser.user.email]
    assert "wartet nicht mehr auf Ihre Freigabe" in message.body


@pytest.mark.parametrize("name", ["entry-end", "entry-remove"])
def test_given_a_page_that_takes_somebody_away_when_a_colleague_submits_meanwhile_then_it_asks_first(
    officer, author, name
):
    draft = world.a_draft(world.people(2), by=author)
    if name == "entry-end":
        world.released(draft)
        draft = world.a_draft([world.case_data(family_name="Neuling")], by=author)
    entry = draft.entries.exclude(case__named_at=None).first() or draft.entries.first()
    sent = {"ending": "DECEASED", "seen": sent_by(officer.get(url(name, entry)), "seen")}
    world.submitted(draft, by=author)
    answer = officer.post(url(name, entry), sent, follow=True)
    assert "zur Freigabe vor" in text(answer)
    assert "Zurückholen und" in text(answer)
    entry.refresh_from_db()
    assert (world.fresh(draft).submitted_at is None, entry.ending) == (False, "")
    officer.post(url(name, entry), sent | {"zurueckholen": sent_by(answer, "zurueckholen")})
    assert world.fresh(draft).submitted_at is None
    left = CaseEntry.objects.filter(pk=entry.pk).first()
    assert left is None if name == "entry-remove" else left.ending == "DECEASED"
