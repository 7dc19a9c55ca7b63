"""The first accounts of an installation come by command; their owners choose the password through a mail."""

import json
import re

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client

from kok import access, clock, outbox
from kok.access import Permission
from kok.models import AuditEvent, OutboxMessage, User
from members.models import Person
from tests.builders import PASSWORD, a_factor, a_second_agreement, a_user, an_agreement


def first_account(*arguments):
    call_command("first_account", *arguments)


@pytest.mark.django_db
def test_given_a_loaded_agreement_when_the_first_registrar_is_made_then_he_is_invited_for_his_partner(capsys):
    agreement = an_agreement()
    first_account(
        "--agreement=wetteraukreis", "--partner=lwv-hessen", "--given-name=Bodo", "--family-name=Brehm",
        "--username=brehm", "--email=brehm@example.org", "--json",
    )  # fmt: skip
    assert json.loads(capsys.readouterr().out) == {"username": "brehm", "role": "registrar", "outcome": "new"}
    user = User.objects.get(username="brehm")
    assert not user.has_usable_password()
    a_factor(user)
    partner = agreement.partners.get(authority__slug="lwv-hessen")
    assert access.partners_of(user, Permission.ACCOUNTS_MANAGE, agreement) == {partner.pk}
    outbox.deliver(now=clock.now())
    assert [message.to for message in mail.outbox] == [["brehm@example.org"]]
    assert user.role_assignments.get().by_command


@pytest.mark.django_db
def test_given_an_empty_installation_when_the_technician_is_made_then_he_sees_work_but_no_content():
    first_account("--admin", "--username=technik", "--email=technik@example.org")
    user = User.objects.get(username="technik")
    a_factor(user)
    assert access.can(user, Permission.JOBS_MANAGE)
    assert not access.can(user, Permission.MEETING_READ)


@pytest.mark.django_db
@pytest.mark.parametrize("arguments", [(), ("--agreement=wetteraukreis", "--partner=fulda", "--family-name=X")])
def test_given_an_incomplete_or_wrong_partner_when_asked_then_a_sentence_and_no_account(arguments, capsys):
    an_agreement()
    with pytest.raises(SystemExit) as ended:
        first_account("--username=x", "--email=x@example.org", *arguments)
    assert ended.value.code == 1
    assert capsys.readouterr().err.strip().endswith(".")
    assert not User.objects.filter(username="x").exists()


REGISTRAR = {"agreement": "wetteraukreis", "partner": "lwv-hessen", "given-name": "Bodo", "family-name": "Brehm"}


def refused(capsys, **options):
    arguments = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    with pytest.raises(SystemExit) as ended:
        first_account(*arguments, *([] if "agreement" in options else ["--admin"]))
    assert ended.value.code == 1
    return capsys.readouterr().err


@pytest.mark.django_db
@pytest.mark.parametrize("ground", [{}, REGISTRAR], ids=["admin", "registrar"])
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"email": "keineadresse"}, "--email: Diese Adresse ist nicht vollständig"),
        ({"email": "acht@@b"}, "--email: Diese Adresse ist nicht vollständig"),
        ({"email": "a@wk.\u0435xample"}, "--email: An der 6. Stelle steht"),
        ({"email": " "}, "--email: Hier fehlt noch eine Angabe."),
        ({"username": "tech nik"}, "--username: Ein Benutzername beginnt"),
        ({"username": ""}, "--username: Hier fehlt noch eine Angabe."),
        ({"username": "x" * 151}, "--username: "),
        ({"username": "+1-2"}, "Ein Benutzername beginnt mit einem Buchstaben."),
    ],
)
def test_given_something_mistyped_when_an_account_is_made_then_a_sentence_says_what_and_nothing_is_stored(
    ground, wrong, said, capsys
):
    an_agreement()
    people = Person.objects.count()
    told = refused(capsys, **{"username": "technik", "email": "technik@example.org"} | ground | wrong)
    assert said in told
    assert told.endswith("Es wurde nichts angelegt.\n")
    assert not User.objects.exists()
    assert Person.objects.count() == people


