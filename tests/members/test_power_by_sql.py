"""By SQL as web, without a key: what hides for a minute who has power, where he reads his mail, or who closed him."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kok import clock, seals
from kok.clock import BERLIN
from kok.errors import Refused
from kok.models import AddressChange, User
from members import actions
from members.actions.administering import check_power
from members.actions.people import PersonDetails
from members.models import AccountRequest, Agreement, Person, RoleAssignment, Seat, SeatAssignment
from members.queries.addresses import key_of
from tests.builders import a_person, a_seat, a_user, an_agreement, the_body, the_partner

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
TODAY = date(2026, 9, 1)
TOLD = "an der Anwendung vorbei geändert"
STRANGER = "angreifer@example.org"
HIDDEN = """
UPDATE members_roleassignment SET period = '[2026-09-01,2026-09-01)', ended_at = now(), void_from_on = '2026-09-01'
WHERE user_id = %s AND role = %s
"""
READDRESSED = "UPDATE kok_user SET email = %s WHERE id = %s"
CLOSED = "UPDATE kok_user SET is_active = false WHERE id = %s"
REGISTRAR = """
INSERT INTO members_roleassignment (user_id, role, agreement_id, partner_id, period, by_command)
SELECT user_id, 'registrar', agreement_id, partner_id, period, true FROM members_roleassignment
WHERE user_id = %s LIMIT 1
"""


@pytest.fixture(autouse=True)
def agreement(settings: Any) -> Agreement:
    settings.KOK_NOW = NOW.astimezone(BERLIN).isoformat()
    return an_agreement()


@pytest.fixture
def registrar() -> User:
    return a_user(role="registrar", username="stammdaten")


@pytest.fixture
def technik() -> User:
    return a_user(role="admin", username="technik")


def by_sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount == 1


def with_address(user: User, address: str) -> User:
    user.email = address
    user.save()
    return user


def change(person: Person, by: User, **changed: str) -> None:
    was = {name: getattr(person, name) for name in ("given_name", "family_name", "email", "phone")}
    details = PersonDetails(**was | changed)
    actions.change_person(person=person, details=details, by=by, agreement=Agreement.objects.get(), now=NOW)


def invited_with_power(by: User, second: User) -> Person:
    """Somebody with a case role that two gave, who has not chosen a password yet."""
    person = a_person("Neu", email="neu@kreis.example.org", employer="wetteraukreis")
    given = {"username": "neu", "role": "case-officer", "place": the_partner(), "by": by, "now": NOW}
    user = actions.invite_account(person=person, **given)
    actions.confirm(request=AccountRequest.objects.get(user=user), by=second, now=NOW)
    person.refresh_from_db()
    return person


def test_given_a_case_role_hidden_by_sql_when_its_address_is_changed_then_it_stays_for_an_honest_registrar_too(
    registrar, technik
):
    person = invited_with_power(registrar, technik)
    with pytest.raises(Refused, match="noch kein Passwort"):
        change(person, registrar, email=STRANGER)
    by_sql(HIDDEN, person.user_id, "case-officer")
    with pytest.raises(Refused, match=TOLD):
        change(person, registrar, email=STRANGER)
    attacker = a_user(role="member", username="angreifer")
    by_sql(REGISTRAR, attacker.pk)
    with pytest.raises(Refused, match=TOLD):
        change(person, attacker, email=STRANGER)
    person.refresh_from_db()
    assert (person.email, person.user.email) == ("neu@kreis.example.org", "neu@kreis.example.org")


def test_given_an_approver_whose_account_sql_readdressed_when_the_person_gets_that_address_then_it_stays(registrar):
    user = with_address(a_user(role="approver", username="leitung"), "leitung@kreis.example.org")
    person = a_person("Leitung", user=user, email=user.email)
    by_sql(READDRESSED, STRANGER, user.pk)
    with pytest.raises(Refused, match=TOLD):
        change(person, registrar, email=STRANGER)
    by_sql(READDRESSED, "leitung@kreis.example.org", user.pk)
    person.refresh_from_db()
    assert person.email == "leitung@kreis.example.org"
    assert list(seals.findings(clock.today())) == []
    change(person, registrar, phone="06031 1")


def the_officer() -> User:
    return with_address(a_user(role="case-officer", username="fach"), "fach@kreis.example.org")


def asking(person: Person, by: User) -> None:
    given = {"username": "zweite", "role": "case-releaser", "place": the_partner(), "by": by, "now": NOW}
    actions.invite_account(person=person, **given)


def test_given_an_officer_whom_sql_readdressed_when_her_mailbox_is_to_get_the_other_hand_then_nobody_gives_it(
    registrar, technik
):
    officer = the_officer()
    person = a_person("Zweite", email=officer.email, employer="wetteraukreis")
    with pytest.raises(Refused, match="dieselbe E-Mail-Adresse"):
        asking(person, registrar)
    by_sql(READDRESSED, "anders@kreis.example.org", officer.pk)
    with pytest.raises(Refused, match=TOLD):
        asking(person, registrar)
    assert not User.objects.filter(username="zweite").exists()


def test_given_a_request_when_sql_readdresses_somebody_else_then_nobody_confirms_it(registrar, technik):
    officer, receiver = the_officer(), a_user(role="member", username="empfang")
    a_person("Empfang", user=receiver)
    role = {"role": "case-releaser", "place": the_partner(), "from_on": TODAY}
    request = actions.ask_role(user=receiver, **role, by=registrar, now=NOW)
    by_sql(READDRESSED, "anders@kreis.example.org", officer.pk)
    with pytest.raises(Refused, match=TOLD):
        actions.confirm(request=request, by=technik, now=NOW)
    by_sql(READDRESSED, officer.email, officer.pk)
    actions.confirm(request=request, by=technik, now=NOW)


@pytest.mark.parametrize(
    ("statement", "number"), [(CLOSED, "technik"), (REGISTRAR, "technik"), (HIDDEN, "technik")],
    ids=["account closed", "role put in", "role hidden"],
)  # fmt: skip
def test_given_an_account_that_technik_closed_when_sql_hides_that_then_no_registrar_opens_it_alone(
    registrar, technik, statement, number
):
    user = a_user(role="member", username="gesperrt")
    a_person("Gesperrt", user=user)
    actions.close_account(user=user, by=technik, now=NOW)
    values = [User.objects.get(username=number).pk, *(["admin"] if statement == HIDDEN else [])]
    by_sql(statement.replace("'registrar', agreement_id, partner_id", f"'registrar', {_place()}"), *values)
    with pytest.raises(Refused, match=TOLD):
        actions.open_account(user=User.objects.get(pk=user.pk), by=registrar, now=NOW)
    assert not User.objects.get(pk=user.pk).is_active


def _place() -> str:
    partner = the_partner()
    return f"{partner.agreement_id}, {partner.pk}"


def test_given_an_auditor_whose_role_sql_hides_when_a_registrar_closes_the_account_then_only_technik_does(
    registrar, technik
):
    auditor = a_user(role="auditor", username="pruefung")
    a_person("Prüfung", user=auditor)
    by_sql(HIDDEN.replace("now()", "'2026-01-01'"), auditor.pk, "auditor")
    with pytest.raises(Refused, match="Sperren kann es deshalb nur die Technik"):
        actions.close_account(user=auditor, by=registrar, now=NOW)
    actions.close_account(user=auditor, by=technik, now=NOW)


POWERFUL = """
INSERT INTO members_roleassignment (user_id, role, agreement_id, partner_id, period, by_command)
VALUES (%s, %s, %s, %s, '[2022-03-01,)', true)
"""


def with_power_by_sql(user: User, role: str) -> User:
    partner = the_partner()
    by_sql(POWERFUL, user.pk, role, *((None, None) if role == "admin" else (partner.agreement_id, partner.pk)))
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("role", ["registrar", "admin"])
def test_given_power_put_in_by_sql_when_its_bearer_closes_an_account_or_ends_a_role_then_it_counts_for_nothing(
    registrar, technik, role
):
    puppet = with_power_by_sql(a_user(role="member", username="puppe"), role)
    victim = a_user(role="member", username="opfer")
    a_person("Opfer", user=victim)
    held = {"registrar": victim, "admin": technik}[role].role_assignments.get()
    second = a_user(role="admin", username="technik2")
    with pytest.raises(Refused):
        actions.close_account(user=victim, by=puppet, now=NOW)
    with pytest.raises(Refused, match=TOLD):
        actions.check_end(assignment=held, last_on=None, by=puppet, now=NOW)
    with pytest.raises(Refused, match=TOLD):
        actions.end_role(assignment=held, by=puppet, now=NOW)
    assert User.objects.get(pk=victim.pk).is_active
    assert RoleAssignment.objects.get(pk=held.pk).period.upper is None
    honest = {"registrar": registrar, "admin": second}[role]
    actions.end_role(assignment=held, by=with_power_by_sql(honest, "approver"), now=NOW)
    actions.close_account(user=victim, by=honest, now=NOW)


def test_given_technik_put_in_by_sql_for_a_registrar_when_the_person_was_changed_then_the_account_stays_open(registrar):
    victim = a_user(role="member", username="opfer")
    person = a_person("Opfer", user=victim)
    by_sql("UPDATE members_person SET family_name = 'Anders' WHERE id = %s", person.pk)
    with pytest.raises(Refused, match=TOLD):
        actions.close_account(user=victim, by=with_power_by_sql(registrar, "admin"), now=NOW)
    assert User.objects.get(pk=victim.pk).is_active


def test_given_a_second_registrar_put_in_by_sql_when_the_only_one_is_ended_then_the_house_keeps_him(registrar):
    puppet = a_user(role="member", username="puppe")
    by_sql(REGISTRAR, puppet.pk)
    [role] = registrar.role_assignments.all()
    with pytest.raises(Refused, match="Stammdaten"):
        actions.end_role(assignment=role, by=None, now=NOW)
    assert RoleAssignment.objects.get(pk=role.pk).period.upper is None


def test_given_a_new_address_when_sql_hides_the_account_in_that_mailbox_then_its_owner_does_not_confirm_it(registrar):
    officer, owner = the_officer(), with_address(a_user(role="approver", username="ich"), "ich@kreis.example.org")
    a_person("Ich", user=owner, email=owner.email)
    by_sql(READDRESSED, "anders@kreis.example.org", officer.pk)
    with pytest.raises(Refused, match=TOLD):
        actions.ask_for_address(user=owner, email=officer.email, by=owner, now=NOW)
    waiting = AddressChange.objects.create(user=owner, email=officer.email, asked_by=owner, asked_at=NOW)
    with pytest.raises(Refused, match=TOLD):
        actions.confirm_address(pk=waiting.pk, key=key_of(waiting), by=owner, now=NOW)


def assigning(by: User, seat: Seat, person: Person) -> Any:
    other = Person.objects.get(family_name="Anders")
    return actions.assign_seat(seat=seat, person=other, capacity="HOLDER", from_on=TODAY, by=by, now=NOW)


def vacating(by: User, seat: Seat, person: Person) -> Any:
    return actions.end_assignment(assignment=seat.assignments.get(), last_on=date(2026, 9, 30), by=by, now=NOW)


def creating(by: User, seat: Seat, person: Person) -> Any:
    return actions.create_seat(
        body=the_body(), partner=the_partner(), function="Gast", unit="", from_on=TODAY, by=by, now=NOW
    )


def ending(by: User, seat: Seat, person: Person) -> Any:
    return actions.end_seat(seat=seat, last_on=date(2026, 9, 30), by=by, now=NOW)


def adding(by: User, seat: Seat, person: Person) -> Any:
    details = PersonDetails(given_name="Kim", family_name="Fremd", email=STRANGER)
    return actions.add_person(partner=the_partner(), details=details, by=by, now=NOW)


def readdressing(by: User, seat: Seat, person: Person) -> Any:
    return change(person, by, email=STRANGER)


def leaving(by: User, seat: Seat, person: Person) -> Any:
    return actions.enter_departure(
        person=person, last_on=date(2026, 9, 30), by=by, agreement=Agreement.objects.get(), now=NOW
    )


def renaming(by: User, seat: Seat, person: Person) -> Any:
    authority = the_partner().authority
    return actions.change_authority(
        authority=authority, values={"street": "Neue Straße 1"}, from_on=date(2026, 10, 1), by=by,
        agreement=Agreement.objects.get(), now=NOW,
    )  # fmt: skip


def naming(by: User, seat: Seat, person: Person) -> Any:
    return actions.name_barrier_office(authority=the_partner().authority, by=by, now=NOW)


ACTS: dict[str, Callable[[User, Seat, Person], Any]] = {
    each.__name__: each
    for each in (assigning, vacating, creating, ending, adding, readdressing, leaving, renaming, naming)
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_given_a_registrar_put_in_by_sql_when_he_maintains_the_house_then_nothing_changes_and_an_honest_one_does_it(
    registrar, act
):
    person = a_person("Sitz")
    a_person("Anders")
    seat = a_seat(person=person)
    hand = a_user(role="member", username="angreifer")
    by_sql(REGISTRAR, hand.pk)
    authority = the_partner().authority
    authority.office_email = "geschaeftsstelle@kreis.example.org"
    authority.save()
    before = _stored()
    with pytest.raises(Refused, match=TOLD):
        act(User.objects.get(pk=hand.pk), seat, person)
    assert _stored() == before
    act(registrar, seat, person)
    assert _stored() != before


def _stored() -> list[Any]:
    models: tuple[Any, ...] = (Seat, SeatAssignment, Person)
    authority = the_partner().authority
    rows = [list(model.objects.order_by("pk").values()) for model in models]
    return [*rows, authority.changes.count(), authority.answers_barriers, list(Person.objects.values("departures"))]


def test_given_many_accounts_and_a_row_put_in_when_power_is_asked_about_then_the_queries_stay_as_many(registrar):
    a_person("Stamm", user=registrar)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            check_power(registrar)
        return len(queries)

    few = asked()
    for _ in range(20):
        a_user(role="member")
    assert asked() == few
    by_sql(REGISTRAR, a_user(role="member").pk)
    one_more = asked()
    by_sql(REGISTRAR, a_user(role="member").pk)
    assert few < asked() == one_more
