"""What the single values of an agreement file cannot show: names used twice, names nobody has, dates that clash."""

from calendar import monthrange
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain
from operator import attrgetter
from typing import Any

from members.rules.agreement import LAST_DAY, AgreementFile, ObligationData
from members.rules.codes import BodyKind, PartnerKind, Recurrence
from members.rules.tables import FileProblem
from members.rules.wording import BODIES, SEATS, SECRETARIAT

CARRIERS = frozenset((PartnerKind.COUNTY, PartnerKind.CITY))
YEARLY_KEYS = ("month", "day", "policy", "first_year")
YEARLY_ONLY_KEYS = (*YEARLY_KEYS, "last_year", "reference", "nil_expected_from")
NON_LEAP_YEAR = 2001
# Sections of the file, and the keys of which each value stands only once.
ONCE = (
    ("partner", "partners", ("slug", "kgs", "name", "short_name")),
    ("body", "bodies", ("slug", "number_prefix")),
    ("obligation", "obligations", ("code",)),
    ("clause", "clauses", ("number",)),
    ("annex", "annexes", ("number",)),
    ("municipality", "municipalities", ("ags",)),
)
GIVEN_ONCE = "„{name}“ steht schon bei {first}. Bitte vergeben Sie jeden Wert nur einmal."
NAMED_ONCE = "„{name}“ steht hier schon. Nennen Sie jede Frist einmal."
NO_PARTNER = "Einen Partner „{name}“ gibt es in dieser Datei nicht. Möglich sind: {known}."
NO_CLAUSE = "Einen Punkt „{name}“ gibt es in dieser Datei nicht."
NO_CARRIER = "Eine Vereinbarung braucht einen örtlichen Träger (COUNTY oder CITY). Bitte ergänzen Sie ihn."
ONE_PARTNER = "Eine Vereinbarung braucht mindestens zwei Partner. Bitte ergänzen Sie den zweiten."
RESERVED = "„{name}“ steht für die Geschäftsführung. Wählen Sie etwas anderes."
ONE_CONFERENCE = "Es gibt genau eine Kooperationskonferenz (CONFERENCE), in dieser Datei {}."
ANNEXES = ((SEATS, "Teilnehmende"), (BODIES, "Gremien"))
NO_ANNEX = "Die Anlage {} ({}) fehlt. Bitte tragen Sie sie mit Überschrift ein."
KEY_MISSES = "Diese Angabe fehlt. Ein örtlicher Träger braucht seinen Kreisschlüssel."
KEY_OF_OTHERS = "Einen Kreisschlüssel haben nur Landkreise (COUNTY) und kreisfreie Städte (CITY). Nehmen Sie ihn weg."
KEY_WRONG = {(True, False): KEY_MISSES, (False, True): KEY_OF_OTHERS}  # is a carrier, has a key

Named = tuple[str, Any]  # key path and value
Problems = Iterator[FileProblem]


def problems_in(file: AgreementFile) -> Problems:
    """Every contradiction between the parts of a file whose parts are right in themselves."""
    return chain(
        _names_used_twice(file),
        _unknown_partners(file),
        _partners_and_conference(file),
        _keys(file),
        _unknown(_values("agreed", file.agreed, "clause"), _clauses(file), NO_CLAUSE),
        _repeated(_values("agreed", file.agreed, "period"), NAMED_ONCE),
        _obligations(file),
        _versions(file),
    )


def _values(section: str, rows: Iterable[Any], key: str) -> list[Named]:
    """What the rows of a repeated section say under a key, each with its path; nothing where a row leaves it out."""
    found = ((f"{section}[{n}].{key}", getattr(row, key)) for n, row in enumerate(rows, 1))
    return [named for named in found if named[1] is not None]


def _wrong(*checks: tuple[object, str, str]) -> Problems:
    """Of these conditions, key paths and sentences the problems of those that are so."""
    return (FileProblem(path, sentence) for is_so, path, sentence in checks if is_so)


def _where(is_wrong: Callable[[Any], object], names: Iterable[Named], sentence: str) -> Problems:
    """The same sentence for each of these values that is wrong."""
    return (FileProblem(path, sentence.format(name=name)) for path, name in names if is_wrong(name))


def _names_used_twice(file: AgreementFile) -> Problems:
    for section, rows, keys in ONCE:
        for key in keys:
            yield from _repeated(_values(section, getattr(file, rows), key), GIVEN_ONCE)


def _repeated(names: Iterable[Named], sentence: str) -> Problems:
    first: dict[str, str] = {}
    for path, name in names:
        if first.setdefault(name, path) != path:
            yield FileProblem(path, sentence.format(name=name, first=first[name]))


def _unknown(names: Iterable[Named], known: Collection[str], sentence: str) -> Problems:
    """`sentence` says that nobody has this name, and which there are."""
    return (
        FileProblem(path, sentence.format(name=name, known=", ".join(known)))
        for path, name in names
        if name not in known
    )


