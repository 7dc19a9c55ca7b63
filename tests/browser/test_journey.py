"""One meeting from the plan to the approved minutes, with the real application and people in real browsers."""

import re
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, expect

from tests.browser.journey import Application, Traveller, started, step
from tests.pdf_validators import page_texts, quick_faults, tag_faults, verapdf_faults

TODAY = "2026-11-23"  # a Monday on which the Wetteraukreis has the secretariat
START = "10:00"
ITEM = "Wohnen in der eigenen Wohnung"
RESOLUTION = "Die Partner werten den Modellversuch gemeinsam aus."
TASK = "Vorschlag für die Auswertung schreiben"
Sign = Callable[..., Traveller]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    with started(tmp_path_factory.mktemp("journey"), now=f"{TODAY}T09:30") as application:
        yield application


@pytest.fixture
def sign_in(running: Application, browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Sign]:
    password = running.manage("demo")["password"]
    people: dict[str, Traveller] = {}

    def signed_in(username: str, *, width: int = 1280, at: str = "") -> Traveller:
        traveller = Traveller(browser, running.url, width=width, **browser_context_args)
        people[username] = traveller
        if at:
            traveller.open(at)
        traveller.sign_in(username, password)
        return traveller

    yield signed_in
    for traveller in people.values():
        traveller.context.close()


def plan(secretary: Traveller) -> None:
    secretary.says("Geschäftsführung")
    secretary.open("/wetteraukreis/sitzungen/")
    secretary.follow("Sitzung planen")
    page = secretary.page
    page.get_by_label("Kooperationskonferenz").check()
    page.get_by_label("An welchem Tag ist die Sitzung?").fill("23.11.2026")
    page.get_by_label("Wann beginnt sie?").fill(START)
    page.get_by_label("Wann endet sie voraussichtlich?").fill("12:00")
    page.get_by_label("Wo findet sie statt?").fill("Kreishaus Friedberg, Raum 204")
    secretary.press("Sitzung planen")
    secretary.says("Sitzung ohne Nummer")


def arrange(secretary: Traveller) -> None:
    """Adds an item, which stands before Verschiedenes, and moves it up by one, without a mouse."""
    secretary.follow("Tagesordnung bearbeiten")
    secretary.follow("Punkt eintragen")
    page = secretary.page
    page.get_by_label("Worum geht es?").fill(ITEM)
    secretary.press("Punkt eintragen")
    row = page.get_by_role("row", name=ITEM)
    number = int((row.locator("th").inner_text()).split()[0])
    closing = page.get_by_role("row", name="Verschiedenes").locator("th")
    expect(closing).to_contain_text(re.compile(rf"^{number + 1}\s"))
    row.get_by_role("button", name="nach oben").focus()
    page.keyboard.press("Enter")
    expect(row.locator("th")).to_contain_text(re.compile(rf"^{number - 1}\s"))
    dates = page.get_by_role("row", name="Termine und Geschäftsführung").locator("th")
    expect(dates).to_contain_text(re.compile(rf"^{number}\s"))
    expect(closing).to_contain_text(re.compile(rf"^{number + 1}\s"))
    secretary.look()
    secretary.follow("Fertig, zur Sitzung")


def invite(secretary: Traveller) -> None:
    secretary.follow("Einladung vorbereiten")
    secretary.says("zu kurz")
    page = secretary.page
    page.get_by_label("Warum ist die Sitzung dringlich?").fill("Der Modellversuch endet zum Jahresende.")
    secretary.press("Text prüfen")
    secretary.says("ergab keinen Hinweis")
    for partner in ("Wetteraukreis", "LWV Hessen"):
        page.get_by_label(f"{partner}: Wer hat der kurzen Ladungsfrist zugestimmt?").fill("Karla Kurz")
        page.get_by_label(f"{partner}: Wann?").fill("20.11.2026")
        page.get_by_label(f"{partner}: Wie?").select_option(label="telefonisch")
    other_way = page.get_by_label("auf anderem Weg eingeladen")
    if other_way.count():
        other_way.check()
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("Einladung an .* senden")).click()
    secretary.look()
    secretary.says("ist unterwegs")


