"""How the code is built stays as it is meant: few branches, one name once, typed, templates that are no programs."""

from collections.abc import Callable
from statistics import mean

import pytest

from tests import shape
from tests.shape import Place

BRANCHES_OF_ALL = 2.4  # the mean; comprehensions and conditions in them count
COUNTS: dict[str, tuple[Callable[[], list[Place]], int]] = {
    "functions with more than ten branches": (shape.branched, 0),
    "classes whose name another one has": (lambda: shape.names_twice(shape.modules()), 0),
    "lines on which mypy looks away": (shape.ignored, 19),
    "lines of a template over 200 characters": (shape.wide_lines, 0),
    "templates over 150 lines": (shape.long_templates, 0),
    "words that a template compares with": (shape.state_literals, 0),
}


@pytest.mark.parametrize("what", COUNTS)
def test_given_the_code_when_its_shape_is_measured_then_no_figure_is_above_its_ceiling(what: str) -> None:
    measure, ceiling = COUNTS[what]
    places = measure()
    assert len(places) <= ceiling, f"{len(places)} {what}:\n" + "\n".join(map(str, places))


def test_given_all_functions_when_their_branches_are_counted_then_the_mean_is_small() -> None:
    assert mean(one.complexity for _path, one in shape.functions(shape.modules())) <= BRANCHES_OF_ALL


@pytest.mark.parametrize(
    "line",
    [
        '{% if meeting.state == "planned" %}',
        "{% if step.kind != 'open' %}",
        '{% if "open" == step.kind %}',
        '{% if row.state in "open closed" %}',
    ],
)
def test_given_a_template_that_compares_a_state_when_it_is_read_then_the_line_is_found(line: str) -> None:
    assert shape.LITERAL.search(line)


@pytest.mark.parametrize(
    "line",
    [
        '{% include "a.html" with tone="info" %}',
        "{% if a == b %}",
        '{% for row in rows %}<a href="x">{% endfor %}',
        "{{ a }} == 'b'",
    ],
)
def test_given_a_template_that_only_passes_words_on_when_it_is_read_then_nothing_is_found(line: str) -> None:
    assert not shape.LITERAL.search(line)


def test_given_a_method_of_a_class_within_a_class_when_branches_are_counted_then_it_counts(tmp_path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        "class A:\n    class B:\n        def f(self, x):\n            return [y for y in x if y] if x or self else 1\n"
    )
    assert [(one.name, one.complexity) for _path, one in shape.functions([module])] == [("f", 5)]
