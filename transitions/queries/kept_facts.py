"""What is kept about a case beside its entries, its course and its receipts, for the Auskunft (Art. 15 DSGVO)."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from kok import words
from transitions.models import CaseEntry, NameMarks, TransitionCase, TwoPeople
from transitions.queries.access import Access
from transitions.queries.facts import Fact
from transitions.queries.questions import questions_visible_to
from transitions.queries.receiving import previous_of
from transitions.queries.release import ending_words
from transitions.queries.visibility import is_own
from transitions.rules.codes import VersionState


def kept_facts(access: Access, case: TransitionCase) -> tuple[Fact, ...]:
    """As the side of this person knows it: what a county prepares is not the receiver's."""
    found = list(_both_sides(access, case))
    if is_own(access, case):
        found += _county(case)
    return tuple(found)


def _both_sides(access: Access, case: TransitionCase) -> Iterator[Fact]:
    if case.is_late:
        yield Fact("is_late", "Nachmeldung", "ja")
    if before := previous_of(access, case):
        words = f"Fall {before.case_ref} der Übergangsliste {before.transition_list.year}"
        yield Fact("previous", "Ihr Fall auf der Liste davor", words)
    yield from _asked_whether_double(access, case)


def _county(case: TransitionCase) -> Iterator[Fact]:
    if case.read_in_at:
        yield Fact("read_in_at", "Mit einer Datei eingelesen", _day(case.read_in_at))
    yield Fact("entered_at", "In den Entwurf gekommen", _day(case.entered_at))
    draft = CaseEntry.objects.filter(case=case, version__state=VersionState.DRAFT).leaving().first()
    if draft:
        yield Fact("ending", "Vorgesehen mit der nächsten Freigabe", ending_words(draft))
    if case.proposal_declined_at:
        yield Fact("proposal_declined_at", "Für eine spätere Liste abgelehnt", _day(case.proposal_declined_at))
    if NameMarks.objects.filter(entry__case=case).exists():
        words = "Er lässt sich daraus nicht lesen. Mit ihnen wird geprüft, ob ein Protokoll ihn nennt."
        yield Fact("name_marks", "Kennwerte Ihres Namens", words)
    yield from _told_apart(case)


def _asked_whether_double(access: Access, case: TransitionCase) -> Iterator[Fact]:
    """That a question named two cases as perhaps one person; the other one is not named here, as in `_told_apart`."""
    asked = questions_visible_to(access).filter(Q(case=case) | Q(other_case=case)).order_by("asked_at")
    for each in asked.select_related("other_case__transition_list"):
        other = each.other_case if each.case_id == case.pk else each.case
        if other is None:
            continue
        words = f"{_day(each.asked_at)}: ob Sie auch in einem Fall der Liste {other.transition_list.year} stehen"
        yield Fact("second_case", "Rückfrage der empfangenden Stelle", words)


def _told_apart(case: TransitionCase) -> Iterator[Fact]:
    """That two cases were compared and are two people. The other one is not named here (Art. 15 Abs. 4 DSGVO)."""
    said = TwoPeople.objects.filter(Q(one=case) | Q(other=case)).select_related(
        "one__transition_list", "other__transition_list"
    )
    for each in said.order_by("said_at"):
        other = each.other if each.one_id == case.pk else each.one
        words = f"{_day(each.said_at)}: nicht dieselbe Person wie in einem Fall der Liste {other.transition_list.year}"
        yield Fact("two_people", "Als andere Person vermerkt", words)


def _day(moment: datetime) -> str:
    return words.day(moment)
