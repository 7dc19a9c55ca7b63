"""By SQL as web, without a key: no power and no mail comes from rows that the application did not write."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from kok import clock, erasure, outbox, seals
from kok.clock import BERLIN
from kok.errors import Refused
from kok.models import OutboxMessage, User
from members import actions
from members.actions.authorities import put_in_force
from members.actions.leaving import carry_out
from members.actions.people import PersonDetails
from members.models import Agreement, Authority, AuthorityChange, Departure, DepartureLine, Person, RoleAssignment
from members.rules.codes import PartnerKind
from tests.builders import a_second_agreement, a_user, an_agreement, an_authority, the_partner
from tests.roles import as_worker, by_worker

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
AUTHORITY = """
INSERT INTO members_authority (slug, kind, kgs, period, name, short_name, street, postal_code, city, office_name,
  office_email, office_phone, answers_barriers)
VALUES ('erfunden', 'LWV', '', '(,)', 'Erfunden', 'Erfunden', '', '', '', '', '', '', false)
"""
CHANGE = """
INSERT INTO members_authoritychange (authority_id, from_on, values)
SELECT id, '2026-08-31', '{"kind": "LWV"}' FROM members_authority WHERE slug = 'wetteraukreis'
"""
PARTNER = """
INSERT INTO members_partner (agreement_id, authority_id, position, organs)
SELECT agreement.id, authority.id, 9, '[]' FROM members_agreement agreement, members_authority authority
WHERE agreement.slug = 'wetteraukreis' AND authority.slug = 'fremdstadt'
"""
ANNEX = """
INSERT INTO members_annexversion (agreement_id, annex, number, period, reason, heading, reading_note, seats, loaded_at)
SELECT id, '9', 1, '[2022-03-01,)', '', 'Erfunden', '', '[]', now() FROM members_agreement
"""
NAMED = """
INSERT INTO members_annexbody (version_id, body_id, position, name, short_name, scope)
SELECT version.id, body.id, 9, 'www.example.org', 'www.example.org', 'CROSS'
FROM members_annexversion version, members_body body WHERE version.annex = '1' AND body.kind <> 'CONFERENCE' LIMIT 1
"""
REGISTRAR = """
INSERT INTO members_roleassignment (user_id, role, agreement_id, partner_id, period, by_command)
SELECT user_id, 'registrar', agreement_id, partner_id, period, true FROM members_roleassignment WHERE id = %s
"""
LEAVES = """
INSERT INTO members_departure (person_id, last_on, entered_by_id, entered_at) VALUES (%s, %s, %s, %s)
"""
ENDED = """
INSERT INTO members_departureline (departure_id, capacity, role_id, was, became)
SELECT %s, '', id, '[2022-03-01,)', period FROM members_roleassignment WHERE id = %s
"""


@pytest.fixture(autouse=True)
def agreement(settings: Any) -> Agreement:
    settings.KOK_NOW = NOW.astimezone(BERLIN).isoformat()
    return an_agreement()


def by_sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount == 1


def found() -> list[str]:
    return list(seals.findings(clock.today()))


def a_person_with(user: User) -> Person:
    person = Person.objects.get(family_name="Abel")
    person.user = user
    person.save()
    return person


INSERTED = "An der Anwendung vorbei eingefügt"
ATTACKS = {
    "authority": (AUTHORITY, "Behörde", INSERTED),
    "kind": (
        "UPDATE members_authority SET kind = 'LWV' WHERE slug = 'wetteraukreis'",
        "Behörde",
        "vorbei geändert (Art)",
    ),
    "change": (CHANGE, "Änderung einer Behörde", INSERTED),
    "partner": (PARTNER, "Kooperationspartner", INSERTED),
    "region": ("UPDATE members_agreement SET region = 'www.example.org'", "Vereinbarung", "vorbei geändert (Region)"),
    "rotation": (
        "UPDATE members_agreement SET rotation_years = 9",
        "Vereinbarung",
        "vorbei geändert (Dauer der Geschäftsführung in Jahren)",
    ),
    "annex": (ANNEX, "Fassung einer Anlage", INSERTED),
    "name": (NAMED, "Gremium in einer Anlage", INSERTED),
    "body": (
        "UPDATE members_body SET number_prefix = 'X' WHERE kind = 'CONFERENCE'",
        "Gremium",
        "vorbei geändert (Nummernkreis)",
    ),
}


@pytest.mark.parametrize(("statement", "title", "told"), ATTACKS.values(), ids=ATTACKS)
def test_given_what_works_together_when_sql_writes_there_then_the_night_names_the_row(statement, title, told):
    an_authority("fremdstadt")
    assert found() == []
    by_sql(statement)
    [finding] = found()
    assert finding.startswith(f"{title} ")
    assert told in finding


def test_given_authorities_without_a_first_day_and_amendments_when_stored_then_the_night_finds_nothing():
    a_second_agreement()
    an_authority("grenzenlos", period=(None, date(2027, 1, 1)))
    assert found() == []


# Leaving


@pytest.fixture
def registrar() -> User:
    return a_user(role="registrar")


@pytest.fixture
def ended(registrar: User) -> RoleAssignment:
    """A releaser's role that somebody ended at once, of a person who has nothing else."""
    role = a_user(role="case-releaser").role_assignments.get()
    a_person_with(role.user)
    actions.end_role(assignment=role, by=registrar, now=NOW)
    role.refresh_from_db()
    return role


