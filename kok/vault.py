"""The only door to what is stored sealed: encryption with keys that never lie in the database.

Punkt 8b names people; § 35 SGB I lets only those entitled see them, and who runs the database is not entitled. So a
sealed field holds a Fernet token (AES-128-CBC with HMAC-SHA-256), and the keys come from the environment. Several keys
may be set: the first one seals, all of them open, so that a key can be changed while the application runs.
"""

import hashlib
import hmac
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db.models import Q

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
    """A seal under a line of a log (HMAC-SHA-256, hex): who only writes to the database cannot forge it."""
    key = bytes.fromhex(_secrets()["log"])
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def new_key() -> str:
    """A new key for CASE_KEYS."""
    return Fernet.generate_key().decode("ascii")


def forget_keys() -> None:
    """Reads the keys anew; for tests and for whoever changes them."""
    _keys.cache_clear()
    _secrets.cache_clear()


@cache
def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in _secrets()["case"]])


@cache
def _secrets() -> dict[str, Any]:
    """From the settings; a demo without any makes its own beside its database, readable for its owner only."""
    if settings.CASE_KEYS:
        return {"case": settings.CASE_KEYS, "log": settings.CASE_LOG_KEY}
    return _of_demo(settings.KOK_VAR / "case-keys.json")


def _of_demo(file: Path) -> dict[str, Any]:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        made = file.with_name(f"{file.name}.{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(json.dumps({"case": [new_key()], "log": os.urandom(32).hex()}), encoding="ascii")
        try:
            os.link(made, file)  # the first of several processes wins
        except FileExistsError:
            pass
        finally:
            made.unlink()
    found: dict[str, Any] = json.loads(file.read_text(encoding="ascii"))
    return found
