"""What the second person reads before a list goes out: every case in full, and what is new since the last version."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from django.db.models import QuerySet

from kok import genuine
from kok.alphabet import sort_key
from kok.clock import BERLIN
from kok.errors import Refused
from kok.genuine import check_standing
from kok.models import User
from members.models import Authority, Partner
from members.queries.accounts import people_with_role
from members.rules.mailboxes import mailbox_of
from transitions.models import CaseEntry, PendingImport, TransitionCase, TransitionListVersion, TransmissionReceipt
from transitions.queries.access import Access
from transitions.queries.changes import Changes
from transitions.queries.doubles import Pair, pair, told_apart
from transitions.queries.due_days import list_due_day_of
from transitions.queries.facts import NAME, Fact, facts_of
from transitions.queries.known import Known, KnownPeople
from transitions.queries.listing import adds_late
from transitions.queries.proposals import named_before
from transitions.queries.receipts import Comparison, compare
from transitions.queries.restriction import HINT, check_namable, restricted_refs
from transitions.rules import ages, endings, free_texts, people
from transitions.rules import release as rules
from transitions.rules.case import CaseData
from transitions.rules.free_texts import FREE_TEXTS
from transitions.rules.municipalities import municipality_warning
from transitions.rules.names import People
from transitions.rules.states import DEMANDED, CaseState, EndReason, VersionState


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
        return "Einen Fall" if self.total == 1 else f"{self.total} Fälle"


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
    before = {entry.case_id: entry.data for entry in _released_before(version) if entry.content}
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


def marked(review: Review, changes: Changes | None) -> Review:
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
    alike, named = people.Lookup(stay), People((data.family_name, data.given_name) for _, data in stay)
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


def _version_before(version: TransitionListVersion) -> TransitionListVersion | None:
    earlier = TransitionListVersion.objects.filter(
        transition_list=version.transition_list_id, number__lt=version.number
    ).exclude(state=VersionState.DRAFT)
    return earlier.select_related("transition_list").order_by("-number").first()


def _released_before(version: TransitionListVersion) -> Iterable[CaseEntry]:
    newest = _version_before(version)
    return newest.entries.select_related("case") if newest else ()


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


def ending_words(entry: CaseEntry) -> str:
    """Why an entry leaves the list, "" where it stays."""
    if not entry.ending:
        return ""
    return endings.ending_words(CaseState(entry.ending), EndReason(entry.ending_reason), entry.postponed_to)


def asked_for(version: TransitionListVersion, today: date) -> list[str]:
    """Who may release it: the releasers of the sender who did not write it."""
    found = version.transition_list
    holders = people_with_role("case-releaser", found.sender, today)
    return [holder.name for holder in holders if holder.user_id not in version.authors]


TOLD = ("pk", "case_id", "is_changed", "ending", "ending_reason", "postponed_to")


def fingerprint_of(version: TransitionListVersion) -> str:
    """Of all that a version says of everybody: nobody releases what was put in or taken out since it was shown.

    Over what is opened, so that a change of key between submission and release changes nothing. Raises vault.KeyLost.
    """
    entries = version.entries.order_by("pk")
    rows = ([each.opened if each.content else "", *(getattr(each, name) for name in TOLD)] for each in entries)
    told = [json.dumps(row, default=str, sort_keys=True) for row in rows]
    return sha256("\n".join(told).encode()).hexdigest()


def check_hands_apart(version: TransitionListVersion, releaser: User) -> None:
    """Whether who releases reads no mail where one of the authors does: whoever has the mailbox, has both accounts.

    Raises Refused, also where one of these accounts was changed past the application. Raises vault.KeyLost.
    """
    authors = {*version.authors, version.submitted_by_id} - {None, releaser.pk}
    accounts = genuine.rows(User.objects.filter(pk__in=[*authors, releaser.pk]))
    mailboxes = {each.pk: mailbox_of(each.email) for each in accounts}
    rules.check_mailboxes(mailboxes.pop(releaser.pk), list(mailboxes.values()))


def check_submitted(draft: TransitionListVersion) -> None:
    """Raises Refused where a submitted draft says something else than was submitted. Raises vault.KeyLost."""
    if fingerprint_of(draft) != draft.submitted_content:
        raise Refused(rules.OTHER_THAN_SUBMITTED)


def check_carried(draft: TransitionListVersion) -> None:
    """Whether all that a draft carries on stands: its list and cases, everybody whom the version before names, and all
    who could be proposed from earlier lists.

    Entries of a draft have no seal: one that was taken out past the application would vanish from the list with the
    next release (ADR 23). Raises Refused, vault.KeyLost.
    """
    cases = TransitionCase.objects.filter(entries__version=draft)
    check_standing(draft, draft.transition_list, *cases, *named_before(draft))
    if (before := _version_before(draft)) is not None:
        check_released(before)
        if carried_from(before).exclude(case__in=cases).exists():
            raise Refused(rules.LACKS_CASES)


def check_told(draft: TransitionListVersion, access: Access) -> None:
    """Whether what a draft says anew is said of nobody whose data may only be kept, under whatever Fallzeichen.

    The restricted case itself goes out as it went out before. Raises Refused, vault.KeyLost.
    """
    told = draft.entries.filter(is_changed=True, ending="").exclude(content="")
    told = told.exclude(case__case_ref__in=restricted_refs(access))
    check_namable([entry.data for entry in told], access)


def check_released(version: TransitionListVersion) -> None:
    """Whether what was released last stands as it was handed over: nothing else is copied. Raises Refused, KeyLost."""
    cases = TransitionCase.objects.filter(transition_list=version.transition_list_id, named_at__isnull=False)
    check_standing(version, version.transition_list, *cases)
    receipt = TransmissionReceipt.objects.filter(version=version).first()
    if receipt is None:
        raise Refused(rules.OTHER_THAN_RELEASED)
    check_standing(receipt)
    if compare(receipt) is Comparison.DIFFERENT:
        raise Refused(rules.OTHER_THAN_RELEASED)


def carried_from(released: TransitionListVersion) -> QuerySet[CaseEntry]:
    """Who still stands on a list: the next version begins with them, each as its newest version says.

    Whoever was named is looked for in all versions: one that vanished from the last past the application comes back.
    """
    entries = CaseEntry.objects.exclude(content="").filter(
        version__transition_list=released.transition_list_id, version__number__lte=released.number, ending=""
    )
    standing = entries.filter(case__state__in=[CaseState.NAMED, CaseState.CONFIRMED])
    return standing.order_by("case_id", "-version__number").distinct("case_id")


def is_unchanged(version: TransitionListVersion) -> bool:
    """Whether a later version would say nothing that the one before does not say."""
    if version.number == 1:
        return False
    entries = list(version.entries.defer("content"))
    before = {entry.case_id for entry in _released_before(version) if entry.content and not entry.ending}
    return before == {entry.case_id for entry in entries} and not any(
        each.is_changed or each.ending for each in entries
    )


def crossed_by_outcome(version: TransitionListVersion) -> list[TransitionCase]:
    """Whom a draft takes off the list although the receiving unit said meanwhile what became of them (0.3)."""
    entries = version.entries.exclude(ending="").exclude(ending_reason__in=DEMANDED).exclude(case__outcome="")
    return [entry.case for entry in entries.select_related("case").order_by("case__case_ref")]


def rows_wait(version: TransitionListVersion) -> bool:
    """Whether rows of a file wait beside the draft: they are taken over or discarded before it is submitted."""
    return PendingImport.objects.filter(version=version).exists()


def recipient_of(version: TransitionListVersion) -> Partner:
    """The partner that receives the list: the LWV of the agreement.

    Raises Refused where there is none, and where one was put in or changed past the application.
    """
    partners = version.transition_list.agreement.partners.all()
    houses = genuine.rows(Authority.objects.filter(kind=Authority.Kind.LWV, partners__in=partners))
    found = genuine.rows(partners.filter(authority__in=houses))
    if not found:
        raise Refused("In dieser Vereinbarung gibt es keinen Empfänger. Es wurde nichts übermittelt.")
    return found[0]


def hindrance_of(version: TransitionListVersion, access: Access) -> str:
    """Why this person may not release the draft, empty when nothing hinders. Raises vault.KeyLost."""
    try:
        rules.check_release(
            person=access.user.pk,
            authors=version.authors,
            submitted_by=version.submitted_by_id,
            revision=version.revision,
            seen_revision=version.revision,
        )
        check_hands_apart(version, access.user)
        check_submitted(version)
        check_carried(version)
        check_told(version, access)
    except Refused as refused:
        return refused.sentence
    return ""
