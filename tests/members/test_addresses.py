"""A new e-mail address of an account: its owner confirms it, the old one is told, nobody takes an account over."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.db import connections
from django.test import Client
from django.urls import reverse

from kok import account_mails, clock, erasure, outbox
from kok.errors import Refused
from kok.models import AddressChange, AuditEvent, OutboxMessage, User
from members import actions
from members.models import AccountRequest, Person
from tests.builders import PASSWORD, a_factor, a_person, a_user, an_agreement, give_role, the_partner, with_mailbox
from tests.roles import by_worker
from tests.worlds import built_once

NEW, OLD = "neu@kreis.example.org", "alt@kreis.example.org"
pytestmark = pytest.mark.django_db


@built_once
def agreement():
    return an_agreement()


@built_once
def registrar(agreement) -> User:
    return a_user(role="registrar")


@built_once
def person(agreement) -> Person:
    """Somebody of the county who uses an account."""
    user = a_user(role="member")
    User.objects.filter(pk=user.pk).update(email=OLD)
    return a_person(employer="wetteraukreis", email=OLD, user=user)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def confirmed(user: User) -> Client:
    """Signed in, with the password typed once more."""
    client = signed_in(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def enter(registrar: User, person: Person, email: str = NEW, family_name: str = ""):
    """As the registrar does it on the page of the person."""
    name = family_name or person.family_name
    fields = {"given_name": person.given_name, "family_name": name, "email": email, "phone": "06031 1"}
    return signed_in(registrar).post(reverse("members:person", args=["wetteraukreis", person.pk]), fields, follow=True)


def asked(person: Person, by: User) -> AddressChange:
    actions.ask_for_address(user=person.user, email=NEW, by=by, now=clock.now())
    return AddressChange.objects.get()


def mailed() -> dict[str, str]:
    """Every mail that goes out now: to whom, and what it says."""
    mail.outbox.clear()
    outbox.deliver(now=clock.now())
    return {sent.to[0]: f"{sent.subject}\n{sent.body}" for sent in mail.outbox}


def link() -> str:
    """The path in the mail to the new address."""
    found = re.search(r"https?://\S+", mailed()[NEW])
    assert found is not None
    return found[0].removeprefix(settings.KOK_PUBLIC_URL)


def addresses_of(person: Person) -> tuple[str, str]:
    person.refresh_from_db()
    return person.email, User.objects.get(pk=person.user_id).email


# The registrar


def test_given_an_account_in_use_when_its_registrar_enters_another_address_then_the_old_one_counts_and_is_told(
    registrar, person
):
    page = enter(registrar, person).content.decode()
    assert "Die Angaben sind gespeichert. Die neue Adresse gilt, sobald die Person sie" in page
    assert f"Die Adresse {NEW} wartet" in page
    assert addresses_of(person) == (OLD, OLD)
    assert (person.family_name, person.phone) == ("Muster", "06031 1")
    mails = mailed()
    assert set(mails) == {OLD, NEW}
    assert NEW not in mails[OLD]
    assert "/konto/adresse/" not in mails[OLD]
    assert f"({settings.KOK_PUBLIC_URL}, Wetteraukreis)" in mails[OLD]
    assert OLD not in mails[NEW]
    assert person.user.username not in "".join(mails.values())


def test_given_an_address_that_waits_when_a_new_password_is_asked_for_then_its_link_goes_to_the_old_one_and_dies(
    registrar, person
):
    """The colleague who is not asked cannot be taken over; a reset on the way ends with the confirmation."""
    enter(registrar, person)
    way = link()
    Client().post(reverse("account_reset_password"), {"email": NEW})
    Client().post(reverse("account_reset_password"), {"email": OLD})
    mails = mailed()
    assert set(mails) == {OLD}
    reset = re.search(r"https?://\S+", mails[OLD])[0].removeprefix(settings.KOK_PUBLIC_URL)
    assert "Passwort speichern" in Client().get(reset, follow=True).content.decode()
    signed_in(person.user).post(way)
    assert "Der Link gilt nicht mehr" in Client().get(reset, follow=True).content.decode()


def test_given_five_new_addresses_within_a_day_when_a_sixth_is_entered_then_nobody_gets_one_more_mail(
    registrar, person
):
    now = clock.now()
    for number in range(5):
        address = f"neu-{number}@kreis.example.org"
        actions.ask_for_address(user=person.user, email=address, by=registrar, now=now + timedelta(hours=number))
    before = OutboxMessage.objects.count()
    with pytest.raises(Refused, match="schon 5 neue Adressen"):
        actions.ask_for_address(user=person.user, email=NEW, by=registrar, now=now + timedelta(hours=5))
    assert OutboxMessage.objects.count() == before
    assert AddressChange.objects.get().email == "neu-4@kreis.example.org"
    actions.ask_for_address(user=person.user, email=NEW, by=registrar, now=now + timedelta(hours=25))


def test_given_somebody_who_has_no_password_yet_when_the_address_is_corrected_then_it_counts_at_once(registrar):
    invited = a_person(employer="wetteraukreis", email=OLD)
    actions.invite_account(
        person=invited, username="neu", role="member", place=the_partner(), by=registrar, now=clock.now()
    )
    enter(registrar, invited)
    assert addresses_of(invited) == (NEW, NEW)
    assert not AddressChange.objects.exists()


def invited_as(role: str, registrar: User) -> Person:
    """Somebody who was invited and has chosen no password."""
    invited = a_person(employer="wetteraukreis", email=OLD)
    actions.invite_account(
        person=invited, username="neu", role=role, place=the_partner(), by=registrar, now=clock.now()
    )
    return invited


def test_given_an_invitation_to_power_when_its_address_is_to_change_then_the_page_says_what_to_do_first(registrar):
    """Nobody sends an invitation that two people looked at to a third mailbox."""
    invited = invited_as("registrar", registrar)
    assert "nehmen Sie den Antrag zurück" in enter(registrar, invited).content.decode()
    assert addresses_of(invited) == (OLD, OLD)
    request = AccountRequest.objects.get()
    actions.confirm(request=request, by=a_user(role="registrar"), now=clock.now())
    assert "Beenden Sie die Rolle" in enter(registrar, invited).content.decode()
    assert addresses_of(invited) == (OLD, OLD)
    actions.end_role(assignment=invited.user.role_assignments.get(), by=registrar, now=clock.now())
    enter(registrar, invited)
    assert addresses_of(invited) == (NEW, NEW)


def test_given_an_invitation_to_power_when_the_request_is_withdrawn_then_the_address_can_be_corrected(registrar):
    invited = invited_as("case-officer", registrar)
    actions.withdraw(request=AccountRequest.objects.get(), by=registrar, now=clock.now())
    enter(registrar, invited)
    assert addresses_of(invited) == (NEW, NEW)


def test_given_an_invitation_to_power_when_only_the_name_is_mended_then_it_is_saved_once_nothing_waits(registrar):
    invited = invited_as("registrar", registrar)
    assert "wartet ein Antrag auf Bestätigung" in enter(registrar, invited, OLD, "Neuname").content.decode()
    actions.withdraw(request=AccountRequest.objects.get(), by=registrar, now=clock.now())
    assert "Die Angaben sind gespeichert." in enter(registrar, invited, OLD, "Neuname").content.decode()
    invited.refresh_from_db()
    assert invited.family_name == "Neuname"


def test_given_an_account_in_use_whose_person_has_another_address_when_saved_then_the_own_one_stays(registrar, person):
    """As after a password chosen in the moment in which the registrar corrected the address."""
    Person.objects.filter(pk=person.pk).update(email=NEW)
    enter(registrar, person)
    assert addresses_of(person) == (OLD, OLD)
    assert AddressChange.objects.get().email == NEW


def test_given_a_person_when_saved_as_it_was_then_the_page_says_saved_and_the_trail_nothing(registrar, person):
    enter(registrar, person, OLD)
    before = AuditEvent.objects.count()
    assert "Die Angaben sind gespeichert." in enter(registrar, person, OLD).content.decode()
    assert AuditEvent.objects.count() == before


def test_given_an_address_that_waits_when_a_first_factor_asks_for_the_mailbox_then_the_code_goes_to_the_old_one(
    registrar, person
):
    enter(registrar, person)
    confirmed(person.user).post(reverse("kok:prove-mail"))
    mails = mailed()
    assert [address for address, text in mails.items() if "Code" in text] == [OLD]


def test_given_an_account_in_use_without_address_when_one_is_entered_then_it_waits_and_only_that_one_is_told(
    registrar, person
):
    User.objects.filter(pk=person.user_id).update(email="")
    Person.objects.filter(pk=person.pk).update(email="")
    enter(registrar, person)
    assert addresses_of(person) == ("", "")
    assert set(mailed()) == {NEW}


def test_given_an_account_in_use_when_the_address_is_emptied_then_nothing_changes_and_the_page_says_why(
    registrar, person
):
    assert "braucht eine E-Mail-Adresse" in enter(registrar, person, "", "Neuname").content.decode()
    assert addresses_of(person) == (OLD, OLD)
    assert person.family_name != "Neuname"


def test_given_an_address_that_waits_when_the_registrar_takes_it_back_then_the_link_is_dead(registrar, person):
    enter(registrar, person)
    way = link()
    client = signed_in(registrar)
    address = reverse("members:address-withdraw", args=["wetteraukreis", person.pk])
    assert "gilt nicht mehr" in client.get(address).content.decode()
    assert AddressChange.objects.exists()
    assert "zurückgenommen" in client.post(address, follow=True).content.decode()
    assert "Der Link gilt nicht mehr" in signed_in(person.user).post(way).content.decode()
    assert addresses_of(person) == (OLD, OLD)


def test_given_a_registrar_of_the_other_partner_when_he_takes_back_then_the_person_does_not_exist_for_him(person):
    asked(person, a_user(role="registrar"))
    other = signed_in(a_user(role="registrar", partner="lwv-hessen"))
    assert other.post(reverse("members:address-withdraw", args=["wetteraukreis", person.pk])).status_code == 404
    assert AddressChange.objects.exists()


# The owner


@pytest.mark.parametrize("spelled", ['"neu"@kreis.example.org', "neu@[127.0.0.1]"])
def test_given_another_spelling_of_a_mailbox_when_typed_by_registrar_or_owner_then_nothing_waits(
    registrar, person, spelled
):
    owner = with_mailbox(confirmed(person.user))
    for page in (enter(registrar, person, spelled), owner.post(reverse("address:own"), {"email": spelled})):
        assert "ohne Anführungszeichen, Klammern" in page.content.decode()
    assert not AddressChange.objects.exists()


def test_given_the_link_when_it_is_opened_then_only_the_button_changes_the_address(registrar, person):
    asked(person, registrar)
    way = link()
    owner = signed_in(person.user)
    page = owner.get(way).content.decode()
    assert "Adresse bestätigen" in page
    assert NEW in page
    assert addresses_of(person) == (OLD, OLD)
    assert owner.post(way)["Location"] == reverse("kok:start")
    assert addresses_of(person) == (NEW, NEW)
    assert list(EmailAddress.objects.filter(user=person.user).values_list("email", "verified")) == [(NEW, True)]
    assert not AddressChange.objects.exists()
    told = list(AuditEvent.objects.order_by("pk").values_list("action", "actor"))
    assert told[-2:] == [
        ("account.address-asked", registrar.username),
        ("account.address-changed", person.user.username),
    ]
    assert "Der Link gilt nicht mehr" in owner.post(way).content.decode()
    mails = mailed()
    assert set(mails) == {OLD}, "the old address is told again"
    assert "gilt jetzt eine andere E-Mail-Adresse" in mails[OLD]
    assert NEW not in mails[OLD]


def test_given_the_link_when_nobody_is_signed_in_then_the_sign_in_comes_first_and_leads_on(registrar, person):
    """Whoever enters a colleague's address as his own mailbox gets nowhere with the mail."""
    asked(person, registrar)
    way, client = link(), Client()
    for answer in (client.get(way), client.post(way)):
        assert answer["Location"] == f"{reverse('account_login')}?next={way}"
    assert addresses_of(person) == (OLD, OLD)
    typed = {"login": person.user.username, "password": PASSWORD, "next": way}
    assert "Adresse bestätigen" in client.post(reverse("account_login"), typed, follow=True).content.decode()


