"""Reasons and notes that stay for years are asked about once more where they seem to hold a date of birth (5.5)."""

import pytest

from meetings.convening.forms.invitations import WithholdForm
from meetings.record.forms.minutes import TakeBackForm
from meetings.record.forms.tasks import CloseForm
from reporting.duties.forms import SubmissionForm, WithdrawalForm
from reporting.figures.forms.datasets import ImportForm, RemarkForm
from tests.kok.test_interface_forms import drawn

FORMS = [
    (TakeBackForm, "reason"), (WithholdForm, "reason"), (CloseForm, "note"), (RemarkForm, "text"),
    (WithdrawalForm, "reason"),
]  # fmt: skip
BORN = "M. Q., geb. 30.01.2011, fehlte"


@pytest.fixture(autouse=True)
def _now(settings):
    settings.KOK_NOW = "2027-04-01T09:00"


@pytest.mark.parametrize(("form_class", "name"), FORMS)
def test_given_a_date_of_birth_in_a_reason_when_saved_then_one_is_asked_once_and_may_confirm(form_class, name):
    typed = {name: BORN, "state": "DROPPED", "version": "1"}
    asked = form_class(typed)
    assert asked.errors.keys() == {name}
    assert "„geb. 30.01.2011“ sieht aus wie ein Geburtsdatum. Es ist noch nichts gespeichert." in asked.errors[name][0]
    page = drawn(asked)
    assert BORN in page
    assert 'type="checkbox" name="sure"' in page or 'name="sure"' in page[page.index('type="checkbox"') :]
    sure = form_class(typed | {"sure": "on"})
    assert sure.is_valid()
    assert sure.cleaned_data[name] == BORN
    assert "sure" not in sure.cleaned_data
    plain = form_class(typed | {name: "Frist bis 12.03.2026 verlängert"})
    assert plain.is_valid()
    assert 'type="checkbox" name="sure"' not in drawn(form_class())


def test_given_the_forms_of_evidence_and_corrections_when_read_then_they_ask_too():
    assert (SubmissionForm.careful, ImportForm.careful) == (("evidence",), ("correction_reason",))
