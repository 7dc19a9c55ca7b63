"""The overview, the deadlines of a year and the page of one duty, as people with different roles meet them."""

import re
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from kok.models import Dispatch, User
from meetings.models import Invitation, InvitationRound, Meeting, Minutes
from meetings.record.actions.circulation import take_back
from members.actions import load_agreement
from members.models import Agreement, SeatAssignment
from reporting.duties.queries.recipients import OF_DUTY
from reporting.models import Submission
from tests.builders import a_meeting, a_person, a_seat, a_user, amended, an_agreement, the_body, the_partner, wetterau
from tests.meetings.held import sent_minutes
from tests.roles import by_worker, emptied
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
OVERVIEW = "/wetteraukreis/"
DEADLINES = "/wetteraukreis/fristen/"
DUTY = "/wetteraukreis/fristen/O-04/2028/wetteraukreis/"
DUTY_8C = "/wetteraukreis/fristen/O-05/2028/wetteraukreis/"


@built_once(autouse=True, KOK_NOW="2028-04-16T09:00")
def on_16_april_2028():
    """The day on which everything happens."""


@built_once
def agreement():
    found = an_agreement()
    found.introduced_on = date(2028, 1, 3)
    found.save()
    return found


@pytest.fixture
def sign_in(client, agreement):
    def signed_in(role, partner="wetteraukreis"):
        user = a_user(role=role, partner=partner)
        client.force_login(user)
        return user

    return signed_in


