"""One way to act in views: a refusal is said where the view lets it be said, and nothing else is swallowed."""

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import Http404, HttpRequest
from django.test import RequestFactory

from kok import seen
from kok.errors import Refused
from kok.requests import act, done, file_response, is_sent, or_404, whole_number

NO = "Das geht so nicht. Es wurde nichts geändert."


class NoteForm(forms.Form):
    text = forms.CharField()


def asked(method: str = "post") -> HttpRequest:
    request = getattr(RequestFactory(), method)("/", {"text": "Ein Wort"})
    request.session = {}
    request._messages = FallbackStorage(request)
    return request


def told(request: HttpRequest) -> list[tuple[str, str]]:
    return [(each.level_tag, each.message) for each in get_messages(request)]


@pytest.fixture
def form() -> NoteForm:
    form = NoteForm({"text": "Ein Wort"})
    form.is_valid()
    return form


def test_a_refusal_stands_above_the_fields_of_its_form(form):
    """Given a form, When its action refuses, Then the sentence stands on it, and the view goes on to show it."""
    with act(form) as attempt:
        raise Refused(NO)
    assert form.non_field_errors() == [NO]
    assert attempt.sentence == NO


def test_a_refusal_stands_at_the_field_it_is_about(form):
    with act(form, "text"):
        raise Refused(NO)
    assert form.errors == {"text": [NO]}


def test_who_saw_less_than_stands_there_is_told_what_to_do_and_sees_it(form):
    """Given that somebody else was quicker, Then the form carries the mark of what stands there now."""
    with act(form):
        raise seen.Changed(NO, now="abc")
    assert form.non_field_errors() == [f"{NO} {seen.MEANT}"]
    assert form.data[seen.FIELD] == "abc"


def test_without_a_form_a_refusal_is_a_message():
    request = asked()
    with act(request):
        raise Refused(NO)
    assert told(request) == [("error", NO)]


def test_a_page_of_its_own_says_the_refusal_itself():
    with act() as attempt:
        raise Refused(NO)
    assert attempt.sentence == NO
    assert isinstance(attempt.refusal, Refused)


def test_what_succeeds_says_nothing_and_answers_at_once():
    request = asked()

    def view():
        with act(request):
            return done(request, "Das ist geschehen.", "/weiter/")
        return None

    assert view().url == "/weiter/"
    assert told(request) == [("success", "Das ist geschehen.")]


@pytest.mark.parametrize("error", [Http404, ValueError, KeyboardInterrupt])
def test_nothing_but_a_refusal_is_swallowed(form, error):
    with pytest.raises(error), act(form):
        raise error
    assert not form.errors


def test_a_form_is_sent_when_it_was_posted_and_can_be_read():
    assert is_sent(asked(), NoteForm({"text": "Ein Wort"}))
    assert not is_sent(asked("get"), NoteForm({"text": "Ein Wort"}))
    assert not is_sent(asked(), NoteForm({"text": ""}))


def test_what_nobody_gives_does_not_exist():
    assert or_404(0) == 0
    with pytest.raises(Http404):
        or_404(None)


@pytest.mark.parametrize(
    ("text", "number"),
    [("17", 17), ("0", 0), ("", None), ("-1", None), ("²", None), ("1" * 9, 111111111), ("1" * 10, None)],
)
def test_a_hidden_field_holds_a_number_that_fits_or_none(text, number):
    assert whole_number(text) == number


def test_a_file_is_kept_or_shown():
    kept = file_response(b"%PDF", "liste.pdf")
    assert kept["Content-Disposition"] == 'attachment; filename="liste.pdf"'
    assert kept["Content-Type"] == "application/pdf"
    shown = file_response(b"%PDF", "liste.pdf", is_shown=True)
    assert shown["Content-Disposition"] == 'inline; filename="liste.pdf"'
