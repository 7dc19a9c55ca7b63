"""The comparison of all regions: who sees it, what is to be settled, and what can be worked out from it."""

from datetime import UTC, date, datetime

import pytest

from members.models import Agreement
from reporting.figures.actions import datasets
from reporting.figures.pages.statewide import statewide_page
from reporting.figures.rules.disclosure import Exactness
from tests.builders import a_user, an_agreement
from tests.reporting.figures import a_row, imported

pytestmark = pytest.mark.django_db
TODAY = date(2027, 6, 1)
IN_TIME, LATE = datetime(2027, 4, 15, 9, 0, tzinfo=UTC), datetime(2027, 5, 3, 9, 0, tzinfo=UTC)
HESSEN = "/wetteraukreis/zahlen/hessen/"
PLACES = ("IN", "OUT", "BOTH", "UNK")
PEOPLE = {"population_source": "Fortschreibung", "population_date": "2026-12-31"}


@pytest.fixture(autouse=True)
def on_1_june_2027(settings):
    settings.KOK_NOW = "2027-06-01T10:00"


@pytest.fixture
def lwv():
    an_agreement()
    return a_user(role="reporter", partner="lwv-hessen", everywhere=True)


def submit(by, rows, format_id="KOK-8D", now=IN_TIME, **values):
    found = imported(format_id, rows=rows, now=now, **values)
    for rule in {each["rule"] for each in found.warnings}:
        datasets.remark(revision=found, key=rule, text="Geprüft und richtig.", by=by, now=now)
    return datasets.submit(revision=found, by=by, now=now)


def residents(kgs, number, year=2026, **more):
    shared = {"region_kgs": kgs, "reference_date": f"{year}-12-31", **more}
    parts = dict.fromkeys(PLACES, 0) | {"T": number, "IN": number}
    return [a_row("KOK-8D", location=place, person_count=count, **shared) for place, count in parts.items()]


def page(year="", kennzahl="", sort="", exactness=Exactness.EXACT, today=TODAY):
    return statewide_page(
        agreement=Agreement.objects.get(slug="wetteraukreis"),
        today=today,
        year=year,
        kennzahl=kennzahl,
        sort=sort,
        exactness=exactness,
    )


def by_region(found):
    return {line.kgs: line for line in found.lines}


@pytest.mark.parametrize(
    ("role", "partner", "everywhere", "status"),
    [
        ("reporter", "lwv-hessen", True, 200), ("member", "lwv-hessen", True, 200),
        ("secretariat", "lwv-hessen", True, 200), ("registrar", "lwv-hessen", True, 404),
        ("case-receiver", "lwv-hessen", True, 404), ("reporter", "wetteraukreis", True, 404),
        ("reporter", "lwv-hessen", False, 404), ("member", "lwv-hessen", False, 404),
        ("reporter", "wetteraukreis", False, 404), ("member", "wetteraukreis", False, 404),
    ],
)  # fmt: skip
def test_given_a_role_when_all_regions_are_asked_for_then_only_a_role_for_the_whole_lwv_with_exact_numbers_opens_them(
    client, lwv, role, partner, everywhere, status
):
    submit(lwv, residents("06440", 1013))
    client.force_login(a_user(role=role, partner=partner, everywhere=everywhere))
    assert client.get(HESSEN).status_code == status
    assert client.get(f"{HESSEN}?fassung=gremien").status_code == status
    assert (b"Alle Regionen in Hessen" in client.get("/wetteraukreis/zahlen/").content) == (status == 200)


def test_given_hessen_and_all_regions_but_one_when_subtracted_in_the_rounded_version_then_the_last_does_not_follow(lwv):
    people = {"06434": 702, "06531": 318, "06535": 11}
    for kgs, number in people.items():
        submit(lwv, residents(kgs, number))
    found = page(exactness=Exactness.ROUNDED)
    assert found.is_rounded
    assert {line.kgs: line.whole_text for line in found.lines} == {"06434": "700", "06531": "320", "06535": "10"}
    assert all(line.whole.number % 5 == 0 for line in found.lines)
    # Hessen has 1,031: told as 1,030. What is left for 06535 is 10 as well, which may be 8 to 12.
    assert {line.whole_text for line in page().lines} == {"702", "318", "11"}


