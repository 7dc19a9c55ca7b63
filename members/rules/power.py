"""Four eyes on power: which roles two people give, who the second may be, how long a request waits.

Also who administers an account. Nothing of it stands in the agreement; the periods are ours (proposal). Accounts and
partners are numbers here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kok.errors import first_problem, require
from kok.roles import RoleSlug

ADMIN, AUDITOR, REGISTRAR = RoleSlug.ADMIN.value, RoleSlug.AUDITOR.value, RoleSlug.REGISTRAR.value
CASE_OFFICER, CASE_RELEASER = RoleSlug.CASE_OFFICER.value, RoleSlug.CASE_RELEASER.value
CASE_ROLES = (CASE_OFFICER, RoleSlug.CASE_RECEIVER.value, CASE_RELEASER)
FOUR_EYES = (ADMIN, RoleSlug.APPROVER.value, AUDITOR, *CASE_ROLES, REGISTRAR)
OTHER_HAND = {CASE_OFFICER: CASE_RELEASER, CASE_RELEASER: CASE_OFFICER}
ONE_HAND = (
    "Achtung: Fallbearbeitung und Freigabe liegen dann in einer Hand. Eine Liste, die diese Person selbst bearbeitet "
    "hat, gibt trotzdem eine andere frei."
)
ONE_MAILBOX = "dieselbe E-Mail-Adresse und zählen deshalb als eine Person"
WATCHED = {AUDITOR: REGISTRAR, REGISTRAR: AUDITOR}
WATCHES_HIMSELF = (
    "Achtung: Dieses Konto pflegt dann Stammdaten und prüft im selben Haus. Wer prüft, liest auch, was die Person "
    "selbst mit Konten und Rollen getan hat."
)
WAITS = timedelta(days=14)
REMIND_BEFORE = timedelta(days=3)  # who may confirm, before a request ends
TELL_FOR = timedelta(days=14)  # who asked, after it ended: beat may have been off
TIED_FOR = timedelta(days=30)
OPEN_AT_ONCE, ASKED_A_DAY = 20, 40  # requests of one person: whoever asks more keeps others from reading
SHIELDED_FOR = timedelta(days=30)  # the account of an auditor, after the end of that role
TIED = (
    "Sie und die Person, die das beantragt hat: Eine hat die andere in den letzten "
    f"{TIED_FOR.days} Tagen eingeladen, selbst "
    "oder über weitere Personen. Bestätigen muss es jemand anderes."
)


@dataclass(frozen=True)
class Hand:
    """An account that gives, receives or confirms: its number, who lately invited it, directly or not, its mailbox."""

    number: int
    hosts: frozenset[int] = frozenset()
    mailbox: str = ""

    def reads_mail_of(self, other: "Hand") -> bool:
        """Whether both get their links to a password in one mailbox: then they count as one person."""
        return bool(self.mailbox) and self.mailbox == other.mailbox


@dataclass(frozen=True)
class AccountFacts:
    """An account as the rules see it: for which partners it has roles, whether it has one of the installation.

    `house` are the partners which the authority is that employs its person. A role that waits for confirmation counts.
    """

    number: int
    partners: frozenset[int] = frozenset()
    is_technical: bool = False
    house: frozenset[int] = frozenset()

    @property
    def units(self) -> frozenset[int]:
        """Where somebody looks after it: the partners for which it has roles, else its house."""
        return self.partners or self.house


class AccountStanding(StrEnum):
    """What somebody is to an account: its administrator, one of two who must agree, or nobody."""

    ALONE = "alone"
    TOGETHER = "together"
    NONE = "none"


@dataclass(frozen=True)
class Powers:
    """Who holds power over accounts: registrars and auditors with their partners, and Technik."""

    registrars: Mapping[int, frozenset[int]]
    auditors: Mapping[int, frozenset[int]]
    technicians: frozenset[int]

    def registrars_covering(self, partners: frozenset[int]) -> frozenset[int]:
        """The registrars for all of these partners; for none of them where there are no partners."""
        return frozenset(number for number, own in self.registrars.items() if partners and partners <= own)

    def only_registrars(self) -> frozenset[int]:
        """Whoever maintains partners as a whole that nobody else maintains so."""
        return frozenset(number for number, own in self.registrars.items() if self.registrars_covering(own) <= {number})

    def registrars_touching(self, partners: frozenset[int]) -> frozenset[int]:
        """The registrars for at least one of these partners."""
        return _touching(self.registrars, partners)

    def auditors_touching(self, partners: frozenset[int]) -> frozenset[int]:
        """The auditors for at least one of these partners."""
        return _touching(self.auditors, partners)

    def standing(self, somebody: int, account: AccountFacts) -> AccountStanding:
        """An account is administered by whoever administers all its roles, else by a registrar of its whole authority.

        Else by a registrar of one of its roles and Technik together. Nobody administers himself.
        """
        if somebody == account.number:
            return AccountStanding.NONE
        if somebody in self._administrators(account):
            return AccountStanding.ALONE
        if somebody in self.technicians | self.registrars_touching(account.partners):
            return AccountStanding.TOGETHER
        return AccountStanding.NONE

    def administrators(self, account: AccountFacts) -> frozenset[int]:
        """Who administers this account alone."""
        return self._administrators(account) - {account.number}

    def _administrators(self, account: AccountFacts) -> frozenset[int]:
        if account.is_technical:
            return frozenset() if account.partners else self.technicians
        if account.partners:
            return self.registrars_covering(account.partners) | self.registrars_covering(account.house)
        return self.registrars_touching(account.house) if account.house else self.technicians


def _touching(held: Mapping[int, frozenset[int]], partners: frozenset[int]) -> frozenset[int]:
    return frozenset(number for number, own in held.items() if partners & own)


def needs_two(role: str) -> bool:
    """Whether one person gives this role and another confirms it."""
    return role in FOUR_EYES


def ends_at(given_at: datetime) -> datetime:
    """Until when a request can be confirmed."""
    return given_at + WAITS


def check_not_too_many(*, waiting: int, asked_lately: int) -> None:
    """Raises Refused for one more request of somebody who asked for very many: those who confirm could not read them.

    `asked_lately` counts those of the last 24 hours, whatever became of them.
    """
    require(
        waiting < OPEN_AT_ONCE,
        f"Von Ihnen warten schon {OPEN_AT_ONCE} Anträge auf Bestätigung. Es wurde nichts geändert. Warten Sie, bis "
        "über einige entschieden ist, oder nehmen Sie welche zurück.",
    )
    require(
        asked_lately < ASKED_A_DAY,
        f"Sie haben in den letzten 24 Stunden schon {ASKED_A_DAY} Anträge gestellt. Es wurde nichts geändert. "
        "Versuchen Sie es morgen wieder.",
    )


def check_giver(giver: Hand, receiver: Hand) -> None:
    """Raises Refused for a role, or more of it, that somebody gives himself or asks for himself."""
    require(
        giver.number != receiver.number,
        "Für Ihr eigenes Konto können Sie das nicht tun. Das muss eine andere Person, die es darf. "
        "Es wurde nichts geändert.",
    )
    require(
        not giver.reads_mail_of(receiver),
        f"Dieses Konto und Ihres haben {ONE_MAILBOX}. Das muss eine andere Person, die es darf. "
        "Es wurde nichts geändert.",
    )


def obstacle(hand: Hand, *, giver: Hand, receiver: Hand) -> str:
    """Why this person may not be the second one, as a sentence; "" when nothing stands in the way."""
    another = "Bestätigen muss es eine andere Person."
    return first_problem(
        (hand.number == giver.number, f"Das haben Sie selbst beantragt. {another}"),
        (hand.number == receiver.number, f"Es geht um Ihr eigenes Konto. {another}"),
        (
            hand.reads_mail_of(giver),
            f"Sie haben mit der Person, die das beantragt hat, {ONE_MAILBOX}. {another}",
        ),
        (
            hand.reads_mail_of(receiver),
            f"Sie haben mit dem Konto, um das es geht, {ONE_MAILBOX}. {another}",
        ),
        (
            giver.number in hand.hosts or hand.number in giver.hosts,
            TIED,
        ),
    )


def hosts_of(guest: int, invitations: Mapping[int, int]) -> frozenset[int]:
    """Who invited an account, who invited that one, and so on; `invitations` of the last 30 days, guest to host."""
    found: list[int] = []
    while guest in invitations and invitations[guest] not in found:
        guest = invitations[guest]
        found.append(guest)
    return frozenset(found)


def free_of_obstacles(hands: Iterable[Hand], *, giver: Hand, receiver: Hand) -> frozenset[int]:
    """Who of these may be the second person."""
    return frozenset(hand.number for hand in hands if not obstacle(hand, giver=giver, receiver=receiver))


def circles_for_role(powers: Powers, role: str, partners: frozenset[int]) -> list[frozenset[int]]:
    """Who confirms a role for these partners: the first circle in which somebody may, Technik after the registrars."""
    if role == ADMIN:
        return [powers.technicians | frozenset(powers.registrars)]
    return [powers.registrars_covering(partners), powers.technicians]


def circles_for_account(
    powers: Powers, giver: int, account: AccountFacts, neighbours: frozenset[int]
) -> list[frozenset[int]]:
    """Who confirms what is asked for an account itself, such as mending a lost factor.

    `neighbours` are the other partners of its agreements: their registrars stand in for the only one of a partner.
    """
    is_administrator = powers.standing(giver, account) is AccountStanding.ALONE
    if account.is_technical and not account.partners:
        return [powers.technicians | frozenset(powers.registrars)]
    if giver in powers.technicians and not (is_administrator and giver in powers.registrars):
        own = powers.registrars_touching(account.units)
        return [own - {account.number}, powers.registrars_touching(neighbours)]
    if is_administrator:
        return [powers.administrators(account), powers.technicians]
    return [powers.technicians]
