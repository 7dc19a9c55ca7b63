"""User names and mail addresses that are typed for a new account."""

import pytest
from django.db import IntegrityError, transaction

from kok import clock
from kok.errors import Refused
from kok.models import User
from members import actions
from members.forms import FirstAccountForm, NewPersonForm, PersonDetailsForm
from tests.builders import a_person, a_user, an_agreement, the_partner


@pytest.mark.parametrize("name", ["+1-2", "-rf", "@abel", "=1", "1abel", "_abel", ".abel", "abel brehm", "abel;"])
def test_given_a_name_that_is_none_when_an_account_is_made_then_a_sentence_says_what_a_name_looks_like(name):
    form = FirstAccountForm({"username": name, "email": "abel@example.org"})
    [told] = form.errors["username"]
    assert told.startswith("Ein Benutzername beginnt mit einem Buchstaben.")


@pytest.mark.parametrize("name", ["a", "Abel", "oeztuerk", "eva.muster", "abel-2", "abel_b"])
def test_given_a_name_with_letters_first_when_an_account_is_made_then_it_is_taken(name):
    assert FirstAccountForm({"username": name, "email": "abel@example.org"}).is_valid()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "clara.kli\u0441k"),
        ("username", "case-off\u0456cer"),
        ("username", "abel\u0662"),
        ("username", "\uff41bel"),
        ("username", "o\u0308ztuerk"),
        ("username", "\u0131da"),
        ("username", "abel\u200b"),
        ("username", "www.evil.example"),
        ("email", "clara.klick@wk.\u0435х\u0430mple"),
        ("email", "cl\u0430ra@wk.example"),
    ],
)
def test_given_letters_that_look_like_others_when_an_account_is_made_then_the_form_refuses(field, value):
    form = FirstAccountForm({"username": "abel", "email": "abel@example.org"} | {field: value})
    assert list(form.errors) == [field]


@pytest.mark.parametrize("field", ["given_name", "family_name", "email", "phone"])
def test_given_a_sign_that_nobody_sees_when_a_person_is_typed_then_the_form_names_it(field):
    typed = {"given_name": "Clara", "family_name": "Klick", "email": "clara@example.org", "phone": "06031 83-0"}
    assert PersonDetailsForm(typed).is_valid()
    form = PersonDetailsForm(typed | {field: typed[field][:2] + "\u200b" + typed[field][2:]})
    assert list(form.errors) == [field]
    assert "U+200B" in str(form.errors[field])


@pytest.mark.django_db
def test_given_a_name_in_two_ways_of_writing_when_typed_then_it_is_stored_in_one():
    agreement = an_agreement()
    typed = {"partner": the_partner().pk, "given_name": "Zoe\u0308", "family_name": " Klick\u00a0 Muster "}
    form = NewPersonForm(typed, partners=agreement.partners.all())
    assert form.is_valid()
    assert (form.details.given_name, form.details.family_name) == ("Zoë", "Klick Muster")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["gleich", "Gleich", "GLEICH"])
def test_given_a_user_name_when_another_is_the_same_but_for_capitals_then_form_and_database_refuse(name, monkeypatch):
    an_agreement()
    registrar = a_user(role="registrar")
    User.objects.create_user("gleich")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(name)
    asked = {"person": a_person("Gleich"), "username": name, "role": "member", "place": the_partner(), "by": registrar}
    for is_at_once in (False, True):
        if is_at_once:  # the other invitation is stored after both were checked
            monkeypatch.setattr("members.actions.accounts.check_invitation", lambda **_: None)
            monkeypatch.setattr(User, "full_clean", lambda *_, **__: None)
        with pytest.raises(Refused, match="Benutzernamen gibt es schon"):
            actions.invite_account(**asked, now=clock.now())
    assert User.objects.filter(username__iexact="gleich").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["kli\u0441k", "klick\u200b", "kl ick", "klick\n", ""])
def test_given_other_letters_when_an_account_is_written_by_any_way_then_the_database_refuses(name):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(username=name)])
