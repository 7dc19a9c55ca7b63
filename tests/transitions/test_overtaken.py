"""A page was open while a colleague was quicker: whoever has the right reads what happened, and loses nothing typed."""

from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse

from kok import clock
from tests.builders import a_user, an_agreement
from tests.transitions import world
from tests.transitions.inside import enter
from tests.transitions.test_county_pages import TYPED, text, url
from tests.transitions.test_restriction import asked
from tests.worlds import built_once
from transitions.actions import entries, lists
from transitions.models import CaseEntry, TransitionListVersion

pytestmark = pytest.mark.django_db
NEW_HOME = {"facility_name": "Haus am Wald"}


@built_once(autouse=True, KOK_NOW="2027-03-10T12:00")
def _spring():
    an_agreement()


@built_once
def author():
    return world.an_access()


@built_once
def colleague():
    user = a_user(role="case-officer")
    user.first_name, user.last_name = "Uta", "Beispiel"
    user.save()
    return world.an_access(user=user)


@built_once
def officer(author):
    return enter(author.user)


def typed(entry, **more):
    return (
        TYPED | {"seen": entry.changed_at.isoformat(), "fall": entry.case.case_ref, "weiter": "liste"} | NEW_HOME | more
    )


def opened(officer, draft, name="entry"):
    """The only entry of a draft, with its page before somebody."""
    entry = draft.entries.select_related("case").get()
    page = officer.get(url(name, entry)).content.decode()
    assert f'name="fall" value="{entry.case.case_ref}"' in page
    return entry


def test_given_a_page_of_a_laid_draft_when_it_is_released_then_saving_leads_to_the_next_version_with_all_that_was_typed(
    officer, author
):
    draft = world.submitted(world.a_draft(by=author), by=author)
    entry = opened(officer, draft)
    receipt = world.released(draft)
    sent = typed(entry, zurueckholen=draft.submitted_at.isoformat())
    answer = officer.post(url("entry", entry), sent)
    page = text(answer)
    assert "Diese Fassung ist schon freigegeben, am Mi 10.03.2027" in page
    assert f"durch {receipt.released_name}. Es wurde nichts geändert." in page
    assert "zur Freigabe vor" not in page
    assert "Zurückholen" not in page
    assert url("version", draft) in answer.content.decode()
    assert 'value="Haus am Wald"' in answer.content.decode()
    answer = officer.post(url("entry", entry), sent | {"weiter": "fassung"})
    following = TransitionListVersion.objects.get(number=2)
    copied = following.entries.get()
    assert "Im Entwurf von Fassung 2 speichern" in text(answer)
    assert f'formaction="{url("entry", copied)}"' in answer.content.decode()
    assert 'value="Haus am Wald"' in answer.content.decode()
    answer = officer.post(url("entry", copied), sent)
    assert "Ihre Eingaben stehen noch im Formular" in text(answer)
    officer.post(url("entry", copied), sent | {"seen": copied.changed_at.isoformat()})
    assert CaseEntry.objects.get(pk=copied.pk).data.facility_name == "Haus am Wald"


def test_given_the_page_of_one_more_person_when_the_draft_is_released_then_what_was_typed_stays(officer, author):
    draft = world.a_draft(by=author)
    world.released(draft)
    answer = officer.post(url("entry-new", draft), TYPED | {"family_name": "Neuling"})
    assert "Ihre Eingaben sind nicht gespeichert" in text(answer)
    assert "Ergänzen oder ändern" in text(answer)
    assert 'value="Neuling"' in answer.content.decode()
    answer = officer.get(url("entry-new", draft), follow=True)
    assert answer.redirect_chain == [(url("version", draft), 302)]
    assert "schon freigegeben" in text(answer)


def test_given_a_case_that_a_colleague_removed_when_saved_then_it_says_who_and_can_be_entered_again(
    officer, author, colleague
):
    draft = world.a_draft(by=author)
    entry = opened(officer, draft)
    now = clock.now()
    entries.remove_entry(entry=entry, seen=entry.changed_at, by=colleague, now=now)
    answer = officer.post(url("entry", entry), typed(entry))
    told = f"Den Fall {entry.case.case_ref} hat Uta Beispiel am Mi 10.03.2027, {now.astimezone(clock.BERLIN):%H:%M} Uhr"
    assert f"{told} aus dem Entwurf entfernt. Es wurde nichts geändert." in text(answer)
    assert 'value="Haus am Wald"' in answer.content.decode()
    assert f'formaction="{url("entry-new", draft)}"' in answer.content.decode()
    assert officer.post(url("entry-new", draft), typed(entry)).status_code == 302
    assert CaseEntry.objects.get().data.facility_name == "Haus am Wald"


