"""Lists and cases on paper and as locked files: logged first, opened by the passphrase only, kept nowhere."""

import csv
import logging
import re
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from uuid import uuid4

import pikepdf
import pymupdf
import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from kok import clock, pdf
from kok.models import Document, OutboxMessage
from kok.pdf import apart
from tests.builders import OTHER_COUNTY, a_second_agreement, a_user, an_agreement, the_partner
from tests.pdf_validators import outloud_faults, quick_faults, tag_faults, verapdf_faults
from tests.transitions.inside import enter
from tests.transitions.world import a_draft, an_access, case_data, fresh, released
from tests.worlds import built_once
from transitions.actions import entries, lists, subject_requests
from transitions.documents import case_export, list_print
from transitions.models import AccessLogEntry
from transitions.queries.disclosure import disclosure_of, people_of
from transitions.queries.imports import read_file
from transitions.rules.codes import (
    Answer,
    CaseState,
    EndReason,
    EntryReason,
    FacilityBasis,
    LogAction,
    RequestAnswer,
    RequestKind,
    Salutation,
    SimilarReason,
)

pytestmark = pytest.mark.django_db
NAME = "Zitronenfalter"
YEAR_END = date(2027, 12, 31)
TODAY = date(2027, 4, 20)


@built_once(KOK_NOW="2027-04-20T09:00:00+02:00")
def version():
    an_agreement()
    return released(a_draft([case_data(family_name=NAME, given_name="Ada")])).version


@built_once
def case(version):
    """About which somebody asks both sides, whose identity was checked."""
    case = version.entries.get().case
    for role, partner in (("case-officer", "wetteraukreis"), ("case-receiver", "lwv-hessen")):
        asked(case, role, partner)
    return case


def asked(case, role, partner, *, checked_on=TODAY, kind=RequestKind.ACCESS):
    return subject_requests.register_request(
        partner=the_partner(partner), kind=kind, case_ref=case.case_ref, received_on=TODAY,
        identity_checked_on=checked_on, by=an_access(role), now=clock.now(),
    )  # fmt: skip


@built_once
def receiver(version):
    return enter(a_user(role="case-receiver", partner="lwv-hessen"))


@built_once
def officer(version):
    return enter(a_user(role="case-officer"))


def url(name, thing, slug="wetteraukreis"):
    return reverse(f"transitions:{name}", args=[slug, getattr(thing, "pk", thing)])


def passphrase_on(response):
    return re.search(r"<code[^>]*>([a-z2-9-]{29})</code>", response.content.decode())[1]


def offer_on(response):
    """What the page sends back: the passphrase, signed."""
    return response.context["form"].initial["passphrase"]


def logged(action):
    return AccessLogEntry.objects.filter(action=action).count()


