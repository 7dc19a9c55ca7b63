"""The frame, the components and the form pack in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from kok.page_views import NAMES as PAGES
from tests.browser.journey import OVERFLOW, violations

# The narrowest width is the strictest; the two pages with everything on them are looked at in all.
SIGHTS = [(f"/seite/{name}/", 320) for name in PAGES]
SIGHTS += [(path, width) for path in ("/kit/", "/konto/login/") for width in (1280, 375, 320)]


@pytest.fixture
def kit(live_server, page: Page, settings):
    settings.ROOT_URLCONF = "tests.browser.kit_urls"
    page.problems = []
    page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.base = live_server.url
    return page


def test_given_any_page_when_opened_at_any_width_then_axe_finds_nothing_and_nothing_runs_out_of_it(kit):
    for path, width in SIGHTS:
        kit.set_viewport_size({"width": width, "height": 900})
        kit.goto(kit.base + path)
        assert violations(kit) == [], (path, width)
        assert kit.evaluate(OVERFLOW) <= 0, (path, width)
        assert kit.problems == [], (path, width)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_given_an_empty_form_when_sent_then_the_summary_takes_the_focus_and_leads_to_the_field(kit, scheme):
    kit.emulate_media(color_scheme=scheme)
    kit.goto(kit.base + "/kit/")
    kit.get_by_role("button", name="Einladung an 7 Personen senden").click()
    expect(kit.locator("#fehler")).to_be_focused()
    assert kit.title().startswith("Bitte prüfen:")
    assert violations(kit) == []
    kit.get_by_role("link", name="An welchem Tag?").click()
    expect(kit.get_by_label("An welchem Tag?")).to_be_focused()


def test_given_the_keyboard_alone_when_tabbing_then_the_first_stop_skips_to_the_content(kit):
    kit.goto(kit.base + "/kit/")
    kit.keyboard.press("Tab")
    expect(kit.get_by_role("link", name="Zum Inhalt springen")).to_be_focused()
    kit.keyboard.press("Enter")
    expect(kit.locator("main")).to_be_focused()


def test_given_a_phone_without_javascript_when_the_menu_is_opened_then_the_place_is_marked(
    live_server, a_browser, settings
):
    settings.ROOT_URLCONF = "tests.browser.kit_urls"
    page = a_browser(java_script_enabled=False).new_page()
    page.set_viewport_size({"width": 375, "height": 900})
    page.goto(live_server.url + "/kit/")
    link = page.get_by_role("link", name="Fristen", exact=True)
    expect(link).to_be_hidden()
    page.get_by_text("Menü", exact=True).click()
    expect(link).to_be_visible()
    expect(page.get_by_role("navigation", name="Hauptmenü").locator("[aria-current]")).to_have_text("Sitzungen")


def test_given_a_desk_when_opened_then_the_navigation_stands_open_without_a_menu(kit):
    kit.set_viewport_size({"width": 1280, "height": 900})
    kit.goto(kit.base + "/kit/")
    expect(kit.get_by_role("link", name="Fristen", exact=True)).to_be_visible()
    expect(kit.get_by_text("Menü", exact=True)).to_be_hidden()


def test_given_an_open_menu_on_a_phone_when_escape_is_pressed_then_it_closes_and_keeps_the_focus(kit):
    kit.set_viewport_size({"width": 375, "height": 900})
    kit.goto(kit.base + "/kit/")
    menu = kit.get_by_text("Menü", exact=True)
    menu.click()
    kit.keyboard.press("Tab")
    kit.keyboard.press("Escape")
    expect(kit.get_by_role("link", name="Fristen", exact=True)).to_be_hidden()
    expect(menu).to_be_focused()


def test_given_every_link_and_button_when_measured_then_no_target_is_smaller_than_24_pixels(kit):
    kit.set_viewport_size({"width": 375, "height": 900})
    kit.goto(kit.base + "/kit/")
    small = kit.evaluate(
        """[...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, summary')]
           .filter(e => e.checkVisibility() && !e.closest('p, li p, .kern-sr-only, .kok-skip') && e.tabIndex >= 0)
           .map(e => [e.getBoundingClientRect(), e.outerHTML.slice(0, 90)])
           .filter(([box]) => box.width > 0 && (box.height < 24 || box.width < 24)).map(([, html]) => html)"""
    )
    assert small == []


def test_given_a_typed_day_when_the_calendar_gives_another_then_it_is_written_in_german(kit):
    kit.goto(kit.base + "/kit/")
    field = kit.get_by_label("An welchem Tag?")
    field.fill("30.04.2027")
    picker = kit.locator(".kok-date input[type=date]")
    picker.evaluate("e => { e.value = '2027-05-04'; e.dispatchEvent(new Event('change')); }")
    expect(field).to_have_value("04.05.2027")
    expect(kit.get_by_role("button", name="Tag im Kalender wählen")).to_be_visible()


def test_given_somebody_signed_out_meanwhile_when_htmx_asks_then_the_text_stays_and_a_sentence_says_so(kit):
    kit.goto(kit.base + "/kit/")
    kit.get_by_role("button", name="Text neu laden").click()
    expect(kit.locator("#meldungen")).to_contain_text("Sie sind abgemeldet. Ihr Text steht noch hier.")
    expect(kit.locator("#text")).to_contain_text("Was jemand geschrieben hat.")


def test_given_no_connection_when_htmx_asks_then_a_sentence_says_so(kit):
    kit.goto(kit.base + "/kit/")
    kit.route("**/konto/**", lambda route: route.abort())
    kit.get_by_role("button", name="Text neu laden").click()
    expect(kit.locator("#meldungen")).to_contain_text("Keine Verbindung zum Server.")
    expect(kit.locator("#text")).to_contain_text("Was jemand geschrieben hat.")
