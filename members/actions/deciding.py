"""The second pair of eyes: confirming or refusing what another person asked for."""

from datetime import date, datetime

from kok import audit
from kok.errors import Refused, require
from kok.models import User
from kok.words import local_day
from members.actions import notices
from members.actions.administering import check_names_may_change, check_new_address, check_power, on_power
from members.actions.factors import take_off_factors
from members.actions.lapsing import check_open
from members.actions.people import rename
from members.actions.roles import Place, asked_for, assign, check_assignable, lock_accounts, slug_of
from members.models import AccountRequest, Person
from members.queries.accounts import sealed_name_of
from members.queries.identities import identities_of
from members.queries.power import PowerRegister
from members.rules.codes import AccountRequestKind, AccountRequestState
from members.rules.power import WAITS, ends_at

FORGED = (
    "Dieser Antrag wurde an der Anwendung vorbei geschrieben. Sagen Sie es der Technik und der Prüfung. Es wurde "
    "nichts geändert."
)


@on_power
def confirm(*, request: AccountRequest, by: User, seen: str | None = None, now: datetime) -> None:
    """Carries out what was asked for. The role begins at the earliest today.

    `seen` is the fingerprint of what the page showed of the people, without a page None. Raises Refused when it is
    decided, too late, or asked for by somebody who may not any more, for a person who may not be the second one, and
    when the page showed something else.
    """
    request = _to_decide(request, by=by, now=now)
    require(
        not (seen is not None and seen != identities_of(request, now).fingerprint),
        "Die Angaben haben sich geändert, seit Sie diese Seite geöffnet haben. Es wurde nichts bestätigt. Prüfen "
        "Sie sie erneut.",
    )
    _ACTS[AccountRequestKind(request.kind)](request, by, now)
    _decide(request, AccountRequestState.CONFIRMED, by, now)


@on_power
def refuse(*, request: AccountRequest, reason: str, by: User, now: datetime) -> None:
    """Refuses it for a reason that the giver reads. Raises Refused as `confirm`."""
    request = _to_decide(request, by=by, now=now)
    request.reason = reason
    _decide(request, AccountRequestState.REFUSED, by, now)
    note = f"{asked_for(request)}, beantragt von Konto {request.given_by_id}"
    audit.record(by=by, action="request.refused", obj=request, agreement=slug_of(request), note=note, now=now)
    notices.tell_giver("request-refused", request, now=now)


def _to_decide(request: AccountRequest, *, by: User, now: datetime) -> AccountRequest:
    """Accounts first, in one order, then the row: whoever ends a role of one of them waits, or came before.

    Before them the person whose name changes, as whoever else changes a person does.
    """
    if request.is_name:
        list(Person.objects.select_for_update(of=("self",)).filter(user=request.user_id))
    lock_accounts(by.pk, request.given_by_id, request.user_id)
    request = AccountRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    check_decision(request, by=by, now=now)
    return request


def check_confirmation(request: AccountRequest, *, by: User, now: datetime) -> None:
    """Raises Refused as `confirm`; changes nothing."""
    check_decision(request, by=by, now=now)
    if request.is_role:
        _first_day(request, now)
    if request.is_name:
        check_names_may_change(request.user, now, but=request.pk)


def check_decision(request: AccountRequest, *, by: User, now: datetime) -> None:
    """Raises Refused when it is decided or too late, and for a person who may not be the second one.

    Also for a request, or hands, that somebody put in past the application: what two people give is given by two.
    """
    check_open(request)
    require(request.sealing.stands(request), FORGED)
    check_power(request.given_by, by, request.user)
    require(
        now < ends_at(request.given_at),
        f"Dieser Antrag ist abgelaufen: Er galt {WAITS.days} Tage. Wer ihn gestellt hat, kann ihn neu stellen. "
        "Es wurde nichts geändert.",
    )
    if told := PowerRegister(now).obstacle(request, by):
        raise Refused(f"{told} Es wurde nichts geändert.")


def _decide(request: AccountRequest, state: str, by: User, now: datetime) -> None:
    request.state, request.decided_by, request.decided_at = state, by, now
    request.decider_name = sealed_name_of(by)
    request.save()


def _first_day(request: AccountRequest, now: datetime) -> date:
    """From when on the role counts. Raises Refused where it cannot be given any more."""
    first: date = max(request.period.lower, local_day(now))
    require(
        not (request.period.upper and request.period.upper <= first),
        "Der gewünschte Zeitraum ist schon vorbei. Es wurde nichts geändert.",
    )
    period = (first, request.period.upper)
    check_assignable(user=request.user, role=request.role, place=_place(request), period=period, now=now)
    return first


def _place(request: AccountRequest) -> Place:
    return request.partner or request.authority


def _give(request: AccountRequest, by: User, now: datetime) -> None:
    period = (_first_day(request, now), request.period.upper)
    assign(
        user=request.user, role=request.role, place=_place(request), period=period,
        given_by=request.given_by, confirmed_by=by, now=now,
    )  # fmt: skip


def _take_off(request: AccountRequest, by: User, now: datetime) -> None:
    note = f"bei Konto {request.user_id}, beantragt von Konto {request.given_by_id}"
    take_off_factors(user=request.user, by=by, note=note, now=now)
    notices.tell_of_account("factor-removed", request, now=now)


def _open(request: AccountRequest, by: User, now: datetime) -> None:
    require(not request.user.is_active, "Dieses Konto ist schon wieder freigegeben. Es wurde nichts geändert.")
    check_new_address(request.user, request.user.email, now)
    request.user.is_active, request.user.closed_by = True, None
    request.user.save(update_fields=["is_active", "closed_by"])
    note = f"beantragt von Konto {request.given_by_id}"
    audit.record(by=by, action="account.opened", obj=request.user, note=note, now=now)
    notices.tell_of_account("account-opened", request, now=now)


def _rename(request: AccountRequest, by: User, now: datetime) -> None:
    check_names_may_change(request.user, now, but=request.pk)
    rename(
        user=request.user, given_name=request.new_given_name, family_name=request.new_family_name, by=by,
        note=f"beantragt von Konto {request.given_by_id}", now=now,
    )  # fmt: skip


_ACTS = {
    AccountRequestKind.ROLE: _give,
    AccountRequestKind.FACTOR: _take_off,
    AccountRequestKind.OPENING: _open,
    AccountRequestKind.NAME: _rename,
}
