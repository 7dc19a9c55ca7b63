"""An authority is renamed, and files are loaded, in the same moment: one waits or is told, and nothing is half done."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction

from kok import turns
from kok.errors import Refused
from members.actions import change_authority, load_agreement
from members.models import Agreement, Authority
from tests.builders import INTRODUCED_AT, OTHER_COUNTY, a_user, an_agreement, wetterau

pytestmark = pytest.mark.django_db(transaction=True)
RENAMED_ON = date(2021, 1, 1)  # before the day on which the second agreement came into force


def the_second_file() -> Any:
    file = wetterau()
    county = replace(file.partners[0], slug=OTHER_COUNTY)
    bodies = tuple(replace(body, number_prefix=f"{body.number_prefix}-2", operator=None) for body in file.bodies)
    return replace(
        file,
        agreement=replace(file.agreement, slug=OTHER_COUNTY, number="KV-2", kgs="06441"),
        partners=(county, file.partners[1]),
        bodies=bodies,
        signatories=(),
        obligations=(),
        seats=tuple(replace(seat, partner="lwv-hessen") for seat in file.seats),
    )


def load() -> str:
    """What the loader was told, "" where the file was loaded."""
    try:
        load_agreement(file=the_second_file(), by=None, now=INTRODUCED_AT)
    except Refused as refused:
        return refused.sentence
    finally:
        connection.close()
    return ""


def while_(act: Callable[[], None], then: Callable[[Any], Any]) -> Any:
    """Loads in a second connection while `act` stands uncommitted in this one."""
    began = Event()

    def second() -> str:
        began.set()
        return load()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            act()
            loading = pool.submit(second)
            began.wait(timeout=60)
            then(loading)
        return loading.result(timeout=60)


def waits(loading: Any) -> None:
    with pytest.raises(TimeoutError):
        loading.result(timeout=1.5)


def rename() -> None:
    agreement = Agreement.objects.get()
    by = a_user(role="registrar", partner="lwv-hessen")
    lwv = Authority.objects.get(slug="lwv-hessen")
    change_authority(
        authority=lwv, values={"name": "LWV neu"}, from_on=RENAMED_ON, by=by, agreement=agreement, now=INTRODUCED_AT
    )


def test_given_an_authority_being_renamed_when_a_file_is_loaded_then_it_waits_and_is_compared_with_the_new_name():
    an_agreement()
    told = while_(rename, waits)
    assert "In der Datei steht „Landeswohlfahrtsverband Hessen“, gespeichert ist „LWV neu“" in told
    assert "Es wurde nichts geändert." in told
    assert Agreement.objects.count() == 1
    assert list(Authority.objects.values_list("slug", flat=True)) == ["lwv-hessen", "wetteraukreis"]


def test_given_a_file_being_loaded_when_another_is_loaded_then_a_sentence_says_so_and_later_it_goes():
    an_agreement()
    with turns.take("agreement.load"), ThreadPoolExecutor(1) as pool:
        told = pool.submit(load).result(timeout=60)
    assert told == (
        "Gerade wird eine andere Datei geladen. Es wurde nichts geändert. Versuchen Sie es gleich noch einmal."
    )
    assert Agreement.objects.count() == 1
    assert load() == ""
    assert Agreement.objects.count() == 2
