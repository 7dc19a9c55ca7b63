"""Looks for words everywhere the application keeps something: every table as text, every seal opened."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from kok import sessions, vault
from kok.models import AccountSession

TOKEN = re.compile(r"gAAAA[\w-]{60,}={0,2}")
SESSIONS = "kok_accountsession"  # sealed with keys that stand in cookies only, see `held_by_sessions`
_KEYS: list[str] = []  # of every session that was made in this process
_new_key = sessions.get_random_string


def _noted_key(length: int, signs: str) -> str:
    key = _new_key(length, signs)
    _KEYS.append(key)
    return key


sessions.get_random_string = _noted_key


def tables() -> list[str]:
    """Every table of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public'")
        return [name for (name,) in cursor.fetchall()]


def rows(table: str) -> list[str]:
    """Every row of a table as the database writes it; bytes become text where they are some."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t.* FROM {table} t")
        columns = range(len(cursor.description or ()))
        found = cursor.fetchall()
    return [" ".join(_text(row[n]) for n in columns) for row in found]


def _text(value: Any) -> str:
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).decode("utf-8", "replace")
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, (dict, list)) else str(value)


def opened(text: str) -> str:
    """The text with every seal in it replaced by what it holds."""
    return TOKEN.sub(lambda found: opened_token(found[0]), text)


def opened_token(token: str) -> str:
    """What is sealed about a case, or of a second factor."""
    try:
        return vault.CASES.unseal(token)
    except vault.KeyLost:
        return vault.FACTORS.unseal(token)


def held_by_sessions() -> list[str]:
    """What every session in the database holds, each opened with its key."""
    rows = list(AccountSession.objects.all())
    held = [sessions.opened(row, key, timedelta(hours=8)) for row in rows for key in _KEYS if sessions.is_of(row, key)]
    assert len(held) == len(rows), "a session whose key no cookie of this process holds"
    return [json.dumps(each, ensure_ascii=False) for each in held]


def traces(*words: str, folders: tuple[Path, ...] = (), texts: tuple[str, ...] = ()) -> list[str]:
    """Where one of the words stands, whatever its case: names of tables, files, or `text`."""
    others = [table for table in tables() if table != SESSIONS]
    hits = [table for table in others if any(_has(opened(row), words) for row in rows(table))]
    hits += [SESSIONS] * any(_has(text, words) for text in [*rows(SESSIONS), *held_by_sessions()])
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    hits += [path.name for path in files if _has(opened(path.read_bytes().decode("utf-8", "replace")), words)]
    return sorted(hits) + ["text" for text in texts if _has(opened(text), words)]


def _has(text: str, words: tuple[str, ...]) -> bool:
    return any(word.casefold() in text.casefold() for word in words)
