"""A draft that was changed by SQL is opened to nobody, and its carrier is not stuck with it."""

import pytest
from django.db import connection
from django.urls import reverse

from tests.builders import an_agreement
from tests.transitions.inside import enter
from tests.transitions.world import a_draft, an_access, case_data, released
from transitions.models import TransitionCase, TransitionListVersion
from transitions.queries.access import Access

pytestmark = pytest.mark.django_db
TOLD = "Eine Fassung einer Übergangsliste wurde an der Anwendung vorbei geändert und wird niemandem gezeigt."


@pytest.fixture(autouse=True)
def _spring(settings):
    settings.KOK_NOW = "2027-03-10T12:00"
    an_agreement()


def url(name, *numbers):
    return reverse(f"transitions:{name}", args=["wetteraukreis", *numbers])


def forged(author: Access, *people):
    """A draft whose authors somebody changed past the application."""
    draft = a_draft(list(people) or None, by=author)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE transitions_transitionlistversion SET authors = '{}' WHERE id = %s", [draft.pk])
    return draft


def test_given_a_draft_changed_by_sql_when_its_carrier_comes_then_it_is_told_and_begins_anew():
    author = an_access()
    draft, officer = forged(author), enter(author.user)
    assert officer.get(url("version", draft.pk)).status_code == 404
    page = officer.get(url("lists")).content.decode()
    assert TOLD in page
    assert url("discard", draft.pk) in page
    again = officer.post(url("list-begin", 2027), follow=True)
    assert "verwerfen Sie ihn auf der Seite „Übergangslisten“" in again.content.decode()
    asked = officer.get(url("discard", draft.pk)).content.decode()
    assert url("version", draft.pk) not in asked
    officer.post(url("discard", draft.pk), {"revision": draft.revision})
    assert not TransitionListVersion.objects.exists()
    assert not TransitionCase.objects.exists()
    answer = officer.post(url("list-begin", 2027), follow=True)
    assert "Entwurf von Fassung 1" in answer.content.decode()
    assert TOLD not in officer.get(url("lists")).content.decode()


def test_given_a_draft_changed_by_sql_when_others_come_then_they_can_only_tell():
    first = released(a_draft()).version
    author = an_access()
    draft = forged(author, case_data(given_name="Neu"))
    for role in ("case-releaser", "case-receiver"):
        other = enter(an_access(role).user)
        page = other.get(url("lists")).content.decode()
        assert TOLD in page
        assert url("version", first.pk) in page
        assert url("discard", draft.pk) not in page
        assert other.post(url("discard", draft.pk), {"revision": draft.revision}).status_code == 403
    assert TransitionListVersion.objects.filter(pk=draft.pk).exists()
