"""One file checked from its first byte to the year before: what is wrong, what is doubtful, what it says of itself."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import filterfalse
from operator import attrgetter, itemgetter

from django.db.models import QuerySet

from kok.access import Permission
from kok.errors import Refused, first_problem, refuse
from kok.models import User
from kok.months import months_later
from kok.words import enumeration
from members.models import Agreement
from members.queries import carriers_of
from reporting.figures.actions.importing import fixed_rows, groups, reading, rows
from reporting.figures.actions.importing.contents import Contents
from reporting.figures.models import DatasetRevision
from reporting.figures.queries.reach import sides_of, works_statewide
from reporting.figures.rules.checks import MOST_LISTED, Problem
from reporting.figures.rules.checks_header import Header, check_header, check_next_revision, header_of, notes_of
from reporting.figures.rules.formats import Format

Progress = Callable[[str, int], None]
IS_WARNING, RULE = attrgetter("is_warning"), attrgetter("rule")
PLACE = attrgetter("row", "column", "rule")
VALUE = itemgetter(1)
MOST_VALUES = 20  # of a metadata column that is not the same everywhere


@dataclass
class Checked:
    """The result for one file; it may be stored when `problems` is empty."""

    contents: Contents | None = None
    header: Header | None = None
    problems: list[Problem] = field(default_factory=list)  # errors; at most 500, `problem_count` are all
    problem_count: int = 0
    warnings: list[Problem] = field(default_factory=list)
    notes: list[dict[str, str]] = field(default_factory=list)
    metadata: dict[str, object] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)  # the rules of all errors

    @property
    def format(self) -> Format | None:
        """The format of the file, if it could be told."""
        return self.contents.format if self.contents else None

    @property
    def rows(self) -> int:
        """How many rows it has below the header."""
        return self.contents.rows if self.contents else 0

    def add(self, found: Iterable[tuple[list[Problem], int]]) -> None:
        """Takes over what a check found."""
        for problems, count in found:
            errors = [*filterfalse(IS_WARNING, problems)]
            self.warnings += filter(IS_WARNING, problems)
            self.broken.update(map(RULE, errors))
            self.problem_count += max(count - (len(problems) - len(errors)), len(errors))
            self.problems = sorted(self.problems + errors, key=PLACE)[:MOST_LISTED]

    def say(self, *problems: Problem) -> None:
        """Takes over problems that were found one by one."""
        self.add(([each], 1) for each in problems)

    @contextmanager
    def saying(self, row: int, column: str, rule: str) -> Iterator[None]:
        """What is refused in here is a problem of the file."""
        try:
            yield
        except Refused as refused:
            self.say(Problem(row, column, rule, refused.sentence))


def checked(
    content: bytes, *, agreement: Agreement | None, correction_reason: str | None, by: User | None, today: date,
    on_progress: Progress,
) -> Checked:  # fmt: skip
    """The contents of a file with all that is wrong with them."""
    result = Checked()
    on_progress("READING", 0)
    try:
        found = result.contents = reading.read(content)
        on_progress("CHECKING", found.rows)
        _check(result, found, today)
        if result.header:
            with result.saying(found.row(0), "revision", "V-F09"):
                following = following_revision(found.format, result.header)
                check_next_revision(result.header.revision, following, correction_reason)
            with result.saying(found.row(0), found.headings[found.format.region_column], "V-F10"):
                check_sender(found.format, result.header, agreement, by)
    except reading.HeaderWrong as wrong:
        result.say(*wrong.problems)
    except Refused as refused:
        row = getattr(refused, "row", None)  # of a table that cannot be read
        result.say(Problem(row or 1, "", "V-F00", refused.sentence))
    return result


def _check(result: Checked, found: Contents, today: date) -> None:
    """All checks of the format. Numbers are looked at when every cell is readable, sums when keys are unique."""
    first_row = found.row(0)
    result.header, problems = header_of(found.format, found.first, first_row)
    result.say(*problems)
    result.add(rows.check_texts(found))
    result.add(groups.check_keys(found))
    if result.header is None:
        return
    result.say(*check_header(found.format, result.header, first_row, today))
    result.notes = notes_of(found.format, result.header.reference_date)
    result.metadata = _metadata(found, result.header)
    if not result.broken & {"V-F02", "V-F03", "V-F04"}:
        result.add(rows.check_numbers(found))
        year_before = months_later(result.header.reference_date, -12)
        previous = _revisions(found.format, result.header, year_before).first()
        result.add(fixed_rows.check_fixed_rows(found, result.header, previous))
        if result.problem_count == 0:
            result.add(groups.check_groups(found))


def _metadata(found: Contents, header: Header) -> dict[str, object]:
    """The Deckblatt: what the rows have in common, and the first values of what differs."""
    columns = [each.name for each in found.format.columns if not each.cell_field and found.has(each.name)]
    told = {name: [*filter(None, found.raw[name].texts)][:MOST_VALUES] for name in columns}
    return dict(filter(VALUE, {**told, **header.values}.items()))


def following_revision(found: Format, header: Header) -> int:
    """The number that the next delivery of these figures has."""
    newest = _revisions(found, header, header.reference_date).values_list("number", flat=True).first()
    return 0 if newest is None else newest + 1


def _revisions(found: Format, header: Header, day: date) -> QuerySet[DatasetRevision]:
    """What was delivered of these figures for a day, the newest first."""
    of_day = DatasetRevision.objects.filter(dataset__format_id=found.id, dataset__reference_date=day)
    return of_day.filter(dataset__region_kgs=header.region_kgs).order_by("-number")


def check_sender(found: Format, header: Header, agreement: Agreement | None, by: User | None) -> None:
    """8c comes from a local carrier under its own Kreisschlüssel, 8d and indicators from the LWV.

    The LWV delivers for any region in Hessen, with a role for one agreement only for its carriers. `by=None` is the
    operator, without `agreement` nobody asks. Raises Refused.
    """
    if agreement is None:
        return
    kgs = header.region_kgs
    names = {carrier.authority.kgs: carrier.short_name for carrier in carriers_of(agreement)}
    other = (
        f"Die Datei gehört zu {kgs} ({found.title_of(found.region_column, kgs)}), zur Vereinbarung {agreement.region} "
        f"gehört der Schlüssel {_keys(names)}. Berichtigen Sie den Schlüssel, oder lesen Sie die Datei bei der "
        "richtigen Vereinbarung ein."
    )
    refuse(first_problem((found.is_local and kgs not in names, other)))
    if by is not None:
        _check_role(found, kgs, names, agreement, by)


def _check_role(found: Format, kgs: str, names: Mapping[str, str], agreement: Agreement, by: User) -> None:
    """Does the role of this person reach to these figures?"""
    sides = sides_of(by, Permission.FIGURES_DELIVER, agreement)
    own = {key: name for key, name in names.items() if key in sides.keys}
    of_nobody = f"{found.id} liefert {found.delivered_by.label}. Wenden Sie sich an die Meldungen dieses Partners."
    of_other = (
        f"Die Datei gehört zu {kgs} ({names.get(kgs)}), Ihre Rolle zu {_keys(own)}. Berichtigen Sie den Schlüssel, "
        "oder wenden Sie sich an die Meldungen dieses Partners."
    )
    elsewhere = (
        f"Die Datei gehört zu {kgs}, Ihre Rolle zur Vereinbarung {agreement.region}: {_keys(names)}. Zahlen anderer "
        "Regionen liefert, wer die Rolle Meldungen für den ganzen LWV hat."
    )
    refuse(
        first_problem(
            (not sides.deliver(found), of_nobody),
            (not sides.delivers(found, kgs), of_other),
            (kgs not in names and not works_statewide(by, Permission.FIGURES_DELIVER), elsewhere),
        )
    )


def _keys(names: Mapping[str, str]) -> str:
    return enumeration(f"{key} ({name})" for key, name in names.items())
