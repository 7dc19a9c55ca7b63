"""An authority is changed, and files are loaded, in the same moment: one waits or is told, and nothing is half done."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kok import turns
from members.actions import change_authority, load_agreement, withdraw_authority_change
from members.actions.authorities import put_in_force
from members.models import Agreement, Authority, AuthorityChange
from tests.at_once import told, while_stands
from tests.builders import INTRODUCED_AT, OTHER_COUNTY, a_user, an_agreement, wetterau

pytestmark = pytest.mark.django_db(transaction=True)
RENAMED_ON = date(2025, 6, 1)  # before the day on which the second agreement comes into force


def the_second_file() -> Any:
    file = wetterau()
    county = replace(file.partners[0], slug=OTHER_COUNTY, name="Nachbarkreis", short_name="Nachbarkreis", kgs="06441")
    bodies = tuple(replace(body, number_prefix=f"{body.number_prefix}-2", operator=None) for body in file.bodies)
    return replace(
        file,
        agreement=replace(file.agreement, slug=OTHER_COUNTY, number="KV-2", in_force_on=date(2025, 7, 1)),
        rotation=replace(file.rotation, anchor_on=date(2025, 7, 1)),
        partners=(county, file.partners[1]),
        bodies=bodies,
        municipalities=(),
        signatories=(),
        obligations=(),
        seats=tuple(replace(seat, partner="lwv-hessen") for seat in file.seats),
    )


def load() -> None:
    load_agreement(file=the_second_file(), by=None, now=INTRODUCED_AT)


def rename() -> None:
    agreement = Agreement.objects.get()
    by = a_user(role="registrar", partner="lwv-hessen")
    lwv = Authority.objects.get(slug="lwv-hessen")
    change_authority(
        authority=lwv, values={"name": "LWV neu"}, from_on=RENAMED_ON, by=by, agreement=agreement, now=INTRODUCED_AT
    )


def test_given_an_authority_being_renamed_when_a_file_is_loaded_then_it_waits_and_is_compared_with_the_new_name():
    an_agreement()
    said = while_stands(rename, load)
    assert "In der Datei steht „Landeswohlfahrtsverband Hessen“, gespeichert ist „LWV neu“" in said
    assert "Es wurde nichts geändert." in said
    assert Agreement.objects.count() == 1
    assert list(Authority.objects.values_list("slug", flat=True)) == ["lwv-hessen", "wetteraukreis"]


def test_given_a_file_being_loaded_when_another_is_loaded_then_a_sentence_says_so_and_later_it_goes():
    an_agreement()
    with turns.take("agreement.load"), ThreadPoolExecutor(1) as pool:
        said = pool.submit(told, load).result(timeout=60)
    assert said == (
        "Gerade wird eine andere Datei geladen. Es wurde nichts geändert. Versuchen Sie es gleich noch einmal."
    )
    assert Agreement.objects.count() == 1
    load()
    assert Agreement.objects.count() == 2


def test_given_a_change_taking_effect_when_it_is_withdrawn_in_that_moment_then_it_stays_and_the_sentence_says_why():
    agreement = an_agreement()
    by, county = a_user(role="registrar"), Authority.objects.get(slug="wetteraukreis")
    planned = AuthorityChange.objects.create(
        authority=county, from_on=INTRODUCED_AT.date(), values={"city": "Butzbach"}
    )
    said = while_stands(
        lambda: put_in_force(str(county.pk), INTRODUCED_AT),
        lambda: withdraw_authority_change(change=planned, by=by, agreement=agreement, now=INTRODUCED_AT),
    )
    assert "Diese Änderung gilt inzwischen oder wurde schon zurückgezogen. Es wurde nichts geändert." in said
    county.refresh_from_db()
    assert county.city == "Butzbach"
    assert county.changes.get().replaced == {"city": "Friedberg/Hessen"}
