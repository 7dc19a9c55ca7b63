"""allauth's private modules: one door, and the version behind it."""

import ast
from pathlib import Path

import allauth

from kok import allauth_adapter
from kok.embedded import PROJECT

FOLDERS = ("kok", "members", "meetings", "transitions", "reporting", "tests")
DOOR = PROJECT / "kok" / "allauth_adapter.py"


def private_modules(path: Path) -> set[str]:
    """The modules of allauth with `internal` in their name that a file imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return {name for name in names if name.startswith("allauth.") and "internal" in name.split(".")}


def test_given_our_files_when_their_imports_are_read_then_only_the_adapter_reaches_what_is_private_in_allauth():
    files = [path for folder in FOLDERS for path in (PROJECT / folder).rglob("*.py")]
    assert [str(path) for path in files if private_modules(path)] == [str(DOOR)]


def test_given_the_installed_allauth_when_its_version_is_read_then_it_is_the_one_whose_private_modules_were_read():
    installed = ".".join(allauth.__version__.split(".")[:2])
    assert installed == allauth_adapter.VERSION, (
        f"allauth {installed} is installed; kok/allauth_adapter.py was read against {allauth_adapter.VERSION}. "
        "Read each of its functions against the new release, run the tests, then change VERSION there."
    )
