"""What makes entering the next person quicker: what the draft says already."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter, itemgetter

from kok import words
from kok.alphabet import sort_key
from kok.models import User
from transitions.models import CaseEntry, TransitionListVersion
from transitions.queries.access import Access
from transitions.queries.due_days import list_due_day_of
from transitions.queries.known import Known, KnownPeople
from transitions.rules import ages, free_texts, people
from transitions.rules.case import CaseData, Given
from transitions.rules.free_texts import Doubt
from transitions.rules.names import People

ANOTHER = (
    "In diesem Fall steht {name}, geboren am {born}. Ist das dieselbe Person? Ist es eine andere, ändern Sie hier "
    "nichts: Nehmen Sie diesen Fall von der Liste, und geben Sie die andere Person als neuen Fall ein."
)
REPEATED = ("facility_name", "facility_place", "contact_unit", "contact_phone")  # what people of one home share


@dataclass(frozen=True)
class Shared:
    """Homes and places of a draft, to be offered again, and the values of one's own last entry."""

    facilities: tuple[str, ...]
    places: tuple[str, ...]
    initial: dict[str, str]


def shared_in(version: TransitionListVersion, user: User) -> Shared:
    """Opens the entries of the draft; no name of a person leaves here. Raises vault.KeyLost."""
    opened = list(map(attrgetter("data"), version.entries.told().select_related("case")))
    last = _last_of(user, version)
    return Shared(
        facilities=_all("facility_name", opened),
        places=_all("facility_place", opened),
        initial={name: getattr(last.data, name) for name in REPEATED} if last else {},
    )


def _last_of(user: User, version: TransitionListVersion) -> CaseEntry | None:
    """What this person last entered or corrected in a version of this list: a draft begins with copies of all."""
    entries = CaseEntry.objects.filter(version__transition_list=version.transition_list_id, changed_by=user)
    return entries.filter(is_changed=True).told().select_related("case").order_by("changed_at").last()


def doubts_about(
    given: Given,
    version: TransitionListVersion,
    entry: CaseEntry | None,
    today: date,
) -> Iterator[Doubt]:
    """What is asked about a person before it is saved: field and sentence. Raises vault.KeyLost.

    `given` are the fields that are known, `entry` what the draft says already. Who it may be is `new_likeness`.
    """
    yield from free_texts.doubts_in(given, People.of(each.data for each in version.entries.told()))
    if given.keys() >= {"date_of_birth", "facility_basis"}:
        day = reference_day_of(version, entry, today)
        if told := ages.basis_doubt(given["facility_basis"], given["date_of_birth"], day):
            yield "facility_basis", told
    stored = entry.told if entry else None
    if stored and given.keys() >= people.IDENTITY:
        yield from _another(stored, given)


def _another(stored: CaseData, given: Given) -> Iterator[Doubt]:
    """Whether the case becomes somebody else by what is typed."""
    typed = replace(stored, **dict(zip(people.IDENTITY, itemgetter(*people.IDENTITY)(given), strict=True)))
    if people.is_another(stored, typed):
        yield "family_name", ANOTHER.format(name=people.called(stored), born=words.day(stored.date_of_birth))


def new_likeness(
    data: CaseData | None, version: TransitionListVersion, entry: CaseEntry | None, access: Access
) -> list[Known]:
    """Whom somebody resembles by what is typed, and not by what the draft says already. Raises vault.KeyLost.

    `data`: None while a field is wrong; then it is not asked yet.
    """
    if data is None:
        return []
    known, stored = KnownPeople(version, access), entry.told if entry else None
    case = entry.case if entry else None
    before = known.alike(stored, case) if stored else []
    told = set(map(attrgetter("case.pk"), before))
    return [each for each in known.alike(data, case) if each.case.pk not in told]


def reference_day_of(version: TransitionListVersion, entry: CaseEntry | None, today: date) -> date:
    """The day of which the list speaks when it says how old somebody is (`rules.ages`)."""
    wanted = version.transition_list
    due_on, _ = list_due_day_of(wanted.agreement).of_year(wanted.year)
    return ages.reference_day(due_on, entry.case.named_on if entry else None, today)


def _all(name: str, opened: Sequence[CaseData]) -> tuple[str, ...]:
    return tuple(sorted(set(map(attrgetter(name), opened)), key=sort_key))