def text_of(response):
    """The words of the main part of a page, without tags."""
    assert response.status_code == 200, response.status_code
    main = re.search(r"<main.*?</main>", response.content.decode(), re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", main.group()).split())


def a_held_meeting(on=date(2028, 3, 15), state=Meeting.State.HELD, minutes=Minutes.State.DRAFT, **values):
    meeting = a_meeting(on=on, state=state, number=f"KoK-06440-{on:%Y%m%d}", **values)
    common = {"meeting": meeting, "owner": the_partner("lwv-hessen"), "due_on": date(2028, 3, 29)}
    if minutes == Minutes.State.DRAFT:
        Minutes.objects.create(**common)
    else:
        sent_minutes(**common, by=a_user(), at=datetime(2028, 3, 20, tzinfo=UTC), state=minutes)
    meeting.refresh_from_db()
    return meeting


def invited(meeting, person, answer="OPEN", round_no=1):
    seat = SeatAssignment.objects.get(person=person).seat
    round_ = InvitationRound.objects.create(
        meeting=meeting,
        round_no=round_no,
        convened_by=the_partner("lwv-hessen"),
        chaired_by=the_partner("lwv-hessen"),
        meets_on=meeting.meets_on,
        starts_at=meeting.starts_at,
        calendar_sequence=round_no,
        dispatched_at=datetime(2028, 4, 3, tzinfo=UTC),
    )
    return Invitation.objects.create(
        round=round_,
        seat=seat,
        person=person,
        partner=seat.partner,
        name="x",
        function="x",
        email="x@example.org",
        answer=answer,
        answered_at=None if answer == "OPEN" else datetime(2028, 4, 4, tzinfo=UTC),
    )


def test_given_a_member_when_the_overview_opens_then_the_five_questions_are_answered(client, sign_in):
    sign_in("member")
    a_meeting(on=date(2028, 5, 17), items=("Begrüßung",))
    text = text_of(client.get(OVERVIEW))
    for sentence in (
        "LWV Hessen bis 28.02.2030, ab 01.03.2030 Wetteraukreis.",
        "Mi 17.05.2028, 10:00 Uhr (in 31 Tagen)",
        "Es fehlt die Einladung. Sie muss bis Mi 03.05.2028 hinausgehen (in 17 Tagen).",
        "2028 sind 2 Sitzungen nötig, 0 gehalten und 1 vorgesehen. Planen Sie noch eine Sitzung bis zum 31.12.2028.",
        "Punkt 8b: Schulabgänge 2029",
        "So 30.04.2028 wirksam bis Di 02.05.2028 in 14 Tagen",
        "Zurzeit müssen Sie nichts tun.",
    ):
        assert sentence in text


def test_07_given_one_held_meeting_and_none_planned_when_october_begins_then_both_partners_see_red(
    client, sign_in, settings
):
    settings.KOK_NOW = "2028-10-01T09:00"
    meeting = a_held_meeting
    for partner in ("wetteraukreis", "lwv-hessen"):
        sign_in("member", partner)
        if not Meeting.objects.exists():
            held = meeting()
            for seat in held.body.seats.all():
                held.attendances.create(seat=seat, partner=seat.partner, kind="HOLDER", status="PRESENT", name="Muster")
        text = text_of(client.get(OVERVIEW))
        assert "Die Sitzungen dieses Jahres sind nicht gesichert." in text
        assert "gefährdet 2028 sind 2 Sitzungen nötig, 1 gehalten und 0 vorgesehen." in text


def test_given_a_year_without_its_meetings_when_the_next_one_runs_then_it_is_named_but_not_alarmed(
    client, sign_in, settings
):
    settings.KOK_NOW = "2029-02-01T09:00"
    sign_in("member")
    text = text_of(client.get(OVERVIEW))
    assert "verfehlt 2028 gab es keine Sitzung von mindestens 2." in text
    assert "nicht gesichert." not in text


TODO = {
    "approver": ("Protokoll der Sitzung am Mi 15.03.2028 genehmigen", Minutes.State.CIRCULATED),
    "secretariat": ("Protokoll der Sitzung am Mi 15.03.2028 fertigstellen und versenden", Minutes.State.DRAFT),
}


@pytest.mark.parametrize("role", TODO)
def test_given_minutes_when_they_wait_for_a_role_then_only_that_role_and_partner_is_told(client, sign_in, role):
    sentence, state = TODO[role]
    sign_in(role, "lwv-hessen")
    meeting = a_held_meeting(minutes=state)
    response = client.get(OVERVIEW)
    assert sentence in text_of(response)
    assert reverse("meetings:minutes", args=["wetteraukreis", "kok", meeting.pk]) in response.content.decode()
    sign_in("member", "lwv-hessen")
    assert sentence not in text_of(client.get(OVERVIEW))
    if role == "secretariat":  # the minutes belong to the partner of the meeting day
        sign_in(role, "wetteraukreis")
        assert sentence not in text_of(client.get(OVERVIEW))


def test_given_minutes_taken_back_when_the_overview_opens_then_the_next_version_waits_and_nothing_is_overdue(
    client, sign_in, settings
):
    settings.KOK_NOW = "2028-04-10T09:00"
    user = sign_in("secretariat", "lwv-hessen")
    meeting = a_held_meeting(minutes=Minutes.State.CIRCULATED)
    take_back(
        minutes=meeting.minutes,
        version=meeting.minutes.version,
        reason="Ein Fehler.",
        by=user,
        now=datetime(2028, 4, 9, tzinfo=UTC),
    )
    text = text_of(client.get(OVERVIEW))
    assert "Protokoll der Sitzung am Mi 15.03.2028 in der Fassung 2 fertigstellen und versenden" in text
    assert "überfällig" not in text[text.index("Protokoll der Sitzung am Mi 15.03.2028") :][:150]


def test_given_an_approval_of_one_partner_when_the_overview_opens_then_only_the_other_is_asked(client, sign_in):
    user = sign_in("approver", "lwv-hessen")
    meeting = a_held_meeting(minutes=Minutes.State.CIRCULATED)
    meeting.minutes.versions.get().approvals.create(
        partner=the_partner("lwv-hessen"), approved_at=datetime(2028, 3, 21, tzinfo=UTC), approved_by=user, name="A. B."
    )
    assert "genehmigen" not in text_of(client.get(OVERVIEW))
    sign_in("approver", "wetteraukreis")
    assert "genehmigen KoK, für Wetteraukreis" in text_of(client.get(OVERVIEW))


def test_given_an_open_invitation_when_its_person_looks_then_it_is_to_be_answered(client, sign_in):
    user = sign_in("member")
    person = a_person(user=user)
    a_seat(person=person)
    meeting = a_meeting(on=date(2028, 5, 17), state=Meeting.State.INVITED, number="KoK-06440-2028-01")
    invitation = invited(meeting, person)
    assert "Einladung zur Sitzung am Mi 17.05.2028 beantworten" in text_of(client.get(OVERVIEW))
    assert "Es fehlt noch eine von 1 Antworten." in text_of(client.get(OVERVIEW))
    invitation.answer, invitation.answered_at = "ACCEPTED", datetime(2028, 4, 4, tzinfo=UTC)
    invitation.save()
    assert "beantworten" not in text_of(client.get(OVERVIEW))
    assert "alle haben geantwortet" in text_of(client.get(OVERVIEW))
    invited(meeting, person, round_no=2)
    assert "beantworten" in text_of(client.get(OVERVIEW))


def test_given_a_planned_meeting_when_the_secretariat_looks_then_only_the_one_in_office_is_to_invite(client, sign_in):
    sign_in("secretariat", "lwv-hessen")
    a_meeting(on=date(2028, 5, 17))
    sentence = "Sitzung am Mi 17.05.2028 vorbereiten: Tagesordnung und Einladung"
    assert sentence in text_of(client.get(OVERVIEW))
    sign_in("secretariat", "wetteraukreis")
    assert sentence not in text_of(client.get(OVERVIEW))


def test_given_a_registrar_when_the_overview_opens_then_only_the_secretariat_is_shown(client, sign_in):
    sign_in("registrar")
    a_meeting(on=date(2028, 5, 17))
    text = text_of(client.get(OVERVIEW))
    assert "LWV Hessen bis 28.02.2030" in text
    assert "Auf Sie wartet nichts." in text
    assert "Nächste Sitzung" not in text
    assert "Punkt 8b" not in text


def test_given_a_vacant_seat_when_the_registrar_of_its_partner_looks_then_it_is_to_be_filled(client, sign_in):
    sign_in("registrar")
    a_seat(function="Leitung Teilhabe")
    assert "Sitz besetzen: Leitung Teilhabe" in text_of(client.get(OVERVIEW))
    sign_in("registrar", "lwv-hessen")
    assert "Sitz besetzen" not in text_of(client.get(OVERVIEW))


def test_given_no_coming_meeting_when_the_secretariat_in_office_looks_then_it_is_to_plan_one(client, sign_in):
    sign_in("secretariat", "lwv-hessen")
    a_meeting(on=date(2028, 4, 10))
    text = text_of(client.get(OVERVIEW))
    assert "Nächste Sitzung planen" in text
    assert "Sitzung am Mo 10.04.2028 fand nicht statt? Der Eintrag ist noch geplant, der Tag ist vorbei" in text
    sign_in("secretariat", "wetteraukreis")
    assert "Nächste Sitzung planen" not in text_of(client.get(OVERVIEW))


def test_given_a_reporter_when_the_overview_opens_then_no_link_leads_to_a_closed_page(client, sign_in):
    sign_in("reporter")
    a_meeting(on=date(2028, 5, 17))
    response = client.get(OVERVIEW)
    for url in set(re.findall(r'href="(/wetteraukreis/[^"]*)"', response.content.decode())):
        assert client.get(url).status_code == 200, url


def test_given_an_anlage_that_changed_when_the_overview_opens_then_it_names_the_fassung_as_the_agreement_does(
    client, sign_in
):
    sign_in("member")
    assert 'Heute gilt die <a href="/wetteraukreis/vereinbarung/">Fassung vom 01.03.2022</a>' in _of(client, OVERVIEW)
    for day in (date(2027, 7, 1), date(2028, 5, 1)):  # today is 16.04.2028
        file = amended(on=day, annex="2", reason="Beschluss", bodies=wetterau().bodies[: 2 if day.year == 2027 else 1])
        load_agreement(file=file, by=None, now=datetime(2027, 6, 1, 8, 0, tzinfo=UTC))
    assert "Fassung vom 01.07.2027</a>" in _of(client, OVERVIEW)
    assert "Fassung vom 01.07.2027, gültig bis zum 30.04.2028." in _of(client, "/wetteraukreis/vereinbarung/")


def _of(client, address):
    return client.get(address).content.decode()


@pytest.mark.parametrize("role", ["secretariat", "approver", "reporter"])
def test_given_many_meetings_when_pages_open_then_the_queries_stay_the_same(
    client, sign_in, role, django_assert_max_num_queries
):
    sign_in(role, "lwv-hessen")
    bodies = [the_body(), the_body("psychosozialer-beirat")]

    def count(url, limit):
        with django_assert_max_num_queries(limit) as context:
            response = client.get(url)
        assert response.status_code == 200
        assert len(response.content) < 61_440
        return len(context)

    def meetings(number):
        for n in range(number):
            a_meeting(body=bodies[n % 2], on=date(2028, 6, 1 + n % 28), items=("Begrüßung",))
        a_held_meeting(on=date(2028, 2, number % 27 + 1), minutes=Minutes.State.CIRCULATED)
        last = a_meeting(on=date(2028, 5, 2), state=Meeting.State.INVITED, number=f"KoK-{number}")
        invited(last, SeatAssignment.objects.first().person, round_no=1)

    meetings(3)
    first = count(OVERVIEW, 15), count(DEADLINES, 15), count(DUTY, 15)
    meetings(20)
    assert (count(OVERVIEW, 15), count(DEADLINES, 15), count(DUTY, 15)) == first


def test_given_the_filter_when_partner_and_state_are_chosen_then_only_these_are_listed(client, sign_in):
    sign_in("member")
    text = text_of(client.get(f"{DEADLINES}?jahr=2028&partner=lwv-hessen&stand=offen"))
    assert "Für 2028 steht hier eine Frist: eine läuft, keine ist überfällig." in text
    assert "Punkt 8d" in text
    assert "Schulabgänge" not in text


@pytest.mark.parametrize("query", ["jahr=1850", "jahr=abc", "partner=nirgendwo", "stand=%00", "jahr=9999999999999"])
def test_given_nonsense_in_the_address_when_the_deadlines_open_then_it_is_left_out(client, sign_in, query):
    sign_in("member")
    assert "Fristen 2028" in text_of(client.get(f"{DEADLINES}?{query}"))


def test_given_nothing_to_show_when_the_deadlines_open_then_the_page_says_why(client, sign_in):
    sign_in("member")
    assert "Zu diesem Filter gibt es keine Frist." in text_of(client.get(f"{DEADLINES}?stand=verspaetet"))
    assert "Filter löschen" in text_of(client.get(f"{DEADLINES}?stand=verspaetet"))
    assert "Filter löschen" not in text_of(client.get(DEADLINES))


def test_given_nobody_to_remind_when_the_deadlines_open_then_the_page_says_for_whom(client, sign_in):
    sign_in("member")
    text = text_of(client.get(DEADLINES))
    for role in ("Meldungen", "Fallbearbeitung"):
        assert f"Niemand erhält Erinnerungen für Wetteraukreis: Kein Konto hat die Rolle „{role}“." in text
    a_user(role="case-officer")
    reporter = sign_in("reporter")
    assert "Erinnerungen für Wetteraukreis" not in text_of(client.get(DEADLINES))
    User.objects.filter(pk=reporter.pk).update(email="")
    assert "Die Konten mit der Rolle „Meldungen“ haben keine Adresse." in text_of(client.get(DEADLINES))


def test_given_the_year_when_drawn_then_the_picture_says_the_same_as_the_tables(client, sign_in):
    sign_in("member")
    a_meeting(on=date(2028, 5, 17))
    page = client.get(DEADLINES).content.decode()
    description = re.search(r"<desc[^>]*>(.*?)</desc>", page, re.S).group(1)
    assert "Sitzungen: 17.05. KoK." in description
    assert "Wetteraukreis: 02.05. Punkte 8b und 8c." in description
    assert "LWV Hessen: 02.05. Punkt 8d." in description


def test_given_a_reporter_when_the_submission_is_entered_then_the_duty_is_fulfilled_and_reminders_end(client, sign_in):
    sign_in("reporter")
    sent = {"submitted_on": "14.04.2028", "channel": "SECURE_MAIL", "evidence": "Az. 51/2028"}
    response = client.post(f"{DUTY}eintragen", sent, follow=True)
    assert response.redirect_chain == [(DUTY, 302)]
    assert "Erfüllt am Fr 14.04.2028." in text_of(response)
    assert "Abgabe am Fr 14.04.2028" in text_of(response)
    assert "Die Abgabe ist eingetragen." in response.content.decode()


def test_25_given_8c_after_2024_when_a_number_is_entered_then_a_warning_follows_and_a_nil_report_is_normal(
    client, sign_in
):
    sign_in("reporter")
    assert "Gefunden, nicht Teil der Vereinbarung" in text_of(client.get(DUTY_8C))
    sent = {"submitted_on": "14.04.2028", "channel": "STATEWIDE", "evidence": "Lieferung 7"}
    page = client.post(f"{DUTY_8C}eintragen", sent, follow=True).content.decode()
    assert "Prüfen Sie, ob die Zahl stimmt." in page
    emptied(Submission)
    page = client.post(f"{DUTY_8C}eintragen", sent | {"is_nil_report": "on"}, follow=True).content.decode()
    assert "Prüfen Sie, ob die Zahl stimmt." not in page


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Hier fehlt noch eine Angabe."),
        ({"submitted_on": "17.04.2028", "channel": "LETTER"}, "liegt in der Zukunft"),
        ({"submitted_on": "31.02.2028", "channel": "LETTER"}, "Diesen Tag gibt es so nicht."),
        ({"submitted_on": "14.04.2028", "channel": "LETTER", "file_sha256": "abc"}, "keine Prüfsumme"),
    ],
)
def test_given_a_wrong_entry_when_sent_then_the_page_says_what_to_do_and_keeps_what_was_typed(
    client, sign_in, sent, sentence
):
    sign_in("reporter")
    response = client.post(f"{DUTY}eintragen", sent | {"evidence": "Az. 51/2028"})
    assert sentence in text_of(response)
    assert "Az. 51/2028" in response.content.decode()
    assert not Submission.objects.exists()