def test_given_two_pages_that_remove_one_case_when_both_are_sent_then_the_second_reads_who_did_it(
    officer, author, colleague
):
    draft = world.a_draft(by=author)
    entry = opened(officer, draft, "entry-remove")
    sent = {"seen": entry.changed_at.isoformat(), "fall": entry.case.case_ref}
    entries.remove_entry(entry=entry, seen=entry.changed_at, by=colleague, now=clock.now())
    answer = officer.post(url("entry-remove", entry), sent, follow=True)
    assert answer.redirect_chain == [(url("version", draft), 302)]
    assert f"Den Fall {entry.case.case_ref} hat Uta Beispiel am" in text(answer)


def test_given_a_draft_that_a_colleague_discarded_when_its_pages_act_then_each_says_so_and_leads_to_the_lists(
    officer, author, colleague
):
    draft = world.a_draft(by=author)
    entry = opened(officer, draft)
    lists.discard_draft(version=draft, revision=draft.revision, by=colleague, now=clock.now())
    for name in ("submit", "take-back", "discard", "proposals", "import-take-over", "two-people"):
        answer = officer.post(url(name, draft), {"revision": draft.revision}, follow=True)
        assert answer.redirect_chain == [(url("lists"), 302)], name
        assert "Diesen Entwurf hat Uta Beispiel am Mi 10.03.2027" in text(answer), name
    for name, address in (("entry", url("entry", entry)), ("entry-new", url("entry-new", draft))):
        answer = officer.post(address, typed(entry))
        assert "hat Uta Beispiel am Mi 10.03.2027" in text(answer), name
        assert "verworfen. Es wurde nichts geändert." in text(answer), name
        assert 'value="Haus am Wald"' in answer.content.decode(), name


def test_given_a_correction_that_a_colleague_discarded_when_its_page_saves_then_a_new_one_takes_what_was_typed(
    officer, author, colleague
):
    world.released(world.a_draft(by=author))
    draft = world.a_draft([], by=author)
    entry = opened(officer, draft)
    lists.discard_draft(version=draft, revision=draft.revision, by=colleague, now=clock.now())
    answer = officer.post(url("entry", entry), typed(entry))
    assert "Den Entwurf mit diesem Fall hat Uta Beispiel am" in text(answer)
    assert "Ergänzen oder ändern" in text(answer)
    answer = officer.post(url("entry", entry), typed(entry, weiter="fassung"))
    copied = TransitionListVersion.objects.get(number=2).entries.get()
    assert f'formaction="{url("entry", copied)}"' in answer.content.decode()


def test_given_a_case_that_a_colleague_restricted_when_saved_then_it_says_why_not_and_what_was_typed_stays(
    author, settings
):
    settings.KOK_NOW = "2027-03-12T12:00"
    officer = enter(author.user)
    entry = opened(officer, world.a_draft(by=author))
    asked(entry.case)
    answer = officer.post(url("entry", entry), typed(entry))
    told = (
        f"Im Fall {entry.case.case_ref} ist die Verarbeitung eingeschränkt (Art. 18 DSGVO). Es wurde nichts geändert."
    )
    assert told in text(answer)
    assert 'value="Haus am Wald"' in answer.content.decode()
    assert "formaction" not in answer.content.decode()


@pytest.mark.parametrize("name", ["submit", "take-back", "discard", "import", "import-discard", "proposals"])
def test_given_a_released_version_when_a_page_of_its_draft_acts_then_it_leads_to_the_version(officer, author, name):
    version = world.released(world.a_draft(by=author)).version
    answer = officer.post(url(name, version), {"revision": 1}, follow=True)
    assert answer.redirect_chain == [(url("version", version), 302)]
    assert "Diese Fassung ist schon freigegeben, am Mi 10.03.2027" in text(answer)


