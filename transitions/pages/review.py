"""What the second person reads before a list goes out: every case in full, and what is new since the last version."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import filterfalse
from operator import attrgetter, itemgetter
from typing import NamedTuple

from kok.alphabet import sort_key
from kok.words import counted
from transitions.models import CaseEntry, TransitionCase, TransitionListVersion
from transitions.pages.titles import likeness_words
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
from transitions.rules.municipalities import municipality_warning
from transitions.rules.names import People


@dataclass(frozen=True)
class Twin:
    """Another case of the same version that looks like one; `is_day_off`: born on the day before or after.

    `is_apart`: somebody said that it is another person.
    """

    case: TransitionCase
    name: str
    is_day_off: bool
    is_apart: bool

    @property
    def remark(self) -> str:
        """How the two are alike."""
        return likeness_words(is_day_off=self.is_day_off)


@dataclass(frozen=True)
class ReviewCase:
    """One case with everything that is told about it. `sign` says what is new, `ending` why it leaves the list.

    `alike`: the cases of this version that are probably the same person; `apart`: those of which somebody said that
    they are another one. `earlier`, `other`: the same of cases that left this list or stand on other ones.
    `warning`: the municipality is none of the agreement.
    `doubts`: which free text seems to say too much. `age`: that the basis does not fit the date of birth. `is_recent`:
    it changed since the draft was read or given back; `came`: it came only since then. `follows`: on a version before.
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
    follows: bool = False

    @property
    def marks(self) -> list[tuple[str, str]]:
        """What is particular about it, in words, each with its tone."""
        told = {
            ("seitdem geändert", "info"): self.is_recent,
            (self.sign, "info"): self.follows and self.sign,
            ("Nachmeldung", "info"): self.case.is_late and not self.ending,
            ("vielleicht doppelt", "warning"): self.is_doubtful,
            ("Gemeinde prüfen", "warning"): self.warning,
            ("Alter prüfen", "warning"): self.age,
            ("Text prüfen", "warning"): self.doubts,
        }
        return [words for words, is_so in told.items() if is_so]

    @property
    def standing(self) -> CaseData | None:
        """What is said of somebody who stays; None where it is not shown, or who leaves."""
        return None if self.sign == ENDED else self.data

    @property
    def is_late(self) -> bool:
        """Whether somebody who stays is a Nachmeldung."""
        return self.case.is_late and self.sign != ENDED

    @property
    def is_doubtful(self) -> bool:
        """Whether it may be somebody who is named already, or was."""
        return bool(self.alike or self.earlier)

    @property
    def name(self) -> str:
        """As lists are sorted."""
        return people.called(self.data)

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

    @property
    def recent(self) -> list[ReviewCase]:
        """What the second person has to read again."""
        return list(filter(attrgetter("is_recent"), self.cases))


NEW, CORRECTED, ENDED, SAME = "neu", "berichtigt", "wird von der Liste genommen", ""


def review_of(
    version: TransitionListVersion, today: date, hidden: Collection[str] = (), known: KnownPeople | None = None
) -> Review:
    """Opens every entry of the version and of the one before, by name. Raises vault.KeyLost.

    Who is a Nachmeldung is said as it would be if the draft were released on that day. `hidden` are the Fallzeichen
    that stay closed: they go out as they went out before, or leave the list. `known`: with whom beyond this version
    everybody is compared, None where only the numbers are wanted.
    """
    towns = version.transition_list.agreement.municipality_names
    before = {entry.case_id: entry.data for entry in released_before(version).told()}
    is_over = adds_late(version, today)
    cases = []
    for entry in version.entries.select_related("case").order_by("case__case_ref"):
        entry.case.is_late |= is_over and entry.case.named_at is None
        is_hidden = entry.case.case_ref in hidden
        told = _hidden(entry) if is_hidden else _case(entry, before.get(entry.case_id), towns)
        cases.append(replace(told, follows=version.number > 1))
    cases.sort(key=lambda each: sort_key(each.name))
    others = _others(cases, version, known, today)
    compared = tuple(_compared(each, others) for each in cases)
    return Review(compared, _counts(compared))


def _counts(cases: Sequence[ReviewCase]) -> Counts:
    signs = Counter(map(attrgetter("sign"), cases))
    return Counts(
        total=len(cases) - signs[ENDED],
        new=signs[NEW],
        corrected=signs[CORRECTED],
        ended=signs[ENDED],
        late=sum(map(attrgetter("is_late"), cases)),
    )


def marked(review: Review, changes: DraftChanges | None) -> Review:
    """With a mark at each case that came or changed since the draft was read."""
    if changes is None:
        return review
    changed, came = changes.changed, changes.came
    cases = (
        replace(each, is_recent=each.case.case_ref in changed, came=each.case.case_ref in came) for each in review.cases
    )
    return replace(review, cases=tuple(cases))


class _Others(NamedTuple):
    """With whom each case of a draft is compared, and the day by which ages are told."""

    staying: people.Lookup[tuple[TransitionCase, CaseData]]
    named: People
    apart: frozenset[Pair]
    known: KnownPeople | None
    due_on: date
    today: date


def _others(
    cases: Iterable[ReviewCase], version: TransitionListVersion, known: KnownPeople | None, today: date
) -> _Others:
    of_list = version.transition_list
    staying = [((each.case, data), data) for each in cases if (data := each.standing)]
    return _Others(
        people.Lookup(staying),
        People.of(map(itemgetter(1), staying)),
        told_apart(version),
        known,
        list_due_day_of(of_list.agreement).of_year(of_list.year)[0],
        today,
    )


def _compared(one: ReviewCase, others: _Others) -> ReviewCase:
    """With those who look like it, here and beyond this version, and with what its texts and its age ask."""
    data = one.standing
    if data is None:
        return one
    is_apart = others.apart.__contains__
    twins = [
        Twin(case, people.called(theirs), people.is_day_off(data, theirs), is_apart(pair(one.case.pk, case.pk)))
        for case, theirs in others.staying.alike(data, but=((one.case, data),))
    ]
    day = ages.reference_day(others.due_on, one.case.named_on, others.today)
    compared = replace(
        one,
        alike=tuple(filterfalse(attrgetter("is_apart"), twins)),
        apart=tuple(filter(attrgetter("is_apart"), twins)),
        doubts=free_texts.doubt_words(data, others.named),
        age=ages.basis_doubt(data.facility_basis, data.date_of_birth, day),
    )
    if others.known is None:
        return compared
    elsewhere, apart = others.known.elsewhere(data, one.case), others.known.apart(data, one.case)
    return replace(compared, earlier=tuple(elsewhere), other=tuple(apart))


def _case(entry: CaseEntry, before: CaseData | None, municipalities: Mapping[str, str]) -> ReviewCase:
    data = entry.told or before
    if entry.ending or data is None:
        return ReviewCase(entry.case, data, ENDED, ending=ending_words(entry))
    told = facts_of(data, municipalities, before)
    facts = tuple(fact for fact in told if fact.field not in NAME or fact.is_changed)  # the name is the heading
    changed = CORRECTED if any(map(attrgetter("is_changed"), facts)) else SAME
    return ReviewCase(
        entry.case,
        data,
        changed if before else NEW,
        facts,
        warning=municipality_warning(data.ga_municipality, municipalities),
    )


def _hidden(entry: CaseEntry) -> ReviewCase:
    """Who leaves is what the second person answers for, and needs no name."""
    return ReviewCase(entry.case, None, ENDED if entry.ending else SAME, (HINT,), ending_words(entry))
