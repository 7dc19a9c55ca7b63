"""The shape of the code in figures: how branched, how well typed, how large its templates. `python -m tests.shape`.

`python -m tests.shape meetings transitions/views` prints the figures of these packages and names the places.
"""

import ast
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import mean
from typing import NamedTuple

from radon.visitors import ComplexityVisitor, Function

ROOT = Path(__file__).resolve().parents[1]
APPS = ("kok", "members", "meetings", "transitions", "reporting")
TEMPLATES = ROOT / "templates"

BRANCHED = 10  # a function above it is too much to hold in the head
TYPE_IGNORE = re.compile(r"#\s*type:\s*ignore")
LOOSE = {"Any", "cast"}
# A word in quotes beside a comparison within a tag of a template: a state, a kind or a result that Python should name.
LITERAL = re.compile(r"""\{%[^%]*(?:[=!]=|\bin\b)\s*["'][^"'%]*["'][^%]*%\}|\{%[^%]*["'][^"'%]*["']\s*[=!]=[^%]*%\}""")


class Place(NamedTuple):
    """Something at a line of a file."""

    path: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line} {self.what}"


def modules(parts: Iterable[str] = APPS) -> list[Path]:
    """All modules of these packages, without migrations."""
    return sorted(path for part in parts for path in (ROOT / part).rglob("*.py") if "migrations" not in path.parts)


def functions(paths: Iterable[Path]) -> Iterator[tuple[Path, Function]]:
    """Every function and method with its cyclomatic complexity, as `radon cc` counts it."""
    for path in paths:
        visitor = ComplexityVisitor.from_code(path.read_text())
        for function in [*visitor.functions, *(method for one in visitor.classes for method in methods(one))]:
            yield path, function


def methods(one: object) -> list[Function]:
    """The methods of a class and of the classes in it."""
    inner = [method for nested in one.inner_classes for method in methods(nested)]  # type: ignore[attr-defined]
    return [*one.methods, *inner]  # type: ignore[attr-defined]


def classes(paths: Iterable[Path]) -> dict[str, list[Place]]:
    """Where each name of a class at the top of a module stands; every command of Django's is called `Command`."""
    found = defaultdict(list)
    for path in paths:
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and node.name != "Command":
                found[node.name].append(Place(path, node.lineno, node.name))
    return found


def names_twice(paths: Iterable[Path]) -> list[Place]:
    """Classes whose name another one has too."""
    return [place for places in classes(paths).values() if len(places) > 1 for place in places]


def branched(parts: Iterable[str] = APPS) -> list[Place]:
    """Functions with more branches than `BRANCHED`."""
    return [
        Place(path, one.lineno, f"{one.name} {one.complexity}")
        for path, one in functions(modules(parts))
        if one.complexity > BRANCHED
    ]


def lines_with(pattern: re.Pattern[str], paths: Iterable[Path]) -> list[Place]:
    """Lines in which a pattern is found."""
    return [
        Place(path, number, line.strip()[:100])
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line)
    ]


def ignored(parts: Iterable[str] = APPS) -> list[Place]:
    """Lines on which mypy is told to look away."""
    return lines_with(TYPE_IGNORE, modules(parts))


def loose_lines(paths: Iterable[Path]) -> list[Place]:
    """Lines on which the name `Any` or `cast` is used; its import does not count."""
    return [
        Place(path, number, "Any or cast")
        for path in paths
        for number in sorted(
            {
                node.lineno
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, ast.Name) and node.id in LOOSE
            }
        )
    ]


def templates() -> list[Path]:
    """Every file below `templates/`."""
    return sorted(path for path in TEMPLATES.rglob("*") if path.is_file())


def long_templates(limit: int = 150) -> list[Place]:
    """Templates of more lines."""
    sizes = [(path, len(path.read_text().splitlines())) for path in templates()]
    return [Place(path, lines, "lines") for path, lines in sizes if lines > limit]


def wide_lines(limit: int = 200) -> list[Place]:
    """Lines of templates with more characters."""
    return lines_with(re.compile(rf".{{{limit + 1}}}"), templates())


def state_literals() -> list[Place]:
    """Lines of templates which compare with a word: the page should have said what it is."""
    return lines_with(LITERAL, templates())


def report(parts: list[str]) -> None:
    """Prints the figures of these packages, and the places behind them where packages were named."""
    paths = modules(parts or APPS)
    measured = sorted(functions(paths), key=lambda one: -one[1].complexity)
    by_app = Counter(path.relative_to(ROOT).parts[0] for path, _function in measured)
    print(f"functions {len(measured)} {dict(by_app)}, mean {mean(one.complexity for _path, one in measured):.3f}")
    print(f"templates {len(templates())}")
    places = {
        f"above {BRANCHED}": branched(parts or APPS),
        "class names twice": [place for place in names_twice(modules()) if place.path in set(paths)],
        "type: ignore": ignored(parts or APPS),
        "Any or cast": loose_lines(paths),
        "long templates": long_templates(),
        "wide lines": wide_lines(),
        "literals": state_literals(),
    }
    for name, found in places.items():
        print(f"{name}: {len(found)}")
        if parts and len(found) < 250:
            print(*(f"  {place}" for place in found), sep="\n")
    if parts:
        print(
            *(f"  {path.relative_to(ROOT)}:{one.lineno} {one.name} {one.complexity}" for path, one in measured[:40]),
            sep="\n",
        )


if __name__ == "__main__":
    report(sys.argv[1:])
