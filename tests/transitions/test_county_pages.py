"""The pages of the county's case officer and releaser: what each may do, what is said, what is never lost or told."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kok.errors import Refused
from members.models import Agreement
from reporting.duties.queries.duties import duties_of
from reporting.duties.queries.ledger import ledger_of
from tests.builders import OTHER_COUNTY, a_second_agreement, a_user, an_agreement, give_role
from tests.transitions import world
from tests.transitions.inside import enter
from tests.worlds import built_once
from transitions.actions import entries, lists
from transitions.models import AccessLogEntry, CaseEntry, TransitionCase, TransitionListVersion
from transitions.queries.listing import years_for
from transitions.rules.codes import CaseState, EndReason, EntryReason, LogAction, VersionState

pytestmark = pytest.mark.django_db
NAME = "Zirbelnuss"
TYPED = {
    "family_name": NAME, "given_name": "Malwine", "date_of_birth": "14.03.2010", "salutation": "",
    "ga_municipality": "06440008", "facility_name": "Internat Haus Lindenhöhe", "facility_place": "Bad Nauheim",
    "facility_basis": "P134", "education_kind": "SCHOOL", "expected_end_on": "7.2028", "certainty": "LIKELY",
    "lwv_responsibility": "LIKELY", "contact_unit": "Fachdienst Soziale Hilfen", "contact_phone": "06031 83-0",
    "legal_representative_kind": "PARENTS", "informed_on": "20.01.2027", "ba_procedure_started": "",
    "lwv_involved": "", "weiter": "neu",
}  # fmt: skip


@built_once(autouse=True, KOK_NOW="2027-03-10T12:00")
def _spring():
    an_agreement()


@built_once
def author():
    return world.an_access()


@built_once
def changed_list(author):
    """The draft after a release, and the entry of the only case."""
    world.released(world.a_draft(by=author))
    draft = world.a_draft([], by=author)
    return draft, draft.entries.select_related("case").get()


@built_once
def asked_elsewhere(author):
    """A draft, the receiver, and two who have the roles of the county in another agreement."""
    draft, receiver = world.a_draft(by=author), enter(a_user(role="case-receiver", partner="lwv-hessen"))
    there = a_second_agreement()
    roles = ("case-officer", "case-releaser")
    users = [a_user(role=role, partner=OTHER_COUNTY, agreement=there) for role in roles]
    return draft, receiver, [enter(user, agreement=there) for user in users]


@built_once
def officer(author):
    return enter(author.user)


@built_once
def releaser():
    return enter(a_user(role="case-releaser"))


def url(name, thing=None):
    return reverse(f"transitions:{name}", args=["wetteraukreis", *([getattr(thing, "pk", thing)] if thing else [])])


def text(answer, status=200):
    assert answer.status_code == status
    page = answer.content.decode()
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", page[page.index('id="meldungen"') :]).split()))


def looks(action):
    return AccessLogEntry.objects.filter(action=action).count()


def only_entry():
    return CaseEntry.objects.select_related("case", "version").get()


# Entering


def test_given_whoever_brings_somebody_onto_the_list_when_looking_then_the_page_says_who_does_not_belong_there(
    officer, releaser, author
):
    draft = world.a_draft(by=author)
    pages = [officer.get(url("entry-new", draft)), officer.get(url("import", draft))]
    officer.post(url("submit", draft))
    pages.append(releaser.get(url("release", draft)))
    for page in map(text, pages):
        assert "Wer nur Hilfen der Jugendhilfe nach § 35a SGB VIII bekommt, gehört nicht darauf" in page
        assert "nichts, was der Jugendhilfe anvertraut ist (§ 65 SGB VIII)" in page


def test_given_a_draft_when_a_person_is_typed_then_it_is_stored_and_the_next_one_begins_without_a_name(officer, author):
    draft = world.a_draft([], by=author)
    answer = officer.post(url("entry-new", draft), TYPED, follow=True)
    assert answer.redirect_chain == [(url("entry-new", draft), 302)]
    assert only_entry().data == world.case_data()
    page = text(answer)
    assert f"Der Fall {only_entry().case.case_ref} ist gespeichert." in page
    assert NAME not in answer.content.decode()
    assert 'value="Internat Haus Lindenhöhe"' in answer.content.decode()


@pytest.mark.parametrize("month", ["7.2028", "07/2028", "Juli 2028", "2028-07"])
def test_given_a_month_when_typed_in_any_common_way_then_it_is_understood(officer, author, month):
    officer.post(url("entry-new", world.a_draft([], by=author)), TYPED | {"expected_end_on": month})
    assert only_entry().data.expected_end_on == date(2028, 7, 1)


def test_12_given_the_wrong_year_when_typed_then_it_is_refused_and_offered_as_nachmeldung(officer, author):
    draft = world.a_draft([], by=author)
    wrong = TYPED | {"expected_end_on": "7.2027"}
    answer = officer.post(url("entry-new", draft), wrong)
    page = text(answer)
    assert (
        "Die Liste 2027 nennt die Schulabgänge 2028. Als Nachmeldung können Sie den Fall aufnehmen: hier, oder" in page
    )
    assert "Als Nachmeldung aufnehmen" in page
    assert f'value="{NAME}"' in answer.content.decode()
    assert not CaseEntry.objects.exists()
    mended = text(officer.post(url("entry-new", draft), TYPED | {"is_late": "on"}))
    assert "Diese Schulabgänge nennt die Liste 2027; das ist keine Nachmeldung. Entfernen Sie hier den Haken." in mended
    assert "Als Nachmeldung aufnehmen" in mended
    assert not CaseEntry.objects.exists()
    officer.post(url("entry-new", draft), wrong | {"is_late": "on"})
    assert only_entry().case.is_late


def test_13_given_a_leaver_in_january_when_typed_then_the_list_takes_the_case(officer, author):
    officer.post(url("entry-new", world.a_draft([], by=author)), TYPED | {"expected_end_on": "1.2028"})
    assert not only_entry().case.is_late


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"family_name": ""}, "Hier fehlt noch eine Angabe"),
        ({"expected_end_on": "13.2028"}, "Schreiben Sie ihn wie 7.2028"),
        ({"expected_end_on": "7.2030"}, "gehört auf die Liste 2029"),
        ({"date_of_birth": "30.02.2010"}, "Diesen Tag gibt es so nicht. Schreiben Sie ihn wie 14.03.2010."),
        ({"expected_end_on": "7.28"}, "Schreiben Sie das Jahr mit vier Ziffern, wie 7.2028."),
        ({"date_of_birth": "14.03.2031"}, "Dieses Geburtsdatum liegt in der Zukunft."),
        ({"date_of_birth": "14.03.1970"}, "wäre die Person bei Schulende 58 Jahre alt"),
        ({"facility_basis": "SIMILAR"}, "Worin ist sie ähnlich? Wählen Sie eine Antwort aus."),
        ({"facility_basis": "OTHER"}, "Wählen Sie eine der angebotenen Möglichkeiten"),
        ({"ga_municipality": "01001000"}, "Wählen Sie eine der angebotenen Möglichkeiten"),
        ({"facility_name": "=HYPERLINK(1)"}, "beginnt wie eine Formel"),
        ({"contact_phone": "bitte fragen"}, "Schreiben Sie eine Telefonnummer"),
        ({"informed_on": "11.03.2027"}, "Dieser Tag liegt in der Zukunft"),
    ],
)
def test_given_a_field_that_cannot_be_right_when_saved_then_it_says_what_to_do_and_stores_nothing(
    officer, author, changes, sentence
):
    answer = officer.post(url("entry-new", world.a_draft([], by=author)), TYPED | changes)
    assert sentence in text(answer)
    assert not CaseEntry.objects.exists()


def test_given_a_reason_for_another_basis_when_saved_then_it_is_forgotten(officer, author):
    typed = TYPED | {"similar_reason": "BOARDING_SCHOOL"}
    officer.post(url("entry-new", world.a_draft([], by=author)), typed)
    assert only_entry().data.similar_reason is None


def test_given_fields_that_the_form_has_not_when_sent_then_they_change_nothing(officer, author):
    more = {"case_ref": "UE-2027-AAAA", "state": "WITHDRAWN", "outcome": "TAKEN_OVER_BY_LWV", "changed_by": "1"}
    officer.post(url("entry-new", world.a_draft([], by=author)), TYPED | more)
    case = only_entry().case
    assert (case.state, case.outcome, case.case_ref) == ("NAMED", "", case.case_ref)
    assert case.case_ref != "UE-2027-AAAA"


def test_given_two_who_change_one_case_when_both_save_then_the_second_sees_both_and_decides(officer, author):
    entry = world.a_draft(by=author).entries.get()
    seen = entry.changed_at.isoformat()
    other = enter(a_user(role="case-officer"))
    other.post(url("entry", entry), TYPED | {"seen": seen, "facility_name": "Haus am See"})
    answer = officer.post(url("entry", entry), TYPED | {"seen": seen, "facility_name": "Haus am Wald"})
    page = text(answer)
    assert "Jemand hat diesen Fall geändert" in page
    assert "Einrichtung Haus am See Haus am Wald" in page
    assert 'value="Haus am Wald"' in answer.content.decode()
    assert only_entry().data.facility_name == "Haus am See"
    now_seen = re.search(r'name="seen" value="([^"]+)"', answer.content.decode())[1]
    officer.post(url("entry", entry), TYPED | {"seen": unescape(now_seen), "facility_name": "Haus am Wald"})
    assert only_entry().data.facility_name == "Haus am Wald"


@pytest.mark.parametrize("seen", ["", "gestern"])
def test_given_a_page_without_its_state_when_sent_then_nothing_is_changed(officer, author, seen):
    entry = world.a_draft(by=author).entries.get()
    answer = officer.post(url("entry", entry), TYPED | {"seen": seen, "facility_name": "Haus am Wald"})
    assert "nicht vollständig angekommen" in text(answer)
    assert only_entry().data.facility_name != "Haus am Wald"


def test_given_a_case_never_named_when_removed_then_it_is_gone_after_a_page_that_asks(officer, author):
    entry = world.a_draft(by=author).entries.select_related("case").get()
    assert f"Alle Angaben zu Malwine {NAME} werden gelöscht" in text(officer.get(url("entry-remove", entry)))
    answer = officer.post(url("entry-remove", entry), {"seen": seen_on(officer, entry)}, follow=True)
    assert f"Der Fall {entry.case.case_ref} ist entfernt." in text(answer)
    assert not TransitionCase.objects.exists()


def test_given_a_case_that_a_colleague_changed_when_the_old_page_removes_it_then_it_stays(officer, author):
    entry = world.a_draft(by=author).entries.select_related("case").get()
    seen = seen_on(officer, entry)
    data = world.case_data(family_name="Quarkstein", given_name="Oda")
    later = world.NOW + timedelta(microseconds=1)
    entries.change_entry(entry=entry, data=data, is_late=False, seen=entry.changed_at, by=author, now=later)
    for sent in ({"seen": seen}, {"seen": "gestern"}, {}):
        answer = officer.post(url("entry-remove", entry), sent, follow=True)
        assert "Er ist nicht entfernt. Lesen Sie, was jetzt dort steht" in text(answer)
        assert only_entry().data == data
    assert "Alle Angaben zu Oda Quarkstein werden gelöscht" in text(officer.get(url("entry-remove", entry)))
    officer.post(url("entry-remove", entry), {"seen": seen_on(officer, entry)})
    assert not TransitionCase.objects.exists()


def seen_on(officer, entry) -> str:
    """The state that the page of a question carries."""
    page = officer.get(url("entry-remove", entry)).content.decode()
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found is not None
    return unescape(found[1])


# Taking off the list, proposals


@pytest.mark.parametrize(
    ("sent", "state", "reason"),
    [
        ({"ending": "POSTPONED", "postponed_to": "7.2029"}, CaseState.POSTPONED, EndReason.SCHOOL_EXTENDED),
        ({"ending": "WITHDRAWN", "withdrawal": "NOT_ENTITLED"}, CaseState.WITHDRAWN, EndReason.NOT_ENTITLED),
        ({"ending": "MOVED_AWAY", "postponed_to": "7.2029"}, CaseState.MOVED_AWAY, EndReason.MOVED),
        ({"ending": "DECEASED", "withdrawal": "NOT_ENTITLED"}, CaseState.DECEASED, EndReason.DEATH),
    ],
)
def test_given_a_named_case_when_taken_off_then_it_waits_for_the_release_and_can_be_undone(
    officer, changed_list, sent, state, reason
):
    _, entry = changed_list
    answer = officer.post(url("entry-end", entry), sent, follow=True)
    assert "kommt mit der nächsten Freigabe von der Liste" in text(answer)
    entry.refresh_from_db()
    assert (entry.ending, entry.ending_reason) == (state, reason)
    assert "bleibt auf der Liste" in text(officer.post(url("entry-keep", entry), follow=True))
    entry.refresh_from_db()
    assert entry.ending == ""


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_given_the_page_that_takes_a_case_off_when_read_then_it_says_when_the_data_are_erased_and_why(
    officer, changed_list, is_confirmed
):
    draft, entry = changed_list
    if is_confirmed:
        world.acknowledged(TransitionListVersion.objects.get(state="RELEASED").receipt)
    page = text(officer.get(url("entry-end", entry)))
    at_once = "auch auf Verlangen der Person: heute, weil der Empfang noch keiner Fassung dieser Liste bestätigt ist."
    assert ("am Fr 09.04.2027 , 30 Tage nach der Freigabe." in page) is is_confirmed
    assert (at_once in page) is not is_confirmed
    assert "verzogen oder verstorben: am Fr 10.09.2027 , sechs Monate nach der Freigabe." in page
    assert "Kein Fall dieser Liste bleibt länger als bis Mo 31.12.2029 ." in page
    officer.post(url("entry-end", entry), {"ending": "WITHDRAWN", "withdrawal": "NOT_ENTITLED"})
    marked = text(officer.get(url("version", draft)))
    assert "Kein Fall, dazu 1, der mit der Freigabe von der Liste kommt" in marked
    assert "nicht mehr auf der Liste" not in marked
    world.released(draft)
    entry.case.refresh_from_db()
    assert entry.case.erase_on == (date(2027, 4, 9) if is_confirmed else date(2027, 3, 10))


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Wählen Sie aus, warum."),
        ({"ending": "POSTPONED"}, "Nennen Sie den Monat"),
        ({"ending": "POSTPONED", "postponed_to": "7.2028"}, "Eine Verschiebung nennt einen späteren Monat"),
        ({"ending": "POSTPONED", "postponed_to": "bald"}, "Schreiben Sie ihn wie 7.2028"),
        ({"ending": "WITHDRAWN"}, "Wählen Sie den Grund der Rücknahme aus"),
        ({"ending": "WITHDRAWN", "withdrawal": "DEATH"}, "Wählen Sie eine der angebotenen Möglichkeiten"),
        ({"ending": "NAMED"}, "Wählen Sie eine der angebotenen Möglichkeiten"),
    ],
)
def test_given_an_ending_that_does_not_fit_when_sent_then_it_says_why_and_changes_nothing(
    officer, changed_list, sent, sentence
):
    _, entry = changed_list
    page = text(officer.post(url("entry-end", entry), sent))
    assert sentence in page
    assert "(optional)" not in page
    entry.refresh_from_db()
    assert entry.ending == ""


def test_18_given_a_postponed_case_when_the_next_list_begins_then_it_is_proposed_and_taken_only_on_a_click(
    officer, changed_list, settings
):
    draft, entry = changed_list
    officer.post(url("entry-end", entry), {"ending": "POSTPONED", "postponed_to": "7.2029"})
    world.released(draft)
    officer.post(url("list-begin", 2028))
    new = TransitionListVersion.objects.get(transition_list__year=2028)
    assert "Ein Vorschlag aus früheren Listen wartet" in text(officer.get(url("version", new)))
    assert f"{NAME}, Malwine" in text(officer.get(url("proposals", new)))
    assert not new.entries.exists()
    answer = officer.post(url("proposals", new), {"case": str(entry.case.pk), "answer": "take"}, follow=True)
    assert NAME not in text(answer)
    assert new.entries.get().data.expected_end_on == date(2029, 7, 1)
    again = officer.post(url("proposals", new), {"case": str(entry.case.pk), "answer": "take"}, follow=True)
    assert f"Den Fall {entry.case.case_ref} haben Sie am" in text(again)
    assert "auf diese Liste genommen. Ihre Wahl „Auf diese Liste nehmen“ ist nicht eingetragen." in text(again)
    assert new.entries.count() == 1


# Submitting and releasing


def test_given_gaps_when_submitting_then_each_leads_to_its_field_and_nothing_is_submitted(officer, author):
    draft = world.a_draft([world.case_data(informed_on=None)], by=author)
    page = officer.get(url("submit", draft)).content.decode()
    assert f'href="{url("entry", draft.entries.get())}#id_informed_on"' in page
    assert "zur Freigabe vorlegen</span>" not in page
    officer.post(url("submit", draft), {"revision": draft.revision})
    draft.refresh_from_db()
    assert draft.submitted_at is None


def test_given_a_complete_draft_when_submitted_then_the_page_said_who_is_asked_and_it_can_be_taken_back(
    officer, author
):
    second = a_user(role="case-releaser", username="zweite-person")
    draft = world.a_draft(by=author)
    page = text(officer.get(url("submit", draft)))
    assert second.username in page
    assert "Einen Fall zur Freigabe vorlegen" in page
    officer.post(url("submit", draft), {"revision": draft.revision})
    draft.refresh_from_db()
    assert draft.submitted_at is not None
    officer.post(url("take-back", draft))
    draft.refresh_from_db()
    assert draft.submitted_at is None


def test_given_a_submitted_draft_when_the_second_person_releases_then_a_receipt_without_names_is_shown(
    releaser, author
):
    draft = world.submitted(world.a_draft(world.people(2), by=author))
    page = text(releaser.get(url("release", draft)))
    assert f"{NAME}, Malwine" in page
    assert "06031 83-0" in page
    assert "2 Fälle freigeben und an den LWV Hessen übermitteln" in page
    unread = releaser.post(url("release", draft), {"revision": draft.revision})
    assert "Bestätigen Sie, dass Sie die Liste geprüft haben." in text(unread)
    answer = releaser.post(
        url("release", draft), {"revision": draft.revision, "is_read": "on", **world.shown(draft)}, follow=True
    )
    receipt = TransitionListVersion.objects.get(pk=draft.pk).receipt
    assert answer.redirect_chain == [(url("receipt", draft), 302)]
    shown = text(answer)
    assert receipt.number in shown
    assert receipt.sha256 in shown
    assert NAME not in shown


def test_given_a_submitted_draft_when_it_is_read_then_its_people_stand_by_name(releaser, author):
    names = ("Zander", "Äpfel", "Birne")
    people = [world.case_data(family_name=name) for name in names]
    page = text(releaser.get(url("release", world.submitted(world.a_draft(people, by=author)))))
    assert sorted(names, key=page.index) == ["Äpfel", "Birne", "Zander"]


def test_given_a_new_version_that_says_nothing_new_when_submitted_then_it_is_refused_until_something_changes(
    officer, author
):
    world.released(world.a_draft(by=author))
    draft = world.a_draft([], by=author)
    page = text(officer.get(url("submit", draft)))
    assert "Gegenüber der übermittelten Liste hat sich nichts geändert." in page
    assert "zur Freigabe vorlegen</span>" not in page
    with pytest.raises(Refused, match="nichts geändert"):
        world.submitted(draft, by=author)
    world.a_draft([world.case_data(family_name="Quarkstein")], by=author)
    assert world.submitted(draft, by=author).submitted_at


def test_14_given_nobody_to_name_when_the_draft_is_opened_then_a_button_leads_to_submitting_the_nullmeldung(
    officer, releaser, author
):
    draft = world.a_draft([], by=author)
    leads = f'href="{url("submit", draft)}"'
    page = officer.get(url("version", draft))
    assert leads in page.content.decode()
    assert "noch leer" in text(page)
    assert "vollständig" not in text(page)
    assert "Nullmeldung zur Freigabe vorlegen" in text(officer.get(url("submit", draft)))
    officer.post(url("submit", draft), {"revision": draft.revision})
    assert leads not in officer.get(url("version", draft)).content.decode()
    assert world.fresh(draft).submitted_at


def test_14_given_nobody_to_name_when_released_then_it_is_called_a_nullmeldung(releaser, author):
    draft = world.submitted(world.a_draft([], by=author))
    assert "Nullmeldung freigeben und an den LWV Hessen übermitteln" in text(releaser.get(url("release", draft)))
    answer = releaser.post(
        url("release", draft), {"revision": draft.revision, "is_read": "on", **world.shown(draft)}, follow=True
    )
    assert "Die Nullmeldung ist an den LWV Hessen übermittelt." in text(answer)


def test_15_given_an_author_with_both_roles_when_releasing_then_the_page_says_why_not_and_a_forged_click_fails(author):
    give_role(author.user, role="case-releaser")
    draft = world.submitted(world.a_draft(by=author))
    client = enter(author.user, EntryReason.RELEASE)
    page = client.get(url("release", draft))
    assert "Sie haben diesen Entwurf selbst bearbeitet oder vorgelegt" in text(page)
    assert "freigeben und an den" not in text(page)
    client.post(url("release", draft), {"revision": draft.revision, "is_read": "on", **world.shown(draft)})
    draft.refresh_from_db()
    assert draft.state == VersionState.DRAFT


def test_given_a_draft_that_changed_since_it_was_read_when_released_then_it_must_be_read_again(releaser, author):
    draft = world.submitted(world.a_draft(by=author))
    stale = draft.revision
    lists.take_back(version=draft, by=author, now=world.NOW)
    world.submitted(world.a_draft([world.case_data(family_name="Neuling")], by=author))
    answer = releaser.post(url("release", draft), {"revision": stale, "is_read": "on", **world.shown(draft)})
    page = text(answer)
    assert "Der Entwurf hat sich geändert, seit Sie ihn gelesen haben" in page
    assert "Neuling" in page
    assert " checked" not in answer.content.decode()


def test_given_a_released_version_when_the_click_is_replayed_then_nothing_is_transmitted_again(releaser, author):
    draft = world.submitted(world.a_draft(by=author))
    sent = {"revision": draft.revision, "is_read": "on", **world.shown(draft)}
    releaser.post(url("release", draft), sent)
    answer = releaser.post(url("release", draft), sent, follow=True)
    assert "Diese Fassung ist schon freigegeben" in text(answer)
    assert TransitionListVersion.objects.exclude(state="DRAFT").count() == 1


def test_given_changes_since_the_last_version_when_reviewed_then_each_field_tells_what_it_was(
    releaser, author, changed_list
):
    draft, entry = changed_list
    changed = world.case_data(facility_name="Haus am See")
    entries.change_entry(entry=entry, data=changed, is_late=False, seen=entry.changed_at, by=author, now=world.NOW)
    page = text(releaser.get(url("release", world.submitted(draft))))
    assert "Einrichtung Haus am See geändert, bisher: Internat Haus Lindenhöhe" in page
    assert "0 neu, 1 berichtigt, 0 von der Liste genommen" in page


def test_16_given_a_released_version_when_somebody_edits_its_case_then_only_a_new_version_can_be_begun(officer, author):
    receipt = world.released(world.a_draft(by=author))
    entry = receipt.version.entries.get()
    answer = officer.post(url("entry", entry), TYPED | {"seen": entry.changed_at.isoformat(), "given_name": "Anders"})
    assert "Diese Fassung ist schon freigegeben" in text(answer)
    assert only_entry().data.given_name == "Malwine"
    answer = officer.post(url("list-begin", 2027), follow=True)
    assert "Entwurf von Fassung 2" in text(answer)


def test_given_a_replaced_version_when_opened_then_only_its_receipt_is_left(officer, author):
    first = world.released(world.a_draft(by=author)).version
    world.released(world.a_draft([world.case_data(family_name="Neuling")], by=author))
    answer = officer.get(url("version", first), follow=True)
    assert answer.redirect_chain == [(url("receipt", first), 302)]
    assert "Eine neuere Fassung hat diese ersetzt: Fassung 2 ." in text(answer)
    assert NAME not in text(answer)


def test_given_a_draft_when_discarded_then_the_cases_never_named_go_with_it(officer, author):
    draft = world.a_draft(by=author)
    assert "Gelöscht wird ein Fall" in text(officer.get(url("discard", draft)))
    officer.post(url("discard", draft), {"revision": draft.revision})
    assert not TransitionListVersion.objects.exists()
    assert not TransitionCase.objects.exists()


def test_given_a_deadline_on_a_sunday_when_lists_open_then_both_days_are_told_and_counted_as_at_the_duties(
    author, settings
):
    settings.KOK_NOW = "2028-03-10T12:00"
    draft = world.a_draft([], by=author, year=2028, now=datetime(2028, 3, 10, 11, tzinfo=UTC))
    officer = enter(author.user)
    assert "bis So 30.04.2028 wirksam bis Di 02.05.2028 in 51 Tagen" in text(officer.get(url("lists")))
    page = text(officer.get(url("version", draft)))
    assert "Zu übermitteln bis So 30.04.2028 , wirksam bis Di 02.05.2028, in 51 Tagen" in page
    ledger = ledger_of(draft.transition_list.agreement, 2028, 2028)
    (duty,) = (each for each in duties_of(ledger, [2028], date(2028, 3, 10)) if each.is_named_list)
    assert duty.distance == "in 51 Tagen"
    settings.KOK_NOW = "2028-05-01T12:00"  # between the two days one is urged to the second
    assert "bis Di 02.05.2028, morgen" in text(enter(author.user).get(url("version", draft)))


# Who sees what, and what is noted


def test_given_lists_when_each_role_opens_them_then_each_sees_both_years_and_the_own_next_step(
    officer, releaser, author
):
    assert "Es gibt noch keine Übergangsliste." in text(officer.get(url("lists")))
    draft = world.a_draft([world.case_data(informed_on=None)], by=author)
    page = text(officer.get(url("lists")))
    assert "Übergangsliste 2027 Schulabgänge 2028 Entwurf" in page
    assert "Entwurf bearbeiten 1 von 1 Fall unvollständig" in page
    assert "bis Fr 30.04.2027 in 51 Tagen" in page
    assert "Zu übermitteln bis Fr 30.04.2027 , in 51 Tagen" in text(officer.get(url("version", draft)))
    receiver = enter(a_user(role="case-receiver", partner="lwv-hessen"))
    assert "Ihnen ist noch keine Übergangsliste übermittelt worden." in text(receiver.get(url("lists")))
    officer.post(url("entry", draft.entries.get()), TYPED | {"seen": draft.entries.get().changed_at.isoformat()})
    world.submitted(draft, by=author)
    assert "Prüfen und freigeben" in text(releaser.get(url("lists")))
    assert "Wartet auf die Freigabe" in text(officer.get(url("lists")))
    world.released(draft)
    assert "Empfang bestätigen" in text(receiver.get(url("lists")))
    assert "Wartet auf die Bestätigung" in text(officer.get(url("lists")))


COUNTY = ["entry-new", "submit", "discard", "proposals", "version", "release", "take-back"]


@pytest.mark.parametrize("name", COUNTY)
def test_given_a_draft_when_the_receiver_or_another_county_asks_then_it_does_not_exist(asked_elsewhere, name):
    draft, receiver, strangers = asked_elsewhere
    assert receiver.post(url(name, draft)).status_code in (403, 404, 405)
    assert receiver.get(url(name, draft)).status_code in (403, 404, 405)
    for stranger in strangers:
        assert stranger.get(url(name, draft)).status_code == 404
        foreign = reverse(f"transitions:{name}", args=[OTHER_COUNTY, draft.pk])
        assert stranger.get(foreign).status_code in (403, 404, 405)


@pytest.mark.parametrize("name", ["entry", "entry-remove", "entry-end", "entry-keep"])
def test_given_an_entry_when_a_releaser_or_receiver_would_change_it_then_it_is_refused(releaser, author, name):
    entry = world.a_draft(by=author).entries.get()
    receiver = enter(a_user(role="case-receiver", partner="lwv-hessen"))
    for client in (releaser, receiver):
        assert client.post(url(name, entry)).status_code in (403, 404)
    assert CaseEntry.objects.filter(pk=entry.pk, ending="").exists()


def test_given_pages_with_names_when_opened_then_each_look_is_logged_and_no_title_or_address_tells_a_name(
    officer, changed_list
):
    draft, entry = changed_list
    for name, thing, action in [
        ("version", draft, LogAction.VIEW_LIST), ("submit", draft, LogAction.VIEW_LIST),
        ("entry", entry, LogAction.VIEW_CASE),
        ("entry-end", entry, LogAction.VIEW_CASE), ("entry-remove", entry, LogAction.VIEW_CASE),
    ]:  # fmt: skip
        before = looks(action)
        page = officer.get(url(name, thing)).content.decode()
        assert looks(action) == before + 1, name
        head = page[: page.index("<main")]
        assert NAME not in head, name
        assert all(NAME not in address for address in re.findall(r'(?:href|action)="([^"]*)"', page)), name


@pytest.mark.parametrize("name", ["version", "lists", "submit", "release"])
def test_given_ten_or_a_hundred_cases_when_a_page_is_opened_then_it_asks_the_database_as_often(author, name):
    client = enter(a_user(role="case-releaser" if name == "release" else "case-officer"))
    asked = []
    for count in (10, 90):
        draft = world.a_draft([], by=author)
        if draft.submitted_at:
            lists.take_back(version=draft, by=author, now=world.NOW)
        data = [(world.case_data(family_name=f"Muster{'a' * n}b"), False) for n in range(1, count + 1)]
        entries.add_entries(version=draft, rows=data, by=author, now=world.NOW)
        draft = world.submitted(draft, by=author) if name == "release" else draft
        address = url("lists") if name == "lists" else url(name, draft)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_given_more_than_fifty_cases_when_shown_then_the_list_has_pages_and_no_search(officer, author):
    draft = world.a_draft([], by=author)
    data = [(world.case_data(family_name=f"Muster{'a' * n}b"), False) for n in range(1, 61)]
    entries.add_entries(version=draft, rows=data, by=author, now=world.NOW)
    page = officer.get(url("version", draft)).content.decode()
    assert "1 bis 50 von 60 Fällen" in page
    assert 'type="search"' not in page
    assert page.count('scope="row"') == 50
    assert "51 bis 60 von 60 Fällen" in officer.get(url("version", draft) + "?seite=2").content.decode()


def test_given_last_years_list_missing_when_the_officer_looks_then_it_is_named_and_begun_by_a_click(officer, author):
    where = Agreement.objects.get()
    where.introduced_on = date(2026, 3, 1)
    where.save()
    page = officer.get(url("lists"))
    told = text(page)
    assert "Die Übergangsliste 2026 (Schulabgänge 2027) fehlt. Die Frist endete am Do 30.04.2026." in told
    assert [each.year for each in page.context["page"].years_to_begin] == [2026, 2027]
    assert f'action="{url("list-begin", 2026)}"' in page.content.decode()
    begun = text(officer.post(url("list-begin", 2026), follow=True))
    assert "Übergangsliste 2026 (Schulabgänge 2027)" in begun
    again = officer.get(url("lists"))
    assert [each.year for each in again.context["page"].years_to_begin] == [2027]
    assert "überfällig" in text(again)


def test_given_several_lists_missing_when_the_officer_looks_then_each_is_begun_by_a_click_or_the_page_says_why_not(
    officer, author
):
    where = Agreement.objects.get()
    where.introduced_on = date(2024, 3, 1)
    where.save()
    page = officer.get(url("lists"))
    told = text(page)
    assert (
        "Die Übergangsliste 2024 (Schulabgänge 2025) fehlt und wird nicht mehr begonnen: Wer darauf stünde, wäre seit "
        "dem 31.12.2026 zu löschen."
    ) in told
    offered = page.content.decode()
    assert [url("list-begin", year) in offered for year in (2024, 2025, 2026, 2027)] == [False, True, True, True]
    for year in (2025, 2026):
        assert f"Die Übergangsliste {year} (Schulabgänge {year + 1}) fehlt. Die Frist endete" in told
        officer.post(url("list-begin", year))
    found = {each.transition_list.year: each for each in TransitionListVersion.objects.all()}
    assert sorted(found) == [2025, 2026]
    officer.post(url("entry-new", found[2025]), TYPED | {"expected_end_on": "7.2026"})
    assert only_entry().case.transition_list.year == 2025
    refused = text(officer.post(url("list-begin", 2024), follow=True))
    assert "Eine Übergangsliste 2024 kann jetzt nicht begonnen werden. Möglich sind die Jahre 2025 bis 2028." in refused


def test_given_a_transmitted_list_before_its_deadline_when_somebody_is_added_then_it_is_no_nachmeldung(officer, author):
    world.released(world.a_draft([], by=author))
    draft = world.a_draft([], by=author)
    officer.post(url("entry-new", draft), TYPED)
    assert not only_entry().case.is_late
    offered = text(officer.post(url("entry-new", draft), TYPED | {"expected_end_on": "7.2027"}))
    assert "Als Nachmeldung aufnehmen" in offered


def test_given_no_list_ever_when_proofs_are_kept_for_ten_years_then_the_first_year_named_would_have_some():
    named = years_for(world.an_access(agreement=an_agreement()), [], date(2037, 3, 10))
    assert named[0].year == 2028