def test_given_two_tabs_when_the_entry_is_sent_twice_then_the_second_says_that_it_is_there(client, sign_in):
    sign_in("reporter")
    sent = {"submitted_on": "14.04.2028", "channel": "SECURE_MAIL"}
    client.post(f"{DUTY}eintragen", sent)
    assert "schon eine Abgabe eingetragen" in text_of(client.post(f"{DUTY}eintragen", sent))
    assert Submission.objects.count() == 1


def test_given_a_wrong_entry_when_taken_back_with_a_reason_then_the_history_keeps_both(client, sign_in):
    sign_in("reporter")
    client.post(f"{DUTY}eintragen", {"submitted_on": "14.04.2028", "channel": "SECURE_MAIL"})
    url = f"{DUTY}{Submission.objects.get().pk}/zuruecknehmen"
    assert url in client.get(DUTY).content.decode()
    assert "Die Frist ist wieder unerfüllt" in text_of(client.get(url))
    assert "Hier fehlt noch eine Angabe." in text_of(client.post(url, {"reason": ""}))
    text = text_of(client.post(url, {"reason": "falsches Jahr"}, follow=True))
    assert "Grund: falsches Jahr" in text
    assert "Abgabe eintragen" in text


@pytest.mark.parametrize("role", ["member", "secretariat", "approver"])
def test_given_a_role_without_the_permission_when_it_enters_or_takes_back_then_it_may_not(client, sign_in, role):
    sign_in(role)
    assert client.post(f"{DUTY}eintragen", {"submitted_on": "14.04.2028"}).status_code == 403
    assert client.get(f"{DUTY}1/zuruecknehmen").status_code == 403
    assert "Eintragen kann sie, wer für Wetteraukreis die Rolle „Meldungen“ hat." in text_of(client.get(DUTY))


