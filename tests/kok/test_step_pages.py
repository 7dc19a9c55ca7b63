"""kok.step_pages: the page of one act."""

import re

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from kok.step_pages import StepPage, step_page

WORDS = {"heading": "Sitzung absagen", "submit": "Absagen", "cancel_url": "/zurueck/"}


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Grund")


@pytest.fixture
def drawn(db, client):
    """The page as text without its frame."""

    def draw(step: StepPage, form: forms.Form | None = None) -> str:
        request = RequestFactory().get("/")
        request.user, request.session = AnonymousUser(), client.session
        page = step_page(request, step, form).content.decode()
        return page[page.index("<main") : page.index("</main>")]

    return draw


def test_given_an_act_when_its_page_is_drawn_then_words_stand_above_one_form_and_one_way_back(drawn):
    page = drawn(
        StepPage(**WORDS, above="Sitzung 3", lead="Alle erfahren es.", facts=[("Ort", "A & B")], notes=["Erst dies."]),
        ReasonForm(),
    )
    texts = [" ".join(part.split()) for part in re.split(r"<[^>]+>", page) if part.strip()]
    assert texts[:6] == ["Sitzung 3", "Sitzung absagen", "Alle erfahren es.", "Ort", "A &amp; B", "Erst dies."]
    assert page.count("<form") == 1
    assert 'name="reason"' in page
    assert page.count('href="/zurueck/"') == 1


def test_given_something_that_hinders_when_drawn_then_there_is_no_form_and_the_page_says_why(drawn):
    page = drawn(StepPage(**WORDS, hindrance="Das geht nicht mehr.", back="Zur Sitzung"))
    assert "<form" not in page
    assert "Das geht nicht mehr." in page
    assert ">Zur Sitzung</a>" in page
