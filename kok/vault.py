"""The only door to what is stored sealed: encryption with keys that never lie in the database.

Punkt 8b names people; § 35 SGB I lets only those entitled see them, and who runs the database is not entitled. So a
sealed field holds a Fernet token (AES-128-CBC with HMAC-SHA-256), and the keys come from the environment. Several keys
may be set: the first one seals, all of them open, so that a key can be changed while the application runs.

By a key of its own, which opens nothing, a name is recognised without being readable (`name_mark`).
"""

import hashlib
import hmac
import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db.models import Q

HMAC_KEY_BYTES = 32  # of the log and of the names
TOKEN_START = "gAAAA"  # noqa: S105  the version byte of Fernet and the zeros of its time, in Base64


class KeyLost(Exception):
    """Sealed data cannot be opened: the key is missing, or it is another one. Nothing is lost while a copy exists."""

    sentence = (
        "Die Falldaten lassen sich nicht öffnen: Der Schlüssel dieser Anwendung fehlt oder passt nicht. Es wurde "
        "nichts geändert. Bitten Sie die Technik, den richtigen Schlüssel aus der Sicherung einzusetzen."
    )

    def __str__(self) -> str:
        return self.sentence


def is_sealed(field: str) -> Q:
    """Condition of a check constraint: what stands in this field is sealed or nothing, whoever wrote it."""
    return Q(**{f"{field}__startswith": TOKEN_START}) | Q(**{f"{field}": ""})


def seal(value: dict[str, Any] | list[Any], *, belongs_to: str) -> str:
    """Seals a value for one row; `belongs_to` names the row, so that it cannot be moved to another one."""
    text = json.dumps({"of": belongs_to, "value": value}, ensure_ascii=False, separators=(",", ":"))
    return seal_text(text)


def unseal(token: str, *, belongs_to: str) -> Any:
    """What was sealed for this row. Raises KeyLost, also for a token of another row."""
    opened = json.loads(unseal_text(token))
    if opened["of"] != belongs_to:
        raise KeyLost
    return opened["value"]


def seal_text(text: str) -> str:
    """Seals a text with the newest key."""
    return _keys().encrypt(text.encode()).decode("ascii")


def unseal_text(token: str) -> str:
    """Opens a text with whichever key fits. Raises KeyLost."""
    try:
        return _keys().decrypt(token.encode()).decode()
    except InvalidToken:
        raise KeyLost from None


def reseal(token: str) -> str:
    """The same value under the newest key. Raises KeyLost."""
    try:
        return _keys().rotate(token.encode()).decode("ascii")
    except InvalidToken:
        raise KeyLost from None


def signature(text: str) -> str:
    """A seal under a line of a log (HMAC-SHA-256, hex): who only writes to the database cannot forge it.

    Raises KeyLost.
    """
    return hmac.new(_log_key(), text.encode(), hashlib.sha256).hexdigest()


def name_mark(word: str, *, belongs_to: str) -> str:
    """By what a word of a name is recognised (HMAC-SHA-256, hex); without the key nobody can try out names.

    `belongs_to` is part of it, so that the same name of two people has two marks. Raises KeyLost.
    """
    return hmac.digest(_name_key(), f"{belongs_to}:{word}".encode(), "sha256").hex()


def is_newest(token: str) -> bool:
    """Whether a token is sealed with the newest key, so that a change of key has done its work here."""
    try:
        _each_key()[0].decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def new_key() -> str:
    """A new key for CASE_KEYS."""
    return Fernet.generate_key().decode("ascii")


def new_hmac_key() -> str:
    """A new key for CASE_LOG_KEY or CASE_NAME_KEY."""
    return os.urandom(HMAC_KEY_BYTES).hex()


def forget_keys() -> None:
    """Reads the keys anew; for tests and for whoever changes them."""
    _each_key.cache_clear()
    _name_key.cache_clear()
    _secrets.cache_clear()


def _log_key() -> bytes:
    return _hmac_key(_secrets()["log"])


@cache
def _name_key() -> bytes:
    """Asked for thousands of words at a time, and for each the same."""
    return _hmac_key(settings.CASE_NAME_KEY or _of_demo("case-name-key.json", lambda: {"name": new_hmac_key()})["name"])


def _hmac_key(digits: str) -> bytes:
    """64 hex digits; with an empty or short key everybody could forge a line or try out a name. Raises KeyLost."""
    try:
        key = bytes.fromhex(digits)
    except ValueError:
        raise KeyLost from None
    if len(key) < HMAC_KEY_BYTES:
        raise KeyLost
    return key


@cache
def _each_key() -> list[Fernet]:
    try:
        return [Fernet(key) for key in _secrets()["case"]]
    except ValueError:  # no key at all, a password perhaps
        raise KeyLost from None


def _keys() -> MultiFernet:
    return MultiFernet(_each_key())


@cache
def _secrets() -> dict[str, Any]:
    """From the settings; a demo without any makes its own beside its database, readable for its owner only."""
    if settings.CASE_KEYS:
        return {"case": settings.CASE_KEYS, "log": settings.CASE_LOG_KEY}
    return _of_demo("case-keys.json", lambda: {"case": [new_key()], "log": new_hmac_key()})


def _of_demo(name: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    file: Path = settings.KOK_VAR / name
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        made = file.with_name(f"{file.name}.{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(json.dumps(make()), encoding="ascii")
        try:
            os.link(made, file)  # the first of several processes wins
        except FileExistsError:
            pass
        finally:
            made.unlink()
    found: dict[str, Any] = json.loads(file.read_text(encoding="ascii"))
    return found
