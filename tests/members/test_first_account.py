"""The first accounts of an installation come by command; their owners choose the password through a mail."""

import json

import pytest
from django.core.management import call_command

from kok import access
from kok.access import Permission
from kok.models import OutboxMessage, User
from tests.builders import an_agreement


def first_account(*arguments):
    call_command("first_account", *arguments)


@pytest.mark.django_db
def test_given_a_loaded_agreement_when_the_first_registrar_is_made_then_he_is_invited_for_his_partner(capsys):
    agreement = an_agreement()
    first_account(
        "--agreement=wetteraukreis", "--partner=lwv-hessen", "--family-name=Brehm", "--username=brehm",
        "--email=brehm@example.org", "--json",
    )  # fmt: skip
    assert json.loads(capsys.readouterr().out) == {"username": "brehm", "role": "registrar"}
    user = User.objects.get(username="brehm")
    assert not user.has_usable_password()
    partner = agreement.partners.get(slug="lwv-hessen")
    assert access.partners_of(user, Permission.ACCOUNTS_MANAGE, agreement) == {partner.pk}
    assert OutboxMessage.objects.get().to == "brehm@example.org"


@pytest.mark.django_db
def test_given_an_empty_installation_when_the_technician_is_made_then_he_sees_work_but_no_content():
    first_account("--admin", "--username=technik", "--email=technik@example.org")
    user = User.objects.get(username="technik")
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
