"""A version that begins in the past changes what was due: whoever loads it reads that before, deadline by deadline."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command

from kok.errors import Refused
from members.actions import check_agreement, load_agreement
from members.models import Agreement
from members.rules.agreement import Annex
from members.rules.codes import Loading
from tests.builders import WETTERAU_FILE, a_meeting, amended, an_agreement, wetterau

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 15, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _agreement(settings):
    settings.KOK_NOW = NOW.isoformat()
    an_agreement()


@pytest.fixture
def loaded(tmp_path, capsys):
    """What the command says to the shipped file with other words in it."""

    def load(*changes, check=False):
        text = WETTERAU_FILE.read_text(encoding="utf-8")
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        file = tmp_path / "neu.toml"
        file.write_text(text, encoding="utf-8")
        call_command("load_agreement", str(file), check=check)
        return capsys.readouterr().out

    return load


def begins(day, reason='reason = "Beschluss"'):
    return "\n[version]\n", f"\n[version]\nvalid_from = {day}\n{reason}\n"


OTHER_DAY = "month = 4\nday = 30\n", "month = 3\nday = 31\n"


@pytest.mark.parametrize("check", [True, False], ids=["check", "load"])
def test_given_a_version_from_a_past_day_when_loaded_then_each_deadline_that_moves_is_named_before_and_after(
    loaded, check
):
    told = loaded(begins("2025-01-01"), OTHER_DAY, ("minimum_per_year = 2", "minimum_per_year = 3"), check=check)
    warning, _, moved = told.partition("Achtung: Die Fassung beginnt in der Vergangenheit.")
    assert warning
    assert (
        "  Punkt 8b: Schulabgänge 2026 (Wetteraukreis)\n    bisher: Mi 30.04.2025\n    neu:    Mo 31.03.2025\n" in moved
    )
    assert "  Punkt 8c: Zahl zum Stichtag 31.12.2025 (Wetteraukreis)\n    bisher: Do 30.04.2026\n" in moved
    assert "  Punkt 5: Sitzungen im Jahr 2025\n    bisher: 2 Sitzungen im Jahr 2025\n    neu:    3 Sitzungen" in moved
    assert "Stichtag 31.12.2024" not in moved  # asked by the version of the Stichtag, which stays
    assert "Sitzungen im Jahr 2026" not in moved  # still to come
    assert Agreement.objects.get().versions.count() == (1 if check else 2)


def test_given_a_meeting_of_the_past_when_its_notice_grows_from_before_then_its_deadline_is_named(loaded):
    a_meeting(on=date(2026, 3, 10), state="PLANNED")
    told = loaded(begins("2026-01-01"), ("notice_days = 14", "notice_days = 21"), check=True)
    assert "  Punkt 5: Einladung zur Sitzung am Di 10.03.2026" in told
    assert "    bisher: Di 24.02.2026\n    neu:    Di 17.02.2026\n" in told


def test_given_a_version_that_drops_a_duty_of_the_past_when_checked_then_nothing_stands_in_its_place():
    left = tuple(each for each in wetterau().obligations if each.code != "O-05")
    found = check_agreement(file=amended(on=date(2024, 1, 1), obligations=left), now=NOW)
    gone = [(each.what, each.before, each.after) for each in found.moved]
    assert ("Punkt 8c: Zahl zum Stichtag 31.12.2024 (Wetteraukreis)", "Mi 30.04.2025", "") in gone


def test_given_a_version_from_today_on_when_loaded_then_no_deadline_of_the_past_is_named(loaded):
    assert "Achtung" not in loaded(begins("2026-06-15"), OTHER_DAY)


def test_given_a_version_after_the_first_when_it_names_no_reason_then_it_is_refused(loaded):
    fewer = amended(on=date(2026, 7, 1), reason="", obligations=wetterau().obligations[1:])
    with pytest.raises(Refused, match=r"version\.reason: Zu einer neuen Fassung gehört ihr Anlass \(Vereinbarung\)"):
        load_agreement(file=fewer, by=None, now=NOW)
    renamed = (*wetterau().bodies[:-1], replace(wetterau().bodies[-1], name="Beirat"))
    with pytest.raises(Refused, match=r"annex\[2\]\.reason: Zu einer .* \(Anlage 2\)"):
        load_agreement(file=amended(on=date(2026, 7, 1), annex="2", reason="", bodies=renamed), by=None, now=NOW)
    third = Annex(number="3", heading="Schnittstellen", valid_from=date(2026, 7, 1))
    with pytest.raises(Refused, match=r"annex\[3\]\.reason: Zu einer .* \(Anlage 3\)"):
        load_agreement(file=replace(wetterau(), annexes=(*wetterau().annexes, third)), by=None, now=NOW)
    assert Agreement.objects.get().versions.count() == 1


@pytest.mark.parametrize(
    ("newer_from", "said"),
    [
        ("2026-01-01", "Diese galt bis zum 31.12.2025; ab dem 01.01.2026 die Fassung 2."),
        ("2027-01-01", "Diese gilt bis zum 31.12.2026; ab dem 01.01.2027 die Fassung 2."),
    ],
)
@pytest.mark.parametrize("check", [True, False], ids=["check", "load"])
def test_given_a_newer_version_when_the_file_of_the_one_before_is_loaded_then_it_says_which_one_it_is(
    loaded, newer_from, said, check
):
    changed = begins(newer_from), ("minimum_per_year = 2", "minimum_per_year = 3")
    loaded(*changed)
    assert f"Vereinbarung: Die Datei entspricht der Fassung 1. {said}" in loaded(check=check)
    assert "entspricht der Fassung" not in loaded(*changed, check=check)


def test_given_two_newer_versions_when_the_file_of_the_first_is_loaded_then_it_names_both(loaded):
    loaded(begins("2026-01-01"), ("minimum_per_year = 2", "minimum_per_year = 3"))
    loaded(begins("2027-01-15"), ("minimum_per_year = 2", "minimum_per_year = 4"))
    said = "Diese galt bis zum 31.12.2025; ab dem 01.01.2026 die Fassung 2, ab dem 15.01.2027 die Fassung 3."
    assert said in loaded(check=True)


def test_given_an_anlage_that_has_a_newer_version_when_the_old_file_is_loaded_then_it_is_told_too():
    renamed = (*wetterau().bodies[:-1], replace(wetterau().bodies[-1], name="Beirat"))
    load_agreement(file=amended(on=date(2026, 2, 1), annex="2", bodies=renamed), by=None, now=NOW)
    found = load_agreement(file=wetterau(), by=None, now=NOW)
    assert found.loading is Loading.UNCHANGED
    assert [(each.title, each.number, each.later) for each in found.older] == [
        ("Anlage 2", 1, ((2, date(2026, 2, 1)),))
    ]