def test_given_an_owner_with_a_second_factor_when_he_follows_the_link_then_the_sign_in_asks_for_it(registrar, person):
    a_factor(person.user)
    asked(person, registrar)
    way, client = link(), Client()
    typed = {"login": person.user.username, "password": PASSWORD, "next": way}
    assert client.post(reverse("account_login"), typed)["Location"].startswith(reverse("mfa_authenticate"))
    assert client.post(way)["Location"].startswith(reverse("account_login"))
    assert addresses_of(person) == (OLD, OLD)


def test_given_the_link_when_another_account_is_signed_in_then_the_page_says_so_and_nothing_changes(registrar, person):
    asked(person, registrar)
    way, client = link(), signed_in(registrar)
    assert "gehört zu einem anderen Konto" in client.get(way).content.decode()
    page = client.post(way).content.decode()
    assert "Wer es benutzt, bestätigt die Adresse" in page
    assert "Adresse bestätigen" not in page
    assert addresses_of(person) == (OLD, OLD)
    assert AddressChange.objects.exists()
    assert not AuditEvent.objects.filter(action="account.address-changed").exists()


def taken_over(user: User) -> Client:
    """Somebody who knows the password and nothing more wants his own mailbox to be that of the account."""
    client = confirmed(user)
    answer = client.post(reverse("address:own"), {"email": NEW})
    assert answer["Location"] == f"{reverse('kok:prove-mail')}?{urlencode({'next': reverse('address:own')})}"
    client.post(answer["Location"])
    return client


