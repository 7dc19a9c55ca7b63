#!/usr/bin/env python3
"""The command line of the application. Starts the embedded database where DATABASE_URL names none."""

import os
import signal
import sys

from kok import configuration
from kok.database.roles import OWNER, role_of
from kok.embedded import EmbeddedError, database_for


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def _forget_settings() -> None:
    kept = configuration.without(os.environ)
    os.environ.clear()
    os.environ.update(kept)


def _as_owner() -> None:
    """Who makes the tables signs in as their owner, where one is named; nothing else ever does."""
    if owner := configuration.given(os.environ).get("DATABASE_OWNER_URL"):
        os.environ.pop("DATABASE_URL_FILE", None)
        os.environ["DATABASE_URL"] = owner


def _execute() -> None:
    """Runs the command. Our own speak for themselves; Django's get the same sentences for a database in trouble."""
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError

    try:
        execute_from_command_line(sys.argv)
    except DatabaseError as error:
        from kok.management.base import database_trouble

        sentence = database_trouble(error)
        if sentence is None:
            raise
        _say(sentence)
        sys.exit(2)
    except OSError as error:  # those of smtplib as well
        if sys.argv[1:2] != ["sendtestemail"]:
            raise
        code = getattr(error, "smtp_code", None) or error.errno or type(error).__name__
        _say(
            f"Die Testmail ging nicht hinaus: Der Mailserver ist nicht zu erreichen oder lehnt ab ({code}). Prüfen Sie "
            "EMAIL_URL und DEFAULT_FROM_EMAIL."
        )
        sys.exit(1)


def main() -> None:
    """Runs one command; the database stops after it unless somebody else uses it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kok.settings")
    if sys.argv[1:2] == ["case_key"]:
        _forget_settings()  # production does not start without the keys that this command makes
    if wrong := configuration.problems(os.environ):
        _say("\n".join(wrong))
        sys.exit(2)
    if role_of(" ".join(sys.argv[1:2])) == OWNER:
        _as_owner()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with database_for(sys.argv, say=_say):
            _execute()
    except EmbeddedError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