def test_given_the_other_partner_when_its_reporter_enters_or_takes_back_then_it_is_refused(client, sign_in):
    sign_in("reporter")
    client.post(f"{DUTY}eintragen", {"submitted_on": "14.04.2028", "channel": "SECURE_MAIL"})
    entry = Submission.objects.get()
    sign_in("reporter", "lwv-hessen")
    assert client.get(f"{DUTY}{entry.pk}/zuruecknehmen").status_code == 404
    emptied(Submission)
    response = client.post(f"{DUTY}eintragen", {"submitted_on": "14.04.2028", "channel": "SECURE_MAIL"})
    assert not Submission.objects.exists()
    assert "Was Wetteraukreis abgibt, trägt dieser Partner selbst ein." in text_of(response)


@pytest.mark.parametrize(
    "url",
    [
        "/wetteraukreis/fristen/O-04/2021/wetteraukreis/",
        "/wetteraukreis/fristen/O-04/2028/lwv-hessen/",
        "/wetteraukreis/fristen/O-02/2028/wetteraukreis/",
        "/wetteraukreis/fristen/O-04/99999/wetteraukreis/",
        "/anderswo/fristen/O-04/2028/wetteraukreis/",
        f"{DUTY}1/zuruecknehmen",
    ],
)
def test_given_a_duty_that_does_not_exist_when_asked_then_nothing_is_found(client, sign_in, url):
    sign_in("reporter")
    assert client.get(url).status_code == 404


