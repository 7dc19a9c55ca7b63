"""What single values must look like. Each check returns the German sentence of the fault, or None.

No sentence quotes a value, because it may be secret.
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import SplitResult, unquote, urlsplit

from kok.database.roles import OWNER, PROCESSES

DEVELOPMENT_SECRET = "nur-fuer-vorfuehrung-und-entwicklung-nicht-geheim"  # noqa: S105  refused in production
KEY_BYTES = 32  # of CASE_KEYS and FACTOR_KEYS (Fernet), of CASE_LOG_KEY and CASE_NAME_KEY (HMAC-SHA-256)
SECRET_LENGTH, SECRET_VARIETY = 50, 5  # characters, different ones: what Django's own check W009 asks
YES = frozenset({"true", "on", "ok", "y", "yes", "1"})  # django-environ takes everything else for no
NO = frozenset({"false", "off", "n", "no", "0"})
SMTP = frozenset({"smtp", "smtps", "smtp+tls", "smtp+ssl"})
MAIL = SMTP | {"consolemail", "filemail", "memorymail", "dummymail"}
BROKERS = frozenset({"redis", "rediss", "redis+socket"})
DATABASES = frozenset({"postgres", "postgresql", "psql", "pgsql"})
_MASKED = "Sonderzeichen im Passwort schreiben Sie mit Prozentzeichen, etwa # als %23 und + als %2B."


Check = Callable[[str], str | None]


def listed(text: str) -> list[str]:
    """The parts of a value that holds several, with commas between them."""
    return [part.strip() for part in text.split(",") if part.strip()]


def _split(text: str) -> SplitResult | None:
    """The parts of an address; None where it has none, or a port that is no number."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _like(pattern: str, sentence: str) -> Check:
    """Whether a value is written like this, as a whole."""

    def check(text: str) -> str | None:
        return None if re.fullmatch(pattern, text) else sentence

    return check


def _read_by(read: Callable[[str], object], sentence: str) -> Check:
    """Whether a value can be read as something, such as a moment."""

    def check(text: str) -> str | None:
        try:
            read(text)
        except ValueError:
            return sentence
        return None

    return check


def _database_of(name: str) -> Check:
    def check(text: str) -> str | None:
        parts = _split(text)
        if parts and parts.scheme in DATABASES and parts.path.strip("/") and not parts.fragment:
            return None
        return (
            f"{name} ist keine Adresse einer PostgreSQL-Datenbank. Schreiben Sie sie wie "
            f"postgresql://kok_web:passwort@datenbank.example.org:5432/kok. {_MASKED}"
        )

    return check


def role_in(address: str) -> str:
    """As whom a process signs in at the database; nobody where the address has no form."""
    parts = _split(address)
    return unquote(parts.username or "") if parts else ""


def _role_in(name: str, allowed: tuple[str, ...]) -> Check:
    """In production each process has a role of its own; one for all would be guarded against by nothing."""

    def check(text: str) -> str | None:
        if role_in(text) in allowed:
            return None
        return (
            f"{name} nennt keine der Rollen {', '.join(allowed)}. Im Betrieb hat jeder Prozess seine eigene, damit die "
            "Datenbank sie voneinander trennt. Das SQL, das sie anlegt, zeigt manage.py database_roles."
        )

    return check


def _broker_of(name: str) -> Check:
    def check(text: str) -> str | None:
        parts = _split(text)
        if parts and parts.scheme in BROKERS and (parts.hostname or parts.path) and not parts.fragment:
            return None
        return (
            f"{name} ist keine Adresse eines Valkey- oder Redis-Servers. Schreiben Sie sie wie "
            f"redis://warteschlange.example.org:6379/0. {_MASKED}"
        )

    return check


def _mail(text: str) -> str | None:
    parts = _split(text)
    if parts and parts.scheme in MAIL and (parts.hostname or parts.scheme not in SMTP) and not parts.fragment:
        return None
    return (
        "EMAIL_URL ist keine Adresse eines Mailservers. Schreiben Sie sie wie "
        f"smtp+tls://konto:passwort@mail.example.org:587. {_MASKED}"
    )


def _public_url(text: str) -> str | None:
    if _split(text) and re.fullmatch(r"https?://(?!:)[^@/?#]+/?\??#?", text, re.IGNORECASE):
        return None
    return (
        "KOK_PUBLIC_URL ist keine Adresse, unter der die Anwendung zu erreichen ist. Schreiben Sie sie ohne Pfad wie "
        "https://kok.example.org."
    )


def _hosts(text: str) -> str | None:
    if all(re.fullmatch(r"\*|\.?[\w.-]+|\[[0-9A-Fa-f:.]+\]", name) for name in listed(text)) and listed(text):
        return None
    return "ALLOWED_HOSTS nennt Namen ohne https:// und ohne Port, mit Komma getrennt. Schreiben Sie kok.example.org."


def _named_hosts(text: str) -> str | None:
    if "*" not in listed(text):
        return None
    return "ALLOWED_HOSTS erlaubt mit * jeden Namen. Nennen Sie den Namen, unter dem die Anwendung zu erreichen ist."


