"""Who may act on an account alone; whoever may not is told who can."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from kok import account_seals, genuine, journal
from kok.errors import Forged, Refused, require
from kok.models import User
from members.models import AccountRequest, Agreement, Authority, Partner, Person, RoleAssignment
from members.queries.access import roles_stand
from members.queries.foundation import foundation, people_of, power
from members.queries.leaving import seats_beyond
from members.queries.power import (
    PowerRegister,
    has_power_beside,
    holds_or_awaits_power,
    holds_power,
    is_part_of_request,
    names_of,
)
from members.rules.power import AccountFacts, AccountStanding

MEANWHILE = (
    "Während dieses Vorgangs wurde ein Konto, eine Rolle, ein Antrag oder eine Person an der Anwendung vorbei "
    "geändert. Es wurde nichts geändert. Sagen Sie es der Technik und der Prüfung."
)
_OF_POWER = (User, RoleAssignment, AccountRequest, Person, Agreement, Partner, Authority)
P = ParamSpec("P")
R = TypeVar("R")


def check_genuine(*people: User) -> None:
    """Raises Refused where an account or a role of one of them was changed or put in past the application (ADR 23).

    Also where an agreement, a partner or an authority was: for whom a role counts, these say. And where the person was:
    by that name and house the others know the account.
    """
    genuine.check((*foundation(), *people_of(*people)))
    check_hands(*people)


def check_power(*people: User) -> None:
    """Raises Refused as `check_genuine`, and where any account, role or request was changed there (ADR 23).

    Asked by every act that gives or moves an account, its mailbox or a role, with its hand and the account that it is
    about. Who confirms, who else reads mail there, who closed it: that others say, and somebody could hide their role,
    or readdress or close their account, for as long as the act takes. What was put in hides nothing, and stops nobody
    but whose account it is.
    """
    check_genuine(*people)
    genuine.check_unchanged(power())


def on_power(act: Callable[P, R]) -> Callable[P, R]:
    """An act that asks `check_power`, in a transaction: what it reads of power is what that compared.

    Refused where somebody changed an account, a role or a request past the application since it began, also where it
    stands by now as it did. Not by command (`by=None`), which is the way back.
    """

    @wraps(act)
    @transaction.atomic
    def carried_out(*args: P.args, **kwargs: P.kwargs) -> R:
        began = journal.moment()
        done = act(*args, **kwargs)
        if kwargs.get("by") is not None and journal.is_changed_since(began, [model.sealing for model in _OF_POWER]):
            raise Forged(MEANWHILE)
        return done

    return carried_out


def check_hands(*people: User) -> None:
    """Raises Refused where an account or a role of one of them was changed or put in past the application (ADR 23).

    For acts that erase or end something: nothing else that somebody wrote there keeps anybody from them.
    """
    standing = User.sealing.standing({user.pk for user in people})
    require(
        all(str(user.pk) in standing and account_seals.factors_stand(user) and roles_stand(user) for user in people),
        "Ein Konto oder eine Rolle der Beteiligten wurde an der Anwendung vorbei geändert. Sagen Sie es der "
        "Technik und der Prüfung. Es wurde nichts geändert.",
    )


def check_hand(by: User | None, check: Callable[..., None]) -> None:
    """One of these checks of whoever acts; a command has nobody's account behind it."""
    if by is not None:
        check(by)


def acting(by: User, now: datetime) -> PowerRegister:
    """Who may what, where of the hand only those roles count that stand as they were sealed (ADR 23).

    Asked by every act that gives, ends or closes. A role that somebody put in gives no power, and one that was put in
    beside an honest one takes none: whoever fears something can end or close it.
    """
    return PowerRegister(now, hand=by)


def check_people(*people: User) -> None:
    """Raises Forged where it was changed past the application whose account one of these is, or for whom he works.

    Who looks at the page of one person must not act on the account of another.
    """
    genuine.check(people_of(*people))


def check_administers(by: User, user: User, now: datetime) -> None:
    """Raises Refused, with who can, for somebody who does not administer this account alone, by what stands."""
    register = acting(by, now)
    if register.standing(by, user) is not AccountStanding.ALONE:
        check_hands(by)
        raise Refused(f"{who_administers(register.administrators(user))} Es wurde nichts geändert.")


