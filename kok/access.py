"""Who may do what: one list of permissions, one table of roles, and the decorators that close every view.

The kernel knows neither agreements nor role assignments: `members` registers two look-ups at start-up.
What one may not see does not exist: 404. Who sees a thing and may not act on it is told so: 403.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Protocol, TypeAlias

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase

from kok import clock
from kok.requests import Request, or_404
from kok.roles import RoleSlug

if TYPE_CHECKING:  # by name only, as in `kok.requests`
    from django.contrib.auth.models import AnonymousUser

    from kok.models import User
    from members.models import Agreement

Visitor: TypeAlias = "User | AnonymousUser"
View = Callable[..., HttpResponseBase]


class Permission(StrEnum):
    """Everything that can be allowed. A view names exactly one."""

    AGREEMENT_READ = "agreement.read"
    SEATS_MANAGE = "seats.manage"
    ACCOUNTS_MANAGE = "accounts.manage"
    MEETING_READ = "meeting.read"
    MEETING_PLAN = "meeting.plan"
    MEETING_INVITE = "meeting.invite"
    INVITATION_ANSWER = "invitation.answer"
    MINUTES_WRITE = "minutes.write"  # and reads drafts, those of other secretariats too
    MINUTES_CIRCULATE = "minutes.circulate"
    MINUTES_APPROVE = "minutes.approve"
    TASK_UPDATE = "task.update"
    DUTIES_READ = "duties.read"
    DUTY_RECORD = "duty.record"
    CASES_COUNT = "cases.count"
    CASES_ENTER = "cases.enter"
    CASES_DRAFT = "cases.draft"
    CASES_RELEASE = "cases.release"
    CASES_RECEIVE = "cases.receive"
    CASES_LOG = "cases.log"
    FIGURES_READ = "figures.read"
    FIGURES_EXACT = "figures.exact"
    FIGURES_DELIVER = "figures.deliver"
    AUDIT_READ = "audit.read"
    ACCOUNTS_ADMIN = "accounts.admin"
    JOBS_MANAGE = "jobs.manage"
    BARRIERS_ANSWER = "barriers.answer"


P, S = Permission, RoleSlug
_MEMBER = {P.AGREEMENT_READ, P.MEETING_READ, P.INVITATION_ANSWER, P.DUTIES_READ, P.TASK_UPDATE, P.CASES_COUNT}
_FIGURES = {P.AGREEMENT_READ, P.FIGURES_READ, P.FIGURES_EXACT}
_MEMBER |= _FIGURES
_CASES = {P.AGREEMENT_READ, P.CASES_COUNT, P.CASES_ENTER, P.FIGURES_READ}


# What shows the thing on which one acts: whoever may see it and not act on it is told so. To all others there is none.
SHOWN_BY: dict[Permission, Permission] = {
    P.MEETING_PLAN: P.MEETING_READ,
    P.MEETING_INVITE: P.MEETING_READ,
    P.INVITATION_ANSWER: P.MEETING_READ,
    P.MINUTES_WRITE: P.MEETING_READ,
    P.MINUTES_CIRCULATE: P.MEETING_READ,
    P.MINUTES_APPROVE: P.MEETING_READ,
    P.TASK_UPDATE: P.MEETING_READ,
    P.DUTY_RECORD: P.DUTIES_READ,
    P.FIGURES_DELIVER: P.FIGURES_EXACT,
    P.CASES_DRAFT: P.CASES_ENTER,
    P.CASES_RELEASE: P.CASES_ENTER,
    P.CASES_RECEIVE: P.CASES_ENTER,
}


@dataclass(frozen=True)
class Role:
    """A role with the German sentence that says who may hold it, and why."""

    slug: str
    title: str
    who: str
    permissions: frozenset[Permission]

    @property
    def needs_factor(self) -> bool:
        """Whether a password alone is too little for this role: it gives power over accounts, or opens names."""
        return self.slug in NEEDS_FACTOR


NEEDS_FACTOR = frozenset({S.REGISTRAR, S.AUDITOR, S.ADMIN, S.CASE_OFFICER, S.CASE_RELEASER, S.CASE_RECEIVER})
ROLES: dict[str, Role] = {
    slug.value: Role(slug.value, slug.label, who, frozenset(permissions))
    for slug, who, permissions in [
        (
            S.SECRETARIAT,
            (
                "Wer für einen Partner die Geschäftsführung wahrnimmt oder vorbereitet. "
                "Einladen und leiten darf nur der Partner, der am maßgeblichen Tag im Amt ist."
            ),
            _MEMBER | {P.MEETING_PLAN, P.MEETING_INVITE, P.MINUTES_WRITE, P.MINUTES_CIRCULATE},
        ),
        (
            S.MEMBER,
            "Ständige Mitglieder nach Anlage 1 und ihre Stellvertretungen.",
            _MEMBER,
        ),
        (
            S.APPROVER,
            "Wer für einen Partner Protokolle genehmigt, in der Regel eine Leitung aus Anlage 1.",
            _MEMBER | {P.MINUTES_APPROVE},
        ),
        (
            S.REGISTRAR,
            "Wer für einen Partner Sitze, Personen, Konten und Rollen pflegt, und Barrieren, wo dieser benannt ist.",
            {P.AGREEMENT_READ, P.SEATS_MANAGE, P.ACCOUNTS_MANAGE, P.FIGURES_READ, P.BARRIERS_ANSWER},
        ),
        (
            S.REPORTER,
            "Wer für einen Partner Mitteilungen nach Punkt 8 und Zahlen abgibt; erhält die Erinnerungen.",
            _FIGURES | {P.DUTIES_READ, P.DUTY_RECORD, P.FIGURES_DELIVER},
        ),
        (
            S.CASE_OFFICER,
            "Benannte Fachkräfte der Stelle des Trägers, die diese Aufgabe hat (Punkt 8b, § 67 Abs. 4 SGB X).",
            _CASES | {P.CASES_DRAFT},
        ),
        (
            S.CASE_RELEASER,
            "Zweite Person des örtlichen Trägers, die die Übergangsliste freigibt (Punkt 8b).",
            _CASES | {P.CASES_RELEASE},
        ),
        (
            S.CASE_RECEIVER,
            "Empfangende Stelle des LWV Hessen für die Übergangsliste (Punkt 8b).",
            _CASES | {P.CASES_RECEIVE},
        ),
        (
            S.AUDITOR,
            "Datenschutz und Revision: sieht Protokolle der Anwendung, keine Inhalte.",
            {P.AUDIT_READ, P.CASES_LOG},
        ),
        (
            S.ADMIN,
            "Betrieb der Installation: Konten, Aufträge, Seiten der Fußzeile, gemeldete Barrieren; keine Inhalte.",
            {P.ACCOUNTS_ADMIN, P.JOBS_MANAGE, P.BARRIERS_ANSWER},
        ),
    ]
}


class Place(Protocol):
    """What the kernel knows of an agreement; two are equal when they are the same row."""

    pk: int
    slug: str
    region: str


@dataclass(frozen=True)
class Grant:
    """What one role of one user opens today: an agreement and a partner there, or the installation (all None).

    `authority` is that of the partner. A role held for the authority itself opens every agreement of which it is a
    partner, each by a grant of its own, and only such a role `spans` them.
    It is waiting while the role needs a second factor and the account has none: then it opens nothing.
    """

    role: str
    agreement: "Agreement | None" = None
    partner: int | None = None
    authority: int | None = None
    spans: bool = False
    is_waiting: bool = False

    @property
    def slug(self) -> str:
        """Of the agreement; "" of the installation."""
        return self.agreement.slug if self.agreement else ""

    def allows(self, permission: Permission) -> bool:
        """Whether this is the role for it."""
        return permission in ROLES[self.role].permissions


class Lookups:
    """What `members` brings: an agreement by its slug, the grants of a user on a day, the accounts of a house.

    `staff` gets numbers of authorities and of partners, and answers with the numbers of the accounts that belong there.
    `people` gets numbers of people and of authorities, and answers with the names of those who work there.
    `bearers` gets roles and a day, and answers with the numbers of the accounts that have one, and of those whose own
    was changed or taken away past the application.
    `houses` gets numbers of accounts, and answers with the short name of the authority of each.
    """

    agreement: Callable[[str], "Agreement | None"]
    grants: Callable[[int, date], Iterable[Grant]]
    staff: Callable[[Collection[int], Collection[int]], set[int]]
    people: Callable[[Collection[int], Collection[int]], dict[int, str]]
    bearers: Callable[[Collection[str], date], tuple[set[int], set[int]]]
    houses: Callable[[Collection[int]], dict[int, str]]


class FactorMissing(Exception):
    """A role of this person would open the page, but it waits for a second factor. A page says so."""


def grants_of(user: Visitor) -> tuple[Grant, ...]:
    """The grants of a user that count today, read once per request (kept on the user object of this request)."""
    return _held_by(user)[0]


def waiting_grants_of(user: Visitor) -> tuple[Grant, ...]:
    """The grants that count as soon as the user sets up a second factor."""
    return _held_by(user)[1]


def _held_by(user: Visitor) -> tuple[tuple[Grant, ...], tuple[Grant, ...]]:
    """What counts, and what waits."""
    if not user.is_active:  # nobody is signed in, or nobody who may be
        return (), ()
    if not hasattr(user, _HELD):
        grants = tuple(Lookups.grants(user.pk, clock.today()))
        waiting = tuple(grant for grant in grants if grant.is_waiting)
        setattr(user, _HELD, (tuple(grant for grant in grants if not grant.is_waiting), waiting))
    held: tuple[tuple[Grant, ...], tuple[Grant, ...]] = getattr(user, _HELD)
    return held


_HELD = "_kok_grants"


def grants_with(user: Visitor, permission: Permission) -> list[Grant]:
    """The grants of a user that allow this today, wherever."""
    return [grant for grant in grants_of(user) if grant.allows(permission)]


def allowed_by(grants: Iterable[Grant]) -> frozenset[Permission]:
    """Everything that some of these grants allow."""
    return frozenset[Permission]().union(*(ROLES[grant.role].permissions for grant in grants))


def can(user: Visitor, permission: Permission, agreement: Place | None = None) -> bool:
    """Whether some role of the user allows this today; without an agreement only roles of the installation count."""
    return any(grant.agreement == agreement for grant in grants_with(user, permission))


def holds(user: Visitor, permission: Permission) -> bool:
    """Whether a role of the installation is there for this, also one that waits for a second factor."""
    held = (*grants_of(user), *waiting_grants_of(user))
    return any(grant.agreement is None and grant.allows(permission) for grant in held)


def partners_of(user: Visitor, permission: Permission, agreement: Place) -> frozenset[int]:
    """The ids of the partners for whom the user holds a permission in this agreement."""
    held = grants_with(user, permission)
    return frozenset(grant.partner for grant in held if grant.agreement == agreement and grant.partner is not None)


def authorities_of(user: Visitor, permission: Permission, *, spanning: bool = False) -> frozenset[int]:
    """The ids of the authorities for whom the user holds a permission, in some agreement or (`spanning`) in all."""
    held = grants_with(user, permission)
    return frozenset(grant.authority for grant in held if grant.authority is not None and (grant.spans or not spanning))


def _opened(user: Visitor, permission: Permission, slug: str) -> "Agreement":
    """The agreement, if the user has the permission there; it came with the grants.

    Whoever holds nothing in it, the Technik too, learns nothing of it.
    """
    here = [grant for grant in grants_of(user) if grant.slug == slug]
    allowed = allowed_by(here)
    if permission in allowed:
        return or_404(here[0].agreement)
    ask_for_factor(user, permission, slug)
    raise PermissionDenied if SHOWN_BY.get(permission) in allowed else Http404


def ask_for_factor(user: Visitor, permission: Permission, agreement: str | None = None) -> None:
    """Raises FactorMissing where a role with this permission waits; without an agreement, wherever it is held."""
    waiting = [grant for grant in waiting_grants_of(user) if grant.allows(permission)]
    if any(agreement is None or grant.slug in ("", agreement) for grant in waiting):
        raise FactorMissing


def marked(view: View, **signs: object) -> View:
    """The same view, with what is told of it: who may call it, and what else middleware and checks look for."""
    vars(view).update(signs)
    return view


def requires(permission: Permission) -> Callable[[View], View]:
    """Opens a view below an agreement to roles with this permission; sets `request.agreement`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, *args: object, agreement: str, **kwargs: object) -> HttpResponseBase:
            request.agreement = _opened(request.user, permission, agreement)
            return view(request, *args, **kwargs)

        return marked(guarded, access=permission)

    return decorate


def installation(permission: Permission) -> Callable[[View], View]:
    """Opens a page of the installation, outside any agreement; others get 404."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponseBase:
            if not can(request.user, permission):
                ask_for_factor(request.user, permission)
                raise Http404
            return view(request, *args, **kwargs)

        return marked(guarded, access=permission)

    return decorate


def signed_in(view: View) -> View:
    """Opens a view to every signed-in user; the view itself shows only what belongs to him."""
    return marked(view, access="signed-in")


def public(view: View) -> View:
    """Opens a view to everybody, signed in or not."""
    return login_not_required(marked(view, access="public"))