def waiting_for_a_factor(kind: str, agreement) -> User:
    """An account with power and without a second factor, as it comes to be in four ways."""
    if kind == "technik":
        admin = a_user(role="admin")
        actions.mend_only_technician(username=admin.username, now=clock.now())
        return admin
    officer = a_user(role="member" if kind == "given" else "case-officer", with_factor=kind == "lost")
    if kind == "lost":
        request = actions.ask_factor(user=officer, by=a_user(role="registrar"), now=clock.now())
        actions.confirm(request=request, by=a_user(role="registrar"), now=clock.now())
    if kind == "given":
        give_role(officer, role="case-officer", with_factor=False)
    return officer


@pytest.mark.parametrize("kind", ["invited", "lost", "given", "technik"])
def test_given_power_that_waits_for_a_factor_when_only_the_password_is_known_then_no_code_leaves_the_old_mailbox(
    agreement, kind
):
    user = waiting_for_a_factor(kind, agreement)
    taken_over(user)
    assert not AddressChange.objects.exists()
    codes = [to for to, text in mailed().items() if re.search(r"^[2-9A-Z]{4}-[2-9A-Z]{4}$", text, re.MULTILINE)]
    assert codes == [user.email]


def test_given_an_account_without_power_when_only_the_password_is_known_then_its_address_stays_for_later(person):
    """A case role that comes later would wait in the mailbox of whoever knew the password before."""
    taken_over(person.user)
    assert not AddressChange.objects.exists()


