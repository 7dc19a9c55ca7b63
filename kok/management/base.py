"""The ground of all commands: German sentences for people, `--json` for machines, refusals on standard error."""

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from contextlib import suppress
from datetime import date
from typing import Any, Generic, TypeVar

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from kok import outage, seals
from kok.access import Lookups
from kok.errors import Refused
from kok.vault import KeyLost

FIRST_YEAR, LAST_YEAR = 2000, 2100
Found = TypeVar("Found")  # what a command answers


def a_day(text: str) -> date:
    """An argument such as 2027-05-01."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"„{text}“ ist kein Tag. Schreiben Sie ihn wie 2027-05-01.") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ArgumentTypeError(f"Das Jahr liegt nicht zwischen {FIRST_YEAR} und {LAST_YEAR}.")
    return day


OTHER_KEY = (
    "Kein Siegel dieser Datenbank passt zu CASE_LOG_KEY. Es wurde nichts geändert. Setzen Sie den Schlüssel ein, mit "
    "dem sie versiegelt ist, und rufen Sie den Befehl noch einmal auf. Ist er für immer verloren, kommt mend_account "
    "--all zuerst."
)
_NOT_SET_UP = ("42P01", "42703", "42883")  # SQLSTATE: undefined table, undefined column, undefined function


_NOT_ALLOWED = "42501"  # SQLSTATE: insufficient privilege


def database_trouble(error: DatabaseError) -> str | None:
    """The sentence for a database that is away, not set up or closed to this role; None for anything else."""
    state = getattr(error.__cause__, "sqlstate", None)
    if state == _NOT_ALLOWED:
        return (
            "Die Rolle, mit der sich dieser Befehl anmeldet, darf das in der Datenbank nicht. Welche Rolle welchen "
            "Befehl ausführt, steht in docs/operation.md; manage.py migrate gibt allen ihre Rechte. Eine Vorführung, "
            "die es schon vor den Rollen gab, fangen Sie neu an: Löschen Sie den Ordner var."
        )
    if state in _NOT_SET_UP:
        return (
            "Die Datenbank ist noch nicht eingerichtet oder nicht auf dem Stand dieser Version. "
            "Rufen Sie manage.py migrate auf, dann diesen Befehl noch einmal."
        )
    if outage.cause(error):
        return (
            f"{_what_is_away(error)} Was gespeichert war, ist unverändert. Rufen Sie den Befehl danach noch einmal auf."
        )
    return None


def _what_is_away(error: DatabaseError) -> str:
    """Who could not connect learns how far he came: libpq gives no SQLSTATE there, and translates all but FATAL."""
    said = str(error)
    if "failed to resolve host" in said:
        return "Den Server der Datenbank gibt es unter diesem Namen nicht. Prüfen Sie den Namen in DATABASE_URL."
    if "FATAL" in said:
        return (
            "Der Server der Datenbank antwortet, lässt die Anwendung aber nicht ein. Prüfen Sie Benutzer, Passwort und "
            "Name der Datenbank in DATABASE_URL; startet der Server gerade erst, warten Sie einen Augenblick."
        )
    return (
        "Die Datenbank ist nicht zu erreichen, voll oder gesperrt. Prüfen Sie, ob der Server läuft, ob auf seiner "
        "Platte Platz ist und ob DATABASE_URL stimmt."
    )


class KokCommand(BaseCommand, Generic[Found]):
    """Answers in German or, with `--json`, in JSON with ISO dates.

    A command implements `answer` and returns what it found; `tell` puts that into sentences. Refused becomes a
    sentence on standard error and exit code 1; wrong usage and a database that is away or not set up have exit code 2.
    Obeys the rules of views: reads through queries, writes through actions.
    """

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Adds `--json`; commands extend it."""
        parser.add_argument("--json", action="store_true", help="Ausgabe als JSON mit Tagen wie 2027-05-01")

    def add_agreement(self, parser: ArgumentParser) -> None:
        """Adds `--agreement`, required."""
        parser.add_argument("--agreement", required=True, metavar="KURZNAME", help="zum Beispiel wetteraukreis")

    def agreement(self, slug: str) -> Any:
        """The agreement with this short name, or a sentence."""
        found = Lookups.agreement(slug)
        if found is None:
            raise Refused(f"Eine Vereinbarung mit dem Kurznamen „{slug}“ ist nicht geladen. Prüfen Sie den Kurznamen.")
        return found

    def require_key(self) -> None:
        """For commands that write: raises Refused where all is sealed with another key, as after a restore.

        What is sealed now would not fit the rest, and be a finding for ever. A missing key is told by whom needs it.
        """
        with suppress(KeyLost):
            if seals.is_other_key():
                raise Refused(OTHER_KEY)

    def handle(self, *args: object, **options: object) -> None:
        """Answers, or says on standard error why not."""
        try:
            found = self.answer(**options)
        except Refused as refused:
            self.stderr.write(refused.sentence)
            sys.exit(1)
        except DatabaseError as error:
            sentence = database_trouble(error)
            if sentence is None:
                raise
            self.stderr.write(sentence)
            sys.exit(2)
        text = json.dumps(found, ensure_ascii=False, default=_plain, indent=2) if options["json"] else self.tell(found)
        self.stdout.write(text)

    def answer(self, *args: Any, **options: Any) -> Found:
        """What the command found: dicts, lists, dates. Each command names its options with their types."""
        raise NotImplementedError

    def tell(self, found: Found) -> str:
        """The same in German."""
        raise NotImplementedError


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} kann nicht als JSON ausgegeben werden.")
