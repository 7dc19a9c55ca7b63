"""The only door to what is stored sealed: encryption with keys that never lie in the database.

Punkt 8b names people; § 35 SGB I lets only those entitled see them, and who runs the database is not entitled. So a
sealed field holds a Fernet token (AES-128-CBC with HMAC-SHA-256), and the keys come from the environment. Several keys
may be set: the first one seals, all of them open, so that a key can be changed while the application runs. What names
young people (`CASES`) and the second factors of accounts (`FACTORS`) have keys of their own: who holds one opens
nothing of the other.

By a key of its own, which opens nothing, a name is recognised without being readable (`name_mark`).
"""

import hmac
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import get_ident
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db.models import Q

from kok.errors import Refused

HMAC_KEY_BYTES = 32  # of the log and of the names
TOKEN_START = "gAAAA"  # noqa: S105  the version byte of Fernet and the zeros of its time, in Base64


_SHUT = {
    "CASE_KEYS": "Die Falldaten lassen sich nicht öffnen",
    "FACTOR_KEYS": "Der zweite Faktor lässt sich nicht prüfen",
    "CASE_LOG_KEY": "Es lässt sich nichts versiegeln und nichts protokollieren",
    "CASE_NAME_KEY": "Namen lassen sich nicht kennzeichnen",
}


class KeyLost(Exception):
    """What a key of this setting is for cannot be done: it is missing, or another one. Nothing is lost while a copy
    exists.
    """

    def __init__(self, setting: str = "CASE_KEYS") -> None:
        super().__init__(setting)
        self.setting = setting

    @property
    def sentence(self) -> str:
        """What cannot be done, and who must do what."""
        return (
            f"{_SHUT[self.setting]}: Der Schlüssel dieser Anwendung ({self.setting}) fehlt oder passt nicht. Es wurde "
            "nichts geändert. Bitten Sie die Technik, den richtigen Schlüssel aus der Sicherung einzusetzen."
        )

    def __str__(self) -> str:
        return self.sentence


@contextmanager
def key_required(sentence: str = "") -> Iterator[None]:
    """Raises Refused for what cannot be done without a key, in this sentence or in that of the key."""
    try:
        yield
    except KeyLost as lost:
        raise Refused(sentence or lost.sentence) from None


class Ring:
    """The keys of one setting: the newest seals, whichever fits opens. Everything here raises KeyLost."""

    def __init__(self, setting: str) -> None:
        self.setting = setting

    def seal(self, text: str) -> str:
        """Seals a text with the newest key."""
        return MultiFernet(_fernets(self.setting)).encrypt(text.encode()).decode("ascii")

    def unseal(self, token: str) -> str:
        """Opens a text with whichever key fits."""
        try:
            return MultiFernet(_fernets(self.setting)).decrypt(token.encode()).decode()
        except InvalidToken:
            raise KeyLost(self.setting) from None

    def reseal(self, token: str) -> str:
        """The same value under the newest key."""
        try:
            return MultiFernet(_fernets(self.setting)).rotate(token.encode()).decode("ascii")
        except InvalidToken:
            raise KeyLost(self.setting) from None

    def is_newest(self, token: str) -> bool:
        """Whether a token is sealed with the newest key, so that a change of key has done its work here."""
        try:
            _fernets(self.setting)[0].decrypt(token.encode())
        except InvalidToken:
            return False
        return True

    def require(self) -> None:
        """Raises KeyLost where no key can be read."""
        _fernets(self.setting)


CASES, FACTORS = Ring("CASE_KEYS"), Ring("FACTOR_KEYS")


def is_sealed(field: str) -> Q:
    """Condition of a check constraint: what stands in this field is sealed or nothing, whoever wrote it."""
    return Q(**{f"{field}__startswith": TOKEN_START}) | Q(**{f"{field}": ""})


def is_token(value: object) -> bool:
    """Whether a value looks sealed, by whatever key."""
    return isinstance(value, str) and value.startswith(TOKEN_START)