def test_given_sent_reminders_when_the_duty_opens_then_stages_are_told_in_words(client, sign_in):
    user = sign_in("reporter")
    sent_at = datetime(2028, 1, 31, 8, 0, tzinfo=UTC)
    for stage in ("-90", "-14"):
        Dispatch.objects.create(
            key=stage, kind="reminder.duty", subject_kind=OF_DUTY, subject_id=Agreement.objects.get().pk,
            part="O-04:2028:wetteraukreis", version=stage, name="Erika Muster", account=user.pk, address=user.email,
            begun_at=sent_at,
        )  # fmt: skip
    by_worker(Dispatch.objects.filter(key="-90").update, result="SENT", sent_at=sent_at)
    text = text_of(client.get(DUTY))
    assert "90 Tage vorher: an 1 Person, Mo 31.01.2028, 09:00 Uhr" in text
    assert "14 Tage vorher: 1 wartet" in text


def test_given_a_closed_conference_that_nobody_was_invited_to_when_the_overview_opens_then_the_invitation_is_owed(
    client, settings
):
    settings.KOK_NOW = "2028-04-16T09:00"
    introduced_in(2028)
    a_held_meeting(state=Meeting.State.CLOSED, minutes=Minutes.State.APPROVED)
    client.force_login(a_user(role="member"))
    assert "Einladung" in text_of(client.get(OVERVIEW))


def test_given_an_agreement_in_the_year_of_its_introduction_when_the_overview_opens_then_the_year_before_is_not_missed(
    client, settings
):
    settings.KOK_NOW = "2028-02-01T09:00"
    introduced_in(2028)
    client.force_login(a_user(role="member"))
    assert "verfehlt" not in text_of(client.get(OVERVIEW))


def introduced_in(year):
    found = an_agreement()
    found.introduced_on = date(year, 1, 3)
    found.save()