def test_given_the_old_mailbox_when_its_code_is_typed_then_a_new_address_can_be_entered(person):
    client = confirmed(person.user)
    with_mailbox(client)
    client.post(reverse("address:own"), {"email": NEW})
    assert client.post(link())["Location"] == reverse("kok:start")
    assert addresses_of(person) == (NEW, NEW)


def test_given_an_address_that_a_registrar_entered_when_the_account_gets_power_then_it_counts_no_more(
    registrar, person
):
    asked(person, registrar)
    way = link()
    give_role(person.user, role="case-officer", with_factor=False)
    assert "Tragen Sie die Adresse selbst ein" in signed_in(person.user).post(way).content.decode()
    assert addresses_of(person) == (OLD, OLD)


def test_given_an_address_that_a_registrar_entered_when_power_is_asked_for_then_both_see_what_counts(registrar, person):
    asked(person, registrar)
    way = link()
    values = {"user": person.user, "role": "case-officer", "place": the_partner(), "from_on": clock.today()}
    actions.ask_role(**values, by=registrar, now=clock.now())
    assert "Tragen Sie die Adresse selbst ein" in signed_in(person.user).post(way).content.decode()


def test_given_an_address_that_is_new_when_power_is_confirmed_then_the_page_says_since_when(registrar, person):
    asked(person, registrar)
    signed_in(person.user).post(link())
    values = {"user": person.user, "role": "case-officer", "place": the_partner(), "from_on": clock.today()}
    request = actions.ask_role(**values, by=registrar, now=clock.now())
    page = signed_in(a_user(role="registrar")).get(
        reverse("members:request-confirm", args=["wetteraukreis", request.pk])
    )
    assert f"{NEW}, eine Adresse, die erst seit dem {clock.today():%d.%m.%Y} gilt" in page.content.decode()