def seal(value: Mapping[str, object] | Sequence[object], *, belongs_to: str) -> str:
    """Seals a value for one row; `belongs_to` names the row, so that it cannot be moved to another one."""
    text = json.dumps({"of": belongs_to, "value": value}, ensure_ascii=False, separators=(",", ":"))
    return CASES.seal(text)


def unseal(token: str, *, belongs_to: str) -> Any:
    """What was sealed for this row. Raises KeyLost, also for a token of another row."""
    opened = json.loads(CASES.unseal(token))
    if opened["of"] != belongs_to:
        raise KeyLost
    return opened["value"]


def signature(text: str) -> str:
    """A seal under a line of a log (HMAC-SHA-256, hex): who only writes to the database cannot forge it.

    Raises KeyLost.
    """
    return hmac.digest(_log_key(), text.encode(), "sha256").hex()


def signature_if_any(text: str) -> str:
    """`signature`, or "" without the key: for what goes its way all the same."""
    try:
        return signature(text)
    except KeyLost:
        return ""


def name_mark(word: str, *, belongs_to: str) -> str:
    """By what a word of a name is recognised (HMAC-SHA-256, hex); without the key nobody can try out names.

    `belongs_to` is part of it, so that the same name of two people has two marks. Raises KeyLost.
    """
    return hmac.digest(_name_key(), f"{belongs_to}:{word}".encode(), "sha256").hex()


def new_key() -> str:
    """A new key for CASE_KEYS or FACTOR_KEYS."""
    return Fernet.generate_key().decode("ascii")


def new_hmac_key() -> str:
    """A new key for CASE_LOG_KEY or CASE_NAME_KEY."""
    return os.urandom(HMAC_KEY_BYTES).hex()


def new_keys() -> dict[str, str]:
    """Fresh values for all settings that hold keys."""
    return {
        "CASE_KEYS": new_key(),
        "FACTOR_KEYS": new_key(),
        "CASE_LOG_KEY": new_hmac_key(),
        "CASE_NAME_KEY": new_hmac_key(),
    }


def forget_keys() -> None:
    """Reads the keys anew; for tests and for whoever changes them."""
    for read in (_fernets, _log_key, _name_key):
        read.cache_clear()


@cache
def _log_key() -> bytes:
    return _hmac_key("CASE_LOG_KEY")


@cache
def _name_key() -> bytes:
    """Asked for thousands of words at a time, and for each the same."""
    return _hmac_key("CASE_NAME_KEY")


def _hmac_key(setting: str) -> bytes:
    """64 hex digits; with an empty or short key everybody could forge a line or try out a name. Raises KeyLost."""
    try:
        key = bytes.fromhex(_given(setting))
    except ValueError:
        raise KeyLost(setting) from None
    if len(key) < HMAC_KEY_BYTES:
        raise KeyLost(setting)
    return key


@cache
def _fernets(setting: str) -> list[Fernet]:
    try:
        keys = [Fernet(key) for key in _given(setting)]
    except ValueError:  # no key at all, a password perhaps
        raise KeyLost(setting) from None
    if not keys:
        raise KeyLost(setting)
    return keys


def _given(setting: str) -> Any:
    """From the settings; a demo without any takes its own."""
    given = getattr(settings, setting)
    if given or settings.CASE_KEYS or settings.PRODUCTION:
        return given
    return _of_demo()[setting]


def _of_demo() -> dict[str, Any]:
    """Made once beside its database, readable for its owner only."""
    file: Path = settings.KOK_VAR / "keys.json"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        made = file.with_name(f"{file.name}.{os.getpid()}.{get_ident()}")
        made.touch(mode=0o600)
        made.write_text(json.dumps(new_keys()), encoding="ascii")
        try:
            os.link(made, file)  # the first of several processes wins
        except FileExistsError:
            pass
        finally:
            made.unlink()
    found = json.loads(file.read_text(encoding="ascii"))
    return {**found, "CASE_KEYS": [found["CASE_KEYS"]], "FACTOR_KEYS": [found["FACTOR_KEYS"]]}
