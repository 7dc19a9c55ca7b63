"""What the single values of an agreement file cannot show: names used twice, names nobody has, dates that clash."""

from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from operator import attrgetter
from typing import Any

from members.rules.agreement import LAST_DAY, AgreementFile, ObligationData
from members.rules.codes import BodyKind, PartnerKind, Recurrence
from members.rules.tables import FileProblem
from members.rules.wording import BODIES, SEATS, SECRETARIAT

CARRIERS = (PartnerKind.COUNTY, PartnerKind.CITY)
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
KEY_WRONG = {  # is a carrier, has a key
    (True, False): "Diese Angabe fehlt. Ein örtlicher Träger braucht seinen Kreisschlüssel.",
    (
        False,
        True,
    ): "Einen Kreisschlüssel haben nur Landkreise (COUNTY) und kreisfreie Städte (CITY). Nehmen Sie ihn weg.",
}

Named = tuple[str, Any]  # key path and value


def problems_in(file: AgreementFile) -> Iterator[FileProblem]:
    """Every contradiction between the parts of a file whose parts are right in themselves."""
    return chain(
        _names_used_twice(file),
        _unknown_partners(file),
        _partners_and_conference(file),
        _keys(file),
        _agreed(file),
        _obligations(file),
        _versions(file),
        _rotation(file),
    )


def _values(section: str, rows: Iterable[Any], key: str) -> list[Named]:
    """What the rows of a repeated section say under a key, each with its path; nothing where a row leaves it out."""
    found = [(f"{section}[{n}].{key}", getattr(row, key)) for n, row in enumerate(rows, 1)]
    return [(path, value) for path, value in found if value is not None]


def _names_used_twice(file: AgreementFile) -> Iterator[FileProblem]:
    for section, rows, keys in ONCE:
        for key in keys:
            yield from _repeated(_values(section, getattr(file, rows), key), GIVEN_ONCE)


def _repeated(names: Iterable[Named], sentence: str) -> Iterator[FileProblem]:
    first: dict[str, str] = {}
    for path, name in names:
        if first.setdefault(name, path) != path:
            yield FileProblem(path, sentence.format(name=name, first=first[name]))


def _unknown(names: Iterable[Named], known: Collection[str], sentence: str) -> Iterator[FileProblem]:
    """`sentence` says that nobody has this name, and which there are."""
    return (
        FileProblem(path, sentence.format(name=name, known=", ".join(known)))
        for path, name in names
        if name not in known
    )


def _unknown_partners(file: AgreementFile) -> Iterator[FileProblem]:
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


def _partners_and_conference(file: AgreementFile) -> Iterator[FileProblem]:
    if len(file.partners) == 1:
        yield FileProblem(
            "partner", "Eine Vereinbarung braucht mindestens zwei Partner. Bitte ergänzen Sie den zweiten."
        )
    for path, slug in _values("partner", file.partners, "slug"):
        if slug == SECRETARIAT:
            yield FileProblem(path, f"„{SECRETARIAT}“ steht für die Geschäftsführung. Wählen Sie etwas anderes.")
    conferences = sum(body.kind is BodyKind.CONFERENCE for body in file.bodies)
    if conferences != 1:
        yield FileProblem(
            "body", f"Es gibt genau eine Kooperationskonferenz (CONFERENCE), in dieser Datei {conferences}."
        )


def _keys(file: AgreementFile) -> Iterator[FileProblem]:
    """Figures and municipalities belong to a carrier by its Kreisschlüssel (domain.md 4.2)."""
    kinds = [partner.kind in CARRIERS for partner in file.partners]
    for n, (is_carrier, partner) in enumerate(zip(kinds, file.partners, strict=True), 1):
        if wrong := KEY_WRONG.get((is_carrier, partner.kgs is not None)):
            yield FileProblem(f"partner[{n}].kgs", wrong)
    if not any(kinds):
        yield FileProblem(
            "partner", "Eine Vereinbarung braucht einen örtlichen Träger (COUNTY oder CITY). Bitte ergänzen Sie ihn."
        )
    keys = sorted(set(dict(_values("partner", file.partners, "kgs")).values()))
    for path, ags in _values("municipality", file.municipalities, "ags"):
        if not ags.startswith(tuple(keys or [""])):
            yield FileProblem(
                path,
                f"Die ersten fünf Ziffern sind der Schlüssel eines örtlichen Trägers dieser Datei: {', '.join(keys)}.",
            )


def _agreed(file: AgreementFile) -> Iterator[FileProblem]:
    yield from _unknown(_values("agreed", file.agreed, "clause"), _clauses(file), NO_CLAUSE)
    yield from _repeated(_values("agreed", file.agreed, "period"), NAMED_ONCE)


def _clauses(file: AgreementFile) -> list[str]:
    return list(map(attrgetter("number"), file.clauses))


def _obligations(file: AgreementFile) -> Iterator[FileProblem]:
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
) -> Iterator[FileProblem]:
    """The keys that are given and should not be, or the other way round."""
    return (FileProblem(f"{path}.{key}", sentence) for key in keys if (getattr(obligation, key) is not None) is given)


def _yearly(obligation: ObligationData, path: str) -> Iterator[FileProblem]:
    missing = "Diese Angabe fehlt. Eine jährliche Pflicht (YEARLY) braucht sie."
    yield from _with_or_without(obligation, path, YEARLY_KEYS, missing, given=False)
    if SECRETARIAT in obligation.debtors:
        yield FileProblem(
            f"{path}.debtors",
            "Eine jährliche Pflicht (YEARLY) trifft Partner. Nennen Sie sie statt der Geschäftsführung.",
        )
    if (obligation.day or 1) > monthrange(NON_LEAP_YEAR, obligation.month or 1)[1]:
        yield FileProblem(f"{path}.day", f"Den {obligation.day}.{obligation.month}. gibt es nicht in jedem Jahr.")
    if (obligation.last_year or LAST_DAY.year) < (obligation.first_year or 0):
        yield FileProblem(f"{path}.last_year", "Das letzte Jahr liegt vor dem ersten. Bitte prüfen Sie beide.")


def _versions(file: AgreementFile) -> Iterator[FileProblem]:
    """Bodies and seats stand in the two Anlagen that every agreement of this kind has."""
    there = dict(_values("annex", file.annexes, "number")).values()
    for number, content in ((SEATS, "Teilnehmende"), (BODIES, "Gremien")):
        if number not in there:
            yield FileProblem(
                "annex", f"Die Anlage {number} ({content}) fehlt. Bitte tragen Sie sie mit Überschrift ein."
            )
    in_force_on = file.agreement.in_force_on
    of_version = ("version.valid_from", file.version.valid_from or in_force_on)
    for path, day in (of_version, *_values("annex", file.annexes, "valid_from")):
        if day < in_force_on:
            yield FileProblem(path, f"Dieser Tag liegt vor dem Inkrafttreten ({in_force_on}).")


def _rotation(file: AgreementFile) -> Iterator[FileProblem]:
    if file.rotation.anchor_on < file.agreement.in_force_on:
        yield FileProblem(
            "rotation.anchor_on",
            f"Dieser Tag liegt vor dem Inkrafttreten ({file.agreement.in_force_on}). Die Geschäftsführung "
            "kann frühestens dann beginnen.",
        )
