"""When something breaks inside the sealed area: the page says so, and no log says with which words."""

import logging
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from kok.models import User
from tests.builders import a_user, an_agreement, the_partner
from tests.transitions.inside import enter
from tests.transitions.world import NOW, a_draft, an_access
from transitions.actions import subject_requests
from transitions.views import lookup
from transitions.views.area import SealedFault

pytestmark = pytest.mark.django_db


@pytest.mark.logs_errors
def test_given_an_unforeseen_error_with_a_name_in_it_when_logged_then_its_kind_and_place_are_told_and_no_name(
    monkeypatch: pytest.MonkeyPatch, settings: Any, caplog: pytest.LogCaptureFixture
):
    settings.KOK_NOW = NOW.isoformat()
    an_agreement()
    officer = a_user(role="case-officer")
    draft = a_draft(by=an_access(user=officer))
    client = enter(officer)

    def broken(*args: Any, **kwargs: Any) -> None:
        raise ValueError(f"cannot read {draft.entries.get().data.family_name}")

    monkeypatch.setattr(lookup, "record_access", broken)
    address = reverse("transitions:version", args=["wetteraukreis", draft.pk])
    with pytest.raises(SealedFault, match=r"ValueError in test_area_faults\.py"):
        client.get(address)
    client.raise_request_exception = False
    with caplog.at_level(logging.DEBUG):
        answer = client.get(address)
    assert answer.status_code == 500
    formatter = logging.Formatter()
    told = "\n".join(formatter.format(record) for record in caplog.records)
    assert "SealedFault: ValueError in test_area_faults.py" in told
    assert "Zirbelnuss" not in told + answer.content.decode()


@pytest.mark.logs_errors
def test_given_a_key_that_somebody_took_when_an_act_inside_writes_it_then_the_page_says_so_and_the_log_names_no_value(
    settings: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    settings.KOK_NOW = NOW.isoformat()
    an_agreement()
    client = enter(a_user(role="case-officer"))
    taken = a_user(username="zirbelnuss")

    def twice(**_: Any) -> None:
        with transaction.atomic():
            User.objects.create(username=taken.username)

    monkeypatch.setattr(subject_requests, "register_request", twice)
    form = {"kind": "ACCESS", "received_on": f"{NOW:%d.%m.%Y}", "partner": the_partner().pk}
    with caplog.at_level(logging.DEBUG):
        answer = client.post(reverse("transitions:request-new", args=["wetteraukreis"]), form)
    assert answer.status_code == 409
    assert "Was hier entstehen sollte, steht schon da" in answer.content.decode()
    told = "\n".join(logging.Formatter().format(record) for record in caplog.records)
    assert "Eine Zeile steht schon in kok_user (kok_user_username_key)." in told
    assert "zirbelnuss" not in told + answer.content.decode()
