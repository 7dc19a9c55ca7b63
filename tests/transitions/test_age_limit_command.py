"""`manage.py age_limit`: the rule on the command line, for people and machines, without a database."""

import json

import pytest
from django.core.management import CommandError, call_command


@pytest.fixture(autouse=True)
def _autumn(settings):
    settings.KOK_NOW = "2026-11-23T09:00"


def said(capsys, *arguments):
    call_command("age_limit", *arguments)
    return capsys.readouterr().out


def test_given_the_example_of_the_issue_when_asked_as_json_then_the_answer_is_exactly_that(capsys):
    assert json.loads(said(capsys, "1959-12-31", "--on", "2026-12-31", "--json")) == {
        "age": "66 y 2 m",
        "months_above_65": 14,
        "limit_reached_on": "2026-02-28",
        "counts_on": True,
    }


@pytest.mark.parametrize(
    ("arguments", "months", "reached_on", "counts"),
    [
        (["1958-01-01", "--on", "2023-12-31"], 12, "2023-12-31", False),
        (["1958-01-01", "--on", "2024-12-31"], 12, "2023-12-31", True),
        (["1954-05-10", "--exception", "partial_retirement"], 0, "2019-05-09", None),
        (["1954-05-10", "--exception", "miner"], 0, "2019-05-09", None),
        (["1954-05-10"], 8, "2020-01-09", None),
    ],
)
def test_given_a_birthday_when_asked_as_json_then_without_a_stichtag_nothing_is_counted(
    capsys, arguments, months, reached_on, counts
):
    found = json.loads(said(capsys, *arguments, "--json"))
    assert (found["months_above_65"], found["limit_reached_on"], found["counts_on"]) == (months, reached_on, counts)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["1959-12-31"],
            "Die Regelaltersgrenze beträgt 66 Jahre und 2 Monate. Sie ist mit dem Ende des 28.02.2026 erreicht.\n",
        ),
        (
            ["1958-01-01", "--on", "2023-12-31"],
            (
                "Die Regelaltersgrenze beträgt 66 Jahre. Sie ist mit dem Ende des 31.12.2023 erreicht. "
                "Am Stichtag 31.12.2023 zählt die Person nicht mit.\n"
            ),
        ),
    ],
)
def test_given_people_when_asked_without_json_then_it_answers_in_german(capsys, arguments, sentence):
    assert said(capsys, *arguments) == sentence


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["1955-01-01", "--exception", "partial_retirement"], "vor dem 01.01.1955 geboren sind"),
        (["1899-12-31"], "nicht zwischen 1900 und 2100"),
        (["2026-11-24"], "liegt nach dem 23.11.2026"),
        (["2026-01-01", "--on", "2025-12-31"], "liegt nach dem 31.12.2025"),
    ],
)
def test_given_a_refusal_when_asked_then_standard_error_says_why_and_the_code_is_one(capsys, arguments, sentence):
    with pytest.raises(SystemExit) as ended:
        call_command("age_limit", *arguments)
    told = capsys.readouterr()
    assert (ended.value.code, told.out) == (1, "")
    assert sentence in told.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["unfug"],
        ["1959-02-29"],
        ["31.12.1959"],
        ["1959-12-31", "--exception", "none"],
        ["1959-12-31", "--on", "9999-12-31"],
        [],
    ],
)
def test_given_wrong_usage_when_asked_then_it_is_refused_before_anything_is_computed(arguments):
    with pytest.raises(CommandError):
        call_command("age_limit", *arguments)
