"""Pages for everybody: frame, static pages, errors, sign-in."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client, RequestFactory
from django.urls import reverse

from kok import account_views, clock, erasure, outage, outbox, troubles
from kok.account_mails import password_link
from kok.models import User
from kok.page_views import NAMES as PAGES

PASSWORD = "Kirschbaum-im-Hof-27"


@pytest.fixture
def person(db):
    return User.objects.create_user("wetteraukreis-member", "mitglied@example.org", PASSWORD, first_name="Kim")


def text_of(response) -> str:
    return response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_given_nobody_signed_in_when_a_page_of_the_footer_is_opened_then_it_has_language_title_and_one_heading(name):
    html = text_of(Client().get(reverse("kok:page", args=[name])))
    assert '<html lang="de">' in html
    assert re.search(r"<title>[^·]+ · Kooperationskonferenz</title>", html)
    assert html.count("<h1") == 1
    assert "<style" not in html
    assert " style=" not in html
    assert re.search(r"<script(?![^>]*\bsrc=)", html) is None


@pytest.mark.django_db
def test_given_the_rules_of_erasure_when_the_page_on_privacy_is_read_then_it_names_every_period_the_list_and_the_log():
    page = unescape(text_of(Client().get(reverse("kok:page", args=["datenschutz"]))))
    assert len(erasure.rules()) > 15
    for rule in erasure.rules():
        assert f'<th scope="row">{rule.data}</th><td data-label="Wie lange">{rule.keep}</td>' in page
    assert "Liste der Schulabgänge" in page
    assert "Zugriffsprotokoll" in page


@pytest.mark.parametrize(
    ("view", "arguments", "status", "says"),
    [
        (outage.bad_request, [SuspiciousOperation()], 400, "Es wurde nichts geändert"),
        (account_views.refused, [PermissionDenied()], 403, "Es wurde nichts geändert"),
        (account_views.not_found, [Exception()], 404, "Diese Seite gibt es nicht"),
        (outage.server_error, [], 500, "Was vorher gespeichert war, ist noch da"),
    ],
)
def test_given_an_error_when_answered_then_no_database_is_needed_and_a_sentence_says_what_to_do(
    view, arguments, status, says
):
    response = view(RequestFactory().get("/geheim/4711/"), *arguments)
    assert response.status_code == status
    assert says in text_of(response)
    assert "4711" not in text_of(response)


@pytest.mark.parametrize("handler", [troubles.too_many, troubles.open_too_long])
def test_given_a_refusal_without_context_when_answered_then_it_reads_as_a_page(handler):
    assert text_of(handler(RequestFactory().get("/"))).count("<h1") == 1


def test_given_a_wrong_password_when_signing_in_then_the_error_says_what_to_do_and_the_name_still_stands(person):
    html = text_of(Client().post(reverse("account_login"), {"login": person.username, "password": "falsch"}))
    assert "Benutzername oder Passwort stimmen nicht. Versuchen Sie es noch einmal." in html
    assert 'value="wetteraukreis-member"' in html
    assert "<title>Bitte prüfen: Anmelden" in html


def test_given_empty_fields_when_signing_in_then_our_own_sentences_are_shown(person):
    html = text_of(Client().post(reverse("account_login"), {}))
    assert html.count("Hier fehlt noch eine Angabe.") == 4
    assert "zwingend" not in html


def test_given_the_address_of_an_account_when_asking_for_a_password_then_the_link_in_the_mail_sets_a_new_one(person):
    client = Client()
    client.post(reverse("account_reset_password"), {"email": person.email})
    outbox.deliver(now=clock.now())
    (message,) = mail.outbox
    assert message.subject.endswith("neues Passwort festlegen")
    assert person.username not in message.body
    link = re.search(r"https?://[^/]+(/konto/\S+)", message.body)[1]
    form = client.get(link, follow=True)
    fields = {"password1": "Apfelbaum-am-Tor-28", "password2": "Apfelbaum-am-Tor-28"}
    assert "Das neue Passwort gilt" in text_of(client.post(form.redirect_chain[-1][0], fields, follow=True))
    assert client.login(username=person.username, password="Apfelbaum-am-Tor-28")


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        ("kurz", "kurz", "Dieses Passwort hat weniger als 12 Zeichen. Nehmen Sie mehr, etwa mehrere Wörter."),
        ("password1234", "password1234", "Dieses Passwort benutzen viele, deshalb wird es leicht erraten."),
        ("wetteraukreis-member", "wetteraukreis-member", "Dieses Passwort ähnelt Ihrem Benutzernamen"),
        ("Apfelbaum-am-Tor-28", "Apfelbaum-am-Tor-29", "Die beiden Passwörter sind verschieden."),
    ],
)
def test_given_a_password_that_will_not_do_when_chosen_then_both_pages_say_why_and_what_to_do_in_our_words(
    person, first, second, says
):
    client = Client()
    client.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    fields = {"oldpassword": PASSWORD, "password1": first, "password2": second}
    changing = text_of(client.post(reverse("account_change_password"), fields))
    behind_link = Client()
    person.refresh_from_db()  # the link dies with a sign-in
    opened = behind_link.get(urlsplit(password_link(person)).path, follow=True)
    setting = text_of(behind_link.post(opened.redirect_chain[-1][0], fields))
    for page in (changing, setting):
        assert says in page
        assert "Mindestens 12 Zeichen, etwa mehrere Wörter." in page
        assert not re.search(r"zu üblich|zu ähnlich|zu kurz|Du musst", page)


def test_given_an_unknown_address_when_asking_for_a_password_then_the_page_is_the_same(person):
    known, unknown = (
        Client().post(reverse("account_reset_password"), {"email": email}, follow=True)
        for email in (person.email, "niemand@example.org")
    )
    assert "Sehen Sie in Ihr Postfach" in text_of(known)
    token = re.compile(r'(?<="X-CSRFToken": ")\w+')
    assert token.sub("", text_of(known)) == token.sub("", text_of(unknown))


@pytest.mark.django_db
def test_given_nobody_invited_when_signing_up_then_the_page_says_who_invites():
    assert "Konten gibt es auf Einladung" in text_of(Client().get(reverse("account_signup")))


@pytest.mark.parametrize("name", ["mfa_index", "account_change_password", "account_logout", "mfa_activate_totp"])
def test_given_a_signed_in_person_when_opening_the_account_then_the_page_is_in_our_frame(person, name):
    client = Client()
    client.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    html = text_of(client.get(reverse(name), follow=True))
    assert "Angemeldet als wetteraukreis-member" in html
    assert html.count("<h1") == 1
    assert re.search(r'<form method="post" action="/konto/logout/">.*?csrfmiddlewaretoken', html, re.S)
