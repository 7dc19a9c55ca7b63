"""The pages of deliveries as people meet them: hand in, watch, remark, submit, accept, compare."""

import re
from datetime import UTC, datetime
from html import unescape
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kok import jobs as kernel
from kok.models import AuditEvent
from kok.sheets import write_csv, write_xlsx
from reporting.figures.actions import jobs
from reporting.models import DatasetRevision, ImportJob
from tests.builders import a_second_agreement, a_user, an_agreement
from tests.reporting.figures import a_file, good_rows, imported
from tests.worlds import built_once
from transitions.rules.columns import HANDED_OUT

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)
IMPORT = "/wetteraukreis/zahlen/einlesen/"
LIST = "/wetteraukreis/zahlen/lieferungen/"


@built_once(autouse=True, KOK_NOW="2027-03-15T10:00")
def on_15_march_2027():
    """The figures of 2026 are handed in."""


@built_once
def agreement():
    return an_agreement()


@pytest.fixture
def as_role(client, agreement):
    def signed_in(role="reporter", partner="lwv-hessen"):
        user = a_user(role=role, partner=partner)
        client.force_login(user)
        return user

    return signed_in


def text_of(response):
    """The words of the main part of a page, without tags."""
    assert response.status_code == 200, response.status_code
    page = response.content.decode()
    main = re.search(r"<main.*?</main>", page, re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main.group() if main else page)).split())


def upload(client, content, name="8d.csv", **values):
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, content), **values})


def page_of(revision):
    return reverse("reporting:dataset", args=["wetteraukreis", revision.dataset_id])


def step_of(revision, verb):
    return reverse(f"reporting:dataset-{verb}", args=["wetteraukreis", revision.pk])


def with_a_doubt(number=1000, **values):
    """An 8d of which persons under 18 are reported: a warning."""
    rows = good_rows("KOK-8D", reference_date="2025-12-31")
    for row in rows:
        if row["age_group"] == "A18_20":
            row["person_count"] = 40
    rows.append({**rows[0], "age_group": "U18", "person_count": 10})
    return imported(rows=rows, **values)


def corrected(number=1, **changes):
    """r1 of the same figures: two ages changed places, the total stays."""
    rows = good_rows("KOK-8D", revision=number)
    for row in rows:
        row["person_count"] = {"A40_49": 190, "A50_59": 220}.get(row["age_group"], row["person_count"])
    return imported(rows=rows, reason="Zwei Altersgruppen waren vertauscht.", **changes)


# Handing in.


def test_given_a_file_when_handed_in_then_the_page_of_its_check_leads_to_the_delivery(client, as_role):
    as_role()
    answer = upload(client, a_file("KOK-8D"))
    job = ImportJob.objects.get()
    assert answer.url == f"{IMPORT}{job.pk}/"
    waiting = client.get(answer.url)
    assert "Die Datei wartet" in text_of(waiting)
    assert "every 1s" in waiting.content.decode()
    kernel.run(jobs.TASK, str(job.pk), now=NOW)
    fragment = client.get(answer.url, headers={"HX-Request": "true"}).content.decode()
    assert fragment.lstrip().startswith('<div id="stand">')
    assert "every 1s" not in fragment
    assert page_of(DatasetRevision.objects.get()) in fragment
    assert "eingelesen" in text_of(client.get(IMPORT))


@pytest.mark.parametrize(("state", "words"), [
    ("READING", "wird gelesen"), ("CHECKING", "wird geprüft"), ("STORING", "wird gespeichert"),
])  # fmt: skip
def test_given_a_running_check_when_its_page_is_left_and_found_again_then_it_tells_the_step(
    client, as_role, state, words
):
    as_role()
    job_url = upload(client, b"abc").url
    ImportJob.objects.update(state=state, rows_read=1250)
    assert job_url in client.get(IMPORT).content.decode()
    text = text_of(client.get(job_url))
    assert f"Die Datei {words}" in text
    assert "1.250 Zeilen" in text


def test_given_a_refused_file_when_looked_at_then_row_column_rule_and_sentence_stand_there_and_in_the_csv(
    client, as_role
):
    as_role()
    rows = good_rows("KOK-8D")
    rows[3]["sex"] = "Q"
    url = upload(client, a_file("KOK-8D", rows)).url
    job = ImportJob.objects.get()
    kernel.run(jobs.TASK, str(job.pk), now=NOW)
    text = text_of(client.get(url))
    job.refresh_from_db()
    problem = job.problems[0]
    assert "Es wurde nichts gespeichert" in text
    assert problem["sentence"] in text
    lines = client.get(f"{url}maengel.csv").content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Zeile;Spalte;Regel;Was zu tun ist"
    assert lines[1].startswith(f"5;sex;{problem['rule']};")


