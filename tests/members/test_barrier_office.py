"""The authority that Technik names for reported barriers: its office is told, its registrars read and close them."""

from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from kok import barrier_office, barriers, health, outbox, reminders
from kok.errors import Refused
from kok.models import AuditEvent, BarrierReport, OutboxMessage
from members.actions import change_authority, name_barrier_office
from members.models import Authority, RoleAssignment
from members.rules.barriers import hindrance
from tests.builders import a_second_agreement, a_user, an_agreement, publish_pages, the_partner
from tests.meetings.held import signed_in

NOW = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
TODAY, DUE = date(2027, 3, 1), date(2027, 4, 12)
TEXT, PLACE, CONTACT = "Zitronenfalter unlesbar", "/seite/zaunkoenig/", "rotkehlchen@example.org"
MAIL = "geschaeftsstelle@county.example.org"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({}, ""),
        ({"exists": (TODAY, None)}, ""),
        ({"exists": (None, TODAY + timedelta(days=1))}, ""),
        ({"exists": (None, TODAY)}, "besteht nur bis zum 28.02.2027"),
        ({"exists": (TODAY + timedelta(days=1), None)}, "besteht erst ab dem 02.03.2027"),
        ({"office_email": ""}, "keine E-Mail-Adresse"),
        ({"has_reader": False}, "niemand ein benutztes Konto mit der Rolle Stammdaten"),
    ],
)
def test_given_an_authority_when_asked_whether_it_can_answer_then_a_sentence_says_what_hinders_it(values, says):
    found = hindrance(**{"exists": (None, None), "office_email": MAIL, "has_reader": True, "day": TODAY} | values)
    assert says in found
    assert bool(found) is bool(says)


@pytest.fixture
def county(db, settings, monkeypatch):
    monkeypatch.setattr(health, "_parts", {"statutory_pages": health._parts["statutory_pages"]})
    settings.KOK_NOW = NOW.isoformat()
    authority = the_partner("wetteraukreis", an_agreement()).authority
    authority.office_email = MAIL
    authority.save()
    return authority


@pytest.fixture
def operator(county):
    user = a_user(role="admin")
    publish_pages(by=user)
    return user


@pytest.fixture
def registrar(county):
    return a_user(role="registrar")


def name(authority, by):
    name_barrier_office(authority=authority, by=by, now=NOW)


def a_report(now=NOW):
    return barriers.report(text=TEXT, place=PLACE, contact=CONTACT, now=now)


def text_of(answer):
    return unescape(answer.content.decode())


def sent(now=NOW):
    outbox.deliver(now=now + timedelta(minutes=1))
    messages, mail.outbox[:] = list(mail.outbox), []
    return messages


def at(settings, day):
    moment = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    settings.KOK_NOW = moment.isoformat()
    return moment


def test_given_technik_when_an_authority_is_named_by_clicking_then_it_is_asked_first_told_and_written_down(
    operator, registrar, county
):
    a_report()
    sent()
    client = signed_in(operator)
    page = reverse("barrier-office:name")
    for way in ("kok:jobs", "kok:barriers"):
        shown = text_of(client.get(reverse(way)))
        assert "Keine Behörde ist benannt." in shown
        assert page in shown
    asked = text_of(client.post(page, {"authority": county.pk}))
    assert f"gehen an {MAIL}." in asked
    assert not Authority.objects.filter(answers_barriers=True).exists()
    done = text_of(client.post(page, {"authority": county.pk, "confirmed": "1"}, follow=True))
    assert f"Gemeldete Barrieren beantwortet jetzt {county.short_name}." in done
    assert f"Die Meldungen bearbeitet {county.short_name}." in text_of(client.get(reverse("kok:jobs")))
    line = AuditEvent.objects.get(action="barrier.office")
    assert (line.actor_id, line.old, line.new) == (operator.pk, "die Technik", county.short_name)
    (message,) = sent()
    assert message.to == [MAIL]
    assert "Eine Meldung ist offen. Die Frist endet am Mo 12.04.2027." in message.body
    again = text_of(client.post(page, {"authority": county.pk, "confirmed": "1"}))
    assert "So ist es schon eingetragen." in again


@pytest.mark.parametrize(("change", "says"), [("mail", "keine E-Mail-Adresse"), ("reader", "niemand ein benutztes")])
def test_given_an_office_that_cannot_answer_when_it_is_named_then_a_sentence_says_why_and_nothing_changes(
    operator, county, change, says
):
    if change == "mail":
        a_user(role="registrar")
        Authority.objects.update(office_email="")
    answer = signed_in(operator).post(reverse("barrier-office:name"), {"authority": county.pk})
    assert says in text_of(answer)
    county.refresh_from_db()
    with pytest.raises(Refused, match=says):
        name(county, operator)
    assert not Authority.objects.filter(answers_barriers=True).exists()