def test_given_power_when_its_owner_moves_to_another_mailbox_then_registrar_auditor_and_colleagues_are_told(registrar):
    officer, colleague = a_user(role="case-officer"), a_user(role="case-releaser")
    others = {registrar.email, a_user(role="auditor").email, colleague.email}
    elsewhere = a_user(role="auditor", partner="lwv-hessen")
    actions.ask_for_address(user=officer, email=NEW, by=officer, now=clock.now())
    signed_in(officer).post(link())
    mails = mailed()
    assert {to for to, text in mails.items() if "gilt eine andere E-Mail-Adresse" in text} == others
    assert elsewhere.email not in mails
    assert officer.username not in "".join(mails[to] for to in others)


def test_given_no_power_when_its_owner_moves_to_another_mailbox_then_nobody_watches(registrar, person):
    asked(person, person.user)
    signed_in(person.user).post(link())
    assert set(mailed()) == {OLD}


def test_given_an_own_account_when_its_person_enters_an_address_then_password_or_factor_is_asked_for_first(person):
    client, page = signed_in(person.user), reverse("address:own")
    for answer in (client.get(page), client.post(page, {"email": NEW}), client.post(reverse("address:withdraw"))):
        assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not AddressChange.objects.exists()
    client = with_mailbox(confirmed(person.user))
    assert "Wartet auf Bestätigung" in client.post(page, {"email": NEW}, follow=True).content.decode()
    client.post(reverse("address:withdraw"))
    assert "Wartet auf Bestätigung" not in client.get(page).content.decode()
    assert not AddressChange.objects.exists()


def test_given_an_account_without_person_when_its_address_is_confirmed_then_it_counts(agreement):
    admin = a_user(role="admin")
    actions.ask_for_address(user=admin, email=NEW, by=admin, now=clock.now())
    signed_in(admin).post(link())
    assert User.objects.get(pk=admin.pk).email == NEW


@pytest.mark.parametrize("email", [OLD, OLD.upper(), ""])
def test_given_the_same_or_no_address_when_it_is_entered_then_nothing_waits(person, email):
    with pytest.raises(Refused, match="Es wurde nichts geändert"):
        actions.ask_for_address(user=person.user, email=email, by=person.user, now=clock.now())
    assert not AddressChange.objects.exists()
    assert not OutboxMessage.objects.exists()


