"""The access log as its readers need it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from operator import attrgetter, itemgetter
from uuid import UUID

from django.db.models import Q, QuerySet

from kok.access import Permission, grants_with
from kok.models import User
from kok.queries import account_names
from kok.trail import OTHER_HOUSE, in_words, staff_of
from members.models import Agreement
from members.queries import houses_of
from transitions.models import AccessLogEntry, TransitionCase, TransitionListVersion
from transitions.queries.case_log import about
from transitions.rules.codes import LogAction


@dataclass(frozen=True)
class LogFilter:
    """What an auditor looks for; days are inclusive."""

    from_on: date | None = None
    until_on: date | None = None
    account: int | None = None
    action: str = ""
    case_ref: str = ""
    list_year: int | None = None

    @property
    def is_set(self) -> bool:
        """Whether anything was chosen."""
        return any(astuple(self))

    @property
    def words(self) -> str:
        """The same in words for the trail, with numbers instead of names."""
        year = f"Liste {self.list_year}" if self.list_year else ""
        action = LogAction(self.action).label if self.action else ""
        return in_words(self.from_on, self.until_on, self.account, action, self.case_ref, year)


def may_read(user: User) -> bool:
    """Whether this account holds the role of an auditor anywhere."""
    return bool(grants_with(user, Permission.CASES_LOG))


def entries_visible_to(user: User) -> QuerySet[AccessLogEntry]:
    """The lines of the auditor's agreements, the newest first."""
    held = grants_with(user, Permission.CASES_LOG)
    return AccessLogEntry.objects.filter(agreement__in={grant.agreement.slug for grant in held if grant.agreement})


def entries_wanted(user: User, wanted: LogFilter) -> QuerySet[AccessLogEntry]:
    """What the auditor may see of what he looks for; by a Fallzeichen that is emptied for him he finds no line.

    By any other also who saw the whole list while the case stood there: that is a look at it as well.
    """
    chosen = {
        "day__gte": wanted.from_on,
        "day__lte": wanted.until_on,
        "actor_id": wanted.account,
        "action": wanted.action,
        "list_year": wanted.list_year,
    }
    found = entries_visible_to(user).filter(**{name: value for name, value in chosen.items() if value})
    if not wanted.case_ref:
        return found
    case = known_case(user, wanted.case_ref)
    if case is None:
        return found.filter(case_ref=wanted.case_ref, actor_id__in=staff_of(user))
    return found.filter(about(case))


def known_case(user: User, case_ref: str) -> TransitionCase | None:
    """The case with this Fallzeichen, unless it is hidden from this auditor or was removed."""
    return TransitionCase.objects.filter(case_ref=case_ref).first() if _known_cases(user, {case_ref}) else None


def questions_on(day: date, agreement: str) -> int:
    """How often it was asked that day whether a text names somebody of the lists of this agreement."""
    return AccessLogEntry.objects.filter(day=day, agreement=agreement, action=LogAction.NAMES_ASKED).count()


def add_numbers(entries: Iterable[AccessLogEntry]) -> None:
    """Gives each line the number of its version as `number`, None where there is no such version any more."""
    named = set(filter(_is_number, map(attrgetter("version"), entries)))
    found = TransitionListVersion.objects.filter(pk__in=named).values_list("pk", "number")
    numbers = {str(pk): number for pk, number in found}
    for entry in entries:
        entry.number = numbers.get(entry.version)


def _is_number(text: str) -> bool:
    """Whether this can be the number of a version: who writes past the application writes what he likes."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def add_regions(entries: Iterable[AccessLogEntry]) -> None:
    """Gives each line the name of its region, for who does not know short names of agreements."""
    regions = dict(Agreement.objects.values_list("slug", "region"))
    for entry in entries:
        entry.region = regions.get(entry.agreement, entry.agreement)


def hide_drafts(user: User, entries: Sequence[AccessLogEntry]) -> None:
    """Empties the Fallzeichen of cases that another house never transmitted: they are known to those who prepare them.

    What was removed before it went out has no case any more; then only the own people tell of it.
    """
    own_people = staff_of(user)
    known = _known_cases(user, set(map(attrgetter("case_ref"), entries)))
    for entry in entries:
        if entry.case_ref not in known and entry.actor_id not in own_people:
            entry.case_ref = ""


def _known_cases(user: User, refs: Collection[str]) -> set[str]:
    """Which of these are transmitted, or of the own house."""
    own_partners = {grant.partner for grant in grants_with(user, Permission.CASES_LOG)}
    known = Q(named_at__isnull=False) | Q(transition_list__sender__in=own_partners)
    return set(TransitionCase.objects.filter(known, case_ref__in=refs).values_list("case_ref", flat=True))


def show_people(user: User, entries: Sequence[AccessLogEntry]) -> None:
    """Gives each line `who` and `name` as this auditor may know them.

    The people of his own house by name. Of everybody else only which house looked: its own auditor knows who it was.
    """
    names = account_names(map(attrgetter("actor_id"), entries))  # an erased one is of no house, and keeps its own name
    own = staff_of(user)
    strangers = names.keys() - own
    found = houses_of(strangers)
    houses: dict[int | None, str] = {number: found.get(number, OTHER_HOUSE) for number in strangers}
    called: dict[int | None, str] = {number: names[number] for number in names.keys() & own}
    for entry in entries:
        entry.name, entry.who = called.get(entry.actor_id, ""), houses.get(entry.actor_id, entry.actor)


def accounts_in(user: User) -> list[tuple[int, str]]:
    """The accounts of the own house that the visible lines name."""
    own = entries_visible_to(user).filter(actor_id__in=staff_of(user))
    rows = own.order_by("actor").values_list("actor_id", "actor").distinct()
    names = account_names(map(itemgetter(0), rows))
    return [(number, f"{names[number]} ({actor})" if names.get(number) else actor) for number, actor in rows if number]


def years_in(user: User) -> list[int]:
    """The list years that the visible lines name, the newest first."""
    rows = entries_visible_to(user).order_by("-list_year").values_list("list_year", flat=True).distinct()
    return list(filter(None, rows))
