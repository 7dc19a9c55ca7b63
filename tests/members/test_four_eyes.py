"""Power is given by one person and confirmed by another; who confirms, until when, and what is told of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from kok import outbox
from kok.errors import Refused
from kok.models import AccountSession, AuditEvent, OutboxMessage, User
from members import actions
from members.models import AccountRequest, Person, RoleAssignment
from members.queries import grants_on, requests_to_confirm
from members.rules.codes import AccountRequestState
from members.rules.power import FOUR_EYES
from tests.builders import a_factor, a_person, a_second_agreement, a_user, an_agreement, give_role, the_partner
from tests.roles import emptied
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TODAY = date(2026, 9, 1)
State = AccountRequestState


@built_once
def agreement():
    return an_agreement()


@built_once
def giver(agreement):
    return a_user(role="registrar", username="geberin")


@built_once
def second(agreement):
    return a_user(role="registrar", username="zweiter")


@built_once
def officer(agreement):
    return a_user(role="member", username="fachkraft")


def ask(giver, user, role="case-officer", now=NOW, **values):
    if "place" not in values:
        values["place"] = the_partner()
    values.setdefault("from_on", TODAY)
    return actions.ask_role(user=user, role=role, by=giver, now=now, **values)


def roles(user, day=TODAY):
    return sorted(grant.role for grant in grants_on(user.pk, day))


def told(kind="power.told"):
    rows = OutboxMessage.objects.filter(kind=kind)
    return set(User.objects.filter(pk__in=[row.context["user"] for row in rows]).values_list("email", flat=True))


@pytest.mark.parametrize("role", ["case-officer", "case-releaser", "approver", "registrar", "auditor"])
def test_given_a_role_of_power_when_one_person_gives_it_then_it_is_no_role_until_another_confirms(
    giver, second, officer, role
):
    with pytest.raises(Refused, match="geben zwei Personen"):
        actions.give_role(user=officer, role=role, place=the_partner(), from_on=TODAY, by=giver, now=NOW)
    request = ask(giver, officer, role)
    assert roles(officer) == ["member"]
    actions.confirm(request=request, by=second, now=NOW)
    assert roles(officer) == sorted(["member", role])
    given = officer.role_assignments.get(role=role)
    assert (given.given_by, given.confirmed_by, given.by_command) == (giver, second, False)


def test_given_a_confirmed_role_when_the_trail_is_read_then_giver_confirmer_receiver_and_days_stand_there(
    giver, second, officer
):
    request = ask(giver, officer, until_on=date(2027, 9, 1))
    actions.confirm(request=request, by=second, now=NOW)
    line = AuditEvent.objects.get(action="role.given")
    assert line.actor_id == second.pk
    assert line.note == f"Fallbearbeitung für Konto {officer.pk}, beantragt von Konto {giver.pk}"
    assert line.new == "01.09.2026 bis 31.08.2027"
    assert roles(officer, date(2027, 8, 31)) == ["case-officer", "member"]
    assert roles(officer, date(2027, 9, 1)) == ["member"]


def test_given_a_role_without_power_when_one_person_gives_it_then_it_holds_and_cannot_be_asked_for(giver, officer):
    actions.give_role(user=officer, role="reporter", place=the_partner(), from_on=TODAY, by=giver, now=NOW)
    assert roles(officer) == ["member", "reporter"]
    with pytest.raises(Refused, match="gibt eine Person allein"):
        ask(giver, officer, "secretariat")


# Findings, part 10: one registrar gives himself Fallbearbeitung, and a puppet Freigabe.


def test_given_a_registrar_who_wants_more_when_he_asks_for_himself_or_a_puppet_then_he_gets_nothing_alone(
    agreement, giver
):
    with pytest.raises(Refused, match="Für Ihr eigenes Konto"):
        ask(giver, giver)
    puppet = actions.invite_account(
        person=a_person("Strohmann"), username="strohmann", role="registrar", place=the_partner(), by=giver, now=NOW,
    )  # fmt: skip
    request = ask(giver, puppet, "case-releaser")
    for by in (giver, puppet):
        with pytest.raises(Refused):
            actions.confirm(request=request, by=by, now=NOW)
    assert (roles(giver), roles(puppet)) == (["registrar"], [])


def test_given_an_invited_registrar_when_he_would_confirm_his_host_then_only_after_thirty_days(giver, second, officer):
    User.objects.filter(pk=second.pk).update(invited_by=giver, invited_at=NOW - timedelta(days=20))
    request = ask(giver, officer)
    with pytest.raises(Refused, match="in den letzten 30 Tagen eingeladen"):
        actions.confirm(request=request, by=second, now=NOW)
    crosswise = ask(second, officer, "case-releaser")
    with pytest.raises(Refused, match="in den letzten 30 Tagen eingeladen"):
        actions.confirm(request=crosswise, by=giver, now=NOW)
    actions.confirm(request=request, by=second, now=NOW + timedelta(days=10))
    assert "case-officer" in roles(officer, TODAY + timedelta(days=10))


def closed(user):
    User.objects.filter(pk=user.pk).update(is_active=False)


def never_in(user):
    User.objects.filter(pk=user.pk).update(password=make_password(None))


def without_factor(user):
    Authenticator.objects.filter(user=user).delete()


@pytest.mark.parametrize("is_unable", [closed, never_in, without_factor])
def test_given_the_only_registrar_when_he_asks_then_technik_confirms_and_with_another_one_it_does_not(
    agreement, giver, officer, is_unable
):
    technik = a_user(role="admin")
    request = ask(giver, officer)
    assert told("power.waiting") == {technik.email}
    other = a_user(role="registrar")
    with pytest.raises(Refused, match="bestätigt jemand anderes"):
        actions.confirm(request=request, by=technik, now=NOW)
    is_unable(other)
    actions.confirm(request=request, by=technik, now=NOW)
    assert "case-officer" in roles(officer)


def test_given_a_registrar_of_another_region_or_partner_when_he_would_confirm_then_it_is_not_his(agreement, giver):
    user = a_user(role="member", partner="lwv-hessen")
    here = a_user(role="registrar", partner="lwv-hessen")
    elsewhere = a_user(role="registrar", partner="lwv-hessen", agreement=a_second_agreement())
    place = the_partner("lwv-hessen", agreement)
    request = ask(here, user, "case-receiver", place=place)
    for by in (elsewhere, giver):
        with pytest.raises(Refused, match="bestätigt jemand anderes"):
            actions.confirm(request=request, by=by, now=NOW)
    with pytest.raises(Refused, match="nicht beantragen"):
        ask(elsewhere, user, "case-receiver", place=place, now=NOW)
    spanning = a_user(role="registrar", partner="lwv-hessen", everywhere=True)
    actions.confirm(request=request, by=spanning, now=NOW)
    assert "case-receiver" in roles(user)


def test_given_a_role_for_a_whole_authority_when_asked_for_then_only_registrars_of_all_its_agreements_may(agreement):
    lwv = the_partner("lwv-hessen", agreement).authority
    a_second_agreement()
    here = a_user(role="registrar", partner="lwv-hessen", agreement=agreement)
    one, two = (a_user(role="registrar", partner="lwv-hessen", everywhere=True) for _ in range(2))
    user = a_user()
    with pytest.raises(Refused, match="nicht beantragen"):
        ask(here, user, "auditor", place=lwv)
    request = ask(one, user, "auditor", place=lwv)
    with pytest.raises(Refused, match="bestätigt jemand anderes"):
        actions.confirm(request=request, by=here, now=NOW)
    actions.confirm(request=request, by=two, now=NOW)
    assert roles(user) == ["auditor", "auditor"]
    assert user.role_assignments.get().authority == lwv


def test_given_technik_when_it_is_given_then_by_technik_and_another_or_a_registrar_confirms(giver):
    technik, user = a_user(role="admin"), a_user()
    with pytest.raises(Refused, match="nicht beantragen"):
        ask(giver, user, "admin", place=None)
    request = ask(technik, user, "admin", place=None)
    with pytest.raises(Refused, match="selbst beantragt"):
        actions.confirm(request=request, by=technik, now=NOW)
    actions.confirm(request=request, by=giver, now=NOW)
    assert roles(user) == ["admin"]


def test_given_a_new_technician_when_invited_then_the_account_has_nothing_until_somebody_confirms(giver):
    technik = a_user(role="admin")
    new = actions.invite_technician(username="neu", email="neu@example.org", by=technik, now=NOW)
    assert roles(new) == []
    assert (new.invited_by, new.invited_at) == (technik, NOW)
    actions.confirm(request=new.requests.get(), by=giver, now=NOW)
    assert roles(new) == ["admin"]


def test_given_an_invitation_with_a_role_of_power_when_sent_then_the_account_is_there_and_the_role_waits(giver, second):
    person = Person.objects.get(family_name="Abel")
    user = actions.invite_account(
        person=person, username="abel", role="case-releaser", place=the_partner(),
        by=giver, now=NOW,
    )  # fmt: skip
    assert (roles(user), user.requests.get().state) == ([], State.OPEN)
    actions.confirm(request=user.requests.get(), by=second, now=NOW)
    assert roles(user) == ["case-releaser"]


# Faults


def test_given_a_request_when_fourteen_days_are_over_then_it_cannot_be_confirmed_and_can_be_made_anew(
    giver, second, officer
):
    request = ask(giver, officer)
    last = NOW + timedelta(days=14)
    assert requests_to_confirm(second, last - timedelta(seconds=1)) == 1
    assert requests_to_confirm(second, last) == 0
    with pytest.raises(Refused, match="abgelaufen"):
        actions.confirm(request=request, by=second, now=last)
    anew = ask(giver, officer, now=last)
    request.refresh_from_db()
    assert (request.state, request.decided_by) == (State.LAPSED, None)
    actions.confirm(request=anew, by=second, now=last)
    assert officer.role_assignments.get(role="case-officer").period.lower == last.date()


def test_given_the_same_request_when_made_twice_or_for_a_role_that_is_held_then_a_sentence_says_so(
    giver, second, officer
):
    request = ask(giver, officer)
    with pytest.raises(Refused, match="schon beantragt"):
        ask(second, officer)
    actions.confirm(request=request, by=second, now=NOW)
    with pytest.raises(Refused, match="in diesem Zeitraum schon"):
        ask(giver, officer)
    with pytest.raises(Refused, match="schon bestätigt"):
        actions.confirm(request=request, by=second, now=NOW)


@pytest.mark.parametrize("gone", ["role", "account"])
def test_given_a_giver_who_left_when_confirmed_then_the_request_is_void_and_another_can_ask(
    giver, second, officer, gone
):
    third = a_user(role="registrar")
    request = ask(giver, officer)
    if gone == "role":
        actions.end_role(assignment=giver.role_assignments.get(), by=second, now=NOW)
    else:
        actions.close_account(user=giver, by=second, now=NOW)
    with pytest.raises(Refused, match="dürfte es heute nicht mehr"):
        actions.confirm(request=request, by=second, now=NOW)
    assert roles(officer) == ["member"]
    actions.confirm(request=ask(second, officer), by=third, now=NOW)
    assert "case-officer" in roles(officer)


def test_given_a_confirmer_whose_own_role_ended_when_he_confirms_then_it_is_refused(giver, second, officer):
    a_user(role="registrar")
    request = ask(giver, officer)
    actions.end_role(assignment=second.role_assignments.get(), by=giver, now=NOW)
    with pytest.raises(Refused, match="bestätigt jemand anderes"):
        actions.confirm(request=request, by=second, now=NOW)
    assert AccountRequest.objects.get().state == State.OPEN


def test_given_a_closed_account_when_its_role_is_confirmed_then_it_is_refused(giver, second, officer):
    request = ask(giver, officer)
    actions.close_account(user=officer, by=giver, now=NOW)
    with pytest.raises(Refused, match="gesperrt"):
        actions.confirm(request=request, by=second, now=NOW)


def test_given_a_request_when_refused_or_withdrawn_then_nothing_comes_of_it_and_the_giver_reads_why(
    giver, second, officer
):
    request = ask(giver, officer)
    with pytest.raises(Refused, match="Zurücknehmen kann"):
        actions.withdraw(request=request, by=second, now=NOW)
    actions.refuse(request=request, reason="Zwei reichen.", by=second, now=NOW)
    request.refresh_from_db()
    assert (request.state, request.reason, request.decided_by) == (State.REFUSED, "Zwei reichen.", second)
    assert told() == {giver.email}
    again = ask(giver, officer)
    actions.withdraw(request=again, by=giver, now=NOW)
    with pytest.raises(Refused, match="schon zurückgenommen"):
        actions.confirm(request=again, by=second, now=NOW)
    assert roles(officer) == ["member"]


def test_given_a_wanted_day_that_is_past_when_confirmed_later_then_the_role_begins_with_the_confirmation(
    giver, second, officer
):
    request = ask(giver, officer, from_on=date(2026, 8, 1))
    actions.confirm(request=request, by=second, now=NOW)
    assert officer.role_assignments.get(role="case-officer").period.lower == TODAY


# Told


def test_given_a_case_role_when_confirmed_then_person_unit_and_auditors_are_told_and_no_mail_names_anybody(
    giver, second, officer
):
    auditor = a_user(role="auditor", everywhere=True)
    releaser = a_user(role="case-releaser")
    a_user(role="registrar", partner="lwv-hessen")
    a_user(role="reporter")
    actions.confirm(request=ask(giver, officer), by=second, now=NOW)
    assert told() == {each.email for each in (giver, second, officer, auditor, releaser)}
    outbox.deliver(now=NOW)
    assert len(mail.outbox) == 5  # what waited is decided meanwhile and is not sent
    for sent in mail.outbox:
        assert not {"fachkraft", "geberin", "Fallbearbeitung"} & set(sent.body.replace(",", " ").split())
        assert ("http" in sent.body) is (sent.to != [releaser.email])  # who sees none of it is told whom to ask
    own = next(sent for sent in mail.outbox if sent.to == [officer.email])
    assert "Ihr Konto hat eine Rolle bekommen" in own.body


def test_given_a_role_of_power_when_ended_by_one_person_then_it_is_gone_at_once_and_told(giver, second, officer):
    actions.confirm(request=ask(giver, officer), by=second, now=NOW)
    emptied(OutboxMessage)
    actions.end_role(assignment=officer.role_assignments.get(role="case-officer"), by=giver, now=NOW)
    assert roles(officer) == ["member"]
    assert told() == {each.email for each in (giver, second, officer)}
    kept = officer.role_assignments.get(role="case-officer")
    assert (kept.void_from_on, kept.ended_at, kept.given_by) == (TODAY, NOW, giver)


# The database has the last word.


@pytest.mark.parametrize("role", FOUR_EYES)
def test_given_a_row_of_power_without_two_people_when_stored_then_the_database_refuses(agreement, giver, role):
    user = a_user()
    place = {} if role == "admin" else {"agreement": agreement, "partner": the_partner()}
    wrong = [{}, {"given_by": giver}, {"given_by": giver, "confirmed_by": giver}]
    wrong += [{"given_by": user, "confirmed_by": giver}, {"given_by": giver, "confirmed_by": user}]
    for people in wrong:
        with pytest.raises(IntegrityError, match="role_of_power_has_two_people"), transaction.atomic():
            RoleAssignment.objects.create(user=user, role=role, period=(TODAY, None), **place, **people)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM members_accountrequest",
        "UPDATE members_accountrequest SET role = 'registrar'",
        "UPDATE members_accountrequest SET state = 'CONFIRMED', decided_at = now(), decided_by_id = given_by_id",
    ],
)
def test_given_a_request_when_changed_by_sql_then_the_database_refuses(giver, officer, statement):
    ask(giver, officer)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# Lost factor


def has_factor(user):
    return Authenticator.objects.filter(user=user).exists()


ASKED = """
INSERT INTO members_accountrequest (kind, user_id, role, agreement_id, partner_id, period, state, given_by_id, given_at,
  reason, receiver_name, giver_name, decider_name, new_given_name, new_family_name)
