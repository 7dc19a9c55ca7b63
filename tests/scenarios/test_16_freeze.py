"""Scenario 16: a released version is frozen; an edit needs a new version, and the LWV gets a neutral notice."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.urls import reverse

from kok import outbox
from kok.errors import Refused
from tests.builders import an_agreement
from tests.transitions.inside import enter
from tests.transitions.world import NOW, a_draft, an_access, case_data, fresh, released
from tests.worlds import built_once
from transitions.actions import entries
from transitions.models import CaseEntry
from transitions.queries.visibility import entries_visible_to, versions_visible_to
from transitions.rules.codes import VersionState

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
CORRECTED = case_data(given_name="Ida")


@built_once
def officer():
    an_agreement()
    return an_access()


def correct(entry, by):
    seen = entry.changed_at
    return entries.change_entry(entry=entry, data=CORRECTED, is_late=False, seen=seen, by=by, now=LATER)


def test_16_given_a_released_version_when_a_case_of_it_is_edited_then_application_and_database_refuse(officer):
    entry = released(a_draft(by=officer)).version.entries.get()
    with pytest.raises(Refused, match="schon freigegeben"):
        correct(entry, officer)
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseEntry.objects.filter(pk=entry.pk).update(content=entries.sealed(CORRECTED, entry.case))
    assert CaseEntry.objects.get().data == case_data()


def test_16_given_a_correction_when_not_yet_released_then_the_lwv_sees_the_frozen_version_only(officer):
    first = released(a_draft(by=officer)).version
    correct(a_draft([], by=officer).entries.get(), officer)
    receiver = an_access("case-receiver")
    assert list(versions_visible_to(receiver)) == [first]
    assert [entry.data for entry in entries_visible_to(receiver)] == [case_data()]


def test_16_given_a_correction_when_released_then_a_new_version_replaces_the_first_and_the_lwv_gets_a_neutral_notice(
    officer, settings
):
    settings.KOK_NOW = LATER.isoformat()
    receiver = an_access("case-receiver")
    first = released(a_draft(by=officer))
    outbox.deliver(now=NOW + timedelta(hours=1))
    assert any("Ihnen ist die Übergangsliste 2027 übermittelt worden. Bitte" in each.body for each in mail.outbox)
    draft = a_draft([], by=officer)
    correct(draft.entries.get(), officer)
    mail.outbox.clear()
    second = released(draft, now=LATER)
    outbox.deliver(now=LATER)
    assert (fresh(first.version).state, second.version.number) == (VersionState.CLOSED, 2)
    assert first.version.entries.get().data == case_data()
    assert [entry.data for entry in entries_visible_to(receiver)] == [CORRECTED]
    (notice,) = [message for message in mail.outbox if message.to == [receiver.user.email]]
    case_ref = second.version.entries.get().case.case_ref
    told = f"{notice.subject} {notice.body}"
    assert "/uebergaenge/eintreten" in told
    assert "eine neue Fassung der Übergangsliste 2027 übermittelt worden: Fassung 2. Sie ersetzt die vorige." in told
    assert all(word not in told for word in ("Zirbelnuss", "Malwine", "Ida", "2010", "Lindenhöhe", case_ref))


def test_16_given_a_version_that_was_replaced_when_it_is_opened_then_both_sides_are_led_to_the_new_one(
    officer, settings
):
    settings.KOK_NOW = LATER.isoformat()
    first = released(a_draft(by=officer)).version
    draft = a_draft([], by=officer)
    county, lwv = enter(officer.user), enter(an_access("case-receiver").user)

    def page(client, name, version):
        return client.get(reverse(f"transitions:{name}", args=["wetteraukreis", version.pk])).content.decode()

    def address(name, version):
        return f'href="{reverse(f"transitions:{name}", args=["wetteraukreis", version.pk])}"'

    assert address("version", draft) in page(county, "receipt", first)
    assert address("version", draft) not in page(lwv, "receipt", first)
    correct(draft.entries.get(), officer)
    second = released(draft, now=LATER).version
    for client in (county, lwv):
        assert f"Eine neuere Fassung hat diese ersetzt: <a {address('version', second)}>Fassung 2</a>." in page(
            client, "receipt", first
        )
        assert "ersetzt" not in page(client, "receipt", second)
    assert f"<a {address('acknowledge', second)}>Zu Fassung 2</a>" in page(lwv, "acknowledge", first)