def test_given_a_file_of_somebody_else_when_asked_for_then_it_does_not_exist(client, as_role):
    as_role()
    url = upload(client, b"abc").url
    as_role()
    assert client.get(url).status_code == 404
    assert client.get(f"{url}maengel.csv").status_code == 404
    assert client.get(f"{IMPORT}{uuid4()}/").status_code == 404
    assert "8d.csv" not in text_of(client.get(IMPORT))


@pytest.mark.parametrize(("size", "said"), [
    (20_000_001, "Es wurde nichts gespeichert"), (21_000_000, "möglich sind 20"), (200_000_000, "Angekommen sind 200"),
])  # fmt: skip
def test_given_a_file_that_is_too_large_when_handed_in_then_it_is_refused_with_the_reason(client, as_role, size, said):
    as_role()
    text = text_of(upload(client, b"x" * size))
    assert "Die Datei ist zu groß" in text
    assert said in text
    assert not ImportJob.objects.exists()


@pytest.mark.parametrize("file", [
    write_csv(HANDED_OUT, [["Zirbelnuss", "Malwine"]]), write_xlsx("Liste", HANDED_OUT, [["Zirbelnuss", "Malwine"]]),
    "Familienname;Vorname\nZirbelnuss;Malwine\n".encode("utf-16"), b"Vorname;Familienname\r\n",
])  # fmt: skip
def test_given_the_list_of_names_when_handed_in_as_figures_then_nothing_of_it_is_kept(client, as_role, file):
    as_role()
    answer = upload(client, file)
    assert "Das ist eine Liste mit Namen von Personen. Es wurde nichts gespeichert." in text_of(answer)
    assert "Zirbelnuss" not in answer.content.decode()
    assert not ImportJob.objects.exists()


def test_given_no_file_when_sent_then_the_reason_stays_in_the_form(client, as_role):
    as_role()
    answer = client.post(IMPORT, {"correction_reason": "Zahlendreher"})
    assert "Es ist keine Datei angekommen" in text_of(answer)
    assert "Zahlendreher" in answer.content.decode()


# Remarks, submission, acceptance.


def test_given_a_doubt_when_submitted_without_a_remark_then_it_is_refused_and_with_one_it_passes(client, as_role):
    revision = with_a_doubt()
    user = as_role()
    page = client.get(page_of(revision))
    rule = revision.warnings[0]["rule"]
    assert revision.warnings[0]["sentence"] in text_of(page)
    assert step_of(revision, "submit") not in page.content.decode()
    assert "fehlt noch eine Bemerkung" in text_of(client.post(step_of(revision, "submit")))
    remarks = {each: f"Geprüft ({each})." for each in dict.fromkeys(w["rule"] for w in revision.warnings)}
    for each, text in remarks.items():
        answer = client.post(step_of(revision, "remark"), {"rule": each, f"{each}-text": text})
        assert answer.url == f"{page_of(revision)}#{each}"
    assert step_of(revision, "submit") in client.get(page_of(revision)).content.decode()
    assert client.post(step_of(revision, "submit")).status_code == 302
    revision.refresh_from_db()
    assert (revision.state, revision.submitted_by, revision.remarks) == ("SUBMITTED", user, remarks)
    assert f"Geprüft ({rule})." in text_of(client.get(page_of(revision)))


def test_given_a_remark_that_is_too_long_when_sent_then_what_was_typed_stays(client, as_role):
    revision = with_a_doubt()
    as_role()
    rule, typed = revision.warnings[0]["rule"], "x" * 501
    answer = client.post(step_of(revision, "remark"), {"rule": rule, f"{rule}-text": typed})
    assert answer.status_code == 200
    assert typed in answer.content.decode()
    revision.refresh_from_db()
    assert revision.remarks == {}


def test_given_a_rule_without_warning_when_remarked_then_it_does_not_exist(client, as_role):
    revision = with_a_doubt()
    as_role()
    answer = client.post(step_of(revision, "remark"), {"rule": "V-X99", "V-X99-text": "Nanu"})
    assert answer.status_code == 404