@pytest.mark.django_db
@pytest.mark.parametrize(
    "arguments",
    [
        ("--admin", "--auditor", "--authority=lwv-hessen"),
        ("--admin", "--agreement=wetteraukreis"),
        ("--admin", "--partner=lwv-hessen"),
        ("--auditor", "--authority=lwv-hessen", "--partner=lwv-hessen"),
        ("--agreement=wetteraukreis", "--partner=lwv-hessen", "--authority=lwv-hessen"),
    ],
)
def test_given_options_of_two_forms_when_an_account_is_made_then_neither_role_is_guessed(arguments, capsys):
    an_agreement()
    with pytest.raises(SystemExit):
        first_account("--username=x", "--email=x@example.org", "--given-name=Uwe", "--family-name=Thiel", *arguments)
    told = capsys.readouterr().err
    assert "passen nicht zusammen" in told
    assert "--admin allein" in told
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["given-name", "family-name"])
@pytest.mark.parametrize("typed", ["", " ", "x" * 101])
def test_given_no_name_of_the_person_when_an_account_is_made_then_it_is_asked_for(name, typed, capsys):
    an_agreement()
    told = refused(capsys, **REGISTRAR | {"username": "brehm", "email": "brehm@example.org", name: typed})
    assert f"--{name}: " in told
    assert not User.objects.exists()


def link_in_mail():
    outbox.deliver(now=clock.now())
    return re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body)[1]


def is_open(link):
    return "Der Link gilt nicht mehr" not in Client().get(link, follow=True).content.decode()


def registrar(*changes):
    given = [f"--{name}={value}" for name, value in REGISTRAR.items()]
    first_account("--username=brehm", *given, *changes)


@pytest.mark.django_db
def test_given_a_mistyped_address_when_called_again_before_a_password_is_chosen_then_only_the_new_link_works(capsys):
    first_account("--admin", "--username=technik", "--email=falsch@example.org")
    old = link_in_mail()
    capsys.readouterr()
    first_account("--admin", "--username=technik", "--email=technik@example.org")
    assert "Die Angaben sind berichtigt, frühere Links gelten nicht mehr." in capsys.readouterr().out
    new = link_in_mail()
    assert mail.outbox[-1].to == ["technik@example.org"]
    assert (is_open(old), is_open(new)) == (False, True)
    assert User.objects.get().email == "technik@example.org"
    assert AuditEvent.objects.filter(action="account.invited").count() == 2


@pytest.mark.django_db
def test_given_an_invitation_that_still_waits_when_the_address_is_mended_then_none_goes_to_the_wrong_one():
    an_agreement()
    registrar("--email=falsch@example.org")
    registrar("--email=brehm@example.org", "--given-name=Bodo Karl")
    link_in_mail()
    assert [message.to for message in mail.outbox] == [["brehm@example.org"]]
    person = Person.objects.get(family_name="Brehm")
    assert (person.given_name, person.email, person.user.email) == ("Bodo Karl", "brehm@example.org", person.email)
    assert person.user.role_assignments.count() == 1


@pytest.mark.django_db
def test_given_the_same_address_when_called_again_then_the_older_link_dies_all_the_same():
    for _ in range(2):
        first_account("--admin", "--username=technik", "--email=technik@example.org")
        outbox.deliver(now=clock.now())
    assert len(mail.outbox) == 2
    first_account("--admin", "--username=technik", "--email=technik@example.org")
    old = re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body)[1]
    assert (is_open(old), is_open(link_in_mail())) == (False, True)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["accepted", "closed", "other role"])
def test_given_an_account_in_use_when_called_again_then_nothing_changes_and_a_sentence_says_what_to_do(state, capsys):
    an_agreement()
    first_account("--admin", "--username=technik", "--email=technik@example.org")
    user = User.objects.get()
    if state == "accepted":
        user.set_password(PASSWORD)
    user.is_active = state != "closed"
    user.save()
    ground = REGISTRAR if state == "other role" else {}
    told = refused(capsys, username="Technik", email="fremd@example.org", **ground)
    assert {
        "accepted": "gibt es schon, und das Konto ist in Gebrauch.",
        "closed": "gibt es schon, und das Konto ist gesperrt.",
        "other role": "gibt es schon, und das Konto gehört zu niemandem, der bei „LWV Hessen“",
    }[state] in told
    assert "fordert auf der Anmeldeseite selbst ein neues an" in told
    assert User.objects.get().email == "technik@example.org"
    assert OutboxMessage.objects.count() == 1
    assert not Person.objects.filter(family_name="Brehm").exists()


def command(**options):
    first_account(*(f"--{name.replace('_', '-')}={value}" for name, value in options.items() if value != ""), *(
        ["--auditor"] if "authority" in options else []
    ))  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("agreement", "reach"), [("wetteraukreis", {"wetteraukreis"}), ("", {"wetteraukreis", "nachbarkreis"})]
)
def test_given_an_authority_when_an_auditor_is_made_then_for_one_agreement_or_for_all_of_it(agreement, reach, capsys):
    an_agreement()
    a_second_agreement()
    command(
        authority="lwv-hessen", agreement=agreement, given_name="Uwe", family_name="Thiel", username="thiel",
        email="thiel@example.org",
    )  # fmt: skip
    user = User.objects.get(username="thiel")
    a_factor(user)
    found = access.grants_with(user, Permission.AUDIT_READ)
    assert {grant.agreement.slug for grant in found} == reach
    assert not access.grants_with(user, Permission.MEETING_READ)


