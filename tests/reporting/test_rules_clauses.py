"""Clauses of the agreement in a sentence."""

import pytest

from reporting.duties.rules.clauses import listed


@pytest.mark.parametrize(
    ("clauses", "told"),
    [
        (["8b"], "Punkt 8b"),
        (["8d", "8c", "8c"], "den Punkten 8c und 8d"),
        (["12", "8b", "11"], "den Punkten 8b, 11 und 12"),
    ],
)
def test_given_clauses_when_told_then_each_stands_once_in_the_order_of_the_agreement(clauses, told):
    assert listed(clauses, "Punkt", "den Punkten") == told
