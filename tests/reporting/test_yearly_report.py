"""The Jahresbericht: facts written down once, what they say in words, the file, and the way onto the agenda."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kok import documents
from kok.database.roles import WEB, WORKER
from kok.errors import Refused
from kok.models import AuditEvent, Document
from meetings.desk.queries.agenda import agenda_of
from meetings.models import AgendaItem, Meeting
from reporting.duties.rules.codes import OccurrenceState
from reporting.figures.actions import datasets
from reporting.figures.rules.disclosure import WITHHELD, Exactness, Shown
from reporting.figures.rules.series import Series, SeriesColumn, SeriesKind, Year, breaks_of
from reporting.models import YearlyReport
from reporting.yearly.actions import make_report, put_on_agenda
from reporting.yearly.documents.report import document_of, html
from reporting.yearly.queries.reports import KIND, frozen_facts, next_presentation
from reporting.yearly.rules.facts import DutyFact, MeetingFact, duties_sentence, meetings_sentence
from reporting.yearly.rules.frozen import frozen, thawed
from tests.builders import a_meeting, a_second_agreement, a_user, an_agreement
from tests.reporting.figures import good_rows, imported
from tests.roles import acting_as
from tests.transitions.world import a_draft, people, released
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)


@built_once(autouse=True, KOK_NOW=NOW.isoformat())
def _spring():
    """The year before is reported."""


@built_once
def agreement():
    return an_agreement()


@built_once
def secretary(agreement):
    return a_user(role="secretariat")


def made(agreement, by, *, year=2026, latest=0):
    return make_report(agreement=agreement, year=year, latest=latest, by=by, now=NOW)


def url(name, *args):
    return reverse(f"reporting:{name}", args=["wetteraukreis", *args])


def text_of(response):
    assert response.status_code == 200, response.status_code
    main = re.search(r"<main.*</main>", response.content.decode(), re.S).group()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


# What the facts say


def a_meeting_fact(day, **changes):
    fact = MeetingFact(
        number="KoK 1/2026", meets_on=day, state="abgeschlossen", is_held=True, is_cancelled=False, is_quorate=True,
        guests=0, minutes="genehmigt",
    )  # fmt: skip
    return replace(fact, **changes)


SPRING, AUTUMN = date(2026, 4, 20), date(2026, 11, 2)


@pytest.mark.parametrize(
    ("meetings", "as_of", "said"),
    [
        ((a_meeting_fact(SPRING), a_meeting_fact(AUTUMN)), date(2027, 1, 2), "zwei beschlussfähige Sitzungen. Die"),
        ((a_meeting_fact(SPRING), a_meeting_fact(AUTUMN)), date(2026, 11, 3), "Die Vorgabe ist eingehalten."),
        ((a_meeting_fact(SPRING),), date(2026, 12, 31), "eine beschlussfähige Sitzung, das Jahr läuft noch."),
        ((a_meeting_fact(SPRING),), date(2027, 1, 1), "eine beschlussfähige Sitzung. Die Vorgabe ist nicht"),
        ((a_meeting_fact(SPRING), a_meeting_fact(SPRING)), date(2027, 1, 1), "eine beschlussfähige Sitzung."),
        ((a_meeting_fact(SPRING), a_meeting_fact(AUTUMN, is_quorate=False)), date(2027, 1, 1), "eine beschlussfähige"),
        ((a_meeting_fact(SPRING), a_meeting_fact(AUTUMN, is_held=False)), date(2027, 1, 1), "nicht eingehalten"),
        ((), date(2027, 1, 1), "keine beschlussfähige Sitzung. Die"),
    ],
)  # fmt: skip
def test_given_the_meetings_of_a_year_when_told_then_only_quorate_days_count(
    agreement, secretary, meetings, as_of, said
):
    facts = replace(frozen_facts(made(agreement, secretary)), meetings=meetings, as_of=as_of)
    assert said in meetings_sentence(facts)


def a_duty(state):
    return DutyFact(
        clause="8a", title="Bericht", who="Wetteraukreis", nominal_on=SPRING, effective_on=SPRING, fulfilled_on=None,
        state=state, word="", tone="", is_nil=False,
    )  # fmt: skip


STATES = OccurrenceState


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ((), "In diesem Jahr ist keine Frist fällig geworden."),
        ((STATES.FULFILLED,), "Eine Frist war fällig: eine eingehalten."),
        (
            (STATES.FULFILLED, STATES.FULFILLED_LATE, STATES.OVERDUE, STATES.OPEN, STATES.UPCOMING, STATES.FULFILLED),
            "Sechs Fristen waren fällig: zwei eingehalten, eine verspätet erfüllt, eine nicht eingehalten, zwei noch",
        ),
        ((STATES.BEFORE_INTRODUCTION,) * 13, "13 Fristen waren fällig: 13 vor der Einführung"),
    ],
)
def test_given_the_duties_of_a_year_when_told_then_none_is_left_out(states, said):
    assert duties_sentence([a_duty(state) for state in states]).startswith(said)


def test_given_facts_when_written_down_and_read_then_nothing_is_lost(agreement, secretary):
    years = (
        Year(2025, date(2025, 12, 31), 0, (Shown(Decimal("11.5")),), "Zensus 2022"),
        Year(2026, date(2026, 12, 31), 1, (WITHHELD,), "Zensus 2022"),
    )
    series = Series(
        "i02", "Leistungsberechtigte je 1.000", "PER_1000", SeriesKind.LINES, "06440",
        (SeriesColumn("06440", "Wetteraukreis"),),
        years, Exactness.ROUNDED, tuple(breaks_of("06440", years, is_density=True)), (("Altersgruppe", "alle"),),
    )  # fmt: skip
    facts = replace(
        frozen_facts(made(agreement, secretary)),
        figures=(series,), meetings=(a_meeting_fact(SPRING),), duties=(a_duty(STATES.OVERDUE),),
    )  # fmt: skip
    assert thawed(type(facts), json.loads(json.dumps(frozen(facts)))) == facts


# Versions


def test_given_a_report_when_the_world_changes_then_it_says_what_it_said_and_a_new_version_says_more(
    agreement, secretary
):
    first = made(agreement, secretary)
    told = html(document_of(first))
    a_meeting(on=date(2026, 11, 2), number="KoK 9/2026")
    first.refresh_from_db()
    assert html(document_of(first)) == told
    second = made(agreement, secretary, latest=1)
    assert (second.version, "KoK 9/2026" in told, "KoK 9/2026" in html(document_of(second))) == (2, False, True)


@pytest.mark.parametrize("role", [WEB, WORKER])
def test_given_a_report_when_sql_gives_it_other_facts_then_the_database_refuses(agreement, secretary, role):
    made(agreement, secretary)
    with acting_as(role), connection.cursor() as cursor, pytest.raises(IntegrityError, match="bleibt, wie sie ist"):
        cursor.execute("UPDATE reporting_yearlyreport SET facts = '{}'")


def test_given_a_second_click_when_made_then_no_second_version_comes(agreement, secretary):
    made(agreement, secretary)
    with pytest.raises(Refused, match="inzwischen in einer neueren Fassung"):
        made(agreement, secretary)
    assert YearlyReport.objects.count() == 1


@pytest.mark.parametrize("year", [2021, 2028])
def test_given_a_year_outside_the_agreement_when_asked_for_then_refused(agreement, secretary, year):
    with pytest.raises(Refused, match=f"Für {year} gibt es keinen Jahresbericht"):
        made(agreement, secretary, year=year)


@pytest.mark.parametrize("role", ["member", "reporter", "approver"])
def test_given_another_role_when_it_makes_or_presents_a_report_then_refused(agreement, secretary, role):
    other = a_user(role=role)
    with pytest.raises(Refused, match="Geschäftsstellen"):
        made(agreement, other)
    report, meeting = made(agreement, secretary), a_meeting()
    with pytest.raises(Refused, match="Geschäftsstellen"):
        put_on_agenda(report=report, meeting=meeting.pk, by=other, now=NOW)


# What it never says


def test_given_lists_of_8b_and_exact_figures_when_reported_then_no_name_and_no_exact_number_is_in_the_facts(
    agreement, secretary
):
    released(a_draft(people(7)))
    rows = good_rows("KOK-8D", reference_date="2026-12-31")
    found = imported("KOK-8D", rows=rows)
    reporter = a_user(role="reporter", partner="lwv-hessen")
    for rule in {each["rule"] for each in found.warnings}:
        datasets.remark(revision=found, key=rule, text="Geprüft und richtig.", by=reporter, now=NOW)
    datasets.submit(revision=found, by=reporter, now=NOW)
    report = made(agreement, secretary, year=2027)
    told = json.dumps(report.facts, ensure_ascii=False)
    assert [sorted(each) for each in json.loads(told)["transitions"]] == [
        ["due_on", "released_on", "sender", "year"]
    ] * 2
    assert not re.search("Benannt|Übernommen|Anders beendet|Nullmeldung", html(document_of(report)))
    assert "Zirbelnuss" not in told
    assert "Quarkstein" not in told
    numbers = [
        Decimal(value)
        for series in json.loads(told)["figures"]
        if series["unit"] == "PERSON"
        for year in series["years"]
        for value in (shown["number"] for shown in year["values"])
        if value is not None
    ]
    assert numbers, "without figures this test would see nothing"
    assert [number for number in numbers if number % 5] == []


@pytest.mark.parametrize(("role", "seen"), [("registrar", [200, 404, 404]), ("reporter", [200, 200, 200])])
def test_given_two_versions_when_read_then_who_sees_rounded_figures_only_has_the_newest(
    client, agreement, secretary, role, seen
):
    first = made(agreement, secretary)
    documents.render(Document.objects.get(object_id=first.pk, kind="yearly-report").pk, now=NOW)
    a_meeting(on=date(2026, 11, 2), number="KoK 9/2026")
    made(agreement, secretary, latest=1)
    client.force_login(a_user(role=role, partner="wetteraukreis"))
    pages = [url("yearly-report", 2026, 2), url("yearly-report", 2026, 1), url("yearly-report-pdf", 2026, 1)]
    assert [client.get(page).status_code for page in pages] == seen
    assert (url("yearly-report", 2026, 1) in client.get(url("yearly-reports")).content.decode()) is (seen[1] == 200)
    assert (url("yearly-report", 2026, 1) in client.get(pages[0]).content.decode()) is (seen[1] == 200)


# File, pages, agenda


def test_given_a_report_when_a_worker_comes_then_its_file_is_there(client, agreement, secretary):
    report = made(agreement, secretary)
    client.force_login(secretary)
    page = url("yearly-report", 2026, 1)
    assert client.get(url("yearly-report-pdf", 2026, 1)).status_code == 404
    assert "wird erstellt" in client.get(url("yearly-report-pdf-state", 2026, 1)).content.decode() or "wartet" in (
        client.get(url("yearly-report-pdf-state", 2026, 1)).content.decode()
    )
    documents.render(Document.objects.get(object_id=report.pk, kind="yearly-report").pk, now=NOW)
    answer = client.get(url("yearly-report-pdf", 2026, 1))
    assert answer.content.startswith(b"%PDF")
    assert "Jahresbericht-wetteraukreis-2026-Fassung-1.pdf" in answer["Content-Disposition"]
    assert "Beschlüsse" in text_of(client.get(page))


def test_given_nobody_made_one_when_the_list_is_opened_from_the_figures_then_each_year_offers_it(client, secretary):
    client.force_login(secretary)
    assert url("yearly-reports") in client.get(url("figures")).content.decode()
    page = text_of(client.get(url("yearly-reports")))
    assert "2027 läuft noch noch nicht erstellt Erstellen" in page
    answer = client.post(url("yearly-report-make"), {"year": 2026, "latest": 0}, follow=True)
    assert answer.redirect_chain == [(url("yearly-report", 2026, 1), 302)]
    assert "Der Jahresbericht 2026 ist erstellt, Fassung 1." in answer.content.decode()
    again = client.post(url("yearly-report-make"), {"year": 2026, "latest": 0}, follow=True)
    assert "Es wurde keine weitere erstellt." in again.content.decode()


@pytest.mark.parametrize(
    "sent", [{}, {"year": "2026"}, {"year": "x", "latest": "0"}, {"year": "9" * 12, "latest": "0"}]
)
def test_given_a_tampered_form_when_sent_then_nothing_is_made(client, secretary, sent):
    client.force_login(secretary)
    assert client.post(url("yearly-report-make"), sent).status_code == 404
    assert not YearlyReport.objects.exists()


def test_given_a_planned_meeting_when_presented_then_one_click_puts_the_version_onto_its_agenda(
    client, agreement, secretary
):
    meeting = a_meeting(on=date(2027, 4, 28))
    made(agreement, secretary)
    client.force_login(secretary)
    page = client.get(url("yearly-report", 2026, 1))
    assert "Auf die Tagesordnung der Sitzung am 28.04.2027" in text_of(page)
    answer = client.post(url("yearly-report-present", 2026, 1), {"meeting": meeting.pk}, follow=True)
    assert "Der Jahresbericht 2026 steht als TOP 1 auf der Tagesordnung." in answer.content.decode()
    assert "Vorgelegt wird die Fassung 1 vom 15.03.2027." in text_of(answer)
    assert f'href="{url("yearly-report", 2026, 1)}">Jahresbericht 2026, Fassung 1</a>' in answer.content.decode()
    back = client.get(url("yearly-report", 2026, 1))
    assert "Sitzung am 28.04.2027 , TOP 1, Fassung 1" in text_of(back)
    again = client.post(url("yearly-report-present", 2026, 1), {"meeting": meeting.pk}, follow=True)
    assert "steht schon auf der Tagesordnung" in again.content.decode()
    assert AgendaItem.objects.filter(meeting=meeting).count() == 1
    assert list(
        AuditEvent.objects.filter(action__startswith="yearly").order_by("pk").values_list("action", flat=True)
    ) == [
        "yearly-report.made",
        "yearly-report.presented",
    ]


def test_given_the_agenda_of_spring_when_presented_then_the_report_follows_the_figures(agreement, secretary):
    report = made(agreement, secretary)
    meeting = a_meeting(on=date(2027, 4, 28), items=("Zahlen", "Termine", "Verschiedenes"))
    AgendaItem.objects.filter(meeting=meeting, title="Zahlen").update(code="figures")
    put_on_agenda(report=report, meeting=meeting.pk, by=secretary, now=NOW)
    shown = AgendaItem.objects.filter(meeting=meeting).values_list("number", "title")
    assert list(shown)[:3] == [("1", "Zahlen"), ("2", "Jahresbericht 2026"), ("3", "Termine")]


def test_given_an_invitation_that_is_out_when_presented_then_it_is_said_how_to_go_on(agreement, secretary):
    report = made(agreement, secretary)
    meeting = a_meeting(on=date(2027, 4, 28), state=Meeting.State.INVITED, number="KoK 1/2027")
    found = next_presentation(agreement, 2026, NOW.date())
    assert "schon eingeladen" in found.obstacle
    with pytest.raises(Refused, match="nachgereichten Punkt"):
        put_on_agenda(report=report, meeting=meeting.pk, by=secretary, now=NOW)


def test_given_another_meeting_than_the_next_when_presented_then_refused(agreement, secretary):
    report = made(agreement, secretary)
    later = a_meeting(on=date(2027, 11, 3))
    a_meeting(on=date(2027, 4, 28))
    with pytest.raises(Refused, match="nicht mehr die nächste geplante"):
        put_on_agenda(report=report, meeting=later.pk, by=secretary, now=NOW)


def test_given_an_item_about_a_report_of_another_region_when_its_agenda_is_read_then_it_leads_nowhere(
    client, agreement, secretary
):
    meeting = a_meeting(on=date(2027, 4, 28))
    elsewhere = a_second_agreement()
    theirs = made(elsewhere, a_user(role="secretariat", partner="lwv-hessen", agreement=elsewhere))
    AgendaItem.objects.create(
        meeting=meeting, position=1, number="1", title="Bericht", subject_kind=KIND, subject_id=theirs.pk
    )
    client.force_login(secretary)
    page = client.get(reverse("meetings:detail", args=[agreement.slug, meeting.body.slug, meeting.pk]))
    assert "1 Bericht" in text_of(page)
    assert "jahresbericht/" not in page.content.decode()


def test_given_more_items_about_reports_when_the_agenda_is_read_then_one_question_answers_for_all(
    client, agreement, secretary
):
    meeting = a_meeting(on=date(2027, 4, 28))
    asked = []
    for position in range(1, 4):
        report = make_report(agreement=agreement, year=2026, latest=position - 1, by=secretary, now=NOW)
        AgendaItem.objects.create(
            meeting=meeting, position=position, number=str(position), title="Bericht", subject_kind=KIND,
            subject_id=report.pk,
        )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            (*_, last) = agenda_of(meeting, secretary, agreement)
        asked.append(len(queries))
        assert [link.title for link in last.links] == [f"Jahresbericht 2026, Fassung {position}"]
    assert len(set(asked)) == 1


@pytest.mark.parametrize(
    "subject", [{"subject_kind": KIND}, {"subject_id": 3}, {"subject_kind": KIND, "subject_id": 0}]
)
def test_given_half_a_subject_when_an_item_is_written_then_the_database_refuses(agreement, subject):
    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaItem.objects.create(meeting=a_meeting(), position=1, title="Bericht", **subject)
