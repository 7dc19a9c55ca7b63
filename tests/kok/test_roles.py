"""The names of the roles: one enumeration for rows, files, rules and commands."""

import ast
from pathlib import Path

from kok.access import NEEDS_FACTOR, ROLES
from kok.roles import RoleSlug
from members.rules.codes import ResponsibleRole

ROOT = Path(__file__).parent.parent.parent
# "secretariat" and "admin" are also an address, a debtor and an option of a command.
TELLING = set(RoleSlug) - {RoleSlug.SECRETARIAT, RoleSlug.ADMIN, RoleSlug.AUDITOR}


def test_given_the_names_when_the_table_of_roles_is_read_then_it_has_each_and_no_other():
    assert set(ROLES) == set(RoleSlug)
    assert all(slug == role.slug for slug, role in ROLES.items())
    assert set(RoleSlug) > NEEDS_FACTOR
    assert {each.value for each in ResponsibleRole} < {each.value for each in RoleSlug}


def test_given_the_code_when_it_names_a_role_then_it_is_one_of_the_names_and_no_bare_string():
    files = [
        path
        for app in ("kok", "members", "meetings", "transitions", "reporting")
        for path in (ROOT / app).rglob("*.py")
    ]
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in files
        if "migrations" not in path.parts and path.name != "roles.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in TELLING
    ]
    assert found == []
