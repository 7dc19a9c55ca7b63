"""`manage.py termination`: the rule of Punkt 12 on the command line, for people and machines."""

import json

import pytest
from django.core.management import CommandError, call_command

from tests.builders import an_agreement

pytestmark = pytest.mark.django_db


def said(capsys, *arguments):
    call_command("termination", "--agreement", "wetteraukreis", *arguments)
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("received_on", "ends_on"),
    [("2030-06-30", "2030-12-31"), ("2030-07-01", "2031-12-31"), ("2026-06-30", "2026-12-31")],
)
def test_given_a_written_notice_when_asked_as_json_then_the_last_day_is_an_iso_date(capsys, received_on, ends_on):
    an_agreement()
    assert json.loads(said(capsys, "--received-on", received_on, "--json")) == {"ends_on": ends_on}


def test_given_a_receipt_day_on_a_sunday_when_asked_then_the_advice_names_the_friday_before(capsys):
    an_agreement()
    told = said(capsys, "--received-on", "2030-06-30", "--form", "qualified_electronic")
    assert "endet am 31.12.2030" in told
    assert "bis zum 30.06.2030 eingehen" in told
    assert "28.06.2030" in told


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--agreement", "wetteraukreis", "--form", "email"], "Eine E-Mail allein wahrt die Form nicht"),
        (["--agreement", "gibt-es-nicht"], "„gibt-es-nicht“ ist nicht geladen"),
    ],
)
def test_given_a_refusal_when_asked_then_standard_error_says_why_and_the_code_is_one(capsys, arguments, sentence):
    an_agreement()
    with pytest.raises(SystemExit) as ended:
        call_command("termination", "--received-on", "2030-06-30", *arguments)
    told = capsys.readouterr()
    assert (ended.value.code, told.out) == (1, "")
    assert sentence in told.err


@pytest.mark.parametrize("day", ["unfug", "2030-02-30", "9999-12-31"])
def test_given_no_real_day_when_asked_then_the_usage_is_wrong(day):
    with pytest.raises(CommandError):
        call_command("termination", "--agreement", "wetteraukreis", "--received-on", day)