def test_given_a_checked_delivery_when_the_other_partner_looks_then_there_is_nothing_yet(client, as_role):
    revision = imported()
    as_role(partner="wetteraukreis")
    assert client.get(page_of(revision)).status_code == 404
    assert client.post(step_of(revision, "submit")).status_code == 404
    assert "noch nichts geliefert" in text_of(client.get(LIST))


def test_given_a_submitted_delivery_when_both_act_then_only_the_other_partner_accepts(client, as_role):
    revision = imported()
    as_role()
    client.post(step_of(revision, "submit"))
    assert client.post(step_of(revision, "accept")).status_code == 404
    county = as_role(partner="wetteraukreis")
    assert step_of(revision, "accept") in client.get(page_of(revision)).content.decode()
    assert client.post(step_of(revision, "accept")).status_code == 302
    revision.refresh_from_db()
    assert (revision.state, revision.accepted_by) == ("ACCEPTED", county)
    assert [*AuditEvent.objects.order_by("pk").values_list("action", flat=True)][-3:] == [
        "dataset.imported", "dataset.submitted", "dataset.accepted",
    ]  # fmt: skip


def test_given_a_second_click_when_submitted_again_then_the_page_says_so(client, as_role):
    revision = imported()
    as_role()
    client.post(step_of(revision, "submit"))
    assert "ist schon abgegeben" in text_of(client.post(step_of(revision, "submit")))


def test_given_a_checked_delivery_when_discarded_then_its_number_is_free_again(client, as_role):
    revision = imported()
    as_role()
    assert "wird gelöscht" in text_of(client.get(step_of(revision, "discard")))
    client.post(step_of(revision, "discard"))
    assert not DatasetRevision.objects.exists()
    assert imported().number == 0


@pytest.mark.parametrize("role", ["member", "secretariat", "approver"])
def test_given_a_role_that_only_reads_when_it_looks_then_no_step_is_offered(client, as_role, role):
    revision = imported()
    as_role(role)
    page = client.get(page_of(revision)).content.decode()
    assert "abgeben</span>" not in page
    assert client.post(step_of(revision, "submit")).status_code == 403


@pytest.mark.parametrize("role", ["registrar", "case-officer", "case-releaser"])
def test_given_a_role_with_rounded_numbers_when_it_asks_for_deliveries_then_there_are_none(client, as_role, role):
    revision = imported()
    as_role(role, partner="wetteraukreis")
    for url in (LIST, page_of(revision), f"{page_of(revision)}unterschiede"):
        assert client.get(url).status_code == 404


def test_given_a_delivery_of_this_region_when_asked_for_elsewhere_then_it_does_not_exist(client, as_role):
    revision = imported()
    other = a_second_agreement()
    client.force_login(a_user(role="reporter", partner="lwv-hessen", agreement=other))
    for name in ("dataset", "dataset-compare"):
        assert client.get(reverse(f"reporting:{name}", args=[other.slug, revision.dataset_id])).status_code == 404
    assert client.post(reverse("reporting:dataset-submit", args=[other.slug, revision.pk])).status_code == 404
    assert client.get(page_of(revision)).status_code == 404


# Corrections.


def test_given_r0_and_r1_when_compared_then_only_changed_values_stand_side_by_side(client, as_role):
    r0, r1 = imported(), corrected()
    as_role()
    text = text_of(client.get(f"{page_of(r0)}unterschiede?alt=0&neu=1"))
    assert "2 Zeilen sind anders" in text
    assert "Zwei Altersgruppen waren vertauscht." in text
    assert re.search(r"40 bis 49.*? Wert 200 190", text)
    assert re.search(r"50 bis 59.*? Wert 210 220", text)
    assert "1.000" not in text
    assert r1.number == 1


def test_given_a_row_that_came_and_one_that_went_when_compared_then_both_are_named(client, as_role):
    r0 = imported()
    rows = good_rows("KOK-8D", revision=1)
    rows[-1]["service"] = "S11"
    imported(rows=rows, reason="Leistung falsch zugeordnet.")
    as_role()
    text = text_of(client.get(f"{page_of(r0)}unterschiede"))
    assert re.search(r"Verständigung neue Zeile Wert nicht geliefert 90", text)
    assert re.search(r"Tagesförderstätte Zeile entfällt Wert 90 nicht geliefert", text)