def take_back(by: User, person: Person) -> str:
    client = Client()
    client.force_login(by)
    url = f"/wetteraukreis/mitglieder/personen/{person.pk}/ausscheiden/zuruecknehmen/"
    return client.post(url, {"confirmed": "1"}, follow=True).content.decode()


@pytest.mark.parametrize("what", ["departure", "line"])
def test_given_an_ended_role_when_sql_lets_it_come_back_with_a_departure_then_it_stays_ended(registrar, ended, what):
    person = ended.user.person
    if what == "departure":
        by_sql(LEAVES, person.pk, date(2026, 12, 31), registrar.pk, ended.ended_at)
    else:
        Departure.objects.create(
            person=person, last_on=date(2026, 12, 31), entered_by=registrar, entered_at=ended.ended_at
        )
    departure = Departure.objects.get()
    by_sql(ENDED, departure.pk, ended.pk)
    assert "vorbei geändert oder eingefügt" in take_back(registrar, person)
    ended.refresh_from_db()
    assert ended.period.upper == date(2026, 9, 1)
    titles = ["Ausscheiden", "Ende durch Ausscheiden"]
    assert [any(each.startswith(f"{title} Nr.") for each in found()) for title in titles] == [what != "line", True]


def test_given_a_true_departure_when_a_registrar_put_in_by_sql_takes_it_back_then_it_stays(registrar):
    role = a_user(role="case-releaser").role_assignments.get()
    person = a_person_with(role.user)
    departure = actions.enter_departure(
        person=person, last_on=date(2026, 12, 31), by=registrar, agreement=Agreement.objects.get(), now=NOW
    )
    puppet = a_user(role="member")
    by_sql(REGISTRAR, puppet.role_assignments.get().pk)
    with pytest.raises(Refused, match="an der Anwendung vorbei geändert"):
        actions.withdraw_departure(departure=departure, by=puppet, agreement=Agreement.objects.get(), now=NOW)
    left = actions.withdraw_departure(departure=departure, by=registrar, agreement=Agreement.objects.get(), now=NOW)
    assert left == 0
    assert [each.startswith("Rolle Nr.") for each in found()] == [True], "the puppet's, and nothing else"


