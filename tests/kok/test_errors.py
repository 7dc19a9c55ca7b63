"""Refusing in one line."""

import pytest

from kok.errors import Refused, refuse, require


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