def stored_words():
    """Everything in the tables of the application, as a dump would show it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        for table in tables:
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{table}" t')
            yield from cursor.fetchone() or ()


def test_given_a_passphrase_when_sent_for_another_file_or_by_another_person_then_no_file_is_made(
    receiver, officer, version, case
):
    offered = offer_on(receiver.get(url("export", version)))
    said = "Dieses Kennwort gilt nicht mehr."
    assert said in receiver.post(url("case-export", case), {"passphrase": offered}).content.decode()
    assert said in officer.post(url("export", version), {"passphrase": offered}).content.decode()
    assert logged("EXPORT") == 0
    assert receiver.post(url("export", version), {"passphrase": offered})["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("name", ["export", "case-export"])
def test_given_a_passphrase_when_the_file_is_made_then_it_alone_opens_it_and_the_data_stand_inside(
    name, receiver, version, case
):
    address = url(name, version if name == "export" else case)
    page = receiver.get(address)
    passphrase = passphrase_on(page)
    response = receiver.post(address, {"passphrase": offer_on(page)})
    assert response["Content-Type"] == "application/pdf"
    assert NAME not in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    assert NAME.encode() not in response.content
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(BytesIO(response.content), password=passphrase[:-1])
    with pymupdf.open(stream=response.content, filetype="pdf") as document:
        assert document.authenticate(passphrase)
        text = " ".join(page.get_text() for page in document)
    assert NAME in text
    assert case.case_ref in text


def test_given_no_open_request_for_access_with_a_checked_identity_when_an_auskunft_is_asked_for_then_none_is_made(
    officer, version
):
    case = version.entries.get().case
    offered = {"passphrase": offer_on(officer.get(url("case-export", case)))}
    asked(case, "case-officer", "wetteraukreis", checked_on=None)
    asked(case, "case-officer", "wetteraukreis", kind=RequestKind.CORRECTION)
    asked(case, "case-receiver", "lwv-hessen")
    answered = asked(case, "case-officer", "wetteraukreis")
    subject_requests.answer_request(
        request=answered, answer=RequestAnswer.REFUSED, answered_on=TODAY, by=an_access(), now=clock.now()
    )
    page = officer.get(url("case-export", case)).content.decode()
    assert "Sie entsteht nur zu einer offenen Anfrage nach Art. 15 DSGVO" in page
    assert "<code" not in page
    assert officer.post(url("case-export", case), offered)["Content-Type"].startswith("text/html")
    assert logged(LogAction.EXPORT) == 0
    request = asked(case, "case-officer", "wetteraukreis")
    assert officer.post(url("case-export", case), offered)["Content-Type"] == "application/pdf"
    line = AccessLogEntry.objects.get(action=LogAction.EXPORT)
    assert (line.request, line.reason) == (str(request.pk), EntryReason.SUBJECT_REQUEST)  # she came to prepare the list


def test_given_an_export_when_the_table_is_taken_out_then_the_import_of_the_county_reads_the_same_people(
    version, settings
):
    settings.KOK_NOW = "2028-04-20T09:00:00+02:00"
    now = datetime(2028, 4, 20, 7, tzinfo=UTC)
    people = [
        case_data(
            family_name="Quarkstein", contact_phone="+49 6031 83-0", expected_end_on=date(2029, 7, 1),
            informed_on=date(2028, 1, 10),
        ),
        case_data(
            family_name="Pfeffer-Sack", contact_unit='Fachdienst 2; "West"',
            facility_basis=FacilityBasis.SIMILAR, salutation=Salutation.NEUTRAL,
            similar_reason=SimilarReason.FOSTER_FAMILY, ba_procedure_started=Answer.YES, lwv_involved=Answer.UNKNOWN,
            expected_end_on=date(2029, 10, 1), informed_on=date(2028, 2, 29), ga_municipality="06999999",
        ),
    ]  # fmt: skip
    listed = released(a_draft(people, year=2028, now=now), now=now).version
    receiver = enter(a_user(role="case-receiver", partner="lwv-hessen"))
    page = receiver.get(url("export", listed))
    passphrase = passphrase_on(page)
    made = receiver.post(url("export", listed), {"passphrase": offer_on(page)}).content
    assert logged(LogAction.EXPORT) == 1
    with pikepdf.open(BytesIO(made), password=passphrase) as document:
        ((name, file),) = document.attachments.items()
        content = file.get_file().read_bytes()
        assert document.encryption.file_method.name == "aesv3"
    assert name == f"Uebergangsliste-2028-Fassung-1-{now:%Y-%m-%d}.csv"  # the Quittung holds no names, this file does
    assert list_print.filename(listed) == name.replace(".csv", ".pdf")
    assert content not in made
    read = read_file(content, version=fresh(listed), today=now.date())
    assert read.problems == ()
    assert {data for data, _ in read.rows} == set(people)
    told = list(csv.DictReader(StringIO(content.decode("utf-8-sig")), delimiter=";"))
    refs = {entry.data.family_name: entry.case.case_ref for entry in listed.entries.all()}
    assert {row["Familienname"]: (row["Fallzeichen"], row["Fassung"]) for row in told} == {
        name: (ref, "1") for name, ref in refs.items()
    }


def test_given_a_version_that_takes_somebody_off_when_handed_out_then_the_table_holds_who_stays(version):
    officer = an_access()
    draft = lists.open_draft(sender=version.transition_list.sender, year=2027, by=officer, now=clock.now())
    late = case_data(given_name="Oda", expected_end_on=date(2027, 7, 1))
    entries.add_entry(version=draft, data=late, is_late=True, by=officer, now=clock.now())
    gone = draft.entries.get(case__named_at__isnull=False)
    ended = {"ending": CaseState.MOVED_AWAY, "reason": EndReason.MOVED, "postponed_to": None}
    entries.end_case(entry=gone, **ended, by=officer, now=clock.now())
    second = released(draft, now=clock.now()).version
    content = list_print.table(second, people_of(officer, second)).content.decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(content), delimiter=";"))
    assert [(row["Vorname"], row["Nachmeldung"], row["Fassung"]) for row in rows] == [("Oda", "ja", "2")]
    page = list_print.html(second, people_of(officer, second), now=clock.now())
    links = re.findall(r'<td><a href="#([^"]+)">([^<]+)</a>', page)
    assert sorted(words for _, words in links) == ["Zirbelnuss, Oda", "nicht mehr auf der Liste"]
    assert all(f'id="{place}"' in page for place, _ in links)


def test_given_an_export_when_it_left_then_neither_tables_nor_mail_nor_log_hold_a_byte_of_it(
    officer, version, caplog, settings
):
    caplog.set_level(logging.DEBUG)
    files = sorted(settings.KOK_VAR.rglob("*")) if settings.KOK_VAR.exists() else []
    page = officer.get(url("export", version))
    passphrase = passphrase_on(page)
    officer.post(url("export", version), {"passphrase": offer_on(page)})
    assert (sorted(settings.KOK_VAR.rglob("*")) if settings.KOK_VAR.exists() else []) == files
    words = [text for text in stored_words() if text and (NAME in text or passphrase in text or "%PDF" in text)]
    assert words == []
    assert not Document.objects.exists()
    assert not any(NAME in f"{row.key} {row.context}" for row in OutboxMessage.objects.all())
    assert not any(NAME in f"{message.subject} {message.body}" for message in mail.outbox)
    assert passphrase not in caplog.text
    assert NAME not in caplog.text


def test_given_the_tables_when_they_did_hold_something_then_these_tests_would_see_it(version):
    assert any(version.receipt.number in text for text in stored_words() if text)


def test_given_an_export_when_the_file_cannot_be_made_then_the_log_has_its_line_already_and_nothing_leaves(
    officer, version, monkeypatch
):
    def fail(html, *, passphrase, attachments):
        assert logged(LogAction.EXPORT) == 1
        raise pdf.PdfFailed("Die Datei konnte nicht erstellt werden.")

    monkeypatch.setattr(list_print, "render_locked", fail)
    page = officer.get(url("export", version))
    first = passphrase_on(page)
    response = officer.post(url("export", version), {"passphrase": offer_on(page)})
    assert response["Content-Type"].startswith("text/html")
    assert "konnte nicht erstellt werden" in response.content.decode()
    assert passphrase_on(response) != first


@pytest.mark.parametrize("sent", [{}, {"passphrase": "kurz"}, {"passphrase": "aaaa-aaaa-aaaa-aaaa-aaaa-aaaa"}])
def test_given_a_passphrase_of_ones_own_when_sent_then_no_file_leaves(officer, version, sent):
    response = officer.post(url("export", version), sent)
    assert response["Content-Type"].startswith("text/html")
    assert logged(LogAction.EXPORT) == 0


def test_given_an_export_when_asked_for_by_get_then_only_the_page_comes_with_another_passphrase_each_time(
    officer, version, case
):
    for address in (url("export", version), url("case-export", case)):
        pages = [officer.get(f"{address}?passphrase=abcd-efgh-kmnp-qrst-uvwx-yz23") for _ in range(2)]
        assert [page["Content-Type"].split(";")[0] for page in pages] == ["text/html"] * 2
        assert passphrase_on(pages[0]) != passphrase_on(pages[1])
        assert NAME not in pages[0].content.decode()
    assert logged(LogAction.EXPORT) == 0


def test_given_a_draft_when_it_shall_leave_as_a_file_then_it_does_not_because_nobody_released_it(officer, version):
    draft = a_draft([case_data(family_name=NAME, expected_end_on=date(2027, 7, 1))], year=2026)
    response = officer.post(url("export", draft), {"passphrase": "abcd-efgh-kmnp-qrst-uvwx-yz23"})
    assert "Ein Entwurf verlässt die Anwendung nicht" in response.content.decode()
    assert logged(LogAction.EXPORT) == 0


def test_given_what_one_may_not_see_when_asked_for_then_it_does_not_exist(version, case, receiver):
    draft = a_draft([case_data(family_name=NAME, expected_end_on=date(2027, 7, 1))], year=2026)
    other = a_second_agreement()
    stranger = enter(a_user(role="case-receiver", partner="lwv-hessen", agreement=other), agreement=other)
    sent = {"passphrase": "abcd-efgh-kmnp-qrst-uvwx-yz23"}
    for name, thing in (("export", version), ("print", version), ("case-export", case)):
        for slug in ("wetteraukreis", OTHER_COUNTY):
            assert stranger.get(url(name, thing, slug)).status_code == 404
            assert stranger.post(url(name, thing, slug), sent).status_code in (404, 405)
        assert receiver.get(url(name, uuid4())).status_code == 404
    for name, thing in (("export", draft), ("print", draft), ("case-export", draft.entries.get().case)):
        assert receiver.get(url(name, thing)).status_code == 404


@pytest.mark.parametrize("role", ["member", "secretariat", "auditor"])
def test_given_a_role_outside_the_case_units_when_it_asks_for_files_then_there_are_none(role, version, case):
    user = a_user(role=role)
    from django.test import Client

    client = Client()
    client.force_login(user)
    for name, thing in (("export", version), ("print", version), ("case-export", case)):
        assert client.get(url(name, thing)).status_code == 404


def test_given_the_print_page_when_opened_then_it_is_logged_and_says_on_paper_what_it_is_who_and_when(officer, version):
    page = officer.get(url("print", version)).content.decode()
    assert logged(LogAction.PRINT) == 1
    head = re.search(r'<table class="kok-sheet">.*?</thead>', page, re.DOTALL)[0]
    assert "Sozialdaten – vertraulich" in head
    assert re.search(r"Gedruckt am Di 20\.04\.2027, \d\d:\d\d Uhr", head)
    assert "wetteraukreis-case-officer" in head
    assert NAME in page.split('class="kok-paper"')[1]
    assert NAME not in page.split('class="kok-paper"')[0]


def test_given_a_disclosure_when_read_then_data_recipients_times_and_looks_stand_there_without_staff(version, case):
    by = an_access(role="case-officer")
    client = enter(by.user)
    client.get(url("case", case))
    client.get(url("case", case))
    html = case_export.html(disclosure_of(by, case, YEAR_END), now=version.receipt.released_at)
    told = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    for words in (NAME, "30.04.2010" if "30.04.2010" in told else "Geburtsdatum", version.receipt.number):
        assert words in told
    assert "Landeswohlfahrtsverband" in told
    assert "Fall angesehen, 2-mal" in told
    assert "Hessischen Beauftragten für Datenschutz" in told
    assert by.user.get_username() not in told


def test_given_both_sides_when_they_disclose_then_each_tells_of_its_own_looks_and_its_own_source(version, case):
    county, lwv = an_access(role="case-officer"), an_access(role="case-receiver", partner="lwv-hessen")
    enter(county.user).get(url("case", case))
    ours, theirs = disclosure_of(county, case, YEAR_END), disclosure_of(lwv, case, YEAR_END)
    assert [look.role for look in ours.looks if look.action is LogAction.VIEW_CASE] == ["Fallbearbeitung"]
    assert [look for look in theirs.looks if look.action is LogAction.VIEW_CASE] == []
    assert (ours.controller.slug, theirs.controller.slug) == ("wetteraukreis", "lwv-hessen")


@pytest.mark.slow
def test_given_the_documents_when_judged_before_they_are_locked_then_they_are_accessible(version, case, tmp_path):
    by, now = an_access(role="case-officer"), version.receipt.released_at
    more = [case_data(given_name=name, expected_end_on=date(2027, 7, 1)) for name in ("Bo", "Cem")]
    several = released(a_draft(more, year=2026)).version
    pages = (
        list_print.html(version, people_of(by, version), now=now),
        list_print.html(several, people_of(by, several), now=now),
        case_export.html(disclosure_of(by, case, YEAR_END), now=now),
    )
    for number, html in enumerate(pages):
        made = pdf.render(html, attachments=(list_print.table(version, people_of(by, version)),))
        file = tmp_path / f"{number}.pdf"
        file.write_bytes(made)
        assert quick_faults(made) + tag_faults(made) == []
        assert verapdf_faults(file, "ua1") + outloud_faults(file) == []


def test_given_the_way_to_the_child_when_used_by_the_documents_then_it_is_the_one_that_locks():
    assert case_export.render_locked is list_print.render_locked is apart.render_locked


def test_given_sixty_cases_when_handed_out_then_an_index_by_name_leads_to_each_and_several_fit_on_a_page(settings):
    settings.KOK_NOW = "2027-04-20T09:00:00+02:00"
    an_agreement()
    names = [f"{first}{second}" for first in ("Al", "Be", "Co", "Du", "El", "Fa") for second in "abcdefghik"]
    listed = released(a_draft([case_data(given_name=name) for name in names])).version
    by = an_access()
    lines = people_of(by, listed)
    made = pdf.render(list_print.html(listed, lines, now=clock.now()))
    with pymupdf.open(stream=made, filetype="pdf") as document:
        pages = [page.get_text() for page in document]
        bookmarks = {title: number for _, title, number in document.get_toc()}
        links = {link["page"] for page in document for link in page.get_links()}
    index = "".join(pages).split("Verzeichnis")[1].split("Benannte Personen")[0]
    told = re.findall(r"(.+?)\s+(UE-2027-\w+)\s+(\d+)\n", index)
    assert [(name, ref) for name, ref, _ in told] == [(line.heading, line.case.case_ref) for line in lines]
    assert all(int(page) == bookmarks[name] for name, _, page in told)
    assert links == {bookmarks[line.heading] - 1 for line in lines}
    whole = [page for page in pages if "Gesetzliche Vertretung" in page]
    assert sum(map(counted_whole, whole)) == 60
    assert max(map(counted_whole, whole)) >= 4
    assert len(pages) <= 20
    assert quick_faults(made) + tag_faults(made) == []


def counted_whole(page):
    """How many people stand on a page; nobody begins on it and ends on the next one."""
    fallzeichen = len(re.findall(r"^Fall UE-2027-", page, re.MULTILINE))
    assert fallzeichen == page.count("Geburtsdatum") == page.count("Informiert am") == page.count("Telefon")
    return fallzeichen