@pytest.mark.django_db
def test_given_nobody_of_that_authority_when_an_auditor_is_asked_for_then_a_sentence_names_those_there_are(capsys):
    an_agreement()
    told = refused(
        capsys, agreement="wetteraukreis", authority="fulda", username="x", email="x@example.org"
    ).replace("\n", " ")  # fmt: skip
    assert "--partner" in told
    with pytest.raises(SystemExit):
        command(authority="fulda", username="x", email="x@example.org")
    assert "Möglich sind: lwv-hessen, wetteraukreis." in capsys.readouterr().err
    assert not User.objects.exists()


ABEL = {"agreement": "wetteraukreis", "partner": "wetteraukreis", "given-name": "Antonia", "family-name": "Abel"}


@pytest.mark.django_db
def test_given_somebody_on_anlage_1_when_the_account_is_made_then_it_is_hers_and_there_is_no_second_person():
    an_agreement()
    Person.objects.filter(family_name="Abel").update(email="", phone="06031 83-0")
    people = Person.objects.count()
    command(**ABEL, username="abel", email="abel@example.org")
    assert Person.objects.count() == people
    person = User.objects.get(username="abel").person
    assert (person.family_name, person.email, person.phone) == ("Abel", "abel@example.org", "06031 83-0")
    assert person.assignments.exists()


@pytest.mark.django_db
def test_given_a_person_with_an_account_when_another_name_is_typed_then_the_account_is_named(capsys):
    an_agreement()
    command(**ABEL, username="abel", email="abel@example.org")
    told = refused(capsys, **ABEL, username="abel2", email="abel@example.org")
    assert "hat schon das Konto „abel“" in told
    assert User.objects.count() == 1


def in_use(username):
    user = User.objects.get(username=username)
    user.set_password(PASSWORD)
    user.save()
    a_factor(user)
    return user


@pytest.mark.django_db
def test_given_an_account_in_use_when_a_further_region_is_named_then_it_gets_it_and_those_who_watch_are_told(capsys):
    an_agreement()
    second = a_second_agreement()
    lwv = {"given-name": "Bodo", "family-name": "Brehm", "partner": "lwv-hessen", "email": "brehm@example.org"}
    command(agreement="wetteraukreis", username="brehm", **lwv)
    user = in_use("brehm")
    watching = [
        a_user(role="auditor", partner="lwv-hessen", everywhere=True),
        a_user(role="registrar", partner="lwv-hessen", agreement=second),
    ]
    elsewhere = a_user(role="registrar", partner=second.slug, agreement=second)
    capsys.readouterr()
    command(agreement=second.slug, username="brehm", **lwv)
    assert "eine weitere Rolle: Stammdaten" in capsys.readouterr().out
    assert {grant.agreement.slug for grant in access.grants_of(user)} == {"wetteraukreis", second.slug}
    told = {row.context["user"] for row in OutboxMessage.objects.filter(kind="power.told")}
    assert told == {user.pk, *(each.pk for each in watching)}
    assert elsewhere.pk not in told


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"email": "andere@example.org"}, {"family-name": "Brehmer"}])
def test_given_an_account_in_use_when_name_or_address_are_another_then_it_gets_nothing(wrong, capsys):
    an_agreement()
    second = a_second_agreement()
    lwv = {"given-name": "Bodo", "family-name": "Brehm", "partner": "lwv-hessen", "email": "brehm@example.org"}
    command(agreement="wetteraukreis", username="brehm", **lwv)
    user = in_use("brehm")
    told = refused(capsys, agreement=second.slug, username="brehm", **lwv | wrong)
    assert "Name oder Adresse sind dort anders" in told
    assert user.role_assignments.count() == 1
    assert User.objects.get(username="brehm").email == "brehm@example.org"


@pytest.mark.django_db
def test_given_an_account_of_another_authority_when_a_role_is_named_for_it_then_it_is_refused(capsys):
    an_agreement()
    command(**ABEL, username="abel", email="abel@example.org")
    in_use("abel")
    told = refused(capsys, **ABEL | {"partner": "lwv-hessen"}, username="abel", email="abel@example.org")
    assert "gehört zu niemandem, der bei „LWV Hessen“ eingetragen ist" in told
