"""Names, dates of birth and diagnoses in facility, place and contact unit: a warning before saving, never a refusal."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse

from tests.builders import an_agreement
from tests.transitions import world
from tests.transitions.inside import enter
from tests.transitions.test_county_pages import TYPED, text
from tests.transitions.world import seen
from transitions.actions import importing
from transitions.models import CaseEntry
from transitions.pages.import_preview import MOST_SHOWN, preview_of
from transitions.rules.free_texts import BORN, FREE_TEXTS, ILL, KIN, NAMED, PERSON, doubts
from transitions.rules.names import People

OTHERS = People([("Quarkstein", "Otto")])


def found(**changes):
    return [(field, sentence) for field, sentence in doubts(world.case_data(**changes), OTHERS)]


def test_given_ordinary_facilities_when_looked_at_then_there_is_no_doubt():
    for name in ("Haus Lindenhöhe", "Internat 2 der Schule am Park", "Gebäude B12, Haus 3", "Wohngruppe G", "PG Nord"):
        assert found(facility_name=name) == []
    for name in ("Autismus-Therapiezentrum", "Epilepsiezentrum", "Mutter-Kind-Haus", "Schule am Vaterberg 3"):
        assert found(facility_name=name) == []
    assert found(facility_place="61169 Friedberg (Hessen)") == []
    for name in ("Fachdienst 4.2, Zimmer 112", "Fachdienst 4.2.10", "FD 2.1, 3. Stock"):
        assert found(contact_unit=name) == []


def test_given_a_short_date_when_it_stands_beside_the_facility_then_it_is_doubted_as_one_of_birth():
    assert found(facility_name="Haus Linde, 30.4.10") == [("facility_name", BORN)]
    assert found(facility_place="30. 4. 10") == [("facility_place", BORN)]


@pytest.mark.parametrize("words", ["Frau Schulze, Zimmer 12", "Team 2 (Herr Ö. Kann)", "bei Dr. Wolke"])
def test_given_a_contact_unit_that_is_a_human_being_when_looked_at_then_it_is_said(words):
    assert found(contact_unit=words) == [("contact_unit", PERSON)]
    assert found(facility_name="Frau Holle Haus") == found(contact_unit="Frauenhaus, Herrnstraße 5") == []


@pytest.mark.parametrize("field", FREE_TEXTS)
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("bei Otto Quarkstein", NAMED),
        ("Quarkstein, O. Otto", NAMED),
        ("Zirbelnuss, Malwine", NAMED),
        ("geb. 14.3.10", BORN),
        ("seit 14.03.2010 dort", BORN),
        ("14. März 2010", BORN),
        ("2010-03-14", BORN),
        ("F84.0", ILL),
        ("Haus Linde (F84)", ILL),
        ("h90.3 beidseits", ILL),
        ("GdB 80", ILL),
        ("GdB von 100", ILL),
        ("Grad der Behinderung: 50", ILL),
        ("Pflegegrad 4", ILL),
        ("Pflegestufe II", ILL),
        ("GdB80", ILL),
        ("F 84.0", ILL),
        ("Merkzeichen H", ILL),
        ("Diagnose offen", ILL),
        ("Autismus, Rollstuhl", ILL),
        ("Frau Zirbelnuss", NAMED),
        ("bei der Mutter", KIN),
        ("Handy 0171 2345678", KIN),
    ],
)
def test_given_a_text_that_says_too_much_when_looked_at_then_that_is_said_without_repeating_it(field, words, sentence):
    assert found(**{field: words}) == [(field, sentence)]
    assert words not in sentence


def test_given_a_foster_family_that_bears_the_name_when_looked_at_then_the_family_name_is_enough():
    assert found(facility_name="Pflegefamilie Zirbelnuss") == [("facility_name", NAMED)]
    assert found(facility_name="Pflegefamilie Quarkstein") == []


# On the pages


@pytest.fixture
def officer(settings, db):
    settings.KOK_NOW = "2027-03-10T12:00"
    an_agreement()
    return world.an_access()


@pytest.fixture
def client(officer):
    return enter(officer.user)


def url(name, thing):
    return reverse(f"transitions:{name}", args=["wetteraukreis", thing.pk])


def confirmation(page):
    return re.findall('name="trotzdem" value="([^"]+)"', page)


def test_given_a_name_in_the_facility_when_saved_then_one_is_warned_once_and_may_save_all_the_same(officer, client):
    draft = world.a_draft([], by=officer)
    typed = TYPED | {"facility_name": "Pflegefamilie Zirbelnuss"}
    first = client.post(url("entry-new", draft), typed)
    assert "Der Fall ist noch nicht gespeichert" in text(first)
    assert "Trotzdem speichern und nächsten Fall eingeben" in text(first)
    assert 'href="#id_facility_name"' in first.content.decode()
    assert 'value="Pflegefamilie Zirbelnuss"' in first.content.decode()
    assert not CaseEntry.objects.exists()
    again = typed | {"trotzdem": confirmation(first.content.decode())}
    assert client.post(url("entry-new", draft), again).status_code == 302
    assert CaseEntry.objects.get().data.facility_name == "Pflegefamilie Zirbelnuss"


def test_given_a_confirmed_text_when_another_doubtful_one_is_typed_then_one_is_warned_again(officer, client):
    draft = world.a_draft([], by=officer)
    first = client.post(url("entry-new", draft), TYPED | {"facility_name": "Haus F84.0"})
    typed = TYPED | {"facility_name": "Haus G40.1", "trotzdem": confirmation(first.content.decode())}
    assert "noch nicht gespeichert" in text(client.post(url("entry-new", draft), typed))
    assert not CaseEntry.objects.exists()


def test_given_another_person_of_the_draft_in_the_contact_unit_when_changed_then_one_is_warned(officer, client):
    draft = world.a_draft([world.case_data(), world.case_data(family_name="Quarkstein", given_name="Otto")], by=officer)
    entry = next(each for each in draft.entries.all() if each.data.given_name == "Malwine")
    typed = TYPED | {"contact_unit": "Otto Quarkstein", "seen": entry.changed_at.isoformat()}
    first = client.post(url("entry", entry), typed)
    assert "Trotzdem speichern" in text(first)
    assert entry.data.contact_unit == "Fachdienst Soziale Hilfen"
    again = typed | {"trotzdem": confirmation(first.content.decode())}
    assert client.post(url("entry", entry), again).status_code == 302
    entry.refresh_from_db()
    assert entry.data.contact_unit == "Otto Quarkstein"


def test_given_a_missing_field_a_wrong_day_and_a_doubtful_text_when_saved_then_all_is_said_at_once(officer, client):
    draft = world.a_draft([], by=officer)
    wrong = {
        "family_name": "", "date_of_birth": "14.03.2001", "informed_on": "01.01.2030", "expected_end_on": "7.2026",
        "contact_phone": "603183000", "facility_name": "Haus F84.0",
    }  # fmt: skip
    first = client.post(url("entry-new", draft), TYPED | wrong)
    for words in (
        "Hier fehlt noch eine Angabe.",
        "Dieser Fall gehörte auf die Liste 2025.",
        "Dieser Tag liegt in der Zukunft.",
        "Am Anfang fehlt wohl die Null.",
        "Das sieht aus wie eine Diagnose",
    ):
        assert words in text(first), words
    assert not CaseEntry.objects.exists()
    mended = TYPED | {"facility_name": "Haus F84.0", "trotzdem": confirmation(first.content.decode())}
    assert client.post(url("entry-new", draft), mended).status_code == 302


def test_given_an_ordinary_text_when_saved_then_nobody_is_asked_anything(officer, client):
    draft = world.a_draft([], by=officer)
    assert client.post(url("entry-new", draft), TYPED).status_code == 302


def test_given_a_file_with_doubtful_rows_when_previewed_then_each_has_its_hint_and_it_can_be_taken(officer, client):
    draft = world.a_draft([world.case_data(family_name="Quarkstein", given_name="Otto")], by=officer)
    data = [
        world.case_data(family_name=f"Muster{'a' * n}", date_of_birth=date(2010, 1, 1) + timedelta(2 * n))
        for n in range(MOST_SHOWN + 3)
    ]
    data[0] = replace(data[0], facility_place="Pflegegrad 4")
    data[MOST_SHOWN + 1] = replace(data[MOST_SHOWN + 1], contact_unit="Otto Quarkstein")
    rows = [(each, False) for each in data]
    importing.hold_rows(version=draft, rows=rows, by=officer, now=world.NOW)
    preview = preview_of(draft, officer, date(2027, 3, 10))
    assert (preview.count, len(preview.rows), preview.asked) == (MOST_SHOWN + 3, MOST_SHOWN, 2)
    assert f"Ort der Einrichtung: {ILL}" in preview.rows[0].hints
    assert f"Ansprechstelle: {NAMED}" in preview.rows[1].hints
    page = text(client.get(url("import", draft)))
    assert f"Trotzdem {MOST_SHOWN + 3} Fälle in den Entwurf nehmen" in page
    assert f"{MOST_SHOWN} von {MOST_SHOWN + 3} Fällen: zuerst alle, die zu prüfen sind" in page
    assert client.post(url("import-take-over", draft), seen(draft)).status_code == 302
    assert draft.entries.count() == MOST_SHOWN + 4
