"""The deadlines on the command line: the same rules, for operators."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.builders import a_meeting, an_agreement

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command("deadlines", "--agreement", "wetteraukreis", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("on", "state"), [("2028-01-01", "upcoming"), ("2028-04-30", "open"), ("2028-05-03", "overdue")]
)
def test_given_a_day_when_asked_then_the_states_are_those_of_that_day(on, state):
    an_agreement()
    assert {row["state"] for row in json.loads(run("--year", "2028", "--on", on, "--json"))} == {state}


def test_given_all_when_asked_then_meetings_and_the_change_of_secretariat_are_listed_too():
    an_agreement()
    a_meeting(on=date(2028, 5, 17))
    found = [row["id"] for row in json.loads(run("--year", "2028", "--all", "--json"))]
    assert found == ["O-03", "O-04", "O-05", "O-06", "O-01", "O-02"]  # by day


def test_given_people_when_asked_without_json_then_it_answers_in_german():
    an_agreement()
    text = run("--year", "2028", "--on", "2028-05-03")
    assert "Punkt 8b: Schulabgänge 2029, Wetteraukreis: 30.04.2028, wirksam bis Di 02.05.2028, überfällig" in text
    assert run("--year", "2021") == "In diesem Jahr endet keine Frist.\n"


def test_given_an_unknown_agreement_when_asked_then_a_sentence_on_standard_error_and_code_1(capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("deadlines", "--agreement", "nirgendwo", "--year", "2028", "--json")
    said = capsys.readouterr()
    assert ended.value.code == 1
    assert "ist nicht geladen" in said.err
    assert said.out == ""


@pytest.mark.parametrize("year", ["28", "abc", "2028.5", "-1", "²"])
def test_given_a_year_that_is_none_when_asked_then_the_sentence_says_how_to_write_it(year):
    with pytest.raises(CommandError, match="ist kein Jahr"):
        run(f"--year={year}")
