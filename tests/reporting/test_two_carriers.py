"""Two local carriers in one agreement: each delivers 8c under its own Kreisschlüssel, and nothing of the other."""

import csv
from datetime import UTC, date, datetime
from html import unescape
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from kok.errors import Refused
from members.rules.agreement_file import AgreementFileWrong, parse
from reporting.figures.actions import datasets
from reporting.figures.actions.importing.storing import FileRefused, import_file
from reporting.figures.pages.datasets import dataset_page
from reporting.figures.pages.statewide import statewide_page
from reporting.figures.queries.datasets import deliveries_of, parts_of
from reporting.figures.rules.codes import DeliveryPart
from reporting.figures.rules.disclosure import Exactness
from reporting.models import Dataset
from reporting.yearly.queries.facts import facts_of
from tests.builders import MUSTERKREIS_FILE, a_user, an_agreement, another_agreement
from tests.reporting.figures import a_file

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 5, 10, 9, 0, tzinfo=UTC)
KREIS, STADT = "06631", "06611"


@pytest.fixture
def agreement(settings):
    settings.KOK_NOW = NOW.isoformat()
    return another_agreement()


@pytest.fixture
def reporter(agreement):
    return lambda partner: a_user(role="reporter", partner=partner, agreement=agreement)


def delivered(agreement, by, kgs, format_id="KOK-8C", **shared):
    region = {"reporting_kgs": kgs} if format_id == "KOK-8C" else {"region_kgs": kgs}
    content = a_file(format_id, **region, **shared)
    return import_file(content=content, filename=f"{kgs}.csv", agreement=agreement, by=by, now=NOW)


def submitted(revision, by):
    for rule in {each["rule"] for each in revision.warnings}:
        datasets.remark(revision=revision, key=rule, text="Geprüft und richtig.", by=by, now=NOW)
    return datasets.submit(revision=revision, by=by, now=NOW)


def test_given_two_carriers_when_both_deliver_8c_then_each_does_under_its_own_key_and_fulfils_its_own_duty(
    agreement, reporter
):
    lwv = reporter("lwv-hessen")
    for partner, kgs in (("musterkreis", KREIS), ("musterstadt", STADT)):
        revision = delivered(agreement, reporter(partner), kgs)
        submitted(revision, reporter(partner))
        assert parts_of(reporter(partner), revision) == {DeliveryPart.DELIVERS}
        assert parts_of(lwv, revision) == {DeliveryPart.RECEIVES}
        page = dataset_page(lwv, agreement, NOW.date(), pk=revision.dataset_id)
        assert (page.duty.rule.clause, page.duty.debtor.slug, page.duty.occurrence.due_year) == ("8c", partner, 2024)
        datasets.accept(revision=revision, by=lwv, now=NOW)
    assert set(Dataset.objects.values_list("region_kgs", flat=True)) == {KREIS, STADT}


def test_given_two_carriers_when_one_delivers_8c_of_the_other_then_it_is_refused_and_both_keys_are_named(
    agreement, reporter
):
    with pytest.raises(FileRefused, match=r"gehört zu 06631 \(Musterkreis\), Ihre Rolle zu 06611 \(Musterstadt\)"):
        delivered(agreement, reporter("musterstadt"), KREIS)
    with pytest.raises(FileRefused, match=r"gehört der Schlüssel 06631 \(Musterkreis\) und 06611 \(Musterstadt\)"):
        delivered(agreement, reporter("musterstadt"), "06440")


def test_given_8c_that_waits_when_the_other_carrier_looks_then_it_sees_and_decides_nothing(agreement, reporter):
    revision, other = delivered(agreement, reporter("musterkreis"), KREIS), reporter("musterstadt")
    assert deliveries_of(other, agreement) == []
    with pytest.raises(Refused, match="wer sie liefert"):
        datasets.submit(revision=revision, by=other, now=NOW)
    residents = delivered(agreement, reporter("lwv-hessen"), KREIS, "KOK-8D", reference_date="2023-12-31")
    submitted(residents, reporter("lwv-hessen"))
    assert (parts_of(other, residents), parts_of(reporter("musterkreis"), residents)) == (
        set(),
        {DeliveryPart.RECEIVES},
    )