SELECT 'ROLE', %s, 'case-officer', agreement_id, id, '[2026-09-01,)', 'OPEN', %s, %s, '', '', '', '', '', ''
FROM members_partner WHERE id = %s
"""

GIVEN = """
INSERT INTO members_roleassignment (user_id, role, agreement_id, partner_id, period, by_command)
SELECT %s, 'registrar', agreement_id, id, '[2020-01-01,2021-01-01)', true FROM members_partner WHERE id = %s
"""


def by_sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount == 1


def test_given_a_request_put_in_by_sql_when_somebody_would_confirm_it_then_it_is_refused(giver, second, officer):
    by_sql(ASKED, officer.pk, giver.pk, NOW, the_partner().pk)
    with pytest.raises(Refused, match="an der Anwendung vorbei geschrieben"):
        actions.confirm(request=AccountRequest.objects.get(), by=second, now=NOW)
    assert roles(officer) == ["member"]


@pytest.mark.parametrize("whose", ["giver", "second"])
def test_given_a_hand_that_sql_made_a_registrar_when_power_is_given_then_it_is_refused(giver, second, officer, whose):
    request = ask(giver, officer)
    user = {"giver": giver, "second": second}[whose]
    by_sql(GIVEN, user.pk, the_partner().pk)
    with pytest.raises(Refused, match="an der Anwendung vorbei geändert"):
        actions.confirm(request=request, by=second, now=NOW)
    assert roles(officer) == ["member"]


def test_given_somebody_whose_role_sql_put_in_when_he_asks_for_power_then_he_may_not(giver, officer):
    by_sql(GIVEN, giver.pk, the_partner().pk)
    with pytest.raises(Refused, match="an der Anwendung vorbei geändert"):
        ask(giver, officer)
    assert not AccountRequest.objects.exists()


def test_given_a_lost_factor_when_two_people_mend_it_then_it_is_off_and_sessions_end(giver, second, officer, client):
    a_factor(officer)
    client.force_login(officer)
    assert AccountSession.objects.filter(user=officer).exists()
    request = actions.ask_factor(user=officer, by=giver, now=NOW)
    assert has_factor(officer)
    with pytest.raises(Refused, match="selbst beantragt"):
        actions.confirm(request=request, by=giver, now=NOW)
    actions.confirm(request=request, by=second, now=NOW)
    assert not has_factor(officer)
    assert not AccountSession.objects.filter(user=officer).exists()
    assert told() == {each.email for each in (giver, second, officer)}
    assert AuditEvent.objects.get(action="account.factor-removed").actor_id == second.pk


def test_given_the_only_registrar_when_his_factor_is_lost_then_technik_and_one_of_another_partner_mend_it(giver):
    technik, other_technik = a_user(role="admin"), a_user(role="admin")
    beside = a_user(role="registrar", partner="lwv-hessen")
    request = actions.ask_factor(user=giver, by=technik, now=NOW)
    for by in (technik, other_technik):
        with pytest.raises(Refused):
            actions.confirm(request=request, by=by, now=NOW)
    actions.confirm(request=request, by=beside, now=NOW)
    assert not has_factor(giver)


def test_given_two_technicians_when_one_lost_the_factor_then_the_other_asks_and_a_registrar_confirms(giver):
    lost, technik = a_user(role="admin"), a_user(role="admin")
    request = actions.ask_factor(user=lost, by=technik, now=NOW)
    actions.confirm(request=request, by=giver, now=NOW)
    assert not has_factor(lost)


def test_given_the_only_technik_when_the_command_mends_it_then_all_registrars_and_auditors_are_told(giver, capsys):
    technik = a_user(role="admin", username="technik")
    auditor = a_user(role="auditor", partner="lwv-hessen")
    call_command("lost_factor", "--username=Technik")
    assert not has_factor(technik)
    assert told() == {each.email for each in (technik, giver, auditor)}
    assert "Der zweite Faktor des Kontos Technik ist entfernt" in capsys.readouterr().out


@pytest.mark.parametrize("username", ["geberin", "niemand", "technik"])
def test_given_another_account_when_the_command_is_asked_then_it_refuses_and_says_the_way(giver, username, capsys):
    technik = a_user(role="admin", username="technik")
    a_user(role="admin")
    with pytest.raises(SystemExit):
        call_command("lost_factor", f"--username={username}")
    assert "Es wurde nichts geändert." in capsys.readouterr().err
    assert has_factor(giver)
    assert has_factor(technik)


# Taking over (findings, part 1): an account is administered by whoever administers all its roles.


@built_once
def regions(agreement):
    other = a_second_agreement()
    return {
        "here": a_user(role="registrar", partner="lwv-hessen", agreement=agreement, username="hier"),
        "there": a_user(role="registrar", partner="lwv-hessen", agreement=other, username="dort"),
        "colleague": the_colleague(other),
    }


def the_colleague(other):
    user = a_user(role="case-receiver", partner="lwv-hessen", agreement=other, username="kollegin")
    a_person("Kollegin", employer="lwv-hessen", email=user.email, user=user)
    return user


def test_given_a_registrar_of_another_region_when_he_takes_over_a_colleague_then_he_is_told_who_can(agreement, regions):
    here, colleague = regions["here"], regions["colleague"]
    details = actions.PersonDetails(given_name="Toni", family_name="Kollegin", email="meine@example.org")
    with pytest.raises(Refused, match=r"pflegen Sie nicht alle\. Es wurde nichts geändert\. Das kann: dort"):
        actions.change_person(person=colleague.person, details=details, by=here, agreement=agreement, now=NOW)
    with pytest.raises(Refused, match="Dieses Konto verwaltet: dort"):
        actions.close_account(user=colleague, by=here, now=NOW)
    with pytest.raises(Refused, match="nicht beantragen"):
        actions.ask_factor(user=colleague, by=here, now=NOW)
    colleague.refresh_from_db()
    assert (colleague.is_active, colleague.email) == (True, colleague.person.email)
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize(
    ("is_in", "said"),
    [(True, "Seine Adresse ändert die Person selbst"), (False, "noch kein Passwort gewählt")],
    ids=["in use", "never in"],
)
def test_given_a_confirmed_role_of_power_when_one_registrar_changes_the_address_then_it_is_refused(
    agreement, giver, second, is_in, said
):
    """Else he would invite a real colleague, let the other confirm, and send the link to himself."""
    person = Person.objects.get(family_name="Abel")
    user = actions.invite_account(
        person=person, username="abel", role="case-releaser", place=the_partner(), by=giver, now=NOW
    )
    actions.confirm(request=user.requests.get(), by=second, now=NOW)
    if is_in:
        user.set_password("ein-langes-Testkennwort")
        user.save()
    details = actions.PersonDetails(given_name="Antonia", family_name="Abel", email="meine@example.org")
    change = {"person": person, "details": details, "agreement": agreement, "now": NOW}
    with pytest.raises(Refused, match=said):
        actions.change_person(**change, by=giver)
    user.refresh_from_db()
    assert user.email == "abel@example.org"
    actions.end_role(assignment=user.role_assignments.get(), by=giver, now=NOW)
    actions.change_person(**change, by=giver)


def test_given_an_account_with_roles_in_two_regions_when_opened_then_a_registrar_and_technik_do_it_together(
    agreement, regions
):
    here, colleague, technik = regions["here"], regions["colleague"], a_user(role="admin")
    give_role(colleague, role="member", partner="lwv-hessen", agreement=agreement)
    actions.close_account(user=colleague, by=technik, now=NOW)
    for by in (here, technik):
        with pytest.raises(Refused, match="zwei Personen gemeinsam"):
            actions.open_account(user=colleague, by=by, now=NOW)
    request = actions.ask_opening(user=colleague, by=technik, now=NOW)
    actions.confirm(request=request, by=here, now=NOW)
    colleague.refresh_from_db()
    assert colleague.is_active
    spanning = a_user(role="registrar", partner="lwv-hessen", everywhere=True)
    actions.close_account(user=colleague, by=spanning, now=NOW)
    actions.open_account(user=colleague, by=spanning, now=NOW)


def test_given_a_role_that_waits_when_asked_who_administers_the_account_then_it_counts_already(agreement, giver):
    other = a_second_agreement()
    person = a_person("Neu", employer="lwv-hessen")
    there = a_user(role="registrar", partner="lwv-hessen", agreement=other)
    here = a_user(role="registrar", partner="lwv-hessen", agreement=agreement)
    user = actions.invite_account(
        person=person, username="neu", role="case-receiver", place=the_partner("lwv-hessen", other), by=there, now=NOW,
    )  # fmt: skip
    with pytest.raises(Refused, match="Dieses Konto verwaltet"):
        actions.close_account(user=user, by=here, now=NOW)


def test_given_the_last_technik_when_its_role_would_end_then_it_stays(agreement):
    technik = a_user(role="admin")
    with pytest.raises(Refused, match="letzte Konto der Technik"):
        actions.end_role(assignment=technik.role_assignments.get(), by=technik, now=NOW)