@pytest.mark.parametrize("name", ["entry-end", "entry-remove", "entry-keep"])
def test_given_a_released_version_when_a_page_of_its_case_acts_then_it_leads_to_the_version(officer, author, name):
    version = world.released(world.a_draft(by=author)).version
    answer = officer.post(url(name, version.entries.get()), {"ending": "DECEASED"}, follow=True)
    assert answer.redirect_chain == [(url("version", version), 302)]
    assert "Diese Fassung ist schon freigegeben" in text(answer)


def test_given_the_page_of_a_return_when_the_draft_is_released_in_another_tab_then_it_leads_to_the_version(author):
    draft = world.submitted(world.a_draft(by=author), by=author)
    releaser = enter(a_user(role="case-releaser"))
    world.released(draft, now=world.NOW + timedelta(minutes=5))
    answer = releaser.post(url("give-back", draft), {"reason": "DATA"}, follow=True)
    assert answer.redirect_chain == [(url("version", draft), 302)]
    assert "schon freigegeben" in text(answer)


def test_given_who_never_saw_a_draft_or_a_case_when_acting_on_it_then_it_does_not_exist(officer, author, colleague):
    draft = world.a_draft(by=colleague)
    entry = draft.entries.select_related("case").get()
    entries.remove_entry(entry=entry, seen=entry.changed_at, by=colleague, now=clock.now())
    stranger = enter(a_user(role="case-officer"))
    assert stranger.post(url("entry", entry), typed(entry)).status_code == 404
    lists.discard_draft(version=draft, revision=world.fresh(draft).revision, by=colleague, now=clock.now())
    assert stranger.post(url("entry", entry), typed(entry)).status_code == 404
    for thing in (draft, uuid4()):
        assert stranger.post(url("submit", thing), {"revision": 1}).status_code == 404
    assert "Uta" not in unescape(stranger.get(reverse("transitions:lists", args=["wetteraukreis"])).content.decode())


# What pages say of a draft that nobody acted on yet


def test_given_a_laid_draft_when_its_case_is_opened_then_nothing_is_said_of_a_change_that_nobody_tried(officer, author):
    draft = world.submitted(world.a_draft(by=author), by=author)
    page = text(officer.get(url("entry", draft.entries.get())))
    assert "zur Freigabe vor." in page
    assert "Es wurde nichts geändert." not in page


def test_given_a_draft_that_changed_when_laid_or_discarded_then_the_refusal_names_what_was_not_done(officer, author):
    draft = world.a_draft(by=author)
    assert "Es wurde nichts vorgelegt." in text(officer.post(url("submit", draft), {"revision": 0}))
    assert "Es wurde nichts verworfen." in text(officer.post(url("discard", draft), {"revision": 0}, follow=True))


def test_given_a_case_that_was_never_transmitted_when_opened_then_it_is_called_one_of_the_draft(officer, author):
    entry = world.a_draft(by=author).entries.get()
    page = text(officer.get(url("case", entry.case)))
    assert "im Entwurf" in page
    assert "benannt" not in page
    assert "ist noch niemandem übermittelt." in page


def test_given_a_case_taken_from_an_earlier_list_when_opened_then_it_names_the_case_of_before(officer, author):
    first = world.released(world.a_draft(by=author)).version.entries.select_related("case").get().case
    later = world.a_draft([world.case_data(family_name="Neuling")], by=author).entries.get(case__named_at=None).case
    later.previous = first
    later.save()
    page = text(officer.get(url("case", later)))
    assert f"Die Person stand schon auf der Liste 2027: Fall {first.case_ref} ." in page


def test_given_somebody_who_lives_in_another_county_when_entered_then_the_key_is_taken_as_a_file_takes_it(
    officer, author
):
    draft = world.a_draft([], by=author)
    sent = TYPED | {"ga_municipality": "andere"}
    answer = officer.post(url("entry-new", draft), sent)
    assert answer.status_code == 200
    assert "acht Ziffern, zum Beispiel" in text(officer.post(url("entry-new", draft), sent | {"ga_elsewhere": "0643"}))
    assert not CaseEntry.objects.exists()
    assert officer.post(url("entry-new", draft), sent | {"ga_elsewhere": "06435001"}).status_code == 302
    entry = CaseEntry.objects.get()
    assert entry.data.ga_municipality == "06435001"
    page = officer.get(url("entry", entry)).content.decode()
    assert '<option value="06435001" selected>' in page
