"""What no single test sees: nothing is left over, nothing leads nowhere, and the layers keep their doors shut."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.staticfiles import finders
from django.db.models import CheckConstraint, Model
from django.db.models.deletion import RESTRICT
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse

from kok import mails, outbox
from kok.embedded import PROJECT
from kok.page_views import NAMES as PAGE_NAMES

APPS = ("members", "meetings", "transitions", "reporting")
TEMPLATES = PROJECT / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.*"))
STATIC = sorted(path for path in (PROJECT / "static").rglob("*") if path.is_file())
SCENARIOS = [*range(1, 36), 37, 38]
SHAPES = ("check", "group", "input", "select")  # of a field, chosen by its widget
# Looked for under these names by Django and allauth.
BY_FRAMEWORK = {f"{name}.html" for name in ("400", "403", "403_csrf", "404", "429", "500")}


def ours(*kinds: str) -> Iterator[Path]:
    """The files of the application itself, without tests and generated migrations."""
    for folder in ("kok", *APPS, "templates", "static"):
        for path in (PROJECT / folder).rglob("*"):
            if path.suffix in kinds and "migrations" not in path.parts:
                yield path


@cache
def everything() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in ours(".py", ".html", ".txt", ".css", ".js"))


@cache
def crispy() -> str:
    """The sources of crispy forms, which asks for templates of the pack by name."""
    return "\n".join(path.read_text(encoding="utf-8") for path in _package("crispy_forms").rglob("*.py"))


def _package(name: str) -> Path:
    spec = find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def is_used(name: str) -> bool:
    folder, _, rest = name.partition("/")
    if folder == "kern":
        shapes = {f"layout/{shape}.html" for shape in SHAPES}
        return rest in shapes or f"/{rest}" in crispy() or f'"{name}"' in everything()
    if folder in ("account", "mfa") and (_package("allauth") / "templates" / name).exists():
        return True
    computed = {f"pages/{page}.html" for page in PAGE_NAMES} | set(mail_templates())
    return name in BY_FRAMEWORK | computed or f'"{name}"' in everything()


def mail_templates() -> list[str]:
    return [f"email/{kind}.txt" for kind in outbox._builders.keys() - mails.NOTICES.keys()]


def test_given_the_templates_when_looked_for_then_each_is_used_and_parses():
    assert [name for name in NAMES if not is_used(name)] == []
    for name in NAMES:
        get_template(name)


def test_given_the_kinds_of_mail_when_looked_for_then_each_has_its_text_and_none_is_left_over():
    named = [name for name in NAMES if name.startswith("email/") and not name.startswith("email/_")]  # no fragments
    assert sorted(mail_templates()) == named
    assert mails.NOTICES.keys() <= outbox._builders.keys()


NAMED = re.compile(r"""(?:{%\s*url\s+|reverse(?:_lazy)?\(|redirect\()["']([\w:-]+)["']""")


def _exists(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch as error:
        return "is not a valid view function or pattern name" not in str(error)
    return True


def test_given_the_names_of_addresses_when_followed_then_each_leads_somewhere():
    named = set(NAMED.findall(everything()))
    assert len(named) > 50
    assert sorted(name for name in named if not _exists(name)) == []


def test_given_the_static_files_when_looked_for_then_each_named_one_exists_and_each_of_ours_is_named():
    named = set(re.findall(r"""{%\s*static\s+["']([^"']+)["']""", everything()))
    assert sorted(name for name in named if finders.find(name) is None) == []
    assert [path.name for path in STATIC if path.name not in everything()] == []


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a script in the page", r"<script(?![^>]*\bsrc=)"),
        ("a handler in the page", r"""\son[a-z]+\s*=\s*["']\s*\w+(?:\(|\.|;)"""),
        ("a handler of htmx in the page", r"hx-on"),
        ("a style in the page", r"\sstyle\s*="),
        ("an address of a script", r"javascript:"),
    ],
)
def test_given_the_content_security_policy_when_templates_are_read_then_none_needs_an_exception(what, pattern):
    found = [name for name in NAMES if re.search(pattern, (TEMPLATES / name).read_text(encoding="utf-8"))]
    assert found == [], what


def pairs() -> Iterator[tuple[type[Model], str]]:
    """Moments that can be empty, with an account that must stay known: both are there, or neither."""
    for model in apps.get_models():
        if model._meta.app_label not in ("kok", *APPS):
            continue
        fields = {field.name: field for field in model._meta.concrete_fields}
        for name, field in fields.items():
            by = fields.get(f"{name.removesuffix('_at')}_by")
            if name.endswith("_at") and by and field.null and by.null and by.remote_field.on_delete is RESTRICT:
                yield model, name.removesuffix("_at")


@pytest.mark.parametrize(("model", "act"), [*pairs()], ids=str)
def test_given_an_act_with_moment_and_account_when_stored_then_the_database_wants_both_or_neither(model, act):
    checks = [str(each.condition) for each in model._meta.constraints if isinstance(each, CheckConstraint)]
    assert any(f"{act}_at__isnull" in check and f"{act}_by__isnull" in check for check in checks)


def test_given_the_decisions_when_numbered_then_file_and_heading_agree_and_none_is_missing():
    files = sorted((PROJECT / "docs" / "adr").glob("*.md"))
    numbers = [int(path.name[:4]) for path in files]
    headings = [re.match(r"# 0*(\d+)\.? \S", path.read_text(encoding="utf-8")) for path in files]
    assert [heading and int(heading[1]) for heading in headings] == numbers
    assert numbers == list(range(1, len(files) + 1))


WRITES = {
    "save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "select_for_update",
}  # fmt: skip


def writes(path: Path) -> list[str]:
    calls = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    methods = [call.func for call in calls if isinstance(call.func, ast.Attribute)]
    return [
        f"{path.relative_to(PROJECT)}:{method.lineno} .{method.attr}()" for method in methods if method.attr in WRITES
    ]


def is_door(path: Path) -> bool:
    """Actions of an app or of a room in it: `actions.py`, or modules of the package `actions`."""
    return "actions" in {part.removesuffix(".py") for part in path.relative_to(PROJECT).parts[1:3]}


def test_given_the_apps_when_they_write_then_only_in_actions():
    paths = [path for app in APPS for path in (PROJECT / app).rglob("*.py") if "migrations" not in path.parts]
    assert [line for path in paths if not is_door(path) for line in writes(path)] == []
    assert len([line for path in paths if is_door(path) for line in writes(path)]) > 40


def test_given_the_readme_when_read_then_both_commands_stand_there_and_exist():
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    for command in ("bin/run", "bin/test"):
        assert command in readme
        assert (PROJECT / command).stat().st_mode & 0o111


def test_given_the_scenarios_of_the_agreement_when_counted_then_each_has_a_test():
    numbers = set()
    for path in (PROJECT / "tests" / "scenarios").glob("test_*.py"):
        first, last = re.match(r"test_(\d\d)(?:_to_(\d\d))?_", path.name).groups()  # type: ignore[union-attr]
        numbers |= set(range(int(first), int(last or first) + 1))
    assert sorted(set(SCENARIOS) - numbers) == []


def test_given_a_template_that_does_not_exist_when_asked_for_then_this_file_would_notice():
    assert not is_used("meetings/niemand.html")
    with pytest.raises(TemplateDoesNotExist):
        get_template("meetings/niemand.html")
