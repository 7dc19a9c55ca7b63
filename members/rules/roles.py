"""Which roles the registrar of a partner may give (architecture, part Roles)."""

from datetime import date

from kok import words
from kok.errors import Refused, require
from kok.roles import RoleSlug
from members.rules.codes import PartnerKind

_EVERY_PARTNER = (
    RoleSlug.SECRETARIAT,
    RoleSlug.MEMBER,
    RoleSlug.APPROVER,
    RoleSlug.REGISTRAR,
    RoleSlug.REPORTER,
    RoleSlug.AUDITOR,
)
_LOCAL = (RoleSlug.CASE_OFFICER, RoleSlug.CASE_RELEASER)
_LWV = (RoleSlug.CASE_RECEIVER,)


def roles_for(kind: str) -> tuple[RoleSlug, ...]:
    """The roles of a partner of this kind: the list of 8b comes from local carriers and goes to the LWV.

    `admin` belongs to no partner; Technik gives it.
    """
    return (*_EVERY_PARTNER, *(_LWV if kind == PartnerKind.LWV else _LOCAL))


def check_role(role: str, kind: str) -> None:
    """Raises Refused for a role that no registrar of such a partner gives."""
    require(role in roles_for(kind), "Diese Rolle gibt es bei diesem Partner nicht. Es wurde nichts geändert.")


def check_registrar_remains(gap: date | None, *, ends_before: date) -> None:
    """Raises Refused when from `gap` on nobody else would maintain seats and accounts of a partner.

    `ends_before` is the first day on which the account in question has the role no more.
    """
    require(
        gap != ends_before,
        "Das ist das letzte Konto, das die Stammdaten dieses Partners pflegen darf. Es wurde nichts geändert. "
        "Geben Sie die Rolle zuerst einem anderen Konto.",
    )
    if gap:
        raise Refused(
            f"Ab dem {words.day(gap)} würde niemand mehr die Stammdaten dieses Partners pflegen: Das andere Konto hat "
            "die Rolle nur bis dahin. Es wurde nichts geändert. Geben Sie die Rolle zuerst einem weiteren Konto."
        )


def check_technician_remains(gap: date | None) -> None:
    """Raises Refused when from `gap` on nobody else would run the installation."""
    require(
        not gap,
        "Das ist das letzte Konto der Technik. Es wurde nichts geändert. Geben Sie die Rolle zuerst einem anderen "
        "Konto.",
    )
