"""Statutory pages: empty until Technik publishes them, public then, version after version, never changed."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from kok import erasure, health, statutory
from kok.errors import Refused
from kok.models import AuditEvent, StatutoryPage
from kok.models.footer import LONGEST
from reporting.demo.actions.pages import INVENTED, NOTE, publish_samples
from tests.builders import a_user, an_agreement, publish_pages
from tests.meetings.held import signed_in
from tests.roles import as_owner, by_worker

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
OWED = ["impressum", "datenschutz", "barrierefreiheit", "gebaerdensprache"]
MISSING = "Diese Seite ist noch nicht veröffentlicht."


@pytest.fixture
def operator(settings, monkeypatch):
    """Who runs the installation; of its parts only the pages are looked at, no worker and no broker runs here."""
    monkeypatch.setattr(health, "_parts", {"statutory_pages": health._parts["statutory_pages"]})
    settings.KOK_NOW = NOW.isoformat()
    an_agreement()
    return a_user(role="admin")


def shown(client, name, *args):
    """A page, without the breaks of the lines of its template."""
    return " ".join(unescape(client.get(reverse(name, args=args)).content.decode()).split())


def public(slug):
    return shown(Client(), "kok:page", slug)


def published(operator, text, slug="impressum", base=0, now=NOW, **more):
    return statutory.publish(page=statutory.PAGES[slug], text=text, base=base, by=operator, now=now, **more)


def send(client, slug="impressum", **fields):
    return client.post(reverse("kok:page-edit", args=[slug]), {"base": "0"} | fields)


@pytest.mark.parametrize("slug", OWED)
def test_given_nothing_published_when_a_page_is_read_then_it_says_so(slug):
    page = public(slug)
    assert MISSING in page
    assert "[[" not in page


def test_given_nothing_published_when_technik_opens_the_jobs_then_they_are_red_and_lead_to_each_page(operator):
    client = signed_in(operator)
    page = shown(client, "kok:jobs")
    assert "Es liegt nichts Unerledigtes vor" not in page
    assert f'Nicht erledigt: <a href="#seiten">{len(OWED)} nicht veröffentlichte Seiten</a>.' in page
    for slug in OWED:
        assert reverse("kok:page-edit", args=[slug]) in page
    publish_pages(by=operator)
    page = shown(client, "kok:jobs")
    assert "Es liegt nichts Unerledigtes vor" in page
    assert "noch nicht veröffentlicht" not in page
    assert reverse("kok:pages") in page


def test_given_nothing_published_when_monitoring_asks_then_the_pages_are_degraded_until_all_are_there(operator):
    assert health.answer(NOW)["parts"]["statutory_pages"] == "degraded"
    publish_pages(by=operator)
    assert health.answer(NOW)["parts"]["statutory_pages"] == "ok"


def test_given_a_text_when_previewed_and_published_then_everybody_reads_it_and_the_trail_knows(operator):
    client, text = signed_in(operator), "# Wer?\r\n\r\nDas Amt.\r\nTelefon 1"
    preview = unescape(send(client, text=text).content.decode())
    assert "<h2>Wer?</h2>" in preview
    assert "Seite veröffentlichen" in preview
    assert MISSING in public("impressum")
    answer = send(client, text=text, publish="1")
    assert answer.headers["Location"] == reverse("kok:page-versions", args=["impressum"])
    page = public("impressum")
    assert "<h2>Wer?</h2> <p>Das Amt.<br>Telefon 1</p>" in page
    assert "Fassung 1, veröffentlicht am 01.03.2027" in page
    assert MISSING not in page
    event = AuditEvent.objects.get(action="page.published")
    assert (event.actor_id, event.note) == (operator.pk, "Impressum, Fassung 1")


@pytest.mark.parametrize(
    ("slug", "text", "says"),
    [
        (
            "impressum",
            "Telefon [[Nummer]], [[Ort]]",
            "<li>Ersetzen Sie noch „Nummer“.</li><li>Ersetzen Sie noch „Ort“.</li>",
        ),
        ("impressum", "Telefon [[Num\nmer]]", "Ersetzen Sie noch „Num mer“."),
        ("impressum", "Telefon [[Nummer [neu]]]", "Ersetzen Sie noch „Nummer [neu]“."),
        ("impressum", "Telefon [[Nummer", "Im Text stehen noch doppelte eckige Klammern"),
        ("impressum", "<b>Amt</b>", "Der Text enthält HTML"),
        ("gebaerdensprache", "Bald kommt ein Video.", "Nennen Sie die Adresse von mindestens einem Video."),
    ],
)
def test_given_open_points_when_published_all_the_same_then_it_is_refused_and_the_text_stands_there(
    operator, slug, text, says
):
    client = signed_in(operator)
    preview = unescape(send(client, slug, text=text).content.decode())
    assert says in preview
    assert 'name="publish"' not in preview
    answer = send(client, slug, text=text, publish="1")
    for sentence in re.findall(r"[^<>]{9,}", says):
        assert sentence in unescape(answer.content.decode())
    assert text in unescape(answer.content.decode())
    assert not StatutoryPage.objects.exists()
    with pytest.raises(Refused):
        published(operator, text, slug)


@pytest.mark.parametrize("slug", OWED)
def test_given_the_text_to_start_with_when_published_unread_then_its_gaps_refuse_it(operator, slug):
    points = statutory.open_points(statutory.PAGES[slug], statutory.PAGES[slug].start)
    assert points[0].startswith("Ersetzen Sie noch „")


def test_given_two_who_write_at_once_when_the_second_publishes_then_nothing_is_lost_and_both_texts_stand_there(
    operator,
):
    client = signed_in(operator)
    published(operator, "Vom ersten.")
    answer = send(client, text="Vom zweiten.", publish="1")
    page = unescape(answer.content.decode())
    assert answer.status_code == 409
    assert "Inzwischen gibt es die Fassung 1 dieser Seite. Ihr Text steht noch hier" in page
    assert "Vom ersten." in page
    assert "Vom zweiten." in page
    assert "Vom ersten." in public("impressum")
    assert 'name="base" value="1"' in page
    send(client, text="Von beiden.", base="1", publish="1")
    assert "Von beiden." in public("impressum")


def test_given_two_versions_when_the_older_is_taken_back_then_it_is_the_third_and_all_stay_readable(operator):
    published(operator, "Alt.")
    published(operator, "Neu.", base=1)
    client = signed_in(operator)
    versions = shown(client, "kok:page-versions", "impressum")
    assert versions.index("Fassung 2") < versions.index("Fassung 1")
    assert operator.username in versions
    assert "Alt." in shown(client, "kok:page-version", "impressum", 1)
    edit = unescape(client.get(reverse("kok:page-edit", args=["impressum"]) + "?fassung=1").content.decode())
    assert "Alt.</textarea>" in edit
    assert 'name="base" value="2"' in edit
    send(client, text="Alt.", base="2", publish="1")
    assert [row.text for row in statutory.versions("impressum")] == ["Alt.", "Neu.", "Alt."]
    assert "Alt." in public("impressum")


@pytest.mark.parametrize("number", ["0", "9", "99999999999999999999", "x", ""])
def test_given_a_version_that_does_not_exist_when_asked_for_then_writing_begins_anew_or_it_is_not_found(
    operator, number
):
    client = signed_in(operator)
    edit = client.get(reverse("kok:page-edit", args=["impressum"]), {"fassung": number})
    assert edit.status_code == 200
    if number.isdecimal():
        address = f"/verwaltung/seiten/impressum/fassungen/{number[:4]}/"
        assert client.get(address).status_code == 404
    assert client.get(reverse("kok:page-edit", args=["hilfe"])).status_code == 404


def test_given_a_text_that_is_too_long_when_sent_then_its_length_is_named_and_all_of_it_stands_there(operator):
    text = "x" * (LONGEST + 12)
    page = unescape(send(signed_in(operator), text=text, publish="1").content.decode())
    assert f"Der Text hat {len(text)} Zeichen, möglich sind {LONGEST}." in page
    assert text in page
    assert "maxlength" not in page


@pytest.mark.parametrize("act", ["UPDATE kok_statutorypage SET text = 'x'", "DELETE FROM kok_statutorypage"])
def test_given_a_published_version_when_changed_by_sql_then_the_database_refuses(operator, act):
    published(operator, "So.")
    with as_owner(), pytest.raises(DatabaseError, match="kann nicht geändert werden"), transaction.atomic():
        connection.cursor().execute(act)


def test_given_replaced_versions_when_ten_years_are_over_then_only_they_are_erased(operator):
    for number in range(3):
        published(operator, f"Text {number}.", base=number, now=NOW + timedelta(days=366 * number))
    published(operator, "Bleibt.", "datenschutz")
    day = date(2038, 3, 3)
    assert list(statutory.RULES[0].due(date(2037, 3, 1))) == []
    run = by_worker(erasure.run, now=datetime(2038, 3, 3, 3, 0, tzinfo=UTC))
    assert next(line for line in run.report if line["rule"] == "page-versions")["erased"] == 1
    left = StatutoryPage.objects.order_by("page", "number").values_list("page", "number")
    assert list(left) == [("datenschutz", 1), ("impressum", 2), ("impressum", 3)]
    assert list(statutory.RULES[0].due(day)) == []


def test_given_a_later_version_put_in_by_sql_when_the_night_comes_then_the_published_one_is_not_erased(operator):
    published(operator, "Gilt.")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kok_statutorypage (page, number, text, is_reviewed, published_at, published_by_id)"
            " SELECT page, 2, 'x', false, '2010-01-01', published_by_id FROM kok_statutorypage"
        )
    run = by_worker(erasure.run, now=NOW + timedelta(days=1))
    assert next(line for line in run.report if line["rule"] == "page-versions")["erased"] == 0
    assert "Gilt." in public("impressum")


def test_given_the_page_in_simple_language_when_nobody_replaced_it_then_it_is_a_draft_with_all_that_must_stand_there():
    page = public("leichte-sprache")
    assert "<h1>Einfache Sprache (Entwurf)</h1>" in page
    assert "Entwurf, von keiner Prüfgruppe gelesen." in page
    for heading in (
        "Worum geht es hier?", "Wofür ist diese Internet·seite?", "Wie benutzen Sie diese Internet·seite?",
        "Was steht in der Erklärung zur Barriere·freiheit?", "Wo melden Sie eine Barriere?", "Wie erreichen Sie uns?",
    ):  # fmt: skip
        assert f"<h2>{heading}</h2>" in page
    assert 'href="/barriere-melden/"' in page


def test_given_the_draft_in_simple_language_when_its_lines_are_read_then_each_holds_one_short_sentence():
    lines = [line for line in statutory.PAGES["leichte-sprache"].start.splitlines() if line and line[0] not in "#-"]
    assert len(lines) > 40
    assert [line for line in lines if line.rstrip(".?:").count(". ") > 0 and "Abkürzung" not in line] == []
    assert [line for line in lines if len(line.partition("](")[0].split()) > 12] == []


@pytest.mark.parametrize(("is_reviewed", "heading"), [(True, "Leichte Sprache"), (False, "Einfache Sprache (Entwurf)")])
def test_given_a_text_of_the_office_when_a_group_read_it_or_not_then_the_page_has_the_name_it_deserves(
    operator, is_reviewed, heading
):
    fields = {"is_reviewed": "on"} if is_reviewed else {}
    send(signed_in(operator), "leichte-sprache", text="Kurz.", publish="1", **fields)
    page = public("leichte-sprache")
    assert f"<h1>{heading}</h1>" in page
    assert "<p>Kurz.</p>" in page
    assert ("von keiner Prüfgruppe gelesen" in page) is not is_reviewed


def test_given_a_text_that_a_group_read_when_the_next_is_written_then_the_word_for_it_is_given_anew(operator):
    published(operator, "Kurz.", "leichte-sprache", is_reviewed=True)
    client, ticked = signed_in(operator), {"text": "Neu.", "base": "1", "is_reviewed": "on"}
    assert " checked" not in shown(client, "kok:page-edit", "leichte-sprache")
    assert " checked" not in unescape(send(client, "leichte-sprache", change="1", **ticked).content.decode())
    overtaken = send(client, "leichte-sprache", publish="1", **ticked | {"base": "0"})
    assert overtaken.status_code == 409
    assert " checked" not in unescape(overtaken.content.decode())
    send(client, "leichte-sprache", publish="1", text="Neu.", base="1")
    assert "<h1>Einfache Sprache (Entwurf)</h1>" in public("leichte-sprache")


def test_given_the_page_in_simple_language_when_previewed_and_listed_then_it_says_whether_a_group_read_it(operator):
    client = signed_in(operator)
    for base, fields, heading, read in (
        ("0", {}, "Einfache Sprache (Entwurf)", False), ("1", {"is_reviewed": "on"}, "Leichte Sprache", True)
    ):  # fmt: skip
        preview = unescape(send(client, "leichte-sprache", text="Kurz.", base=base, **fields).content.decode())
        assert f"<h2>{heading}</h2>" in preview
        assert ("Entwurf, von keiner Prüfgruppe gelesen." in preview) is not read
        send(client, "leichte-sprache", text="Kurz.", base=base, publish="1", **fields)
        words = "von einer Prüfgruppe gelesen" if read else "von keiner Prüfgruppe gelesen"
        assert words in shown(client, "kok:page-version", "leichte-sprache", int(base) + 1)
        assert words in shown(client, "kok:pages")
    versions = shown(client, "kok:page-versions", "leichte-sprache")
    assert versions.index("hat den Text gelesen") < versions.index("hat den Text nicht gelesen")
    published(operator, "Amt.")
    assert "Prüfgruppe" not in shown(client, "kok:page-versions", "impressum")


def test_given_a_preview_when_its_ways_out_are_read_then_none_loses_the_text_without_saying_so(operator):
    preview = unescape(send(signed_in(operator), text="Neu.").content.decode())
    assert f'href="{reverse("kok:page-edit", args=["impressum"])}"' not in preview
    assert "Text verwerfen" in preview
    assert "Abbrechen" not in preview
    assert preview.count('aria-current="page">Vorschau') == preview.count("<span aria-current") == 1


def test_given_signs_that_the_page_does_not_know_when_previewed_then_a_hint_says_so_and_it_can_be_published(operator):
    preview = unescape(send(signed_in(operator), text="# Wer?\n* Amt").content.decode())
    assert "„* Amt“: Eine Aufzählung beginnt mit - und einem Leerzeichen." in preview
    assert 'name="publish"' in preview


def test_given_the_declaration_when_started_then_it_asks_for_all_that_the_law_wants(operator):
    edit = shown(signed_in(operator), "kok:page-edit", "barrierefreiheit")
    for heading in (
        "Geltungsbereich", "Stand der Vereinbarkeit", "Nicht barrierefreie Inhalte", "Unverhältnismäßige Belastung",
        "Wie diese Erklärung entstanden ist", "Feedback und Kontakt", "Durchsetzungsverfahren", "LBIT",
    ):  # fmt: skip
        assert heading in edit


def test_given_the_demo_when_it_is_loaded_then_every_sample_says_that_it_is_invented(operator):
    publish_samples(by=operator, now=NOW)
    assert statutory.unpublished() == []
    for slug in OWED:
        page = public(slug)
        assert NOTE in page
        assert MISSING not in page
        assert "[[" not in page
    gaps = {gap for slug in OWED for gap in statutory.markup.gaps(statutory.PAGES[slug].start)}
    assert gaps == INVENTED.keys()


@pytest.mark.parametrize(("slug", "number"), [("impressum", 1), ("hilfe", 0)])
def test_given_a_page_of_the_footer_when_read_then_it_costs_one_statement_at_most(
    slug, number, django_assert_num_queries
):
    client = Client()
    with django_assert_num_queries(number):
        client.get(reverse("kok:page", args=[slug]))


def test_given_no_page_of_that_name_when_opened_then_it_is_not_found():
    assert Client().get("/seite/niemand/").status_code == 404