def test_given_a_named_office_when_six_weeks_go_by_then_its_address_alone_is_told_and_no_word_of_the_report(
    operator, registrar, county, settings
):
    name(county, operator)
    sent()
    row = a_report()
    told = [(TODAY, message) for message in sent()]
    for days in (34, 35, 36, 42, 43):
        now = at(settings, TODAY + timedelta(days=days))
        reminders.queue(today=now.date(), now=now)
        told += [(now.date(), message) for message in sent(now)]
    assert [day for day, _ in told] == [TODAY, DUE - timedelta(days=7), DUE]
    rows = str([*OutboxMessage.objects.values_list("key", "to", "context")])
    for _, message in told:
        assert message.to == [MAIL]
        assert f"Meldung {row.pk}" in message.body
        assert "12.04.2027" in message.body
        assert reverse("kok:barriers") in message.body
        assert "technisch betreiben" not in message.body
        for word in ("Zitronenfalter", "zaunkoenig", "rotkehlchen", registrar.username):
            assert word not in message.subject + message.body + rows


def test_given_a_named_office_when_people_look_then_its_registrars_close_and_technik_sees_days_only(
    operator, registrar, county, settings
):
    row = a_report()
    name(county, operator)
    at(settings, DUE + timedelta(days=2))
    address = reverse("kok:barrier", args=[row.pk])
    technik = signed_in(operator)
    for way in ("kok:jobs", "kok:barriers"):
        page = text_of(technik.get(reverse(way)))
        assert f"Meldung {row.pk}" in page
        assert "seit 2 Tagen überfällig" in page
        for word in (TEXT, PLACE, address):
            assert word not in page
    for closed in (address, reverse("kok:barrier-aside", args=[row.pk])):
        assert technik.get(closed).status_code == 404
        assert technik.post(closed, {"on": "01.03.2027", "what": "x", "reason": "x"}).status_code == 404
    client = signed_in(registrar)
    house = text_of(client.get(reverse("members:authority", args=["wetteraukreis", "wetteraukreis"])))
    assert reverse("kok:barriers") in house
    listed = text_of(client.get(reverse("kok:barriers")))
    assert TEXT in listed
    assert reverse("barrier-office:name") not in listed
    assert f"Meldung {row.pk}" in text_of(client.get("/wetteraukreis/", follow=True))
    done = client.post(address, {"on": "01.03.2027", "what": "Der Kontrast ist höher."}, follow=True)
    assert "als erledigt eingetragen" in text_of(done)
    row.refresh_from_db()
    assert row.answered_by == registrar


@pytest.mark.parametrize("everywhere", [False, True])
def test_given_a_role_for_the_authority_or_one_partner_when_named_then_both_read_and_others_of_it_do_not(
    operator, county, everywhere
):
    reader = a_user(role="registrar", everywhere=everywhere)
    name(county, operator)
    others = [a_user(role="registrar", partner="lwv-hessen"), a_user(role="secretariat"), a_user(role="reporter")]
    address = reverse("kok:barrier", args=[a_report().pk])
    assert signed_in(reader).get(address).status_code == 200
    for user in others:
        for page in (address, reverse("kok:barriers")):
            assert signed_in(user).get(page).status_code == 404
        assert f'href="{reverse("kok:barriers")}"' not in text_of(
            signed_in(user).get(reverse("members:authority", args=["wetteraukreis", "wetteraukreis"]))
        )


def test_given_a_registrar_without_a_second_factor_when_he_opens_a_report_then_he_is_told_to_set_one_up(
    operator, registrar, county
):
    bare = a_user(role="registrar", with_factor=False)
    stranger = a_user(role="registrar", partner="lwv-hessen", with_factor=False)
    name(county, operator)
    address = reverse("kok:barrier", args=[a_report().pk])
    answer = signed_in(bare).get(address)
    assert answer.status_code != 404
    assert TEXT not in text_of(answer)
    assert signed_in(stranger).get(address).status_code == 404


def test_given_an_office_that_gets_another_address_when_a_mail_waits_then_it_goes_to_the_address_of_then(
    operator, registrar, county, settings
):
    name(county, operator)
    sent()
    a_report()
    now = at(settings, TODAY + timedelta(days=1))
    change = {"office_email": "neu@county.example.org"}
    agreement = county.partners.get().agreement
    change_authority(
        authority=county, values=change, from_on=now.date() + timedelta(days=1), by=registrar, agreement=agreement,
        now=now,
    )  # fmt: skip
    now = at(settings, TODAY + timedelta(days=2))  # the change counts from its day, whether it is put in force or not
    assert [message.to for message in sent(now) if "Barriere" in message.body] == [["neu@county.example.org"]]


