"""When something breaks inside the sealed area: the page says so, and no log says with which words."""

import logging
from typing import Any

import pytest
from django.urls import reverse

from tests.builders import a_user, an_agreement
from tests.transitions.inside import enter
from tests.transitions.world import NOW, a_draft, an_access
from transitions.views import found
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

    monkeypatch.setattr(found, "record_access", broken)
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
