"""What the environment must say before anything starts: all faults at once, one German sentence for each.

Free of Django, so that the launcher asks it too. A value may stand in a file that `NAME_FILE` names, as secrets of
containers do; blanks around a value and the line end of a file do not count, an empty value counts as none.
"""

from collections.abc import Container, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from kok.configuration.forms import DEVELOPMENT_SECRET, FORMS, SECRET_LENGTH, STRICTER, Check, listed, role_in
from kok.database.roles import WITHOUT_KEYS

__all__ = ["DEVELOPMENT_SECRET", "KEYS", "NAMES", "Unreadable", "given", "listed", "problems", "without"]

# What production needs, and how to come by it.
_NEW_KEYS = (
    "Neue Schlüssel macht manage.py case_key; haben Sie schon eine Übergangsliste, setzen Sie den bisherigen ein."
)
_REQUIRED = {
    "SECRET_KEY": f"Setzen Sie einen eigenen mit mindestens {SECRET_LENGTH} Zeichen, etwa aus openssl rand -base64 48.",
    "ALLOWED_HOSTS": "Nennen Sie den Namen, unter dem die Anwendung zu erreichen ist, etwa kok.example.org.",
    "KOK_PUBLIC_URL": "Nennen Sie die Adresse für Links in Mails, etwa https://kok.example.org.",
    "DATABASE_URL": "Nennen Sie Ihre PostgreSQL-Datenbank; eingebettete Server laufen nur in der Vorführung.",
    "REDIS_URL": "Nennen Sie Ihren Valkey- oder Redis-Server; eingebettete Server laufen nur in der Vorführung.",
    "EMAIL_URL": "Nennen Sie Ihren Mailserver; ohne ihn käme keine Einladung an.",
    "DEFAULT_FROM_EMAIL": "Nennen Sie die Adresse, von der Mails kommen, etwa kok@landkreis.example.",
    "BEHIND_TLS_PROXY": "Setzen Sie true, wenn ein Proxy vor der Anwendung verschlüsselt, sonst false.",
    "CASE_KEYS": f"Ohne ihn öffnet sich keine Übergangsliste. {_NEW_KEYS}",
    "FACTOR_KEYS": f"Ohne ihn meldet sich niemand mit einem Code an. {_NEW_KEYS}",
    "CASE_LOG_KEY": f"Ohne ihn kommt niemand in den geschützten Bereich. {_NEW_KEYS}",
    "CASE_NAME_KEY": f"Ohne ihn lässt sich kein Fall speichern und kein Protokoll auf Namen prüfen. {_NEW_KEYS}",
}
# What may stand in place of another: who migrates knows no other role.
_STANDS_FOR = {"CELERY_BROKER_URL": "REDIS_URL", "DATABASE_OWNER_URL": "DATABASE_URL"}
KEYS = frozenset({"CASE_KEYS", "FACTOR_KEYS", "CASE_NAME_KEY"})  # not of who migrates, nor of beat
PLACEHOLDER = "BITTE-"  # in docs/examples/kok.env, where only the operator knows the value
UNTOUCHED = f"{{name}} enthält noch {PLACEHOLDER}… aus dem Muster der Einstellungen. Setzen Sie Ihren eigenen Wert ein."
WITHOUT_MODE = (
    "{name} nennt eine Datenbank, aber KOK_MODE fehlt. Setzen Sie KOK_MODE=production für den Betrieb oder "
    "KOK_MODE=demo für eine Vorführung mit erfundenen Menschen."
)
UNREACHABLE = "Der Name in KOK_PUBLIC_URL steht nicht in ALLOWED_HOSTS. Links in Mails führten ins Leere."
# Every setting, also those that may hold anything.
NAMES = (*dict.fromkeys((*FORMS, *_REQUIRED)), "KOK_VAR", "KOK_CHAIN_ENDS", "KOK_ERASURE_LIST", "KOK_FORMATS")


def given(environment: Mapping[str, str]) -> dict[str, str]:
    """Every setting of ours that has a value. Raises Unreadable where the file of a value cannot be read."""
    found = {}
    for name in NAMES:
        file = environment.get(f"{name}_FILE")
        try:
            value = Path(file).read_text(encoding="utf-8") if file else environment.get(name, "")
        except (OSError, UnicodeDecodeError):
            raise Unreadable(name) from None
        if value.strip():
            found[name] = value.strip()
    return found


class Unreadable(Exception):
    """The file of a value cannot be read. Its text is the sentence that says so."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Die Datei, die {name}_FILE nennt, lässt sich nicht lesen. Prüfen Sie Pfad und Rechte der Datei."
        )


def problems(environment: Mapping[str, str]) -> list[str]:
    """What forbids a start, as sentences; empty when nothing does."""
    try:
        values = given(environment)
    except Unreadable as unreadable:
        return [str(unreadable)]
    untouched = {name: UNTOUCHED.format(name=name) for name, value in values.items() if PLACEHOLDER in value}
    rest = _left(values, untouched)
    malformed = _faults(FORMS, rest)
    return [*untouched.values(), *malformed.values(), *_by_mode(values, _left(rest, malformed))]


def _faults(checks: Mapping[str, Check], values: Mapping[str, str]) -> dict[str, str]:
    """What these checks say of the values, where they say something."""
    return {name: fault for name, check in checks.items() if name in values and (fault := check(values[name]))}


def _left(values: Mapping[str, str], names: Container[str | None]) -> dict[str, str]:
    """These values without those of these names."""
    return {name: value for name, value in values.items() if name not in names}


def without(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without any setting of ours, for what must work before there are settings."""
    return _left(environment, {*NAMES, *(f"{name}_FILE" for name in NAMES)})


def _by_mode(values: Mapping[str, str], sound: Mapping[str, str]) -> list[str]:
    match values.get("KOK_MODE"):
        case "production":
            return [*_missing(values), *_faults(STRICTER, sound).values(), *_unreachable(sound)]
        case None:
            named = [name for name in ("DATABASE_URL", "DATABASE_OWNER_URL") if name in values]
            return [WITHOUT_MODE.format(name=name) for name in named[:1]]
    return []


def _missing(values: Mapping[str, str]) -> list[str]:
    database = values.get("DATABASE_URL", values.get("DATABASE_OWNER_URL", ""))
    unneeded = KEYS if role_in(database) in WITHOUT_KEYS else frozenset()
    there = {*values, *unneeded, *map(_STANDS_FOR.get, values)}
    return [f"{name} fehlt. {sentence}" for name, sentence in _left(_REQUIRED, there).items()]


def _unreachable(sound: Mapping[str, str]) -> list[str]:
    """The links in mails must lead to a name that the application answers to."""
    if not {"KOK_PUBLIC_URL", "ALLOWED_HOSTS"} <= sound.keys():
        return []
    host = urlsplit(sound["KOK_PUBLIC_URL"]).hostname
    allowed = listed(sound["ALLOWED_HOSTS"].lower())
    domains = tuple(name for name in allowed if name.startswith("."))
    return [] if {"*", host}.intersection(allowed) or f".{host}".endswith(domains) else [UNREACHABLE]