# The link


def test_given_a_second_address_when_it_is_entered_then_the_link_to_the_first_is_dead(registrar, person):
    asked(person, registrar)
    first = link()
    actions.ask_for_address(user=person.user, email="dritte@example.org", by=registrar, now=clock.now())
    assert "Der Link gilt nicht mehr" in signed_in(person.user).post(first).content.decode()
    assert addresses_of(person) == (OLD, OLD)


def test_given_a_link_when_seven_days_are_over_then_it_is_dead_and_the_row_is_erased(registrar, person):
    change = asked(person, registrar)
    way = link()
    AddressChange.objects.update(asked_at=clock.now() - timedelta(days=7))
    assert "Der Link gilt nicht mehr" in signed_in(person.user).get(way).content.decode()
    signed_in(person.user).post(way)
    assert addresses_of(person) == (OLD, OLD)
    AddressChange.objects.filter(pk=change.pk).update(asked_at=clock.now() - timedelta(days=9))
    by_worker(erasure.run, now=clock.now())
    assert not AddressChange.objects.exists()


def test_given_a_closed_account_when_the_link_is_opened_then_it_is_dead_for_ever(registrar, person):
    asked(person, registrar)
    way = link()
    actions.close_account(user=person.user, by=registrar, now=clock.now())
    actions.open_account(user=person.user, by=registrar, now=clock.now())
    assert "Der Link gilt nicht mehr" in signed_in(person.user).post(way).content.decode()
    assert addresses_of(person) == (OLD, OLD)


@pytest.mark.parametrize("change", ["x", "0" * 64, "ü", "%00"])
def test_given_a_forged_key_when_the_link_is_opened_then_nothing_changes(registrar, person, change):
    pk = asked(person, registrar).pk
    for address in (f"/konto/adresse/{pk}/{change}/", f"/konto/adresse/{2**70}/{change}/"):
        assert "Der Link gilt nicht mehr" in signed_in(person.user).get(address).content.decode()
        assert "Der Link gilt nicht mehr" in signed_in(person.user).post(address).content.decode()
    assert addresses_of(person) == (OLD, OLD)


def test_given_the_database_when_it_is_read_then_no_key_stands_in_it(registrar, person):
    asked(person, registrar)
    key = link().split("/")[-2]
    rows = [*OutboxMessage.objects.values(), *AddressChange.objects.values(), *AuditEvent.objects.values()]
    assert key not in str(rows)
    assert NEW not in str([*OutboxMessage.objects.values(), *AuditEvent.objects.values()])


def test_given_an_address_confirmed_before_its_mail_was_due_when_it_is_sent_then_no_link_goes_out(registrar, person):
    asked(person, registrar)
    AddressChange.objects.all().delete()
    assert set(mailed()) == {OLD}


@pytest.mark.django_db(transaction=True)
def test_given_two_who_press_the_button_at_once_when_both_arrive_then_one_changes_the_address(registrar, person):
    asked(person, registrar)
    way, owners = link(), [signed_in(person.user), signed_in(person.user)]

    def press(_: int) -> int:
        try:
            return owners.pop().post(way).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(press, range(2))) == [200, 302]
    assert addresses_of(person) == (NEW, NEW)
    assert AuditEvent.objects.filter(action="account.address-changed").count() == 1


def test_given_a_link_to_a_password_when_the_address_is_confirmed_then_it_is_dead(registrar, person):
    asked(person, registrar)
    way, reset = link(), account_mails.password_link(User.objects.get(pk=person.user_id))
    signed_in(person.user).post(way)
    page = Client().get(reset.removeprefix(settings.KOK_PUBLIC_URL), follow=True).content.decode()
    assert "Der Link gilt nicht mehr" in page