@pytest.mark.parametrize("asked", ["alt=0&neu=7", "alt=x", "alt=7", "neu=0"])
def test_given_a_revision_that_does_not_exist_when_compared_then_404(client, as_role, asked):
    revision = imported()
    as_role()
    assert client.get(f"{page_of(revision)}unterschiede?{asked}").status_code == 404


def test_given_r1_when_r0_is_opened_then_it_is_readable_and_says_what_counts(client, as_role):
    r0, r1 = imported(), corrected()
    as_role()
    client.post(step_of(r0, "submit"))
    assert "r1, es gilt r0" in text_of(client.get(page_of(r0)))
    client.post(step_of(r1, "submit"))
    assert "r0, es gilt r1" in text_of(client.get(f"{page_of(r0)}?revision=0"))
    assert "es gilt" not in text_of(client.get(page_of(r0)))
    assert r1.file_sha256 in client.get(page_of(r0)).content.decode()
    assert client.get(f"{page_of(r0)}?revision=9").status_code == 404


@pytest.mark.parametrize(("format_id", "partner"), [("KOK-8C", "wetteraukreis"), ("KOK-IND", "lwv-hessen")])
def test_given_the_other_formats_when_opened_then_the_page_has_the_evidence_where_it_is_owed(
    client, as_role, format_id, partner
):
    revision = imported(format_id)
    as_role(partner=partner)
    text = text_of(client.get(page_of(revision)))
    assert ("Punkt 8c ist damit nicht erfüllt" in text) == (format_id == "KOK-8C")
    assert "landesweiten Datenaustausch" not in text or format_id == "KOK-8C"


# The statewide channel.


def test_given_a_submitted_8d_when_looked_at_then_the_page_offers_the_evidence_with_the_hash_filled_in(client, as_role):
    revision = imported()
    as_role()
    client.post(step_of(revision, "submit"))
    page = client.get(page_of(revision))
    assert "Punkt 8d ist damit nicht erfüllt" in text_of(page)
    evidence = re.search(r'href="([^"]+pruefsumme=[^"]+)"', page.content.decode()).group(1)
    assert f'value="{revision.file_sha256}"' in client.get(evidence).content.decode()


def test_given_many_deliveries_when_listed_then_the_number_of_queries_stays(client, as_role):
    for year in (2023, 2024):
        imported(reference_date=f"{year}-12-31")
    as_role()
    client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for year in (2025, 2026):
        imported(reference_date=f"{year}-12-31")
    corrected()
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(many) == len(few)


# What waits, on the overview, and the way there.


def waits(client):
    """What the overview says that waits for this person, with its addresses."""
    page = client.get("/wetteraukreis/")
    found = text_of(page)
    return found, re.findall(r'href="([^"]*/lieferungen/[^"]*)"', page.content.decode())


def test_given_deliveries_when_the_overview_opens_then_each_partner_is_told_what_waits_for_it(client, as_role):
    first = imported("KOK-8D", reference_date="2025-12-31")
    as_role()
    found, addresses = waits(client)
    assert "Eine eingelesene Datei ist noch nicht abgegeben" in found
    assert addresses == [page_of(first)]
    second = imported("KOK-IND", reference_date="2025-12-31")
    found, addresses = waits(client)
    assert "Zwei eingelesene Dateien sind noch nicht abgegeben" in found
    assert addresses == [LIST]
    as_role("reporter", "wetteraukreis")
    assert "abgegeben" not in waits(client)[0]
    as_role()
    for revision in (first, second):
        client.post(step_of(revision, "submit"))
    assert not waits(client)[1]
    as_role("reporter", "wetteraukreis")
    assert "Zwei Lieferungen von Zahlen warten auf Annahme" in waits(client)[0]
    client.post(step_of(first, "accept"))
    found, addresses = waits(client)
    assert "Eine Lieferung von Zahlen wartet auf Annahme" in found
    assert addresses == [page_of(second)]
    as_role("member", "wetteraukreis")
    assert not waits(client)[1]


@pytest.mark.parametrize(("role", "offered"), [("reporter", {LIST, IMPORT}), ("member", {LIST}), ("registrar", set())])
def test_given_a_role_when_the_figures_open_then_deliveries_and_handing_in_are_offered_as_far_as_allowed(
    client, as_role, role, offered
):
    as_role(role)
    page = client.get("/wetteraukreis/zahlen/").content.decode()
    assert {address for address in (LIST, IMPORT) if f'href="{address}"' in page} == offered