def check_invitation(mail: EmailMessage) -> str:
    """Calendar and agenda are right; returns the address for the answer."""
    calendar, paper = mail.iter_attachments()
    assert calendar.get_content_type() == "text/calendar"
    assert calendar.get_param("method") == "REQUEST"
    (event,) = Calendar.from_ical(calendar.get_content()).walk("VEVENT")
    assert event["UID"]
    assert event["SEQUENCE"] == 0
    assert event["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert f"{event['DTSTART'].dt:%Y-%m-%d %H:%M}" == f"{TODAY} {START}"
    content = paper.get_content()
    assert content.startswith(b"%PDF")
    assert quick_faults(content) == []
    assert ITEM in " ".join("".join(page_texts(content)).split())
    found = re.search(r"http\S+/antwort", mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert found
    return found.group()


def answer(member: Traveller) -> None:
    page = member.page
    assert page.url.endswith("/antwort")
    page.get_by_label("Ja, ich nehme teil").check()
    member.press("Antwort speichern")
    member.says("ist gespeichert")


def hold(secretary: Traveller) -> None:
    page = secretary.page
    secretary.press("Sitzung beginnen")
    for seat in page.get_by_label("anwesend", exact=True).all():
        seat.check()
    secretary.press("Teilnahme speichern")
    secretary.says("beschlussfähig")
    secretary.press("Weiter zum Protokoll")


def write(secretary: Traveller) -> None:
    """Two sections are saved by themselves; nobody presses a button."""
    page = secretary.page
    for number, text in ((1, "Die Leitung begrüßt alle."), (2, "Dem Protokoll wird zugestimmt.")):
        section = page.locator(".kok-section__form[data-autosave]").nth(number - 1)
        section.locator("textarea").press_sequentially(text)
        expect(section.locator("[data-state]")).to_contain_text("Gespeichert um")
    page.reload()
    second = page.locator(".kok-section__form[data-autosave] textarea").nth(1)
    expect(second).to_have_value("Dem Protokoll wird zugestimmt.")


def decide(secretary: Traveller) -> None:
    page = secretary.page
    section = page.get_by_role("region", name=ITEM)
    section.get_by_role("link", name="Beschluss festhalten").click()
    section.get_by_label("Was wird beschlossen?").fill(RESOLUTION)
    for partner in ("Wetteraukreis", "LWV Hessen"):
        section.get_by_label(f"{partner} stimmt zu").check()
    section.get_by_role("button", name="Beschluss festhalten").click()
    expect(section).to_contain_text("Im Einvernehmen aller Partner")
    section.get_by_role("link", name="Aufgabe festhalten").click()
    section.get_by_label("Was ist zu tun?").fill(TASK)
    section.get_by_label("Wer kümmert sich darum?").fill("Fachstelle Eingliederungshilfe")
    section.get_by_label("Bis wann?").fill("15.01.2027")
    section.get_by_role("button", name="Aufgabe festhalten").click()
    expect(section).to_contain_text(TASK)
    assert secretary.page.locator(".kok-section__form[data-autosave]").count() > 3
    secretary.seen.clear()
    secretary.look()


def complete(secretary: Traveller) -> None:
    """The page before the dispatch says what is missing; then nothing is."""
    page = secretary.page
    address = page.url
    secretary.follow("Zur Genehmigung versenden")
    secretary.says("Was noch fehlt")
    secretary.open(address)
    for form in page.locator(".kok-section__form[data-autosave]").all():
        if not form.locator("textarea").input_value():
            form.locator("textarea").fill("Es gibt nichts zu berichten.")
        result = form.locator("select")
        if not result.input_value() and "(folgt)" not in result.inner_text():
            result.select_option("NOTED")
        expect(form.locator("[data-state]")).to_contain_text("Gespeichert um")
    page.get_by_label("Wer hat die Sitzung geleitet?").fill("Julia Hartwig")
    page.get_by_label("Wer schreibt das Protokoll?").fill("Julia Hartwig")
    page.get_by_label("Wann hat die Sitzung begonnen?").fill(START)
    page.get_by_label("Wann war die Sitzung zu Ende?").fill("11:45")
    page.get_by_role("button", name="Angaben speichern").click()
    expect(page.locator("#angaben-felder [data-state]")).to_contain_text("Gespeichert um")


def rewrite(secretary: Traveller, text: str) -> None:
    first = secretary.page.locator(".kok-section__form[data-autosave]").nth(0)
    first.locator("textarea").fill(text)
    expect(first.locator("[data-state]")).to_contain_text("Gespeichert um")
    secretary.page.reload()


def circulate(secretary: Traveller) -> None:
    """The worker finds a name of a list that is open; without the name the text goes out."""
    rewrite(secretary, "Es geht um Amalias Umzug. Die Familie Kuckuckshof ist einverstanden.")
    secretary.follow("Zur Genehmigung versenden")
    secretary.press("Text prüfen")
    secretary.says("Prüfen Sie den Text.")
    secretary.look()
    secretary.follow("Abbrechen")
    rewrite(secretary, "Die Leitung begrüßt alle.")
    secretary.follow("Zur Genehmigung versenden")
    secretary.press("Text prüfen")
    secretary.says("ergab keinen Hinweis")
    with secretary.page.expect_navigation():
        secretary.page.get_by_role("button", name=re.compile("Protokoll an .* versenden")).click()
    secretary.look()
    secretary.says("steht aus")


def approve(approver: Traveller, partner: str) -> None:
    approver.follow("Genehmigen")
    approver.press(f"Für {partner} genehmigen")


def finished_pdf(reader: Traveller, folder: Path) -> bytes:
    link = reader.page.get_by_role("link", name=re.compile(r"-Protokoll\.pdf herunterladen"))
    link.wait_for(timeout=60_000)
    with reader.page.expect_download() as download:
        link.click()
    file = folder / "protokoll.pdf"
    download.value.save_as(file)
    return file.read_bytes()


def check_minutes(content: bytes, folder: Path) -> None:
    assert quick_faults(content) == []
    assert tag_faults(content) == []
    assert verapdf_faults(folder / "protokoll.pdf", "ua1") == []
    text = " ".join("".join(page_texts(content)).split())
    assert RESOLUTION in text
    assert TASK in text
    assert "Entwurf" not in text


@pytest.mark.slow
def test_given_the_demo_when_a_meeting_is_planned_held_and_minuted_then_everybody_learns_it_and_the_task_stays(
    running: Application, sign_in: Sign, tmp_path: Path
):
    with step("wer im Amt ist"):
        office = running.manage("secretariat", "--agreement", "wetteraukreis", "--on", TODAY)["partner"]
        secretary = sign_in(f"{office}-secretariat")
    with step("planen"):
        plan(secretary)
        meeting = secretary.page.url
    with step("Tagesordnung mit der Tastatur"):
        arrange(secretary)
    with step("einladen"):
        invite(secretary)
    with step("Mail der Einladung"):
        link = check_invitation(running.mail_to("lwv-hessen-member", "Einladung zur Sitzung am Mo 23.11.2026"))
    with step("antworten, mit dem Telefon"):
        member = sign_in("lwv-hessen-member", at=link, width=375)
        answer(member)
    with step("beginnen, Teilnahme"):
        secretary.open(meeting)
        hold(secretary)
    with step("schreiben mit Autosave"):
        write(secretary)
    with step("Beschluss und Aufgabe"):
        decide(secretary)
    with step("ergänzen, was fehlt"):
        complete(secretary)
    with step("versenden"):
        circulate(secretary)
        minutes = secretary.page.url
    for partner, name in (("wetteraukreis", "Wetteraukreis"), ("lwv-hessen", "LWV Hessen")):
        with step(f"genehmigen: {name}"):
            approve(sign_in(f"{partner}-approver", at=minutes), name)
    with step("fertiges PDF"):
        member.open(minutes)
        check_minutes(finished_pdf(member, tmp_path), tmp_path)
    with step("Mail: Protokoll genehmigt"):
        mail = running.mail_to("lwv-hessen-member", "Protokoll vom 23.11.2026 ist genehmigt")
        assert minutes in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        assert not list(mail.iter_attachments())
    with step("Aufgabe in der Liste und bei der nächsten Sitzung"):
        secretary.open("/wetteraukreis/aufgaben/")
        secretary.says(TASK)
        secretary.open("/wetteraukreis/")
        secretary.open("/wetteraukreis/sitzungen/")
        secretary.follow("18.01.2027")
        secretary.page.get_by_text("offene Aufgaben").click()
        secretary.says(TASK)
    with step("die übrigen Seiten, schmal"):
        for path in ("/wetteraukreis/", "/wetteraukreis/fristen/", "/wetteraukreis/mitglieder/", meeting):
            member.open(path)
