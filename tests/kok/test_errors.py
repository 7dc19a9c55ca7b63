"""Refusing in one line."""

import pytest

from kok.errors import Refused, first_problem, refuse, require


class TestRefuse:
    @pytest.mark.parametrize("problem", [None, ""])
    def test_given_no_problem_then_nothing_happens(self, problem):
        refuse(problem)

    def test_given_a_problem_then_it_is_refused_with_its_sentence(self):
        with pytest.raises(Refused) as refused:
            refuse("Das geht nicht.")

        assert refused.value.sentence == "Das geht nicht."


class TestRequire:
    def test_given_what_is_wanted_then_it_is_given_back(self):
        wanted = object()

        assert require(wanted, "Das fehlt.") is wanted

    @pytest.mark.parametrize("missing", [None, False, "", ()])
    def test_given_it_is_missing_then_it_is_refused_with_the_sentence(self, missing):
        with pytest.raises(Refused) as refused:
            require(missing, "Das fehlt.")

        assert refused.value.sentence == "Das fehlt."


class TestFirstProblem:
    def test_given_several_problems_then_the_first_that_is_so_is_told(self):
        told = first_problem((False, "Erstens."), ("so", "Zweitens."), (True, "Drittens."))

        assert told == "Zweitens."

    def test_given_none_that_is_so_then_nothing_is_told(self):
        assert first_problem((None, "Erstens."), ("", "Zweitens.")) == ""