def test_given_a_registrar_put_in_by_sql_when_he_opens_a_closed_account_then_it_stays_closed():
    closed, puppet = a_user(role="member"), a_user(role="member")
    closed.is_active = False
    closed.save()
    by_sql(REGISTRAR, puppet.role_assignments.get().pk)
    with pytest.raises(Refused, match="an der Anwendung vorbei geändert"):
        actions.open_account(user=closed, by=User.objects.get(pk=puppet.pk), now=NOW)
    actions.open_account(user=closed, by=a_user(role="registrar"), now=NOW)
    closed.refresh_from_db()
    assert closed.is_active


def test_given_a_departure_put_in_by_sql_when_its_day_is_over_then_no_account_is_closed(registrar):
    user = a_user()
    by_sql(LEAVES, a_person_with(user).pk, date(2026, 8, 30), registrar.pk, NOW)
    by_worker(carry_out, str(Departure.objects.get().pk), NOW)
    user.refresh_from_db()
    assert user.is_active


def test_given_old_departures_when_erased_then_their_lines_go_with_their_seals_and_an_invented_one_stays(registrar):
    role = a_user(role="case-releaser").role_assignments.get()
    entered = {"last_on": date(2026, 9, 30), "by": registrar, "agreement": Agreement.objects.get(), "now": NOW}
    actions.enter_departure(person=a_person_with(role.user), **entered)
    other = Person.objects.get(family_name="Busch")
    by_sql(LEAVES, other.pk, date(2026, 9, 30), registrar.pk, NOW)
    later = datetime(2029, 1, 2, 3, 30, tzinfo=UTC)
    with as_worker():
        erasure.run(now=later)
    assert list(Departure.objects.values_list("person", flat=True)) == [other.pk]
    assert not DepartureLine.objects.exists()
    [finding] = [each for each in found() if "usscheiden" in each]
    assert INSERTED in finding


# Authorities and partners


def test_given_a_change_of_an_authority_put_in_by_sql_when_its_day_has_come_then_it_does_not_count():
    by_sql(CHANGE)
    by_worker(put_in_force, str(Authority.objects.get(slug="wetteraukreis").pk), NOW)
    assert Authority.objects.get(slug="wetteraukreis").kind == PartnerKind.COUNTY
    assert AuthorityChange.objects.get().done_at is None
    registrar = a_user(role="registrar", everywhere=True)
    with pytest.raises(Refused, match="Änderung einer Behörde"):
        actions.change_authority(
            authority=Authority.objects.get(slug="wetteraukreis"), values={"city": "Bad Nauheim"},
            from_on=date(2026, 9, 1), by=registrar, agreement=Agreement.objects.get(), now=NOW,
        )  # fmt: skip


def test_given_a_partner_put_in_by_sql_when_its_registrar_gives_power_there_then_it_is_refused(agreement):
    a_second_agreement()
    an_authority("fremdstadt")
    giver, second = a_user(role="registrar", agreement=agreement), a_user(role="registrar", agreement=agreement)
    officer = a_user(role="member", agreement=agreement)
    request = actions.ask_role(
        user=officer, role="case-officer", place=the_partner(agreement=agreement), from_on=date(2026, 9, 1), by=giver,
        now=NOW,
    )  # fmt: skip
    by_sql(PARTNER)
    with pytest.raises(Refused, match="Kooperationspartner"):
        actions.confirm(request=request, by=second, now=NOW)
    assert not officer.role_assignments.filter(role="case-officer").exists()


# Mails


def test_given_a_region_with_a_link_when_a_mail_about_it_is_due_then_it_waits_and_says_why(agreement):
    auditor = a_user(role="auditor")
    outbox.enqueue(
        kind="cases.name-limit", key="x", to=auditor.email, context={"agreement": agreement.pk, "user": auditor.pk},
        now=NOW,
    )  # fmt: skip
    by_sql("UPDATE members_agreement SET region = 'www.example.org'")
    by_worker(outbox.deliver, now=NOW)
    assert mail.outbox == []
    message = OutboxMessage.objects.get()
    assert (message.attempts, "vorbei geändert oder eingefügt: Vereinbarung." in message.error) == (1, True)
    by_sql("UPDATE members_agreement SET region = 'Wetteraukreis'")
    by_worker(outbox.deliver, now=message.next_try_at)
    [sent] = mail.outbox
    assert sent.subject.startswith("KoK Wetteraukreis:")


