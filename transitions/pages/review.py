"""What the second person reads before a list goes out: every case in full, and what is new since the last version."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from kok.alphabet import sort_key
from kok.clock import BERLIN
from kok.words import counted
from transitions.models import CaseEntry, TransitionCase, TransitionListVersion
from transitions.queries.changes import DraftChanges
from transitions.queries.doubles import Pair, pair, told_apart
from transitions.queries.due_days import list_due_day_of
from transitions.queries.facts import NAME, Fact, facts_of
from transitions.queries.known import Known, KnownPeople
from transitions.queries.listing import adds_late
from transitions.queries.release import ending_words, released_before
from transitions.queries.restriction import HINT
from transitions.rules import ages, free_texts, people
from transitions.rules.case import CaseData
from transitions.rules.free_texts import FREE_TEXTS
from transitions.rules.municipalities import municipality_warning
from transitions.rules.names import People


@dataclass(frozen=True)
class Twin:
    """Another case of the same version that looks like one; `is_day_off`: born on the day before or after."""

    case: TransitionCase
    name: str
    is_day_off: bool


@dataclass(frozen=True)
class ReviewCase:
    """One case with everything that is told about it. `sign` says what is new, `ending` why it leaves the list.

    `alike`: the cases of this version that are probably the same person; `apart`: those of which somebody said that
    they are another one. `earlier`, `other`: the same of cases that left this list or stand on other ones.
    `warning`: the municipality is none of the agreement.
    `doubts`: which free text seems to say too much. `age`: that the basis does not fit the date of birth. `is_recent`:
    it changed since the draft was read or given back; `came`: it came only since then.
    """

    case: TransitionCase
    data: CaseData | None
    sign: str
    facts: tuple[Fact, ...] = ()
    ending: str = ""
    warning: str = ""
    doubts: tuple[str, ...] = ()
    age: str = ""
    alike: tuple[Twin, ...] = ()
    apart: tuple[Twin, ...] = ()
    earlier: tuple[Known, ...] = ()
    other: tuple[Known, ...] = ()
    is_recent: bool = False
    came: bool = False

    @property
    def is_doubtful(self) -> bool:
        """Whether it may be somebody who is named already, or was."""
        return bool(self.alike or self.earlier)

    @property
    def name(self) -> str:
        """As lists are sorted."""
        return people.called(self.data) if self.data else ""

    @property
    def heading(self) -> str:
        """The name, or the Fallzeichen of whose name does not stand there."""
        return self.name or f"Fall {self.case.case_ref}"


@dataclass(frozen=True)
class Counts:
    """How much goes out."""

    total: int
    new: int
    corrected: int
    ended: int
    late: int

    @property
    def words(self) -> str:
        """ "12 Fälle", "Einen Fall", "Nullmeldung"."""
        if not self.total:
            return "Nullmeldung"
        return counted(self.total, "Einen Fall", "Fälle")


@dataclass(frozen=True)
class Review:
    """A draft as it goes out."""

    cases: tuple[ReviewCase, ...]
    counts: Counts


NEW, CORRECTED, ENDED, SAME = "neu", "berichtigt", "wird von der Liste genommen", ""


def review_of(
    version: TransitionListVersion, today: date, hidden: Collection[str] = (), known: KnownPeople | None = None
) -> Review:
    """Opens every entry of the version and of the one before, by name. Raises vault.KeyLost.

    Who is a Nachmeldung is said as it would be if the draft were released on that day. `hidden` are the Fallzeichen
    that stay closed: they go out as they went out before, or leave the list. `known`: with whom beyond this version
    everybody is compared, None where only the numbers are wanted.
    """
    is_over = adds_late(version, today)
    before = {entry.case_id: entry.data for entry in released_before(version) if entry.content}
    entries = list(version.entries.select_related("case").order_by("case__case_ref"))
    for entry in entries:
        entry.case.is_late = entry.case.is_late or (is_over and entry.case.named_at is None)
    municipalities = version.transition_list.agreement.municipality_names
    found = (
        _hidden(entry) if entry.case.case_ref in hidden else _case(entry, before.get(entry.case_id), municipalities)
        for entry in entries
    )
    due_on, _ = list_due_day_of(version.transition_list.agreement).of_year(version.transition_list.year)
    aged = (_aged(each, due_on, today) for each in found)
    cases = _compared(sorted(aged, key=lambda each: sort_key(each.name)), told_apart(version))
    cases = tuple(_known(each, known) for each in cases) if known else cases
    signs = [each.sign for each in cases]
    counts = Counts(
        total=len(cases) - signs.count(ENDED),
        new=signs.count(NEW),
        corrected=signs.count(CORRECTED),
        ended=signs.count(ENDED),
        late=sum(each.case.is_late for each in cases if each.sign != ENDED),
    )
    return Review(cases, counts)


def marked(review: Review, changes: DraftChanges | None) -> Review:
    """With a mark at each case that came or changed since the draft was read."""
    if changes is None:
        return review
    changed, came = changes.changed, changes.came
    cases = ((each, each.case.case_ref) for each in review.cases)
    marks = (replace(each, is_recent=ref in changed, came=ref in came) for each, ref in cases)
    return replace(review, cases=tuple(marks))


def _compared(cases: list[ReviewCase], apart: frozenset[Pair]) -> tuple[ReviewCase, ...]:
    """Each with those of the same version that look like it, and with what its free texts seem to say of somebody."""
    stay = [((each.case, each.data), each.data) for each in cases if each.data and each.sign != ENDED]
    alike, named = people.Lookup(stay), People.of(data for _, data in stay)
    return tuple(_beside(each, alike, named, apart) if each.sign != ENDED else each for each in cases)


def _beside(
    one: ReviewCase, staying: people.Lookup[tuple[TransitionCase, CaseData]], named: People, apart: frozenset[Pair]
) -> ReviewCase:
    if one.data is None:
        return one
    found = [_twin(one.data, *other) for other in staying.alike(one.data, but=((one.case, one.data),))]
    told = [other for other in found if pair(one.case.pk, other.case.pk) in apart]
    doubts = tuple(f"{FREE_TEXTS[field]}: {sentence}" for field, sentence in free_texts.doubts(one.data, named))
    return replace(one, alike=tuple(each for each in found if each not in told), apart=tuple(told), doubts=doubts)


def _twin(data: CaseData, other: TransitionCase, theirs: CaseData) -> Twin:
    return Twin(other, people.called(theirs), people.is_day_off(data, theirs))


def _known(one: ReviewCase, known: KnownPeople) -> ReviewCase:
    """With those who left this list or stand on other ones, and look like it."""
    if one.data is None or one.sign == ENDED:
        return one
    found, apart = known.elsewhere(one.data, one.case), known.apart(one.data, one.case)
    return replace(one, earlier=tuple(found), other=tuple(apart))


def _aged(one: ReviewCase, due_on: date, today: date) -> ReviewCase:
    """With what does not fit its age on the day of which the list speaks."""
    if one.data is None or one.sign == ENDED:
        return one
    named_at = one.case.named_at
    day = ages.reference_day(due_on, named_at.astimezone(BERLIN).date() if named_at else None, today)
    return replace(one, age=ages.basis_doubt(one.data.facility_basis, one.data.date_of_birth, day))


def _case(entry: CaseEntry, before: CaseData | None, municipalities: Mapping[str, str]) -> ReviewCase:
    data = entry.data if entry.content else before
    if entry.ending or data is None:
        return ReviewCase(entry.case, data, ENDED, ending=ending_words(entry))
    facts = tuple(_shown(facts_of(data, municipalities, before)))
    is_corrected = any(fact.before is not None for fact in facts)
    sign = NEW if before is None else (CORRECTED if is_corrected else SAME)
    return ReviewCase(entry.case, data, sign, facts, warning=municipality_warning(data.ga_municipality, municipalities))


def _hidden(entry: CaseEntry) -> ReviewCase:
    if entry.ending:  # what the second person answers for; it needs no name
        return ReviewCase(entry.case, None, ENDED, (HINT,), ending_words(entry))
    return ReviewCase(entry.case, None, SAME, (HINT,))


def _shown(facts: Iterable[Fact]) -> Iterator[Fact]:
    """A name stands in the heading, unless it changed."""
    return (fact for fact in facts if fact.field not in NAME or fact.before is not None)
