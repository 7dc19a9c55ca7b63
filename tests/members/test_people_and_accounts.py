"""Accounts by invitation: nobody signs in before he chose a password, a registrar keeps to his own partner."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from kok import account_mails, outbox, queries
from kok.errors import Refused
from kok.models import AuditEvent, OutboxMessage, User
from members import actions
from members.models import Person, RoleAssignment
from members.queries import grants_on, people_with_role
from tests.builders import PASSWORD, a_person, a_user, an_agreement, give_role, the_partner
from tests.roles import as_owner

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TODAY = date(2026, 9, 1)


@pytest.fixture
def agreement():
    return an_agreement()


@pytest.fixture
def registrar(agreement):
    return a_user(role="registrar", username="registrar")


def invite(registrar, person=None, username="abel", role="member"):
    return actions.invite_account(
        person=person or Person.objects.get(family_name="Abel"),
        username=username,
        role=role,
        place=the_partner(),
        by=registrar,
        now=NOW,
    )


def link_in_mail():
    outbox.deliver(now=NOW)
    return re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body)[1]


def test_given_a_person_when_invited_then_the_mail_has_a_link_and_no_name(registrar):
    invite(registrar)
    outbox.deliver(now=NOW)
    [sent] = mail.outbox
    assert sent.to == ["abel@example.org"]
    assert "/konto/" in sent.body
    for personal in ("Abel", "abel", "Antonia", "wetteraukreis"):
        assert personal not in sent.subject + re.sub(r"/konto/\S+", "", sent.body.replace(sent.to[0], ""))


def test_given_an_invited_account_when_signing_in_before_a_password_is_chosen_then_it_does_not_work(registrar, client):
    user = invite(registrar)
    assert not user.has_usable_password()
    for password in ("", PASSWORD, "!"):
        client.post("/konto/login/", {"login": "abel", "password": password})
        assert "_auth_user_id" not in client.session


def test_given_the_link_when_a_password_is_chosen_then_the_account_opens_and_the_link_is_used_up(registrar, client):
    invite(registrar)
    link = link_in_mail()
    page = client.get(link, follow=True)
    assert "abel" in page.content.decode()
    form_url = page.redirect_chain[-1][0]
    client.post(form_url, {"password1": PASSWORD, "password2": PASSWORD})
    assert User.objects.get(username="abel").has_usable_password()
    client.logout()
    client.post("/konto/login/", {"login": "abel", "password": PASSWORD})
    assert "_auth_user_id" in client.session
    client.logout()
    assert "Der Link gilt nicht mehr" in client.get(link, follow=True).content.decode()


def test_given_an_invitation_when_the_account_is_open_before_delivery_then_no_mail_goes_out(registrar):
    user = invite(registrar)
    user.set_password(PASSWORD)
    user.save()
    outbox.deliver(now=NOW)
    assert mail.outbox == []
    assert OutboxMessage.objects.get().state == OutboxMessage.State.OBSOLETE


def test_given_an_invitation_when_the_address_changes_before_delivery_then_the_link_does_not_go_to_the_old_one(
    registrar,
):
    user = invite(registrar)
    user.email = "neu@example.org"
    user.save()
    outbox.deliver(now=NOW)
    later = NOW + timedelta(minutes=10)
    actions.invite_again(user=user, agreement=the_partner().agreement, by=registrar, now=later)
    outbox.deliver(now=later)
    assert [sent.to for sent in mail.outbox] == [["neu@example.org"]] * 2


def test_given_an_invited_account_when_asked_who_it_is_then_it_has_one_role_and_its_person(registrar):
    user = invite(registrar)
    assert [(grant.role, grant.agreement.slug) for grant in grants_on(user.pk, TODAY)] == [("member", "wetteraukreis")]
    assert (str(user.person), user.email, user.get_full_name()) == ("Antonia Abel", "abel@example.org", "Antonia Abel")


@pytest.mark.parametrize(
    ("email", "username", "said"),
    [
        ("", "abel", "fehlt die E-Mail-Adresse"),
        ("a@example.org", "REGISTRAR", "Diesen Benutzernamen gibt es schon"),
    ],
)
def test_given_a_gap_when_somebody_is_invited_then_a_sentence_says_so_and_nothing_is_left(
    registrar, email, username, said
):
    person = a_person(email=email)
    with pytest.raises(Refused, match=said):
        invite(registrar, person, username)
    person.refresh_from_db()
    assert person.user is None
    assert User.objects.count() == 1


def test_given_a_role_of_the_other_side_when_inviting_then_no_account_is_left_behind(registrar):
    with pytest.raises(Refused, match="Diese Rolle gibt es bei diesem Partner nicht"):
        invite(registrar, role="case-receiver")
    assert not User.objects.filter(username="abel").exists()
    assert not OutboxMessage.objects.exists()


def test_given_an_account_when_invited_a_second_time_then_it_is_refused(registrar):
    invite(registrar)
    with pytest.raises(Refused, match="hat schon ein Konto"):
        invite(registrar, username="abel2")


def test_given_an_expired_link_when_invited_again_then_one_more_mail_goes_out_and_a_double_click_sends_none(
    registrar, agreement
):
    user = invite(registrar)
    later = NOW + timedelta(days=4)
    for _ in range(2):
        actions.invite_again(user=user, agreement=agreement, by=registrar, now=later)
    assert OutboxMessage.objects.filter(kind="account.invited").count() == 2
    assert AuditEvent.objects.filter(action="account.invited").count() == 2


def test_given_an_open_account_when_invited_again_then_it_is_refused(registrar, agreement):
    with pytest.raises(Refused, match="hat schon ein Passwort"):
        actions.invite_again(user=a_user(role="member"), agreement=agreement, by=registrar, now=NOW)


def test_given_a_new_address_when_a_person_is_changed_then_the_account_follows_and_old_links_die(registrar, agreement):
    user = invite(registrar)
    EmailAddress.objects.create(user=user, email="abel@example.org", primary=True)
    link = link_in_mail()
    details = actions.PersonDetails(given_name="Antonia", family_name="Abel-Neu", email="neu@example.org", phone="")
    actions.change_person(person=user.person, details=details, by=registrar, agreement=agreement, now=NOW)
    user.refresh_from_db()
    assert (user.email, user.last_name) == ("neu@example.org", "Abel-Neu")
    assert not EmailAddress.objects.filter(email="abel@example.org").exists()
    assert "Der Link gilt nicht mehr" in Client().get(link, follow=True).content.decode()


def test_given_an_account_of_another_name_when_a_telephone_is_saved_then_the_account_keeps_its_name(
    registrar, agreement
):
    user = invite(registrar)
    User.objects.filter(pk=user.pk).update(last_name="Abel-Alt")
    person = user.person
    details = actions.PersonDetails(
        given_name=person.given_name, family_name=person.family_name, email=person.email, phone="06031 83-9"
    )
    actions.change_person(person=person, details=details, by=registrar, agreement=agreement, now=NOW)
    user.refresh_from_db()
    person.refresh_from_db()
    assert (user.last_name, person.phone) == ("Abel-Alt", "06031 83-9")


def test_given_a_role_when_given_twice_then_form_and_database_refuse(registrar):
    user = a_user(role="member")
    values = {"user": user, "role": "member"}
    with pytest.raises(Refused, match="Diese Rolle hat das Konto in diesem Zeitraum schon"):
        actions.give_role(**values, place=the_partner(), from_on=TODAY, by=registrar, now=NOW)
    with pytest.raises(IntegrityError, match="role_once_at_a_time"), transaction.atomic():
        RoleAssignment.objects.create(
            **values, partner=the_partner(), agreement=the_partner().agreement, period=(TODAY, None)
        )


def test_given_a_role_when_ended_then_it_is_gone_at_once_and_the_past_stays(registrar):
    user = a_user(role="member")
    role = user.role_assignments.get()
    actions.end_role(assignment=role, by=registrar, now=NOW)
    assert list(grants_on(user.pk, TODAY)) == []
    assert [grant.role for grant in grants_on(user.pk, date(2026, 8, 31))] == ["member"]
    with pytest.raises(Refused, match="schon beendet"):
        actions.end_role(assignment=role, by=registrar, now=NOW)


@pytest.mark.parametrize("from_on", [TODAY, TODAY + timedelta(days=30)])
def test_given_a_role_of_today_or_later_when_ended_today_then_it_is_gone_and_the_row_says_from_and_to(
    registrar, from_on
):
    user = a_user()
    values = {"user": user, "role": "reporter", "place": the_partner(), "from_on": from_on, "by": registrar}
    role = actions.give_role(**values, now=NOW)
    actions.end_role(assignment=role, by=registrar, now=NOW)
    assert [list(grants_on(user.pk, day)) for day in (TODAY, from_on)] == [[], []]
    kept = user.role_assignments.get()
    assert (kept.period.isempty, kept.void_from_on, kept.ended_at) == (True, from_on, NOW)
    assert AuditEvent.objects.filter(action__in=["role.given", "role.ended"]).count() == 2
    with pytest.raises(Refused, match="schon beendet"):
        actions.end_role(assignment=role, by=registrar, now=NOW)
    actions.give_role(**values, now=NOW)
    assert [grant.role for grant in grants_on(user.pk, from_on)] == ["reporter"]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM members_roleassignment", "wird beendet, nie gelöscht"),
        ("UPDATE members_roleassignment SET role = 'member'", "kann nicht geändert werden"),
        ("UPDATE members_roleassignment SET by_command = NOT by_command", "kann nicht geändert werden"),
    ],
)
def test_given_a_role_when_it_is_deleted_or_rewritten_by_sql_then_the_database_refuses(registrar, statement, said):
    with as_owner(), pytest.raises(DatabaseError, match=said), transaction.atomic():
        connection.cursor().execute(statement)
    assert registrar.role_assignments.get().role == "registrar"


def test_given_the_last_registrar_when_the_role_would_end_then_it_stays_until_there_is_another(registrar):
    role = registrar.role_assignments.get()
    a_user(role="registrar", partner="lwv-hessen")
    closed = a_user(role="registrar")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    with pytest.raises(Refused, match="das letzte Konto"):
        actions.end_role(assignment=role, by=registrar, now=NOW)
    a_user(role="registrar")
    actions.end_role(assignment=role, by=registrar, now=NOW)
    assert list(grants_on(registrar.pk, TODAY)) == []


def test_given_a_role_when_asked_who_holds_it_then_only_active_accounts_of_that_partner_and_day(agreement):
    reporter = a_user(role="reporter", username="reporter")
    Person.objects.filter(family_name="Abel").update(user=reporter)
    a_user(role="reporter", partner="lwv-hessen")
    closed = a_user(role="reporter")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    give_role(a_user(), role="member")
    held = people_with_role("reporter", the_partner(), TODAY)
    assert [(one.user_id, one.name, one.email) for one in held] == [(reporter.pk, "Antonia Abel", "abel@example.org")]
    assert people_with_role("reporter", the_partner(), date(2022, 2, 28)) == []


def test_given_an_administrator_when_he_closes_an_account_then_its_session_ends_but_not_his_own(agreement, client):
    admin, member = a_user(role="admin", partner=None), a_user(role="member")
    client.force_login(member)
    assert client.get("/wetteraukreis/mitglieder/").status_code == 200
    actions.close_account(user=member, by=admin, now=NOW)
    assert client.get("/wetteraukreis/mitglieder/").status_code == 302
    with pytest.raises(Refused, match="Ihr eigenes Konto"):
        actions.close_account(user=admin, by=admin, now=NOW)


def gives_up(link):
    """The page that a dead link leads to, and whom it says to ask."""
    page = Client().get(link, follow=True).content.decode()
    return "Der Link gilt nicht mehr" in page and "die Konten pflegt" in page


@pytest.mark.parametrize("has_accepted", [False, True])
def test_given_an_open_link_when_the_account_is_locked_then_it_is_dead_and_stays_so(registrar, client, has_accepted):
    user = invite(registrar)
    if has_accepted:
        user.set_password(PASSWORD)
        user.save()
        account_mails.queue_reset(user.email, now=NOW)
    link = link_in_mail()
    opened = client.get(link, follow=True).redirect_chain[-1][0]  # the page with the two fields is open already
    before = User.objects.get(pk=user.pk).password
    actions.close_account(user=user, by=registrar, now=NOW)
    assert gives_up(link)
    client.post(opened, {"password1": "ein-ganz-anderes-4711", "password2": "ein-ganz-anderes-4711"})
    actions.open_account(user=user, by=registrar, now=NOW)
    assert gives_up(link)
    client.post(opened, {"password1": "ein-ganz-anderes-4711", "password2": "ein-ganz-anderes-4711"})
    assert User.objects.get(pk=user.pk).password == before
    assert not gives_up(account_mails.password_link(User.objects.get(pk=user.pk)).removeprefix("http://testserver"))


def test_given_a_new_address_while_the_invitation_waits_when_invited_again_then_it_goes_to_the_new_one_only(
    registrar, agreement
):
    user = invite(registrar)
    details = actions.PersonDetails(given_name="Antonia", family_name="Abel", email="neu@example.org")
    actions.change_person(person=user.person, details=details, by=registrar, agreement=agreement, now=NOW)
    actions.invite_again(user=user, agreement=agreement, by=registrar, now=NOW)
    outbox.deliver(now=NOW)
    assert [message.to for message in mail.outbox] == [["neu@example.org"]]


def test_given_somebody_of_the_technik_when_the_invitation_was_never_taken_then_no_mail_about_operation_goes_there():
    there, never, closed = (a_user(role="admin", partner=None) for _ in range(3))
    never.set_unusable_password()
    never.save()
    User.objects.filter(pk=closed.pk).update(is_active=False)
    assert queries.operators() == [there]