def test_given_an_ordinary_role_that_was_put_in_when_its_holder_gives_another_then_it_is_refused():
    hand, other = a_user(role="member"), a_user()
    by_sql(REGISTRAR, hand.role_assignments.get().pk)
    with pytest.raises(Refused, match="an der Anwendung vorbei geändert"):
        actions.give_role(user=other, role="secretariat", place=the_partner(), from_on=NOW.date(), by=hand, now=NOW)
    assert not other.role_assignments.exists()


def a_hand_put_in() -> User:
    """A member whom SQL made a registrar as well."""
    hand = a_user(role="member")
    by_sql(REGISTRAR, hand.role_assignments.get().pk)
    return User.objects.get(pk=hand.pk)


def invited(by: User) -> User:
    """Somebody who has not chosen a password yet."""
    person = Person.objects.get(family_name="Abel")
    wanted = {"username": "abel", "role": "member", "place": the_partner(), "by": by, "now": NOW}
    return actions.invite_account(person=person, **wanted)


def test_given_a_registrar_put_in_by_sql_when_he_invites_again_then_no_link_is_mailed_and_an_honest_one_mails_it(
    registrar,
):
    user, later = invited(registrar), NOW + timedelta(hours=1)
    links = OutboxMessage.objects.filter(kind="account.invited")
    with pytest.raises(Refused, match="an der Anwendung vorbei geändert"):
        actions.invite_again(user=user, agreement=Agreement.objects.get(), by=a_hand_put_in(), now=later)
    assert links.count() == 1
    actions.invite_again(user=user, agreement=Agreement.objects.get(), by=registrar, now=later)
    assert links.count() == 2


def test_given_an_invited_account_whose_role_sql_wrote_when_invited_again_then_no_link_is_mailed(registrar):
    user = invited(registrar)
    by_sql(REGISTRAR, user.role_assignments.get().pk)
    with pytest.raises(Refused, match="an der Anwendung vorbei geändert"):
        actions.invite_again(user=user, agreement=Agreement.objects.get(), by=registrar, now=NOW + timedelta(hours=1))


@pytest.mark.parametrize("changed", [{"email": "fremd@example.org"}, {"family_name": "Fremd"}], ids=["email", "name"])
def test_given_a_registrar_put_in_by_sql_when_he_changes_an_invited_person_then_the_account_stays(registrar, changed):
    user = invited(registrar)
    person = user.person
    was = {"given_name": person.given_name, "family_name": person.family_name, "email": person.email}
    wanted = {"person": person, "details": PersonDetails(**was | changed), "agreement": Agreement.objects.get()}
    with pytest.raises(Refused, match="an der Anwendung vorbei geändert"):
        actions.change_person(**wanted, by=a_hand_put_in(), now=NOW)
    user.refresh_from_db()
    assert (user.email, user.last_name) == (was["email"], was["family_name"])
    actions.change_person(**wanted, by=registrar, now=NOW)


def test_given_a_registrar_put_in_by_sql_when_he_extends_a_role_then_it_ends_as_before(registrar):
    role = a_user(role="member").role_assignments.get()
    actions.end_role(assignment=role, last_on=date(2026, 12, 31), by=registrar, now=NOW)
    role.refresh_from_db()
    hand = a_hand_put_in()
    with pytest.raises(Refused, match="an der Anwendung vorbei geändert"):
        actions.extend_role(assignment=role, last_on=None, by=hand, now=NOW)
    role.refresh_from_db()
    assert role.period.upper == date(2027, 1, 1)
    actions.extend_role(assignment=role, last_on=None, by=registrar, now=NOW)
    role.refresh_from_db()
    assert role.period.upper is None