def _unknown_partners(file: AgreementFile) -> Problems:
    known = list(map(attrgetter("slug"), file.partners))
    partners = (
        _values("signatory", file.signatories, "partner"),
        _values("seat", file.seats, "partner"),
        _values("body", file.bodies, "operator"),
    )
    debtors = (
        (f"obligation[{n}].debtors[{m}]", debtor)
        for n, obligation in enumerate(file.obligations, 1)
        for m, debtor in enumerate(obligation.debtors, 1)
        if debtor != SECRETARIAT
    )
    return _unknown(chain(*partners, debtors), known, NO_PARTNER)


def _partners_and_conference(file: AgreementFile) -> Problems:
    conferences = list(map(attrgetter("kind"), file.bodies)).count(BodyKind.CONFERENCE)
    return chain(
        _wrong((len(file.partners) == 1, "partner", ONE_PARTNER)),
        _where(SECRETARIAT.__eq__, _values("partner", file.partners, "slug"), RESERVED),
        _wrong((conferences != 1, "body", ONE_CONFERENCE.format(conferences))),
    )


def _keys(file: AgreementFile) -> Problems:
    """Figures and municipalities belong to a carrier by its Kreisschlüssel (domain.md 4.2)."""
    kinds, municipalities = map(attrgetter("kind"), file.partners), _values("municipality", file.municipalities, "ags")
    found = [KEY_WRONG.get((each.kind in CARRIERS, each.kgs is not None), "") for each in file.partners]
    keys = sorted(set(dict(_values("partner", file.partners, "kgs")).values()))
    own = f"Die ersten fünf Ziffern sind der Schlüssel eines örtlichen Trägers dieser Datei: {', '.join(keys)}."
    return chain(
        _wrong(*((sentence, f"partner[{n}].kgs", sentence) for n, sentence in enumerate(found, 1))),
        _wrong((CARRIERS.isdisjoint(kinds), "partner", NO_CARRIER)),
        _where(lambda ags: not ags.startswith(tuple(keys or [""])), municipalities, own),
    )


def _clauses(file: AgreementFile) -> list[str]:
    return list(map(attrgetter("number"), file.clauses))


def _obligations(file: AgreementFile) -> Problems:
    clauses = _clauses(file)
    for n, obligation in enumerate(file.obligations, 1):
        path = f"obligation[{n}]"
        yield from _unknown([(f"{path}.clause", obligation.clause)], clauses, NO_CLAUSE)
        if obligation.recurrence is Recurrence.YEARLY:
            yield from _yearly(obligation, path)
        else:
            told = "Diese Angabe gehört nur zu jährlichen Pflichten (YEARLY)."
            yield from _with_or_without(obligation, path, YEARLY_ONLY_KEYS, told, given=True)


def _with_or_without(
    obligation: ObligationData, path: str, keys: Iterable[str], sentence: str, *, given: bool
) -> Problems:
    """The keys that are given and should not be, or the other way round."""
    return (FileProblem(f"{path}.{key}", sentence) for key in keys if (getattr(obligation, key) is not None) is given)


def _yearly(obligation: ObligationData, path: str) -> Problems:
    missing = "Diese Angabe fehlt. Eine jährliche Pflicht (YEARLY) braucht sie."
    _, last_day = monthrange(NON_LEAP_YEAR, obligation.month or 1)
    return chain(
        _with_or_without(obligation, path, YEARLY_KEYS, missing, given=False),
        _wrong(
            (
                SECRETARIAT in obligation.debtors,
                f"{path}.debtors",
                "Eine jährliche Pflicht (YEARLY) trifft Partner. Nennen Sie sie statt der Geschäftsführung.",
            ),
            (
                (obligation.day or 1) > last_day,
                f"{path}.day",
                f"Den {obligation.day}.{obligation.month}. gibt es nicht in jedem Jahr.",
            ),
            (
                (obligation.last_year or LAST_DAY.year) < (obligation.first_year or 0),
                f"{path}.last_year",
                "Das letzte Jahr liegt vor dem ersten. Bitte prüfen Sie beide.",
            ),
        ),
    )


def _versions(file: AgreementFile) -> Problems:
    """Bodies and seats stand in the two Anlagen that every agreement of this kind has."""
    there = dict(_values("annex", file.annexes, "number")).values()
    in_force_on = file.agreement.in_force_on
    days = [("version.valid_from", file.starts_on), *_values("annex", file.annexes, "valid_from")]
    return chain(
        _wrong(*((number not in there, "annex", NO_ANNEX.format(number, content)) for number, content in ANNEXES)),
        _where(in_force_on.__gt__, days, f"Dieser Tag liegt vor dem Inkrafttreten ({in_force_on})."),
        _where(
            in_force_on.__gt__,
            [("rotation.anchor_on", file.rotation.anchor_on)],
            f"Dieser Tag liegt vor dem Inkrafttreten ({in_force_on}). Die Geschäftsführung kann frühestens dann "
            "beginnen.",
        ),
    )
