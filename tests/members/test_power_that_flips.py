"""By SQL as web: a row that is changed only between the moment when power is compared and the one when it is read."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from kok import clock
from kok.errors import Forged
from kok.models import User
from members import actions
from members.actions import asking
from members.models import AccountRequest
from tests.builders import a_person, a_user, an_agreement, the_partner

pytestmark = pytest.mark.django_db(transaction=True)
HIDDEN = "UPDATE kok_user SET email='angreifer@example.org' WHERE id=%s"
PUT_BACK = "UPDATE kok_user SET email='postfach@kreis.example.org' WHERE id=%s"


@pytest.fixture
def accounts() -> tuple[User, User, User]:
    """The registrar, who is to get a case role, and whose mailbox that is as well."""
    an_agreement()
    registrar = a_user(role="registrar")
    wanted, officer = a_user(role="member"), a_user(role="case-officer")
    User.objects.filter(pk__in=[wanted.pk, officer.pk]).update(email="postfach@kreis.example.org")
    for user in (registrar, wanted, officer):
        a_person("Weiß", user=user, employer="wetteraukreis")
    return registrar, User.objects.get(pk=wanted.pk), officer


def elsewhere(act: Callable[[], Any]) -> None:
    """In a connection of its own, through at once."""

    def done() -> None:
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(done).result(timeout=60)


def by_sql(statement: str, user: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [user.pk])
        assert cursor.rowcount == 1


def ask(registrar: User, wanted: User) -> Any:
    return actions.ask_role(
        user=wanted, role="case-releaser", place=the_partner(), from_on=clock.today(), by=registrar, now=clock.now()
    )


def test_given_a_mailbox_hidden_while_it_is_looked_for_and_put_back_when_power_is_asked_for_then_it_is_refused(
    accounts, monkeypatch
):
    registrar, wanted, officer = accounts
    checked = asking.check_request

    def hidden_meanwhile(**wanted: Any) -> AccountRequest:
        elsewhere(lambda: by_sql(HIDDEN, officer))
        return checked(**wanted)

    monkeypatch.setattr(asking, "check_request", hidden_meanwhile)
    compared = asking.check_power

    def put_back(*people: User) -> None:
        elsewhere(lambda: by_sql(PUT_BACK, officer))
        compared(*people)
        elsewhere(lambda: by_sql(HIDDEN, officer))

    monkeypatch.setattr(asking, "check_power", put_back)
    with pytest.raises(Forged, match="Während dieses Vorgangs"):
        ask(registrar, wanted)
    assert not AccountRequest.objects.exists()


def test_given_a_colleague_who_changes_another_account_meanwhile_when_power_is_asked_for_then_it_is(
    accounts, monkeypatch
):
    registrar, wanted, officer = accounts
    User.objects.filter(pk=wanted.pk).update(email="eigenes@kreis.example.org")

    def changed() -> None:
        officer.first_name = "Neu"
        officer.save()

    compared = asking.check_power

    def then(*people: User) -> None:
        compared(*people)
        elsewhere(changed)

    monkeypatch.setattr(asking, "check_power", then)
    assert ask(registrar, User.objects.get(pk=wanted.pk)).pk
