"""Days and numbers are those of the agreement: another one beside that of the Wetterau, and neither shows in the other.

The table of each test has a line for both; whatever stood fixed in the application would be wrong in one of them.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from kok import documents, outbox, reminders
from kok.embedded import PROJECT
from kok.errors import Refused
from kok.models import Document
from meetings.convening.actions import invitations, planning
from meetings.convening.documents import agenda
from meetings.convening.queries.secretariat import secretariat_of
from meetings.desk.queries.agenda import agenda_of
from meetings.models import ActionItem, Meeting
from meetings.record.actions import approval, decisions, holding
from meetings.record.documents import minutes
from members.models import Agreement
from reporting.duties.queries.duties import duties_of
from reporting.duties.queries.ledger import ledger_of
from reporting.duties.queries.year import meeting_year
from reporting.overview.pages.overview import overview_of
from reporting.yearly.actions import make_report
from reporting.yearly.documents.report import document_of, html
from tests.builders import a_meeting, a_user, an_agreement, another_agreement, the_body, the_partner
from tests.meetings.held import Stage, circulated, signed_in
from tests.roles import by_worker
from tests.transitions.inside import enter
from tests.transitions.world import a_draft, an_access, people
from tests.worlds import built_once
from transitions.queries.counts import counts_of

pytestmark = pytest.mark.django_db
WETTERAU, MUSTERKREIS = "wetteraukreis", "musterkreis"
CONFERENCE = {WETTERAU: "kok", MUSTERKREIS: "konferenz"}
COUNTY = {WETTERAU: "wetteraukreis", MUSTERKREIS: "musterkreis"}
PARTNERS = {WETTERAU: ("wetteraukreis", "lwv-hessen"), MUSTERKREIS: ("lwv-hessen", "musterkreis", "musterstadt")}


@built_once(autouse=True)
def _both():
    """Introduced in 2026; in 2027 the counties are in office in both."""
    an_agreement()
    another_agreement()


def at(day, hour=8):
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def agreement(slug):
    return Agreement.objects.get(slug=slug)


def conference(slug):
    return the_body(CONFERENCE[slug], agreement(slug))


def user(slug, role, partner=None):
    return a_user(role=role, partner=partner or COUNTY[slug], agreement=agreement(slug))


def text_of(answer):
    assert answer.status_code == 200
    main = re.search(r"<main.*</main>", answer.content.decode(), re.S).group()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


# What falls due


@pytest.mark.parametrize(
    ("slug", "year", "nominal", "effective"),
    [
        (WETTERAU, 2027, date(2027, 4, 30), date(2027, 4, 30)),
        (WETTERAU, 2028, date(2028, 4, 30), date(2028, 5, 2)),
        (MUSTERKREIS, 2027, date(2027, 5, 15), date(2027, 5, 18)),  # Saturday before Pfingstmontag
        (MUSTERKREIS, 2028, date(2028, 5, 15), date(2028, 5, 15)),
    ],
)
def test_given_two_agreements_when_lists_and_figures_fall_due_then_each_has_its_day(slug, year, nominal, effective):
    found = duties_of(ledger_of(agreement(slug), year, year), [year], date(year, 1, 2))
    yearly = [each.occurrence for each in found if each.is_recordable]
    assert {each.clause for each in yearly} == {"8b", "8c", "8d"}
    assert {(each.nominal_due_on, each.effective_due_on) for each in yearly} == {(nominal, effective)}


@pytest.mark.parametrize(
    ("slug", "first_year", "owed"),
    [
        (WETTERAU, 2022, {"8b": ["wetteraukreis"], "8c": ["wetteraukreis"], "8d": ["lwv-hessen"]}),
        (MUSTERKREIS, 2024, {"8b": ["musterkreis"], "8c": ["musterkreis", "musterstadt"], "8d": ["lwv-hessen"]}),
    ],
)
def test_given_two_agreements_when_duties_are_listed_then_each_partner_owes_what_its_own_says(slug, first_year, owed):
    found: dict[str, list[str]] = {}
    for each in duties_of(ledger_of(agreement(slug), 2027, 2027), [2027], date(2027, 1, 2)):
        if each.is_recordable:
            found.setdefault(each.rule.clause, []).append(each.debtor.slug)
    assert found == owed
    every = duties_of(ledger_of(agreement(slug), 2022, 2027), range(2022, 2028), date(2027, 1, 2))
    assert min(each.occurrence.due_year for each in every if each.is_named_list) == first_year


@pytest.mark.parametrize(
    ("slug", "here", "not_here"),
    [
        (WETTERAU, ["Fr 30.04.2027", "2 Sitzungen im Jahr 2027"], ["15.05.", "Musterkreis"]),
        (
            MUSTERKREIS,
            ["15.05.2027", "wirksam bis Di 18.05.2027", "3 Sitzungen im Jahr 2027"],
            ["30.04.", "Wetterau", "2 Sitzungen"],
        ),
    ],
)
def test_given_two_agreements_when_the_pages_of_deadlines_are_read_then_each_shows_its_own(
    settings, slug, here, not_here
):
    settings.KOK_NOW = "2027-03-01T09:00:00+00:00"
    client = signed_in(user(slug, "secretariat"))
    page = text_of(client.get(reverse("reporting:deadlines", args=[slug]), {"jahr": "2027"}))
    out = StringIO()
    call_command("deadlines", "--agreement", slug, "--year", "2027", "--all", stdout=out)
    for text in (page, out.getvalue()):
        assert [each for each in here if each not in text] == []
        assert [each for each in not_here if each in text] == []


@pytest.mark.parametrize(
    ("slug", "agreed", "proposed"),
    [
        (WETTERAU, [], [("14 Tage vor der Sitzung (Ladungsfrist).", "Der Wortlaut sagt „rechtzeitig“.")]),
        (
            MUSTERKREIS,
            [("21 Tage vor der Sitzung (Ladungsfrist).", "Punkt 4."), ("30 Tage nach dem Versand", "Punkt 4.")],
            [("28 Tage nach der Sitzung versandt.", "Beschließen kann die Frist: Regionalkonferenz Teilhabe.")],
        ),
    ],
)
def test_given_two_agreements_when_the_periods_are_read_then_each_says_what_is_agreed_and_what_is_proposed(
    slug, agreed, proposed
):
    page = signed_in(user(slug, "member")).get(f"/{slug}/vereinbarung/").content.decode()
    rows = [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in re.findall(r"<tr>.*?</tr>", page, re.S)]
    for words, source in ((agreed, "Vereinbarung"), (proposed, "Vorschlag")):
        for rule, remark in words:
            [row] = [row for row in rows if rule in row]
            assert f" {source} {remark}" in row


# Who is reminded, of what


@pytest.mark.parametrize(
    ("day", "stages"),
    [
        (date(2027, 1, 30), {(WETTERAU, "-90")}),
        (date(2027, 2, 13), {(WETTERAU, "-90")}),
        (date(2027, 2, 14), {(WETTERAU, "-90"), (MUSTERKREIS, "-90")}),
        (date(2027, 4, 15), {(WETTERAU, "-30"), (MUSTERKREIS, "-30")}),
        (date(2027, 5, 1), {(WETTERAU, "+1"), (MUSTERKREIS, "-14")}),
        (date(2027, 5, 18), {(WETTERAU, "+15"), (MUSTERKREIS, "0")}),
        (date(2027, 5, 19), {(WETTERAU, "+15"), (MUSTERKREIS, "+1")}),
    ],
)
def test_given_two_agreements_when_a_day_comes_then_each_stage_counts_from_its_own_deadline(day, stages):
    for slug in (WETTERAU, MUSTERKREIS):
        user(slug, "reporter")
    found = [due for due in reminders.due_on(day) if due.kind == "reminder.duty" and due.context["due_year"] == 2027]
    assert {(due.context["agreement"], due.stage) for due in found} == stages


@pytest.mark.parametrize(
    ("slug", "subject", "said", "unsaid"),
    [
        (WETTERAU, "bis 30.04.2027", ["Frist: Fr 30.04.2027"], ["15.05."]),
        (
            MUSTERKREIS,
            "bis 15.05.2027",
            ["Frist: 15.05.2027, wirksam bis Di 18.05.2027"],
            ["30.04.", "Wetterau", "KoK"],
        ),
    ],
)
def test_given_two_agreements_when_a_reminder_is_written_then_it_names_the_day_of_its_own(
    settings, mailoutbox, slug, subject, said, unsaid
):
    day = date(2027, 4, 27)
    settings.KOK_NOW = at(day).isoformat()
    user(slug, "reporter")
    reminders.queue(today=day, now=at(day))
    by_worker(outbox.deliver, now=at(day))
    mails = [each for each in mailoutbox if "8c" in each.subject and "2027" in each.subject]
    assert [subject in each.subject for each in mails] == [True]
    assert [each for each in said if each not in mails[0].body] == []
    assert [each for each in unsaid if each in mails[0].body + mails[0].subject] == []


@pytest.mark.parametrize(
    ("slug", "told"),
    [(WETTERAU, "Nach Punkt 5 tagt sie mindestens 2-mal"), (MUSTERKREIS, "Nach Punkt 4 tagt sie mindestens 3-mal")],
)
def test_given_two_agreements_when_too_few_meetings_are_foreseen_then_the_warning_names_the_number(
    settings, mailoutbox, slug, told
):
    day = date(2027, 10, 1)
    settings.KOK_NOW = at(day).isoformat()
    for number in (1, 2):
        a_meeting(body=conference(slug), on=date(2027, 11, 2 + number), state=Meeting.State.INVITED, number=str(number))
    user(slug, "secretariat")
    reminders.queue(today=day, now=at(day))
    by_worker(outbox.deliver_kind, "reminder.meetings", now=at(day))
    assert [told in each.body for each in mailoutbox] == ([] if slug == WETTERAU else [True])
    assert all("(Regionalkonferenz Teilhabe)" in each.body and "RKT Muster" in each.subject for each in mailoutbox)


@pytest.mark.parametrize(
    ("slug", "meetings", "light"),
    [
        (WETTERAU, 1, "YELLOW"),
        (WETTERAU, 2, "GREEN"),
        (MUSTERKREIS, 2, "YELLOW"),
        (MUSTERKREIS, 3, "GREEN"),
    ],
)
def test_given_two_agreements_when_the_meetings_of_a_year_are_counted_then_each_needs_its_number(slug, meetings, light):
    for number in range(meetings):
        a_meeting(
            body=conference(slug), on=date(2027, 6, 1 + number), state=Meeting.State.INVITED, number=f"KoK {number}"
        )
    found = meeting_year(ledger_of(agreement(slug), 2027, 2027), 2027, date(2027, 3, 1))
    assert (found.light.value, found.minimum) == (light, agreement(slug).meetings_of_year(2027))
    overview = overview_of(user(slug, "secretariat"), agreement(slug), date(2027, 3, 1))
    assert overview.years[-1].light.value == light


# Who is in office


@pytest.mark.parametrize(
    ("slug", "day", "partner", "last_day"),
    [
        (WETTERAU, date(2026, 2, 28), "lwv-hessen", date(2026, 2, 28)),
        (WETTERAU, date(2027, 6, 9), "wetteraukreis", date(2028, 2, 29)),
        (MUSTERKREIS, date(2026, 8, 31), "lwv-hessen", date(2026, 8, 31)),
        (MUSTERKREIS, date(2027, 6, 9), "musterkreis", date(2029, 8, 31)),
        (MUSTERKREIS, date(2029, 9, 1), "musterstadt", date(2032, 8, 31)),
        (MUSTERKREIS, date(2032, 9, 1), "lwv-hessen", date(2035, 8, 31)),
    ],
)
def test_given_two_agreements_when_asked_who_is_in_office_then_each_counts_its_own_years(slug, day, partner, last_day):
    term = secretariat_of(agreement(slug)).term_on(day)
    assert (term.partner, term.last_day) == (partner, last_day)


# A meeting from its plan to its approved minutes


@dataclass(frozen=True)
class Course:
    """What one agreement makes of the same meeting on 09.06.2027."""

    slug: str
    latest_on: date
    notice: str
    minutes_due_on: date
    planning: tuple[str, ...]
    sent: tuple[str, ...]
    unsaid: tuple[str, ...]


MEETS_ON = date(2027, 6, 9)
COURSES = [
    Course(
        WETTERAU,
        date(2027, 5, 26),
        "14 Tagen",
        date(2027, 6, 23),
        (
            "Wetteraukreis: Einrichtungen für Kinder und Jugendliche",
            "LWV Hessen: besondere Wohnformen, Einbeziehung nach Punkt 8e",
        ),
        ("Kooperationskonferenz", "Wetteraukreis"),
        ("Musterkreis", "RKT"),
    ),
    Course(
        MUSTERKREIS,
        date(2027, 5, 19),
        "21 Tagen",
        date(2027, 7, 7),
        (
            "LWV Hessen: besondere Wohnformen",
            "Musterkreis: Einrichtungen für Kinder und Jugendliche",
            "Musterstadt: Einrichtungen für Kinder und Jugendliche",
        ),
        ("Regionalkonferenz Teilhabe", "Musterkreis"),
        ("Wetterau", "KoK-06440"),
    ),
]
both_courses = pytest.mark.parametrize("course", COURSES, ids=lambda course: course.slug)


def planned(slug, on=MEETS_ON):
    occasion = {"meets_on": on, "starts_at": time(10, 0), "place": "Saal 1", "link": ""}
    return planning.plan_meeting(
        body=conference(slug), by=user(slug, "secretariat"), now=at(date(2027, 1, 4)), **occasion
    )


def begun(slug):
    meeting, writer = planned(slug), user(slug, "secretariat")
    sent = invitations.invite(meeting=meeting, revision=meeting.revision, by=writer, now=at(date(2027, 5, 10)))
    meeting.refresh_from_db()
    found = holding.begin(meeting=meeting, by=writer, now=at(MEETS_ON, 9))
    meeting.refresh_from_db()
    approvers = {partner: user(slug, "approver", partner) for partner in PARTNERS[slug]}
    return sent, Stage(meeting, found, writer, writer, user(slug, "member"), approvers)


@built_once
def later(_both):
    """In both a meeting whose minutes are circulated, with a task for the LWV; and the one that comes after it."""
    coming = {}
    for slug in (WETTERAU, MUSTERKREIS):
        _, stage = begun(slug)
        ActionItem.objects.create(
            body=conference(slug), item=stage.meeting.items.first(), number="A-2027-001", what=f"Bericht {slug}",
            who="Planung", partner=the_partner("lwv-hessen", agreement(slug)), due_on=date(2027, 8, 2),
        )  # fmt: skip
        circulated(stage)
        coming[slug] = planned(slug, date(2027, 10, 6))
    return coming


@both_courses
def test_given_two_agreements_when_a_meeting_is_planned_then_its_agenda_names_the_partners_of_its_own(course):
    meeting = planned(course.slug)
    assert [each.title for each in meeting.items.filter(code="planning", parent__isnull=False)] == list(course.planning)


@pytest.mark.parametrize(
    ("slug", "days", "with_figures"),
    [
        (WETTERAU, (date(2027, 2, 10), date(2027, 5, 5), date(2027, 10, 6)), date(2027, 5, 5)),
        (MUSTERKREIS, (date(2027, 2, 10), date(2027, 5, 5), date(2027, 10, 6)), date(2027, 10, 6)),
        (MUSTERKREIS, (date(2027, 2, 10), date(2027, 6, 9), date(2027, 10, 6)), date(2027, 6, 9)),
    ],
)
def test_given_two_agreements_when_meetings_are_planned_then_the_first_after_its_deadline_presents_the_figures(
    slug, days, with_figures
):
    held = [planned(slug, on) for on in days]
    assert [each.meets_on for each in held if each.items.filter(code="figures").exists()] == [with_figures]


@both_courses
def test_given_two_agreements_when_a_meeting_is_invited_to_then_the_notice_is_that_of_its_own(settings, course):
    settings.KOK_NOW = "2027-05-10T09:00:00+00:00"
    meeting, writer = planned(course.slug), user(course.slug, "secretariat")
    address = reverse("meetings:invite", args=[course.slug, CONFERENCE[course.slug], meeting.pk])
    assert f"{course.latest_on:%d.%m.%Y}" in text_of(signed_in(writer).get(address))
    duty = next(
        each
        for each in duties_of(ledger_of(agreement(course.slug), 2027, 2027), [2027], date(2027, 5, 10))
        if each.name.startswith("Einladung")
    )
    assert duty.occurrence.effective_due_on == course.latest_on
    late = at(course.latest_on + timedelta(days=1))
    with pytest.raises(Refused, match=f"Ladungsfrist von {course.notice}"):
        invitations.invite(meeting=meeting, revision=meeting.revision, by=writer, now=late)
    assert invitations.invite(meeting=meeting, revision=meeting.revision, by=writer, now=at(course.latest_on)).pk


@both_courses
def test_given_two_agreements_when_papers_and_mails_go_out_then_they_name_their_own_only(mailoutbox, course):
    sent, stage = begun(course.slug)
    stage = circulated(stage)
    version = stage.minutes.versions.get()
    by_worker(outbox.deliver, now=at(MEETS_ON, 12))
    papers = [agenda.html(agenda.round_by_id(sent.pk)), minutes.html(version, is_draft=True)]
    mails = [f"{each.subject}\n{each.body}" for each in mailoutbox]
    assert mails
    for text in papers:
        assert [each for each in course.sent if each not in text] == []
    for text in papers + mails:
        assert [each for each in course.unsaid if each in text] == []


@both_courses
def test_given_two_agreements_when_an_entry_comes_into_a_calendar_then_its_organizer_is_the_conference_of_its_own(
    mailoutbox, monkeypatch, course
):
    monkeypatch.setitem(documents._renderers, "agenda", lambda object_id, version: b"%PDF-1.7")
    meeting, now = planned(course.slug), at(date(2027, 5, 10))
    invitations.invite(meeting=meeting, revision=meeting.revision, by=user(course.slug, "secretariat"), now=now)
    documents.render(Document.objects.get().pk, now=now)
    by_worker(outbox.deliver, now=now)
    file = next(each.content for each in mailoutbox[0].attachments if each.filename == "Termin.ics")
    text = (file if isinstance(file, str) else file.decode()).replace("\r\n ", "")
    (name,) = re.findall(r'^ORGANIZER;CN="([^"]*)"', text, re.M)
    conference_name, county = course.sent
    assert name == f"{county}, {conference_name}"


@both_courses
def test_given_two_agreements_when_a_meeting_has_begun_then_its_minutes_are_due_after_the_days_of_its_own(course):
    _, stage = begun(course.slug)
    assert stage.minutes.due_on == course.minutes_due_on
    found = duties_of(ledger_of(agreement(course.slug), 2027, 2027), [2027], MEETS_ON)
    assert [each.occurrence.effective_due_on for each in found if each.name.startswith("Protokoll")] == [
        course.minutes_due_on
    ]


@both_courses
def test_given_two_agreements_when_decided_and_approved_then_all_partners_of_its_own_are_needed(course):
    _, stage = begun(course.slug)
    partners = {slug: the_partner(slug, agreement(course.slug)).pk for slug in PARTNERS[course.slug]}
    item = stage.meeting.items.first()
    decide = {
        "minutes": stage.minutes,
        "item": item,
        "text": "Es wird gehandelt.",
        "by": stage.writer,
        "now": at(MEETS_ON),
    }
    with pytest.raises(Refused, match="Auffassungen aller Partner"):
        decisions.record_resolution(consenting=frozenset([*partners.values()][:-1]), **decide)
    assert decisions.record_resolution(consenting=frozenset(partners.values()), **decide).number
    stage = circulated(stage)
    done = [
        approval.approve(minutes=stage.minutes, partner=partners[slug], version=1, by=by, now=at(MEETS_ON, 14))
        for slug, by in stage.approvers.items()
    ]
    assert done == [False] * (len(partners) - 1) + [True]


@both_courses
def test_given_two_agreements_when_tasks_are_read_then_nobody_sees_those_of_the_other(later, course):
    page = text_of(signed_in(user(course.slug, "member")).get(reverse("meetings:tasks", args=[course.slug])))
    other = WETTERAU if course.slug == MUSTERKREIS else MUSTERKREIS
    assert f"Bericht {course.slug}" in page
    assert f"Bericht {other}" not in page
    coming = later[course.slug]
    found = agenda_of(coming, user(course.slug, "secretariat"), coming.body.agreement)
    assert [task.what for entry in found for task in entry.open_tasks] == [f"Bericht {course.slug}"]


# The list of 8b


@pytest.mark.parametrize(
    ("slug", "due_on", "is_late"), [(WETTERAU, "Fr 30.04.2027", True), (MUSTERKREIS, "Di 18.05.2027", False)]
)
def test_given_two_agreements_when_lists_are_missing_then_each_is_late_after_its_own_day(
    settings, slug, due_on, is_late
):
    settings.KOK_NOW = "2027-05-10T09:00:00+00:00"
    found = counts_of(agreement(slug), date(2027, 5, 10))
    missing = [line for line in found.lines if line.year == 2027]
    assert [(line.sender, line.is_overdue) for line in missing] == [
        (the_partner(COUNTY[slug], agreement(slug)).short_name, is_late)
    ]
    page = text_of(signed_in(user(slug, "member")).get(reverse("transitions:counts", args=[slug])))
    assert due_on in page
    officer = user(slug, "case-officer")
    lists = text_of(enter(officer, agreement=agreement(slug)).get(reverse("transitions:lists", args=[slug])))
    assert f"Bis zum {'30.04.' if slug == WETTERAU else '15.05.'} jedes Jahres" in lists


@pytest.mark.parametrize(
    ("slug", "said", "total"),
    [(WETTERAU, "30.04.2027", 119), (MUSTERKREIS, "15.05.2027", 134)],
)
def test_given_two_agreements_when_a_list_is_drafted_then_its_progress_runs_to_its_own_day(settings, slug, said, total):
    settings.KOK_NOW = "2027-03-10T10:00:00+00:00"
    officer = an_access(agreement=agreement(slug), partner=COUNTY[slug])
    draft = a_draft(people(1), by=officer)
    answer = enter(officer.user, agreement=agreement(slug)).get(reverse("transitions:version", args=[slug, draft.pk]))
    assert said in text_of(answer)
    assert f'max="{total}"' in answer.content.decode()


# The year in a report, and the end of the agreement


@pytest.mark.parametrize(
    ("slug", "said", "unsaid"),
    [
        (
            WETTERAU,
            ["Punkt 5 der Vereinbarung verlangt mindestens zwei", "30.04.2026", "Kooperationskonferenz"],
            ["15.05.", "Musterkreis"],
        ),
        (
            MUSTERKREIS,
            ["Punkt 4 der Vereinbarung verlangt mindestens drei", "15.05.2026", "Regionalkonferenz Teilhabe"],
            ["30.04.", "Wetterau", "Kooperationsk"],
        ),
    ],
)
def test_given_two_agreements_when_the_year_is_reported_then_it_is_measured_by_its_own(slug, said, unsaid):
    report = make_report(
        agreement=agreement(slug), year=2026, latest=0, by=user(slug, "secretariat"), now=at(date(2027, 3, 15))
    )
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", html(document_of(report)))).split())
    assert [each for each in said if each not in text] == []
    assert [each for each in unsaid if each in text] == []


@pytest.mark.parametrize(
    ("slug", "received", "ends"),
    [
        (WETTERAU, "2027-06-30", "31.12.2027"),
        (WETTERAU, "2027-07-01", "31.12.2028"),
        (MUSTERKREIS, "2027-09-30", "31.12.2027"),
        (MUSTERKREIS, "2027-10-01", "31.12.2028"),
    ],
)
def test_given_two_agreements_when_one_is_terminated_then_its_own_months_count(slug, received, ends):
    out = StringIO()
    call_command("termination", "--agreement", slug, "--received-on", received, stdout=out)
    assert f"endet am {ends}" in out.getvalue()


# What no table names: every page

FIXED = (
    r"30\.04|30\. April|15\.05|\b(14|21|28) Tage\b|zweimal|dreimal|alle (zwei|drei|2|3) Jahre|"
    r"Punkt ([1-79]|1[0-2]|8[ae])\b|[23] Sitzungen (im|statt)|beide[nr]? Partner|ander(e|en|er) Partner\b|Wetterau|"
    r"Musterkreis|06440|06631"
)
NAMES = r"\bKoK\b|Kooperationskonferenz|\bRKT\b|Regionalkonferenz"  # of the conference
OWN = {
    WETTERAU: (
        r"Punkt|30\.04|14 Tage|21 Tage vor der Sitzung vorge|zweimal|alle (zwei|2) Jahre|2 Sitzungen|Wetterau|06440"
    ),
    MUSTERKREIS: r"Punkt (4|12)|15\.05|(21|28) Tage|dreimal|alle (drei|3) Jahre|3 Sitzungen|Musterkreis|06631",
}
CALLED = {WETTERAU: "KoK|Kooperationskonferenz", MUSTERKREIS: "RKT|Regionalkonferenz"}
# Nothing of an agreement: how a day is written, how long a request for a role waits.
ALSO = r"wie 30\.04\.2027|30\.04\.2010|innerhalb von 14 Tagen|wartet 14 Tage"
# An authority in all its agreements, dates of birth by law, the regions of the statewide formats.
OF_ALL = r"/behoerden/|/regelaltersgrenze|/zahlen/formate/"


def words_on_pages(client, slug):
    """Every page of an agreement that one reaches by links from its overview, as words by address."""
    waiting, found = [f"/{slug}/"], {}
    while waiting:
        address = waiting.pop()
        if address in found or re.search(r"/(abmelden|herunterladen)|\.(csv|xlsx|pdf|txt)$", address):
            continue
        answer = client.get(address, follow=True)
        if answer.status_code != 200 or not answer.get("Content-Type", "").startswith("text/html"):
            continue
        found[address] = text_of(answer)
        links = re.findall(r'href="(/[^"#?]*)', answer.content.decode())
        waiting += [link for link in links if link.startswith(f"/{slug}/")]
    return found


@both_courses
@pytest.mark.parametrize("role", ["secretariat", "reporter", "registrar", "case-officer"])
def test_given_two_agreements_when_every_page_is_read_then_none_has_a_day_or_number_of_the_other(
    later, settings, course, role
):
    settings.KOK_NOW = "2027-06-14T09:00:00+00:00"
    by = user(course.slug, role)
    client = enter(by, agreement=agreement(course.slug)) if role == "case-officer" else signed_in(by)
    pages = words_on_pages(client, course.slug)
    assert len(pages) > 5
    strange = {
        address: words[max(0, found.start() - 40) : found.end() + 40]
        for address, words in ((each, re.sub(ALSO, "", text)) for each, text in pages.items())
        if not re.search(OF_ALL, address)
        for found in re.finditer(f"{FIXED}|{NAMES}", words)
        if not re.match(f"{OWN[course.slug]}|{CALLED[course.slug]}", words[found.start() :])
    }
    assert strange == {}


OF_ALL_REGIONS = [*(PROJECT / "kok" / "texts").glob("*.txt"), *(PROJECT / "templates" / "pages").glob("*.html")]


@pytest.mark.parametrize("path", OF_ALL_REGIONS, ids=lambda path: path.name)
def test_given_pages_of_the_whole_installation_when_read_then_they_name_no_number_of_one_agreement(path):
    found = re.findall(FIXED + r"|\b(?:2|zwei) (?:Ämter|Partner|Mal|Jahren?)\b", path.read_text(encoding="utf-8"))
    assert found == []
