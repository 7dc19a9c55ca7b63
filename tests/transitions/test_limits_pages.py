"""The two pages to look things up; a date of birth stands in no address and nowhere afterwards."""

import logging

import pytest

from kok.models import AuditEvent
from tests import builders

AGE = "/wetteraukreis/uebergaenge/regelaltersgrenze"
WHO = "/wetteraukreis/uebergaenge/zustaendigkeit"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _autumn(settings):
    settings.KOK_NOW = "2026-11-23T09:00"


@pytest.fixture(autouse=True)
def user(client):
    builders.an_agreement()
    user = builders.a_user(role="registrar")
    client.force_login(user)
    return user


def ask(client, born_on="31.12.1959", exception="", reference_date="31.12.2026"):
    return client.post(AGE, {"born_on": born_on, "exception": exception, "reference_date": reference_date})


def text(answer):
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_given_the_page_when_opened_then_it_proposes_the_last_year_and_shows_all_cohorts(client):
    page = text(client.get(AGE))
    assert 'value="31.12.2025"' in page
    assert page.count('<th scope="row">') == 19
    assert "<td>66 Jahre und 2 Monate</td> <td>28.02.2025 bis 28.02.2026</td>" in page
    assert "<td> bis 30.12.2011</td>" in page
    assert "<td>ab 31.12.2030 </td>" in page
    assert f'href="{WHO}"' in page


def test_given_a_birthday_in_the_address_when_opened_then_it_is_not_read(client):
    assert "1959-12-31" not in text(client.get(AGE, {"born_on": "1959-12-31", "reference_date": "2026-12-31"}))


@pytest.mark.parametrize(
    ("asked", "sentences"),
    [
        ({}, ["dem Ende des 28.02.2026", "Der 01.03.2026 ist der erste Tag", "Am Stichtag 31.12.2026 zählt die"]),
        (
            {"born_on": "01.01.1958", "reference_date": "31.12.2023"},
            ["Am Stichtag 31.12.2023 zählt die Person nicht mit", "erst mit dem Ende dieses Tages"],
        ),
        ({"born_on": "15.06.1970"}, ["Sie beträgt 67 Jahre.", "nicht mit, denn sie erreicht die Grenze erst später"]),
        ({"born_on": "10.05.1954", "exception": "PARTIAL_RETIREMENT"}, ["Sie beträgt 65 Jahre.", "09.05.2019"]),
    ],
)  # fmt: skip
def test_given_a_birthday_when_asked_then_sentences_say_when_and_whether_it_counts_and_why(client, asked, sentences):
    page = text(ask(client, **asked))
    assert [sentence for sentence in sentences if sentence not in page] == []


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"born_on": "31.12.2059"}, "liegt nach dem 23.11.2026"),
        ({"born_on": "31.12.59"}, "mit vier Ziffern"),
        ({"born_on": "31.12.1899"}, "nicht zwischen 1900 und 2100"),
        ({"born_on": "30.02.1959"}, "Diesen Tag gibt es so nicht"),
        ({"born_on": ""}, "Hier fehlt noch eine Angabe"),
        ({"exception": "PARTIAL_RETIREMENT"}, "vor dem 01.01.1955 geboren sind"),
        ({"exception": "OTHER"}, "Wählen Sie eine der angebotenen Möglichkeiten"),
        ({"born_on": "01.01.2026", "reference_date": "31.12.2025"}, "liegt nach dem 31.12.2025"),
        ({"reference_date": "31.12.9999"}, "in den Jahren 2000 bis 2100"),
        ({"reference_date": ""}, "Hier fehlt noch eine Angabe"),
    ],
)
def test_given_what_cannot_be_when_asked_then_it_is_said_at_the_field_and_nothing_is_answered(client, asked, sentence):
    page = text(ask(client, **asked))
    assert sentence in page
    assert "Ergebnis" not in page


def test_given_a_birthday_when_asked_then_it_stands_in_the_body_only(client, caplog):
    caplog.set_level(logging.DEBUG)
    before = AuditEvent.objects.count()
    answer = ask(client)
    title = answer.content.decode().split("</title>")[0]
    elsewhere = f"{title} {answer.headers} {dict(client.session)} {caplog.text}"
    assert not [written for written in ("31.12.1959", "1959-12-31", "(1959, 12, 31)") if written in elsewhere]
    assert "no-store" in answer.headers["Cache-Control"]
    assert AuditEvent.objects.count() == before


def test_given_today_when_responsibility_is_opened_then_each_group_is_answered_with_since_when(client):
    page = text(client.get(WHO))
    assert "Am 23.11.2026" in page
    assert page.count("<h3>") == 4
    assert "Zuständig ist <strong>der LWV Hessen</strong>, seit dem 01.01.2024." in page
    assert "Zuständig ist <strong>der örtliche Träger</strong>, seit dem 01.01.2020." in page
    assert f'href="{AGE}"' in page


def test_given_a_group_and_a_day_in_the_address_when_opened_then_only_that_is_answered(client):
    page = text(client.get(WHO, {"gruppe": "AFTER_LIMIT", "tag": "2023-12-31"}))
    assert page.count("<h3>") == 1
    assert "Zuständig war <strong>der örtliche Träger</strong>, seit dem 01.01.2020." in page


def test_given_the_page_when_read_then_it_says_what_changed_that_cases_were_taken_over_and_how_sure_that_is(client):
    page = text(client.get(WHO))
    assert "beantragen: bis zum 31.12.2023 der örtliche Träger, <strong>seit dem 01.01.2024 der LWV Hessen" in page
    assert "auch die laufenden Fälle übernommen" in page
    assert "eigene Lesart, zu prüfen" in page
    assert "01.01.2020 bis 31.12.2023" in page
    assert "Wer mit 20 Jahren noch eine Förderschule besucht: Zuständig ist der örtliche Träger." in page
    assert "Wer mit 17 Jahren die Schule verlassen hat: Zuständig ist der LWV Hessen." in page


def test_given_a_day_after_the_law_ends_when_asked_then_the_page_warns(client):
    warning = "Das Gesetz gilt nur bis zum 31.12.2029."
    assert warning in text(client.get(WHO, {"tag": "01.01.2030"}))
    assert warning not in text(client.get(WHO, {"tag": "31.12.2029"}))


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"tag": "31.12.2019"}, "beginnen am 01.01.2020"),
        ({"tag": "31.12.9999"}, "bis zum Jahr 2100"),
        ({"tag": "gestern"}, "Diesen Tag gibt es so nicht"),
        ({"tag": ""}, "Hier fehlt noch eine Angabe"),
        ({"gruppe": "NOBODY"}, "Wählen Sie eine der angebotenen Möglichkeiten"),
    ],
)
def test_given_a_day_that_cannot_be_answered_when_asked_then_it_is_said_and_the_table_still_stands(
    client, asked, sentence
):
    page = text(client.get(WHO, asked))
    assert sentence in page
    assert "<h3>" not in page
    assert "8 Regeln" in page