@pytest.mark.parametrize("change", ["ended", "no mail", "role over", "closed"])
def test_given_a_named_office_that_cannot_answer_any_more_when_a_report_comes_then_technik_answers_and_reads_why(
    operator, registrar, county, settings, change
):
    name(county, operator)
    row = a_report()
    waiting = OutboxMessage.objects.filter(kind=barriers.REPORTED)
    assert waiting.count() == 1
    if change == "ended":
        Authority.objects.filter(pk=county.pk).update(period=(None, TODAY))
    elif change == "no mail":
        Authority.objects.filter(pk=county.pk).update(office_email="")
    elif change == "role over":
        RoleAssignment.objects.filter(user=registrar).update(period=(date(2022, 3, 1), TODAY))
    else:
        registrar.is_active = False
        registrar.save()
    assert barrier_office.answering(TODAY) is None
    assert sent() == []
    client = signed_in(operator)
    page = text_of(client.get(reverse("kok:jobs")))
    assert f"Benannt ist {county.short_name}." in page
    assert "So lange bearbeitet die Technik die Meldungen." in page
    assert '<a href="#barrieren">eine offene Meldung einer Barriere</a>, ' in page
    assert '<a href="#barrieren">die Behörde, die gemeldete Barrieren beantwortet, ist verhindert</a>' in page
    assert client.get(reverse("kok:barrier", args=[row.pk])).status_code == 200
    assert signed_in(registrar).get(reverse("kok:barrier", args=[row.pk])).status_code != 200
    now = at(settings, DUE)
    reminders.queue(today=DUE, now=now)
    assert [message.to for message in sent(now)] == [[operator.email]]


def test_given_a_named_office_when_another_is_named_or_none_then_who_is_told_and_who_reads_changes_with_it(
    operator, registrar, county, settings
):
    lwv = the_partner("lwv-hessen").authority
    Authority.objects.filter(pk=lwv.pk).update(office_email="lwv@example.org")
    other = a_user(role="registrar", partner="lwv-hessen")
    a_second_agreement()
    row = a_report()
    name(county, operator)
    sent()
    now = at(settings, DUE)
    reminders.queue(today=DUE, now=now)
    name(lwv, operator)
    address = reverse("kok:barrier", args=[row.pk])
    assert [message.to for message in sent(now)] == [
        ["lwv@example.org"]
    ]  # that it is named; the county is told nothing
    reminders.queue(today=DUE, now=now)
    assert [message.to for message in sent(now)] == [["lwv@example.org"]]
    assert signed_in(other).get(address).status_code == 200
    assert signed_in(registrar).get(address).status_code == 404
    name(None, operator)
    reminders.queue(today=DUE, now=now)
    assert [message.to for message in sent(now)] == [[operator.email]]
    assert signed_in(other).get(address).status_code == 404
    assert signed_in(operator).get(address).status_code == 200


def test_given_two_authorities_when_both_are_to_answer_then_the_database_refuses(county):
    with pytest.raises(IntegrityError), transaction.atomic():
        Authority.objects.update(answers_barriers=True)


def test_given_a_named_office_when_the_form_is_read_without_sign_in_then_it_says_who_reads_what_is_reported(
    operator, registrar, county
):
    assert "liest nur, wer diese Anwendung technisch betreibt" in text_of(Client().get(reverse("kok:barrier-report")))
    name(county, operator)
    page = text_of(Client().get(reverse("kok:barrier-report")))
    assert f"Ihre Meldung beantwortet {county.short_name}." in page
    assert MAIL not in page


def test_given_a_report_about_something_else_when_it_is_set_aside_then_the_reason_stays_and_the_weeks_end(
    operator, registrar, county
):
    name(county, operator)
    row, client = a_report(), signed_in(registrar)
    aside = reverse("kok:barrier-aside", args=[row.pk])
    assert aside in text_of(client.get(reverse("kok:barrier", args=[row.pk])))
    assert "Das lässt sich nicht zurücknehmen." in text_of(client.get(aside))
    assert "Hier fehlt noch eine Angabe." in text_of(client.post(aside, {"reason": ""}))
    done = client.post(aside, {"reason": "Es ist Werbung."}, follow=True)
    assert "als kein Anliegen zur Barrierefreiheit eingetragen" in text_of(done)
    assert "kein Anliegen" in text_of(client.get(reverse("kok:barriers")))
    row.refresh_from_db()
    assert (row.is_unrelated, row.answer, row.answered_by, row.answered_on) == (
        True, "Es ist Werbung.", registrar, TODAY,
    )  # fmt: skip
    line = AuditEvent.objects.get(action="barrier.set-aside")
    assert (line.actor_id, line.note, line.old, line.new) == (registrar.pk, "", "", "")
    assert "Es ist Werbung." in text_of(client.get(reverse("kok:barrier", args=[row.pk])))
    assert barriers.open_lines(DUE) == []
    assert [due for due in reminders.due_on(DUE) if due.kind == barriers.REMINDER] == []
    again = text_of(client.post(aside, {"reason": "Doch."}))
    assert "schon als erledigt eingetragen" in again


def test_given_an_open_report_when_it_is_stored_as_set_aside_then_the_database_refuses(operator):
    row = a_report()
    with pytest.raises(IntegrityError), transaction.atomic():
        BarrierReport.objects.filter(pk=row.pk).update(is_unrelated=True)