def test_given_a_file_without_an_agreement_when_imported_by_command_then_its_key_finds_that_of_its_carrier(
    agreement, tmp_path
):
    an_agreement()
    file = tmp_path / "8c.csv"
    file.write_bytes(a_file("KOK-8C", reporting_kgs=STADT))
    call_command("import_dataset", str(file), stdout=StringIO())
    assert Dataset.objects.get().revisions.get().agreement == agreement


def test_given_two_carriers_when_figures_are_opened_then_each_has_its_tab_its_table_and_its_files(
    client, agreement, reporter
):
    for partner, kgs, more in (("musterkreis", KREIS, 0), ("musterstadt", STADT, 100)):
        revision = delivered(agreement, reporter(partner), kgs)
        revision.cells.filter(sex="T", age_group="T", service="T", setting="T").update(value=1100 + more)
        submitted(revision, reporter(partner))
    client.force_login(reporter("musterstadt"))
    address = reverse("reporting:figure-series", args=["musterkreis", "8c"])
    county, town = (unescape(client.get(address, query).content.decode()) for query in ({}, {"region": STADT}))
    assert ("1.100" in county, "1.200" in county, "1.100" in town, "1.200" in town) == (True, False, False, True)
    assert 'aria-current="page">Musterstadt' in town
    assert f"tabelle.csv?region={STADT}" in town
    start = client.get(reverse("reporting:figures", args=["musterkreis"]), {"region": STADT}).content.decode()
    assert f"/8c/?region={STADT}" in start


def test_given_two_carriers_when_a_template_is_taken_then_it_holds_the_key_of_who_takes_it(client, agreement, reporter):
    address = reverse("reporting:format-template", args=["musterkreis", "KOK-8C", "1.0.0", "csv"])
    for partner, kgs in (("musterkreis", KREIS), ("musterstadt", STADT), ("lwv-hessen", "")):
        client.force_login(reporter(partner))
        header, row = csv.reader(client.get(address).content.decode("utf-8-sig").splitlines(), delimiter=";")
        assert row[header.index("reporting_kgs")] == kgs


def test_given_two_carriers_when_the_report_of_a_year_is_made_then_it_holds_the_figures_of_both(agreement, reporter):
    for partner, kgs in (("musterkreis", KREIS), ("musterstadt", STADT)):
        submitted(delivered(agreement, reporter(partner), kgs), reporter(partner))
    found = facts_of(agreement=agreement, year=2023, today=NOW.date())
    assert [each.title.rpartition(" ")[2] for each in found.figures] == ["(Musterkreis)", "(Musterstadt)"]


@pytest.mark.parametrize(
    ("today", "missing"),
    [(date(2024, 5, 3), {"06440"}), (date(2024, 5, 15), {"06440"}), (date(2024, 5, 16), {"06440", KREIS, STADT})],
)
def test_given_regions_of_two_agreements_when_compared_then_each_is_late_after_the_day_of_its_own(
    agreement, reporter, today, missing
):
    here = an_agreement()
    for kgs in ("06440", KREIS, STADT):
        revision = delivered(agreement, None, kgs, "KOK-8D", reference_date="2023-12-31")
        submitted(revision, a_user(role="reporter", partner="lwv-hessen", agreement=agreement, everywhere=True))
    found = statewide_page(agreement=here, today=today, year="", kennzahl="", sort="", exactness=Exactness.EXACT)
    assert {line.kgs for line in found.lines if "8c fehlt" in line.problems} == missing


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('kgs = "06611"\n', "", r"partner\[3\]\.kgs: Diese Angabe fehlt"),
        ('kgs = "06611"', 'kgs = "06631"', r"partner\[3\]\.kgs: „06631“ steht schon bei partner\[2\]\.kgs"),
        ('kind = "LWV"', 'kind = "LWV"\nkgs = "06000"', r"partner\[1\]\.kgs: Einen Kreisschlüssel haben nur"),
        ('ags = "06631009"', 'ags = "06440009"', r"municipality\[1\]\.ags: Die ersten fünf Ziffern .* 06611, 06631"),
    ],
    ids=["none", "twice", "lwv", "municipality"],
)
def test_given_a_file_when_a_key_is_missing_or_somebody_elses_then_the_place_is_named(before, after, said):
    text = MUSTERKREIS_FILE.read_text(encoding="utf-8")
    with pytest.raises(AgreementFileWrong, match=said):
        parse(text.replace(before, after, 1))
