"""Whether a person who asks stands on a list of one's own: by exact name and day of birth, nothing on near misses."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from transitions.models import CaseEntry, PendingImport, TransitionCase
from transitions.queries.access import Access
from transitions.queries.imports import opened
from transitions.queries.visibility import senders_of, versions_visible_to
from transitions.rules.case import CaseData
from transitions.rules.codes import VersionState
from transitions.rules.people import is_exactly


@dataclass(frozen=True)
class Found:
    """The cases of a person, newest list first, and the years of drafts beside which a file with the person waits."""

    cases: tuple[TransitionCase, ...]
    waiting: tuple[int, ...]


def find_person(access: Access, *, family_name: str, given_name: str, date_of_birth: date) -> Found:
    """Every case about which this side still holds data of exactly this person, older versions too.

    Opens what is sealed and compares; nobody else's data leave here. Raises vault.KeyLost.
    """

    def is_meant(data: CaseData) -> bool:
        return is_exactly(data, family_name, given_name, date_of_birth)

    held = CaseEntry.objects.filter(version__in=versions_visible_to(access)).told()
    entries = held.select_related("case__transition_list")
    cases = {entry.case_id: entry.case for entry in entries if is_meant(entry.data)}
    newest_first = sorted(cases.values(), key=lambda case: (-case.transition_list.year, case.case_ref))
    return Found(tuple(newest_first), _waiting(access, is_meant))


def _waiting(access: Access, is_meant: Callable[[CaseData], bool]) -> tuple[int, ...]:
    files = PendingImport.objects.filter(
        version__state=VersionState.DRAFT,
        version__transition_list__agreement=access.agreement,
        version__transition_list__sender__in=senders_of(access),
    )
    found = files.select_related("version__transition_list")
    return tuple(
        file.version.transition_list.year for file in found if any(is_meant(data) for data, _ in opened(file).rows)
    )
