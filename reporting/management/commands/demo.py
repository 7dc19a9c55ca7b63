"""Invented people and a believable past: `manage.py demo`. Safe to repeat."""

from typing import Any, TypedDict

from django.core.management.base import CommandParser

from kok import clock
from kok.management.base import KokCommand
from reporting.demo import actions as demo


class DemoAccounts(TypedDict, total=False):
    """The accounts and the password of all of them; nothing where it was only asked."""

    password: str
    accounts: list[dict[str, str]]


class Command(KokCommand):
    """Loads the demo where it is missing and prints its accounts; refused in production."""

    help = "Lädt die Vorführung mit erfundenen Personen und nennt ihre Konten."

    def add_arguments(self, parser: CommandParser) -> None:
        """Load, or only ask whether it may be loaded here."""
        super().add_arguments(parser)
        parser.add_argument("--check", action="store_true", help="nur prüfen, ob diese Datenbank leer oder ihre ist")

    def answer(self, **options: Any) -> DemoAccounts:
        """Accounts and the password of all of them. Raises Refused where the database holds anything else."""
        if options["check"]:
            demo.require_own_database()
            return {}
        password = demo.load_demo(now=clock.now())
        return {"password": password, "accounts": [vars(account) for account in demo.accounts()]}

    def tell(self, found: DemoAccounts) -> str:
        """A table for people."""
        if not found:
            return "Die Vorführung darf in diese Datenbank."
        lines = [f"  {account['username']:<28}{account['role']:<18}{account['name']}" for account in found["accounts"]]
        return "\n".join(
            [
                "Konten der Vorführung (alle Personen sind erfunden):",
                *lines,
                "",
                f"Passwort für alle: {found['password']}",
            ]
        )
