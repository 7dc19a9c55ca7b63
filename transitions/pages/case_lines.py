"""The cases of a version as rows of a table, in words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from transitions.models import TransitionListVersion
from transitions.queries.release import ending_words
from transitions.queries.restriction import RESTRICTED
from transitions.queries.version import CaseRow, rows_of
from transitions.rules import people
from transitions.rules.months import month_words
from transitions.rules.municipalities import municipality_words

NOT_AS_RELEASED = "nicht mehr wie übermittelt"


@dataclass(frozen=True)
class CaseLine:
    """A case as a row of the table: the words beside what is stored."""

    row: CaseRow
    sign: str
    tone: str
    ending: str
    name: str = ""
    municipality: str = ""
    month: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it stands on the list and nobody said what became of it; not where the data may only be kept."""
        return bool(self.row.data) and not self.row.entry.ending and not self.row.case.outcome

    @property
    def is_kept(self) -> bool:
        """Whether it stays and its data may only be kept."""
        return self.row.is_hidden and not self.row.entry.ending

    @property
    def is_open_to_change(self) -> bool:
        """Whether a draft can say something else of it: it stays, and this person sees what is said."""
        return not self.row.entry.ending and not self.row.is_hidden

    @property
    def may_stay_after_all(self) -> bool:
        """Whether a draft that takes it off the list can leave it there again."""
        return bool(self.row.entry.ending) and not self.row.is_hidden

    @property
    def is_decided(self) -> bool:
        """Whether a draft cannot take it off: its outcome is known, or its data may only be kept."""
        return bool(self.row.case.outcome) or self.row.is_hidden


def lines_of(version: TransitionListVersion, hidden: Collection[str] = ()) -> list[CaseLine]:
    """The cases in the order of `rows_of`. Raises vault.KeyLost."""
    towns = version.transition_list.agreement.municipality_names
    return [_line(row, version, towns) for row in rows_of(version, hidden)]


def _line(row: CaseRow, version: TransitionListVersion, towns: Mapping[str, str]) -> CaseLine:
    data = row.data
    line = CaseLine(row, *_sign(row, version), ending_words(row.entry))
    if data is None:
        return line
    return replace(
        line,
        name=people.called(data),
        municipality=municipality_words(data.ga_municipality, towns),
        month=month_words(data.expected_end_on),
    )


def _sign(row: CaseRow, version: TransitionListVersion) -> tuple[str, str]:
    """In a draft what is new in it, in a released version how the case stands."""
    case, entry = row.case, row.entry
    told: tuple[tuple[object, tuple[str, str]], ...] = (
        (row.is_forged, (NOT_AS_RELEASED, "danger")),
        (row.is_hidden, (RESTRICTED, "warning")),
        (entry.ending and version.is_draft, ("wird von der Liste genommen", "warning")),
        (entry.ending, ("nicht mehr auf der Liste", "warning")),
        (case.outcome, (case.get_outcome_display(), "success")),
        (not version.is_draft, (case.get_state_display(), "neutral")),
        (version.number == 1 or not entry.is_changed, ("", "")),
        (case.named_at, ("berichtigt", "info")),
    )
    return next((sign for is_so, sign in told if is_so), ("neu", "info"))