def _origins(text: str) -> str | None:
    if all(re.fullmatch(r"https?://[^/?#\s]+", origin) for origin in listed(text)):
        return None
    return "CSRF_TRUSTED_ORIGINS nennt Adressen mit https:// und ohne Pfad, mit Komma getrennt."


def _secret(text: str) -> str | None:
    is_long = len(text) >= SECRET_LENGTH and len(set(text)) >= SECRET_VARIETY
    if is_long and text != DEVELOPMENT_SECRET:
        return None
    return (
        f"SECRET_KEY ist zu kurz oder bekannt. Setzen Sie einen eigenen mit mindestens {SECRET_LENGTH} Zeichen, etwa "
        "aus openssl rand -base64 48."
    )


def _keys_of(name: str) -> Check:
    def check(text: str) -> str | None:
        if listed(text) and all(_is_key(key) for key in listed(text)):
            return None
        return (
            f"{name} enthält etwas, das kein Schlüssel ist. Mit ihm öffnet sich nichts. Setzen Sie die Schlüssel ein, "
            "wie manage.py case_key sie gezeigt hat, mehrere mit Komma getrennt."
        )

    return check


def _is_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key, altchars=b"-_", validate=True)) == KEY_BYTES
    except (ValueError, binascii.Error):
        return False


def _digits_of(name: str) -> Check:
    return _like(
        rf"[0-9A-Fa-f]{{{2 * KEY_BYTES}}}",
        f"{name} ist kein Schlüssel: Er hat {2 * KEY_BYTES} Zeichen aus 0 bis 9 und a bis f. Setzen Sie ihn ein, "
        "wie manage.py case_key ihn gezeigt hat.",
    )


# What a value must look like wherever it is given.
FORMS: Mapping[str, Check] = {
    "KOK_MODE": _like(
        "demo|production", "KOK_MODE muss demo (Vorführung mit erfundenen Menschen) oder production (Betrieb) sein."
    ),
    "DATABASE_URL": _database_of("DATABASE_URL"),
    "DATABASE_OWNER_URL": _database_of("DATABASE_OWNER_URL"),
    "REDIS_URL": _broker_of("REDIS_URL"),
    "CELERY_BROKER_URL": _broker_of("CELERY_BROKER_URL"),
    "EMAIL_URL": _mail,
    "DEFAULT_FROM_EMAIL": _like(
        r"[^<>@\n]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+",
        "DEFAULT_FROM_EMAIL ist keine Mailadresse. Schreiben Sie sie wie Kooperationskonferenz "
        "<kok@landkreis.example>.",
    ),
    "KOK_PUBLIC_URL": _public_url,
    "ALLOWED_HOSTS": _hosts,
    "CSRF_TRUSTED_ORIGINS": _origins,
    "KOK_SECURITY_CONTACT": _like(
        r"mailto:[^<>@\s]+@[^<>@\s]+|https://[^/\s]+\S*|tel:\+[0-9-]+",
        "KOK_SECURITY_CONTACT ist keine Adresse, an die man Sicherheitslücken meldet. Schreiben Sie sie wie "
        "mailto:sicherheit@landkreis.example oder https://landkreis.example/sicherheit.",
    ),
    "CASE_KEYS": _keys_of("CASE_KEYS"),
    "FACTOR_KEYS": _keys_of("FACTOR_KEYS"),
    "CASE_LOG_KEY": _digits_of("CASE_LOG_KEY"),
    "CASE_NAME_KEY": _digits_of("CASE_NAME_KEY"),
    "BEHIND_TLS_PROXY": _like(f"(?i:{'|'.join(YES | NO)})", "BEHIND_TLS_PROXY muss true oder false sein."),
    "KOK_NOW": _read_by(
        datetime.fromisoformat, "KOK_NOW ist kein Zeitpunkt. Schreiben Sie ihn wie 2027-05-01 oder 2027-05-01T09:00."
    ),
    "KOK_NOW_SINCE": _read_by(
        float, "KOK_NOW_SINCE ist keine Zahl von Sekunden. Nehmen Sie es heraus: bin/run setzt es selbst."
    ),
}
# What production asks of a value beyond its form.
STRICTER: Mapping[str, Check] = {
    "SECRET_KEY": _secret,
    "DATABASE_URL": _role_in("DATABASE_URL", (*PROCESSES, OWNER)),
    "DATABASE_OWNER_URL": _role_in("DATABASE_OWNER_URL", (OWNER,)),
    "ALLOWED_HOSTS": _named_hosts,
    "KOK_PUBLIC_URL": _like(
        "(?i:https):.*",
        "KOK_PUBLIC_URL beginnt nicht mit https://. Im Betrieb ist die Anwendung nur verschlüsselt zu erreichen.",
    ),
    "EMAIL_URL": _like(
        f"(?i:{'|'.join(map(re.escape, SMTP))}):.*",
        "EMAIL_URL nennt keinen Mailserver: Keine Mail käme an. Nehmen Sie smtp, smtp+tls oder smtp+ssl.",
    ),
    "KOK_NOW": _like("", "KOK_NOW verstellt die Uhr und ist nur in der Vorführung erlaubt. Nehmen Sie es heraus."),
}
