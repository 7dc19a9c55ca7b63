"""Rows of a file against the draft beside which they wait: who is new, who stands there already, and what differs.

A person is recognised by written name and date of birth (`people.identity`). What merely looks alike is a new case and
a question, never an overwritten one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum, auto

from transitions.models import CaseEntry, TransitionListVersion
from transitions.queries.facts import Fact, changed_facts
from transitions.queries.restriction import restricted_people
from transitions.rules import people
from transitions.rules.case import CaseData

LEAVES = "Dieser Fall kommt mit der nächsten Freigabe von der Liste. Die Datei ändert daran nichts."
RESTRICTED = (
    "Die Verarbeitung des Falls dieser Person ist eingeschränkt (Art. 18 DSGVO). Die Datei ändert daran nichts."
)
TWICE = "Diese Person steht mehrmals im Entwurf. Die Datei ändert daran nichts; berichtigen Sie dort."


class RowStanding(Enum):
    """How a row stands to the draft; of whom it LEAVES ALONE the file changes nothing."""

    NEW = auto()
    SAME = auto()
    DIFFERENT = auto()
    LEFT_ALONE = auto()


@dataclass(frozen=True)
class Matched:
    """A row with its entry in the draft, and what the draft would say after it. `why`: why it is left alone."""

    data: CaseData
    is_late: bool
    standing: RowStanding
    entry: CaseEntry | None = None
    changes: tuple[Fact, ...] = ()
    why: str = ""


def match_rows(
    version: TransitionListVersion, rows: Iterable[tuple[CaseData, bool]], restricted: Collection[str]
) -> list[Matched]:
    """Each row in its place; `restricted` are the Fallzeichen whose data may only be kept. Raises vault.KeyLost."""
    known: dict[people.Mark, list[tuple[CaseEntry, CaseData]]] = defaultdict(list)
    for entry in version.entries.told().select_related("case"):
        known[people.identity(data := entry.data)].append((entry, data))
    kept = restricted_people(restricted)
    towns = version.transition_list.agreement.municipality_names
    return [
        Matched(data, is_late, RowStanding.LEFT_ALONE, why=RESTRICTED)
        if (mark := people.identity(data)) in kept
        else _match(data, is_late, known.get(mark, []), towns)
        for data, is_late in rows
    ]


def _match(
    data: CaseData,
    is_late: bool,  # noqa: FBT001  as a row says it
    known: list[tuple[CaseEntry, CaseData]],
    towns: dict[str, str],
) -> Matched:
    if not known:
        return Matched(data, is_late, RowStanding.NEW)
    if why := _left_alone(known):
        return Matched(data, is_late, RowStanding.LEFT_ALONE, why=why)
    ((entry, stored),) = known
    after = people.merged(stored, data)
    changes = changed_facts(after, towns, stored)
    standing = RowStanding.SAME if after == stored else RowStanding.DIFFERENT
    stays_late = entry.case.is_late and after.expected_end_on == stored.expected_end_on
    return Matched(after, is_late or stays_late, standing, entry, changes)


def _left_alone(known: list[tuple[CaseEntry, CaseData]]) -> str:
    if len(known) > 1:
        return TWICE
    return LEAVES if known[0][0].ending else ""
