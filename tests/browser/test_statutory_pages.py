"""The form for barriers and the pages that Technik writes, in a real browser: keyboard, axe, narrow, no scripts."""

import pytest
from playwright.sync_api import Page, expect

from kok import barriers, clock
from kok.models import BarrierReport, StatutoryPage
from members.models import Authority
from tests.browser.journey import OVERFLOW, violations
from tests.builders import PASSWORD, a_user, an_agreement, app_code, the_partner

WIDTHS = (1280, 375, 320)


def look(page: Page) -> None:
    """Nothing is wider than the window at any width, and axe finds nothing at the narrowest, which is the strictest."""
    page.wait_for_load_state()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(OVERFLOW) <= 0, f"{page.url} at {width}"
    assert violations(page) == [], page.url


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until the control of that name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText || ''").strip() == name:
            return
    pytest.fail(f"Tab never reaches „{name}“")


def sign_in(page: Page, base: str, username: str) -> None:
    page.goto(f"{base}/konto/login/")
    page.get_by_label("Benutzername").fill(username)
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    page.get_by_label("Code").fill(app_code())
    page.get_by_role("button", name="Anmelden", exact=True).click()


@pytest.mark.parametrize("scripts", [True, False])
def test_given_the_keyboard_alone_when_a_barrier_is_reported_then_it_arrives_with_and_without_scripts(
    live_server, page, scripts
):
    if not scripts:
        page.route("**/*.js", lambda route: route.abort())
    page.goto(live_server.url + "/seite/hilfe/")
    tab_to(page, "Barriere melden")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Barriere melden · Kooperationskonferenz")
    look(page)
    tab_to(page, "Barriere melden")  # the button: nothing is typed yet
    page.keyboard.press("Enter")
    expect(page.get_by_label("Was hat Sie gehindert?")).to_have_attribute("aria-invalid", "true")
    look(page)
    page.get_by_label("Was hat Sie gehindert?").focus()
    page.keyboard.type("Der Ring um den Knopf fehlt.")
    tab_to(page, "Barriere melden")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("So geht es nach Ihrer Meldung weiter")
    look(page)
    assert BarrierReport.objects.get().text == "Der Ring um den Knopf fehlt."


@pytest.mark.slow
def test_given_technik_when_a_page_is_written_and_a_report_answered_then_axe_finds_nothing_on_the_way(
    live_server, page: Page
):
    an_agreement()
    operator = a_user(role="admin")
    barriers.report(text="Der Ring fehlt.", place="", contact="", now=clock.now())
    sign_in(page, live_server.url, operator.username)
    page.goto(live_server.url + "/verwaltung/auftraege/")
    look(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("navigation", name="Technischer Betrieb").get_by_role("link", name="Seiten").click()
    look(page)
    page.get_by_role("link", name="Impressum").first.click()
    look(page)
    page.get_by_role("button", name="Vorschau ansehen").click()
    expect(page.get_by_role("heading", name="Das fehlt noch")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Text ändern").click()
    page.get_by_label("Text der Seite").fill("# Wer?\n\nDas Amt.\n\n- [Karte](https://example.org/)")
    page.get_by_role("button", name="Vorschau ansehen").click()
    look(page)
    page.get_by_role("button", name="Seite veröffentlichen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fassungen: Impressum")
    assert StatutoryPage.objects.get().text.startswith("# Wer?\n\nDas Amt.")
    look(page)
    page.get_by_role("link", name="Fassung 1").click()
    look(page)
    page.goto(live_server.url + "/verwaltung/barrieren/")
    look(page)
    page.get_by_role("link", name="Meldung").first.click()
    look(page)


@pytest.mark.slow
def test_given_an_authority_when_it_is_named_and_sets_a_report_aside_then_axe_finds_nothing_on_the_way(
    live_server, browser
):
    authority = the_partner("wetteraukreis", an_agreement()).authority
    Authority.objects.filter(pk=authority.pk).update(office_email="kreis@example.org")
    operator, registrar = a_user(role="admin"), a_user(role="registrar")
    barriers.report(text="Der Ring fehlt.", place="", contact="", now=clock.now())
    page = browser.new_page()
    sign_in(page, live_server.url, operator.username)
    page.goto(live_server.url + "/verwaltung/auftraege/")
    page.get_by_role("link", name="Behörde benennen").click()
    look(page)
    page.get_by_label("Welche Behörde?").select_option(label=authority.short_name)
    page.get_by_role("button", name="Weiter").click()
    look(page)
    page.get_by_role("button", name="So eintragen").click()
    expect(page.get_by_text(f"Die Meldungen bearbeitet {authority.short_name}.")).to_be_visible()
    look(page)
    reader = browser.new_page()
    sign_in(reader, live_server.url, registrar.username)
    reader.get_by_role("link", name="Gemeldete Barriere beantworten").click()
    look(reader)
    reader.get_by_role("link", name="Als kein Anliegen zur Barrierefreiheit eintragen").click()
    look(reader)
    reader.get_by_role("button", name="Als kein Anliegen eintragen").click()
    look(reader)
    reader.get_by_label("Warum ist das kein Anliegen").fill("Es ist Werbung.")
    reader.get_by_role("button", name="Als kein Anliegen eintragen").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Gemeldete Barrieren")
    look(reader)
    assert BarrierReport.objects.get().is_unrelated
