"""A seat or a person ends before a day on which minutes that went out note the person as present: one is warned."""

import pytest
from django.test import Client

from meetings.models import Attendance, Minutes
from members.models import Person, SeatAssignment
from tests.builders import a_person, a_user
from tests.meetings.held import Stage, a_held_meeting, circulated, complete, signed_in

pytestmark = pytest.mark.django_db
BASE = "/wetteraukreis/mitglieder"
WARNING = "Das Protokoll führt Antonia Abel auf diesem Sitz danach noch als anwesend, in der Sitzung vom 17.11.2026."


@pytest.fixture
def stage(settings) -> Stage:
    settings.KOK_NOW = "2026-11-20T09:00"
    return a_held_meeting()


@pytest.fixture
def registrar(stage: Stage) -> Client:
    return signed_in(a_user(role="registrar"))


def ends(registrar: Client, last_on: str, from_on: str) -> dict[str, str]:
    """What each of the four ways to end it says before it happens."""
    abel = SeatAssignment.objects.select_related("seat").get(person__family_name="Abel")
    new = Person.objects.filter(family_name="Neumann").first() or a_person("Neumann")
    asked = {
        f"personen/{abel.person_id}/ausscheiden/": {"last_on": last_on},
        f"besetzungen/{abel.pk}/beenden/": {"last_on": last_on},
        f"sitze/{abel.seat_id}/beenden/": {"last_on": last_on},
        f"sitze/{abel.seat_id}/besetzen/": {"person": new.pk, "capacity": "HOLDER", "from_on": from_on},
    }
    pages = {path: registrar.post(f"{BASE}/{path}", typed).content.decode() for path, typed in asked.items()}
    assert all("Das wird geschehen" in page for page in pages.values())
    return pages


def test_given_minutes_that_went_out_when_a_seat_ends_before_a_presence_then_every_way_warns(stage, registrar):
    circulated(stage)
    assert [path for path, page in ends(registrar, "16.11.2026", "17.11.2026").items() if WARNING not in page] == []
    assert [path for path, page in ends(registrar, "17.11.2026", "18.11.2026").items() if "Achtung" in page] == []


def mended(registrar: Client, **typed: str) -> list[str]:
    """What correcting and striking the entry say before it happens."""
    abel = SeatAssignment.objects.get(person__family_name="Abel")
    new = Person.objects.filter(family_name="Neumann").first() or a_person("Neumann")
    entry = {"person": abel.person_id, "from_on": "01.03.2022", "last_on": "", "reason": "Falsch eingetragen."} | typed
    if entry["person"] == "other":
        entry["person"] = new.pk
    pages = [registrar.post(f"{BASE}/besetzungen/{abel.pk}/berichtigen/", entry).content.decode()]
    pages.append(registrar.post(f"{BASE}/besetzungen/{abel.pk}/streichen/", {"reason": "Nie da."}).content.decode())
    assert all("Das wird geschehen" in page for page in pages)
    return pages


@pytest.mark.parametrize(
    ("typed", "warned"),
    [
        ({"last_on": "16.11.2026"}, True),
        ({"from_on": "18.11.2026"}, True),
        ({"person": "other"}, True),
        ({"from_on": "02.03.2022", "last_on": "17.11.2026"}, False),
    ],
)
def test_given_minutes_that_went_out_when_an_entry_is_corrected_then_the_page_says_what_they_note_and_asks(
    stage, registrar, typed, warned
):
    circulated(stage)
    corrected, struck = mended(registrar, **typed)
    noted = "Das Protokoll führt Antonia Abel auf diesem Sitz"
    assert (noted in corrected) is warned
    assert noted in struck
    assert "in der Sitzung vom 17.11.2026. Prüfen Sie den Tag. Das Protokoll bleibt, wie es ist." in struck


def test_given_minutes_in_work_or_somebody_absent_when_the_seat_ends_before_then_nobody_is_warned(stage, registrar):
    complete(stage)
    assert not any("Achtung" in page for page in ends(registrar, "16.11.2026", "17.11.2026").values())
    circulated(stage)
    Attendance.objects.filter(name="Antonia Abel").update(status="EXCUSED")
    assert Minutes.objects.get().state == Minutes.State.CIRCULATED
    assert not any("Achtung" in page for page in ends(registrar, "16.11.2026", "17.11.2026").values())
