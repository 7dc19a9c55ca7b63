"""The SQL that makes the roles and the database, for an administrator of the server: `manage.py database_roles`."""

from kok.database.roles import MAKING, PROCESSES, ROLES
from kok.management.base import KokCommand

DATABASE = "CREATE DATABASE kok OWNER kok_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';"
PASSWORD = "ALTER ROLE {role} PASSWORD 'BITTE-ERSETZEN';"  # noqa: S105  words to be replaced


class Command(KokCommand[dict[str, object]]):
    """Needs no database and changes none."""

    help = "Zeigt das SQL, mit dem die Verwaltung des Datenbankservers Rollen und Datenbank anlegt."

    def answer(self, **options: object) -> dict[str, object]:
        """The statements, and who signs in."""
        return {"roles": list(ROLES), "processes": list(PROCESSES), "sql": _all()}

    def tell(self, found: dict[str, object]) -> str:
        """Nothing but SQL, so that it can be handed to psql."""
        return str(found["sql"])


def _all() -> str:
    passwords = "\n".join(f"-- {PASSWORD.format(role=role)}" for role in ROLES)
    return (
        f"{MAKING.read_text(encoding='utf-8')}\n"
        f"-- Only where roles sign in with a password; each gets its own, and no file holds two of them.\n"
        f"{passwords}\n\n"
        f"-- Once, outside of a transaction. Then the statements above once more, in that database.\n{DATABASE}"
    )