def test_given_one_region_left_when_looked_at_in_the_rounded_version_then_its_numbers_are_rounded_too(client, lwv):
    submit(lwv, residents("06440", 1013))
    client.force_login(lwv)
    assert "1.013" in client.get(HESSEN).content.decode()
    shown = client.get(f"{HESSEN}?fassung=gremien").content.decode()
    assert "1.013" not in shown
    assert "1.015" in shown


def test_given_densities_when_shown_rounded_then_they_come_from_rounded_numbers_and_single_cases_are_left_out(lwv):
    rows = [
        a_row("KOK-IND", indicator="I02", value="4,00", unit="PER_1000", numerator=1013, denominator=253_003, **PEOPLE),
        a_row("KOK-IND", indicator="I22", value=3),
    ]
    submit(lwv, rows, "KOK-IND")
    assert by_region(page(exactness=Exactness.ROUNDED))["06440"].value_text == "4,01"
    assert by_region(page())["06440"].value_text == "4,00"
    told = {each: by_region(page(kennzahl="i22", exactness=each))["06440"].value_text for each in Exactness}
    assert told == {Exactness.EXACT: "weniger als 5", Exactness.ROUNDED: "nicht genannt"}


def test_given_what_is_open_when_listed_then_most_problems_come_first_and_say_what_to_settle(lwv):
    accepted = submit(lwv, residents("06440", 900))
    datasets.accept(revision=accepted, by=a_user(role="reporter"), now=LATE)
    submit(lwv, residents("06531", 1000), now=LATE)
    found = page()
    assert [line.kgs for line in found.lines] == ["06531", "06440"]
    assert found.lines[0].problems == ("8c fehlt", "8d verspätet", "noch nicht angenommen")
    assert found.lines[1].problems == ("8c fehlt",)
    assert page(today=date(2027, 4, 30)).lines[-1].problems == ()


def test_given_a_late_correction_when_listed_then_the_first_delivery_decides_whether_it_was_in_time(lwv):
    submit(lwv, residents("06440", 1000))
    submit(lwv, residents("06440", 1001, revision=1), now=LATE, reason="Eine Person fehlte.")
    line = by_region(page())["06440"]
    assert "8d verspätet" not in line.problems
    assert line.corrected == ("8D r1",)
    assert line.whole.number == 1001


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("region", ["06434", "06531", "06440"]), ("-region", ["06440", "06531", "06434"]),
        ("zahl", ["06531", "06440", "06434"]), ("-zahl", ["06434", "06440", "06531"]),
        ("unsinn", ["06434", "06531", "06440"]),
    ],
)  # fmt: skip
def test_given_a_column_when_sorted_by_then_regions_follow_it(lwv, sort, order):
    for kgs, number in (("06440", 500), ("06434", 900), ("06531", 100)):
        submit(lwv, residents(kgs, number))
    assert [line.kgs for line in page(sort=sort).lines] == order


@pytest.mark.parametrize(("year", "carriers"), [(2025, 26), (2026, 27)])
def test_given_hanau_a_carrier_of_its_own_since_2026_when_counted_then_it_counts_from_then_on(lwv, year, carriers):
    submit(lwv, residents("06440", 1000, year))
    found = page(year=str(year))
    assert len(found.names) == carriers
    assert len(found.without) == carriers - 1


def test_given_a_year_that_was_not_delivered_when_asked_for_then_the_newest_is_shown(lwv):
    submit(lwv, residents("06440", 1000, 2025))
    submit(lwv, residents("06440", 1000, 2026))
    assert page(year="1999").year == 2026
    assert page(year="2025").year == 2025
    assert page(year="2025").years == (2026, 2025)