def check_maintains(person: Person, by: User, register: PowerRegister, beside: Iterable[Partner] = ()) -> None:
    """Raises Refused, with who can, for somebody who does not maintain all seats and roles of the person.

    The LWV has the same people in every agreement: whoever maintains one of them changes nothing for another, or an
    invitation of the other would go where he likes. `beside`: further partners that are touched.
    """
    account = (
        register.account(person.user)
        if person.user
        else AccountFacts(0, house=register.partners(None, person.employer_id))
    )
    seats = seats_beyond(person, register.day)
    touched = {*seats.values_list("seat__partner", flat=True), *(partner.pk for partner in beside)}
    whole = replace(account, partners=account.partners | touched)
    if register.powers.standing(by.pk, whole) is AccountStanding.ALONE:
        return
    require(
        not whole.is_technical,
        "Dieses Konto hat auch die Rolle Technik. Es wurde nichts geändert. Zuerst beendet die Technik diese Rolle.",
    )
    names = ", ".join(names_of(register.powers.administrators(whole)))
    who = names or "eine Person mit der Rolle Stammdaten für die ganze Behörde"
    raise Refused(f"Sitze oder Rollen von {person} pflegen Sie nicht alle. Es wurde nichts geändert. Das kann: {who}.")


def check_mailbox(user: User, email: str, now: datetime) -> None:
    """Raises Refused where another account with power reads its mail in the mailbox of this address.

    As the rows stand: an act asks `check_power` before, so that no account is hidden for as long. A command on the
    machine does not: it makes good what somebody wrote there.
    """
    require(
        not has_power_beside(user, email, now),
        "Ein anderes Konto mit Rollen, die zwei Personen geben, hat dieselbe E-Mail-Adresse. Beide zählten als "
        "eine Person. Es wurde nichts geändert. Nehmen Sie eine Adresse, deren Postfach nur diese Person liest. "
        "Gehören beide Konten derselben Person, geben Sie die Rolle dem anderen.",
    )


def check_new_address(user: User, email: str, now: datetime) -> None:
    """The same for another address of an account that has power or waits for it."""
    if holds_or_awaits_power(user, now):
        check_mailbox(user, email, now)


def check_may_readdress(by: User, user: User, now: datetime) -> None:
    """Raises Refused as `check_administers`, and for somebody else's account with power.

    Whoever chooses the mailbox gets the links to a password: one person alone would have what two must give. Before
    anybody came in, power that waits counts too: the second person looks at the address of the invitation.
    """
    check_administers(by, user, now)
    if user.has_usable_password():
        require(
            not holds_power(user, now),
            "Dieses Konto hat Rollen, die zwei Personen geben. Seine Adresse ändert die Person selbst. Kann sie das "
            "nicht, beenden Sie zuerst diese Rollen und beantragen Sie sie danach neu. Es wurde nichts geändert.",
        )
    else:
        require(
            not holds_or_awaits_power(user, now),
            "Diese Person hat noch kein Passwort gewählt, und ihr Konto hat oder bekommt eine Rolle, die zwei Personen "
            "geben. Solange bleibt die Adresse, die beide gesehen haben. Beenden Sie die Rolle oder nehmen Sie den "
            "Antrag zurück, ändern Sie dann die Adresse und beantragen Sie die Rolle neu. Es wurde nichts geändert.",
        )


def check_may_rename(by: User, user: User, now: datetime) -> None:
    """Raises Refused for the own name of somebody with power, and while a request waits of which the account is part.

    Whoever confirms reads names: they stay what both saw.
    """
    require(
        not (by.pk == user.pk and holds_power(user, now)),
        "Sie haben eine Rolle, die zwei Personen geben. Ihren Namen ändert deshalb eine andere Person Ihres Hauses "
        "mit der Rolle Stammdaten. Gibt es keine, beantragt es die Technik. Es wurde nichts geändert.",
    )
    check_names_may_change(user, now)


def check_names_may_change(user: User, now: datetime, *, but: int | None = None) -> None:
    """Raises Refused while a request waits of which the account is part; `but` one."""
    require(
        not is_part_of_request(user, now, but=but),
        "Zu diesem Konto wartet ein Antrag auf Bestätigung, oder es hat einen gestellt. Bis er entschieden oder "
        "zurückgenommen ist, bleibt der Name, den beide gesehen haben. Es wurde nichts geändert.",
    )


def refusal(check: Callable[[], object]) -> str:
    """The sentence with which this check refuses; "" where nothing stands in the way."""
    try:
        check()
    except Refused as refused:
        return refused.sentence
    return ""


def who_administers(names: list[str]) -> str:
    """The administrators of an account in a sentence; where nobody is one alone, it takes two."""
    if names:
        return f"Dieses Konto verwaltet: {', '.join(names)}."
    return "Dieses Konto verwalten zwei Personen gemeinsam: eine, die Stammdaten pflegt, und die Technik."
