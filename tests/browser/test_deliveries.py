"""Deliveries of figures in a real browser: watching a check, with and without JavaScript, and what axe says."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from kok import jobs as kernel
from reporting.figures.actions import datasets, jobs
from reporting.models import DatasetRevision, ImportJob
from tests.browser.journey import OVERFLOW, violations
from tests.builders import a_user, an_agreement
from tests.reporting.figures import a_file, good_rows, imported

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)
LIST, IMPORT = "/wetteraukreis/zahlen/lieferungen/", "/wetteraukreis/zahlen/einlesen/"
Open = Callable[..., Page]


@pytest.fixture
def lwv(settings: Any) -> Any:
    settings.KOK_NOW = "2027-03-15T10:00"
    an_agreement()
    return a_user(role="reporter", partner="lwv-hessen")


@pytest.fixture
def open_page(a_browser: Callable[..., BrowserContext], live_server: Any) -> Open:
    def opened(user: Any, path: str, **more: Any) -> Page:
        client = Client()
        client.force_login(user)
        context = a_browser(**more, base_url=live_server.url)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.goto(path)
        return page

    return opened


def hand_in(page: Page, content: bytes) -> ImportJob:
    upload = {"name": "KOK-8D_06440_2026-12-31_r0_v1.0.0.csv", "mimeType": "text/csv", "buffer": content}
    page.get_by_label("Welche Datei möchten Sie einlesen?").set_input_files(upload)  # type: ignore[arg-type]
    page.get_by_role("button", name="Datei prüfen und einlesen").click()
    expect(page.get_by_text("Die Datei wartet")).to_be_visible()
    return ImportJob.objects.latest("uploaded_at")


def test_given_a_file_when_its_check_is_watched_then_the_page_goes_on_by_itself(lwv: Any, open_page: Open) -> None:
    page = open_page(lwv, IMPORT)
    job = hand_in(page, a_file("KOK-8D"))
    ImportJob.objects.update(state="CHECKING", rows_read=1250)
    expect(page.get_by_text("Die Datei wird geprüft.")).to_be_visible()
    expect(page.get_by_text("1.250 Zeilen")).to_be_visible()
    kernel.run(jobs.TASK, str(job.pk), now=NOW)
    page.get_by_role("link", name="Zur Lieferung").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("8d: Leistungsberechtigte mit gewöhnlichem Aufenthalt")


def test_given_no_javascript_when_the_check_is_watched_then_the_link_loads_its_stand(lwv: Any, open_page: Open) -> None:
    page = open_page(lwv, IMPORT, java_script_enabled=False)
    job = hand_in(page, a_file("KOK-8D"))
    page.goto(IMPORT)
    page.get_by_role("link", name=job.filename).click()
    kernel.run(jobs.TASK, str(job.pk), now=NOW)
    page.get_by_role("link", name="Stand neu laden").click()
    expect(page.get_by_text("Die Datei ist eingelesen.")).to_be_visible()


def with_doubts() -> DatasetRevision:
    """r1 with persons under 18."""
    rows = good_rows("KOK-8D", revision=1)
    for row in rows:
        row["person_count"] = {"A18_20": 40, "A40_49": 190, "A50_59": 220}.get(row["age_group"], row["person_count"])
    rows[0]["remark"] = "Endgültiger Stand"
    rows.append({**rows[1], "location": "T", "age_group": "U18", "person_count": 10})
    return imported(rows=rows, reason="Zwei Altersgruppen waren vertauscht.", now=NOW)


def jobs_in_every_state(lwv: Any, revision: DatasetRevision) -> list[str]:
    agreement = revision.agreement
    found = []
    for state in ("WAITING", "STORING", "REFUSED", "DONE", "FAILED"):
        job = jobs.hand_in(
            agreement=agreement, filename=f"KOK-8D_06440_2026-12-31_r0_v1.0.0-{state}.csv", content=b"",
            correction_reason="Zwei Altersgruppen waren vertauscht.", by=lwv, now=NOW,
        )  # fmt: skip
        found.append(f"{IMPORT}{job.pk}/")
        problems = [
            {"row": row, "column": "sex", "rule": "V-F04", "sentence": "„Q“ gibt es in der Spalte Geschlecht nicht."}
            for row in (5, 17)
        ]
        values: dict[str, Any] = {"rows_read": 1250, "problems": [], "error": ""}
        values |= {"problems": problems, "problem_count": 900} if state == "REFUSED" else {}
        values |= {"revision": revision} if state == "DONE" else {}
        values |= {"error": jobs.NOT_DONE} if state == "FAILED" else {}
        ImportJob.objects.filter(pk=job.pk).update(state=state, **values)
    return found


def test_given_the_pages_when_looked_at_then_axe_finds_nothing_and_nothing_runs_out_of_them(
    lwv: Any, open_page: Open
) -> None:
    first = datasets.submit(revision=imported(), by=lwv, now=NOW)
    second = with_doubts()
    here = f"{LIST}{first.dataset_id}/"
    own = [LIST, here, f"{here}?revision=0", f"{here}unterschiede", IMPORT, *jobs_in_every_state(lwv, second)]
    own += [f"{LIST}revision/{second.pk}/{step}" for step in ("abgeben", "verwerfen")]
    county = a_user(role="reporter")
    for user, paths in ((lwv, own), (county, [LIST, here, f"{LIST}revision/{first.pk}/annehmen"])):
        page = open_page(user, LIST)
        for path in paths:
            page.goto(path)
            for width in (1280, 375):
                page.set_viewport_size({"width": width, "height": 900})
                assert violations(page) == [], (path, width)
                assert page.evaluate(OVERFLOW) <= 0, (path, width)
