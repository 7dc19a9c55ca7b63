"""Ways around the rounding, tried on real pages: filters, years, revisions, groups, files, pictures, addresses."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape

import pytest

from kok import sheets
from members.models import Agreement
from reporting.figures.actions import datasets
from reporting.figures.documents.charts import chart_of
from reporting.figures.documents.table import table_of
from reporting.figures.pages.overview import figures_overview
from reporting.figures.queries.catalogue import subjects
from reporting.figures.queries.regions import regions_of
from reporting.figures.queries.series import series_page
from reporting.figures.rules.disclosure import Exactness
from reporting.figures.rules.series import sentences
from reporting.models import DatasetRevision
from tests.builders import a_second_agreement, a_user, an_agreement, give_role, the_partner
from tests.reporting.figures import a_row, good_rows, imported
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 4, 15, 9, 0, tzinfo=UTC)
PAGES = "/wetteraukreis/zahlen/"
EXACT, ROUNDED = Exactness
# Totals and parts of 8d that no rounded version holds: none is a multiple of five.
PLACES = {
    2025: {"T": 1013, "IN": 704, "OUT": 203, "BOTH": 97, "UNK": 9},
    2026: {"T": 1028, "IN": 716, "OUT": 207, "BOTH": 97, "UNK": 8},
}
SECRET = {"1013", "1028", "1.013", "1.028", "704", "203", "97", "716", "207"}
ROUNDED_ROLES = ("case-officer", "case-releaser", "case-receiver", "registrar")
EXACT_ROLES = ("secretariat", "member", "approver", "reporter")


@built_once(autouse=True, KOK_NOW="2027-04-15T10:00")
def on_15_april_2027():
    """The day on which everything happens."""


@built_once
def agreement():
    return an_agreement()


def submitted(rows, format_id="KOK-8D", **values):
    """A revision that was handed in, whatever the check found doubtful."""
    by = a_user(role="reporter", partner="lwv-hessen")
    found = imported(format_id, rows=rows, **values)
    for rule in {each["rule"] for each in found.warnings}:
        datasets.remark(revision=found, key=rule, text="Geprüft und richtig.", by=by, now=NOW)
    return datasets.submit(revision=found, by=by, now=NOW)


def places(year, revision=0, **changed):
    counts = PLACES[year] | changed
    shared = {"reference_date": f"{year}-12-31", "revision": revision}
    return [a_row("KOK-8D", location=place, person_count=count, **shared) for place, count in counts.items()]


@built_once
def two_years(agreement):
    return [submitted(places(year)) for year in PLACES]


def page_of(agreement, slug, exactness=ROUNDED, **wanted):
    return series_page(region=regions_of(agreement)[0], subject=subjects()[slug], wanted=wanted, exactness=exactness)


def numbers_in(series):
    return [value.number for year in series.years for value in year.values if value.number is not None]


def signed_in(client, role, partner="wetteraukreis", agreement=None):
    user = a_user(role=role, partner=partner, agreement=agreement)
    client.force_login(user)
    return user


def told(response):
    """Every number of an answer: page and picture, its titles and attributes of meaning, or a file."""
    assert response.status_code == 200, response.status_code
    if response["Content-Type"] == sheets.XLSX_TYPE:
        rows = [row for _, row in sheets.read(response.content).rows]
        text = " ".join(str(cell) for row in rows for cell in row)
    else:
        text = response.content.decode()
        text = (re.search(r"<main.*</main>", text, re.S) or re.search(r".*", text, re.S)).group()
        text = re.sub(
            r'\s(?:x|y|x1|x2|y1|y2|cx|cy|r|rx|d|dx|dy|width|height|points|transform|viewBox)="[^"]*"', " ", text
        )
        text = re.sub(r'<input type="hidden" name="csrfmiddlewaretoken"[^>]*>', " ", text)
    return set(re.findall(r"\d[\d.]*(?:,\d+)?", unescape(text)))


ADDRESSES = (
    "", "?fassung=exakt", "?fassung=EXACT", "?fassung=", "?fassung=gremien&fassung=exakt", "?exactness=EXACT",
    "?Fassung=genau", "?is_rounded=false",
)  # fmt: skip


@pytest.mark.parametrize("role", ROUNDED_ROLES)
@pytest.mark.parametrize("address", ["", "8d/", "8d/tabelle.csv", "8d/tabelle.xlsx"])
def test_given_a_role_without_exact_numbers_when_it_forges_the_address_then_none_is_told(
    client, two_years, role, address
):
    signed_in(client, role)
    for forged in ADDRESSES:
        assert not told(client.get(f"{PAGES}{address}{forged}")) & SECRET, forged


@pytest.mark.parametrize("role", EXACT_ROLES)
@pytest.mark.parametrize("address", ["8d/", "8d/tabelle.csv", "8d/tabelle.xlsx"])
def test_given_a_role_of_a_carrier_when_it_looks_then_it_sees_all_and_in_the_version_for_bodies_none(
    client, two_years, role, address
):
    signed_in(client, role)
    assert {"704", "203", "97", "716", "207"} <= told(client.get(f"{PAGES}{address}"))
    assert not told(client.get(f"{PAGES}{address}?fassung=gremien")) & SECRET


def test_given_exact_numbers_in_one_agreement_when_another_is_opened_then_they_do_not_come_along(client, two_years):
    user = signed_in(client, "reporter", agreement=a_second_agreement(), partner="lwv-hessen")
    assert client.get(f"{PAGES}8d/").status_code == 404
    give_role(user, role="registrar", agreement=Agreement.objects.get(slug="wetteraukreis"))
    assert not told(client.get(f"{PAGES}8d/")) & SECRET
    assert client.get(f"{PAGES}hessen/").status_code == 404


def test_given_the_rounded_series_when_everything_of_it_is_read_then_it_holds_multiples_of_five_only(
    agreement, two_years
):
    series = page_of(agreement, "8d").series
    assert len(numbers_in(series)) == 10
    assert all(number % 5 == 0 for number in numbers_in(series))
    chart = chart_of(series)
    words = " ".join([chart.title, chart.description, *sentences(series)])
    words += " ".join(bar.label.text for bar in chart.bars if bar.label) + repr(table_of(series))
    assert not set(re.findall(r"\d[\d.]*", words)) & SECRET


def test_given_two_revisions_when_both_versions_are_read_then_the_older_one_is_nowhere(client, agreement, two_years):
    submitted(places(2026, 1, T=1032, IN=720), reason="Zwei Personen fehlten.")
    series = page_of(agreement, "8d", EXACT).series
    assert numbers_in(series)[-1] == 1032
    assert [year.year for year in series.years] == [2025, 2026]
    signed_in(client, "case-officer")
    seen = told(client.get(f"{PAGES}8d/"))
    assert not seen & (SECRET | {"1.032", "1032"})
    assert "1.032" not in told(client.get(f"{PAGES}8d/?revision=1&r=0"))
    assert client.get(f"{PAGES}lieferungen/").status_code == 404


def test_given_a_correction_that_is_not_submitted_when_looked_at_then_the_series_stays(agreement, two_years):
    imported(rows=places(2026, 1, T=1032, IN=720), reason="Zwei Personen fehlten.")
    assert numbers_in(page_of(agreement, "8d", EXACT).series)[-1] == 1028


def test_given_filters_when_combined_by_a_role_without_exact_numbers_then_every_cell_is_rounded_by_itself(agreement):
    moved = {"EIG": 2, "NON": -2}
    rows = [{**row, "person_count": row["person_count"] + moved.get(row["setting"], 0)} for row in good_rows("KOK-8D")]
    submitted(rows)
    for setting in ("", "BWF", "EIG", "PFF", "NON"):
        for age in ("", "A18_20", "A_GT_RAG"):
            for exactness in Exactness:
                numbers = numbers_in(page_of(agreement, "8d", exactness, setting=setting, age_group=age).series)
                if exactness is ROUNDED:
                    assert all(number % 5 == 0 for number in numbers)
    assert numbers_in(page_of(agreement, "8d", EXACT, setting="EIG").series) == [502]
    assert numbers_in(page_of(agreement, "8d", setting="EIG").series) == [500]


def indicator(code, value, unit="PERSON", group="REGION", **more):
    return a_row("KOK-IND", indicator=code, value=value, unit=unit, comparison_group=group, **more)


PEOPLE = {"population_source": "Fortschreibung, Basis Zensus 2022", "population_date": "2026-12-31"}


@built_once
def indicators(agreement):
    groups = {"REGION": (1013, 253_003), "RP": (40_013, 3_000_003), "HESSEN": (62_017, 5_200_004)}
    rows = []
    for group, (people, adults) in groups.items():
        density = f"{Decimal(people) / adults * 1000:.2f}".replace(".", ",")
        rows += [
            indicator("I01", people, group=group),
            indicator("I02", density, "PER_1000", group, numerator=people, denominator=adults, **PEOPLE),
            indicator("I17", people * 25_003, "EUR", group),
            indicator("I22", {"REGION": 3, "RP": 41, "HESSEN": 63}[group], group=group),
        ]
    rows.append(indicator("I22", 3, sex="M"))
    rows.append(indicator("I22", 3, age_group="A18_20"))
    return submitted(rows, "KOK-IND")


def test_given_region_group_and_hessen_when_subtracted_in_the_rounded_version_then_only_multiples_of_five_come_out(
    agreement, indicators
):
    overview = figures_overview(region=regions_of(agreement)[0], exactness=ROUNDED)
    people = next(line for line in overview.lines if line.slug == "i01").values
    assert people == ("1.015", "40.015", "62.015")
    exact = figures_overview(region=regions_of(agreement)[0], exactness=EXACT)
    assert next(line for line in exact.lines if line.slug == "i01").values == ("1.013", "40.013", "62.017")


def test_given_a_density_when_multiplied_with_the_population_then_the_rounded_count_comes_out(agreement, indicators):
    region = page_of(agreement, "i02").series.years[0].values[0].number
    assert region == (Decimal(1015) / 253_005 * 1000).quantize(Decimal("0.01"))
    assert page_of(agreement, "i02", EXACT).series.years[0].values[0].number == Decimal("4.00")


def test_given_money_when_divided_by_a_known_amount_per_person_then_the_exact_count_does_not_follow(
    agreement, indicators
):
    assert page_of(agreement, "i17").series.years[0].values[0].number == 25_328_000
    assert page_of(agreement, "i17", EXACT).series.years[0].values[0].number == 25_328_039


def test_given_three_single_cases_when_looked_at_then_nobody_reads_three_from_any_page_or_file(client, indicators):
    for role, exact in (("member", "weniger als 5"), ("case-officer", "nicht genannt")):
        signed_in(client, role)
        for address in ("", "i22/", "i22/?alter=A18_20", "i22/tabelle.csv", "i22/?fassung=gremien"):
            response = client.get(f"{PAGES}{address}")
            assert not told(response) & {"3", "41", "63", "40", "65"}, address
            words = "nicht genannt" if "gremien" in address else exact
            assert words in response.content.decode() or address == "i22/tabelle.csv"


def test_given_single_cases_when_asked_for_by_age_or_beside_hessen_then_there_is_the_county_only(agreement, indicators):
    page = page_of(agreement, "i22", EXACT, age_group="A18_20")
    assert page.options == {}
    assert page.chosen == {"age_group": "T", "service": "T", "setting": "T"}
    assert [column.code for column in page.series.columns] == ["REGION"]
    line = next(
        each for each in figures_overview(region=regions_of(agreement)[0], exactness=EXACT).lines if each.slug == "i22"
    )
    assert line.values == ("weniger als 5", "nicht genannt", "nicht genannt")


def test_given_a_revision_when_only_checked_then_no_page_of_figures_tells_of_it(client, agreement):
    imported(rows=places(2026))
    signed_in(client, "member")
    assert not told(client.get(PAGES)) & SECRET
    assert not told(client.get(f"{PAGES}8d/")) & SECRET
    assert DatasetRevision.objects.count() == 1
    assert the_partner("lwv-hessen").agreement_id == agreement.pk
