"""Loads the demo once, in one transaction, and knows its accounts and their password."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from kok import erasure
from kok.access import ROLES
from kok.clock import BERLIN
from kok.errors import require
from kok.models import Document, User
from members.actions import Original, load_agreement
from members.models import Agreement
from members.rules.agreement_file import parse
from reporting.demo.actions import sent
from reporting.demo.actions.annex import BOARD, MET_BEFORE_ON, amended
from reporting.demo.actions.calendar import episodes, next_meeting_on
from reporting.demo.actions.duties import hand_in_the_past
from reporting.demo.actions.figures import Figures
from reporting.demo.actions.leavers import Lists
from reporting.demo.actions.pages import publish_samples
from reporting.demo.actions.past import Storyteller
from reporting.demo.actions.people import ACCOUNTS, create_accounts, enter_colleagues, fill_board, hand_over_seats

FILE = settings.BASE_DIR / "agreements" / "wetterau-2022.toml"
WORDING = FILE.with_suffix(".txt")


@dataclass(frozen=True)
class DemoAccount:
    """What a visitor needs to sign in."""

    username: str
    role: str
    name: str


def load_demo(*, now: datetime) -> str:
    """Loads agreement, people and past unless they are there; returns the password of all demo accounts.

    Raises Refused like `require_own_database`.
    """
    require_own_database()
    password = _password(settings.KOK_VAR / "demo-password.txt")
    if _is_loaded():
        _keep_password(password)
    else:
        _load(password, now)
    return password


def require_own_database() -> None:
    """Raises Refused in production, and where the database holds anything but the demo.

    Reads only, and before the first migration too.
    """
    require(not settings.PRODUCTION, "Die Vorführung gibt es nur mit KOK_MODE=demo. Es wurde nichts geladen.")
    tables = set(connection.introspection.table_names())
    ours = {User._meta.db_table, Agreement._meta.db_table}
    require(
        not tables or (ours <= tables and (_is_loaded() or not (User.objects.exists() or Agreement.objects.exists()))),
        "In dieser Datenbank steht schon etwas, aber keine Vorführung. Es wurde nichts geändert. "
        "Nehmen Sie für die Vorführung eine leere Datenbank.",
    )


def _is_loaded() -> bool:
    """A real account of this name has a real address."""
    return User.objects.filter(username=ACCOUNTS[0].username, email=ACCOUNTS[0].email).exists()


def accounts() -> list[DemoAccount]:
    """Every account of the demo."""
    return [
        DemoAccount(account.username, ROLES[account.role].title, f"{account.given_name} {account.family_name}")
        for account in ACCOUNTS
    ]


@transaction.atomic
def _load(password: str, now: datetime) -> None:
    today = now.astimezone(BERLIN).date()
    file = parse(FILE.read_text(encoding="utf-8"))
    load_agreement(file=file, by=None, now=now, original=Original(WORDING.name, WORDING.read_bytes()))
    load_agreement(file=amended(file), by=None, now=now)
    agreement = Agreement.objects.get(slug=file.agreement.slug)
    agreement.introduced_on = agreement.in_force_on  # so that the duties of the past count
    agreement.save(update_fields=["introduced_on"])
    users = create_accounts(agreement, password=password)
    hand_over_seats(agreement, users)
    enter_colleagues(agreement, users)
    _tell(agreement, users, today)
    hand_in_the_past(agreement, users, today)
    Lists(agreement, users, today).tell()
    Figures(agreement, users, today).tell()
    publish_samples(by=users["installation-admin"], now=now)
    sent.send_all()
    erasure.run(now=now, dry=False)
    # The papers of the past are drawn now: nobody has waited for them for years.
    Document.objects.filter(state=Document.State.WAITING).update(requested_at=now)


def _tell(agreement: Agreement, users: dict[str, User], today: date) -> None:
    conference = agreement.bodies.get(kind="CONFERENCE")
    board = agreement.bodies.get(slug=BOARD)
    fill_board(board, since=agreement.in_force_on)
    storyteller = Storyteller(agreement, users, today)
    storyteller.tell(conference, episodes(agreement.in_force_on, today))
    storyteller.tell_of_board(board, MET_BEFORE_ON)
    storyteller.tell_of_board(board, next_meeting_on(today - timedelta(weeks=30)))
    storyteller.plan_next(conference, next_meeting_on(today))
    sent.hand_on(conference, users, today)


def _password(file: Path) -> str:
    """One password for all accounts, made at the first start of this installation."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text("-".join(secrets.token_hex(2) for _ in range(4)), encoding="ascii")
    return file.read_text(encoding="ascii").strip()


def _keep_password(password: str) -> None:
    """After the state was moved the file is new, and so is the password."""
    demo = User.objects.filter(username__in=[account.username for account in ACCOUNTS])
    first = demo.first()
    if first is not None and not first.check_password(password):
        demo.update(password=make_password(password))
