"""The roles of the database, as the launcher, the settings and the application name them. Free of Django.

Each process signs in with a role of its own. Where one role does everything, as on the server of a developer, the
application works all the same, and nothing is guarded against whoever has that role: production refuses it.
"""

from pathlib import Path
from urllib.parse import urlsplit

OWNER, WEB, WORKER, BEAT, BACKUP = ROLES = ("kok_owner", "kok_web", "kok_worker", "kok_beat", "kok_backup")
PROCESSES = (WEB, WORKER, BEAT)
# Who opens nothing that is sealed, and is not handed the keys (decision 25).
WITHOUT_KEYS = (OWNER, BEAT)
MAKING = Path(__file__).with_name("roles.sql")
# Who carries out a command of `manage.py`; all others are those of the web.
_COMMANDS = {"migrate": OWNER, "demo": WORKER, "erase": WORKER, "rotate_case_keys": WORKER}


# How long a process waits for a lock of somebody else; its role has the same, for whoever signs in without these.
_LONGEST_WAIT = {WEB: "10s", WORKER: "5s", BEAT: "5s"}
# What the application relies on. Each connection says it when it begins, so that a setting which a role or a database
# was given meanwhile changes nothing; what the address of the database says besides goes before.
_RELIED_ON = {
    "default_transaction_isolation": "read committed",
    "default_transaction_read_only": "off",
    "default_transaction_deferrable": "off",
    "search_path": "public",
    "synchronous_commit": "on",
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "gin_fuzzy_search_limit": "0",
    "datestyle": "ISO",
}


def options_of(user: str) -> str:
    """With which settings the connection of a process begins."""
    wait = {"lock_timeout": _LONGEST_WAIT[user]} if user in _LONGEST_WAIT else {}
    settings = (_RELIED_ON | wait).items()
    return " ".join("-c {}={}".format(name, value.replace(" ", "\\ ")) for name, value in settings)


def role_of(command: str) -> str:
    """The role that carries out a command of `manage.py`."""
    return _COMMANDS.get(command, WEB)


def not_the_role_of(process: str, user: str) -> str:
    """The sentence for a process that signs in as somebody else; nothing when it is right."""
    if user == process:
        return ""
    return (
        f"Dieser Prozess meldet sich an der Datenbank nicht als {process} an. Im Betrieb hat jeder Prozess seine "
        "eigene Rolle, damit die Datenbank sie voneinander trennt. Nennen Sie sie in DATABASE_URL."
    )


def address(url: str, role: str) -> str:
    """The same database for another role. Only for servers that ask no password, as the embedded one."""
    parts = urlsplit(url)
    return parts._replace(netloc=f"{role}@{parts.netloc.rpartition('@')[2]}").geturl()
