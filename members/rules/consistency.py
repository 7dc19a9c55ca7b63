"""What the single values of an agreement file cannot show: names used twice, names nobody has, dates that clash."""

from collections.abc import Iterable, Iterator
from datetime import date

from members.rules.agreement import AgreementFile, ObligationData
from members.rules.kinds import BodyKind, PartnerKind, Recurrence
from members.rules.tables import FileProblem
from members.rules.wording import BODIES, SEATS

SECRETARIAT = "secretariat"
CARRIERS = (PartnerKind.COUNTY, PartnerKind.CITY)
YEARLY_KEYS = ("month", "day", "policy", "first_year")
YEARLY_ONLY_KEYS = (*YEARLY_KEYS, "last_year", "reference", "nil_expected_from")
NON_LEAP_YEAR = 2001

Named = tuple[str, str]  # key path and value


def problems_in(file: AgreementFile) -> Iterator[FileProblem]:
    """Every contradiction between the parts of a file whose parts are right in themselves."""
    yield from _names_used_twice(file)
    yield from _unknown_partners(file)
    yield from _partners_and_conference(file)
    yield from _keys(file)
    yield from _agreed(file)
    yield from _obligations(file)
    yield from _versions(file)
    if file.rotation.anchor_on < file.agreement.in_force_on:
        yield FileProblem(
            "rotation.anchor_on",
            f"Dieser Tag liegt vor dem Inkrafttreten ({file.agreement.in_force_on}). Die Geschäftsführung "
            "kann frühestens dann beginnen.",
        )


def _versions(file: AgreementFile) -> Iterator[FileProblem]:
    """Bodies and seats stand in the two Anlagen that every agreement of this kind has."""
    there = {annex.number for annex in file.annexes}
    for number, content in ((SEATS, "Teilnehmende"), (BODIES, "Gremien")):
        if number not in there:
            yield FileProblem(
                "annex", f"Die Anlage {number} ({content}) fehlt. Bitte tragen Sie sie mit Überschrift ein."
            )
    days = [("version.valid_from", file.version.valid_from)]
    days += [(f"annex[{n}].valid_from", annex.valid_from) for n, annex in enumerate(file.annexes, 1)]
    for path, day in days:
        if day and day < file.agreement.in_force_on:
            yield FileProblem(path, f"Dieser Tag liegt vor dem Inkrafttreten ({file.agreement.in_force_on}).")


def _names_used_twice(file: AgreementFile) -> Iterator[FileProblem]:
    for names in (
        [(f"partner[{n}].slug", item.slug) for n, item in enumerate(file.partners, 1)],
        [(f"partner[{n}].kgs", item.kgs) for n, item in enumerate(file.partners, 1) if item.kgs],
        [(f"partner[{n}].name", item.name) for n, item in enumerate(file.partners, 1)],
        [(f"partner[{n}].short_name", item.short_name) for n, item in enumerate(file.partners, 1)],
        [(f"body[{n}].slug", item.slug) for n, item in enumerate(file.bodies, 1)],
        [(f"body[{n}].number_prefix", item.number_prefix) for n, item in enumerate(file.bodies, 1)],
        [(f"obligation[{n}].code", item.code) for n, item in enumerate(file.obligations, 1)],
        [(f"clause[{n}].number", item.number) for n, item in enumerate(file.clauses, 1)],
        [(f"annex[{n}].number", item.number) for n, item in enumerate(file.annexes, 1)],
        [(f"municipality[{n}].ags", item.ags) for n, item in enumerate(file.municipalities, 1)],
    ):
        yield from _repeated(names)


def _repeated(names: Iterable[Named]) -> Iterator[FileProblem]:
    first: dict[str, str] = {}
    for path, name in names:
        if name in first:
            yield FileProblem(
                path, f"„{name}“ steht schon bei {first[name]}. Bitte vergeben Sie jeden Wert nur einmal."
            )
        first.setdefault(name, path)


def _unknown_partners(file: AgreementFile) -> Iterator[FileProblem]:
    known = [partner.slug for partner in file.partners]
    for path, slug in _mentions_of_partners(file):
        if slug not in known:
            yield FileProblem(
                path, f"Einen Partner „{slug}“ gibt es in dieser Datei nicht. Möglich sind: {', '.join(known)}."
            )


def _mentions_of_partners(file: AgreementFile) -> Iterator[Named]:
    for n, signatory in enumerate(file.signatories, 1):
        yield f"signatory[{n}].partner", signatory.partner
    for n, seat in enumerate(file.seats, 1):
        yield f"seat[{n}].partner", seat.partner
    for n, body in enumerate(file.bodies, 1):
        if body.operator is not None:
            yield f"body[{n}].operator", body.operator
    for n, obligation in enumerate(file.obligations, 1):
        for m, debtor in enumerate(obligation.debtors, 1):
            if debtor != SECRETARIAT:
                yield f"obligation[{n}].debtors[{m}]", debtor


def _partners_and_conference(file: AgreementFile) -> Iterator[FileProblem]:
    if len(file.partners) == 1:
        yield FileProblem(
            "partner", "Eine Vereinbarung braucht mindestens zwei Partner. Bitte ergänzen Sie den zweiten."
        )
    for n, partner in enumerate(file.partners, 1):
        if partner.slug == SECRETARIAT:
            yield FileProblem(
                f"partner[{n}].slug", f"„{SECRETARIAT}“ steht für die Geschäftsführung. Wählen Sie etwas anderes."
            )
    conferences = sum(body.kind is BodyKind.CONFERENCE for body in file.bodies)
    if conferences != 1:
        yield FileProblem(
            "body", f"Es gibt genau eine Kooperationskonferenz (CONFERENCE), in dieser Datei {conferences}."
        )


def _keys(file: AgreementFile) -> Iterator[FileProblem]:
    """Figures and municipalities belong to a carrier by its Kreisschlüssel (domain.md 4.2)."""
    for n, partner in enumerate(file.partners, 1):
        if partner.kind in CARRIERS and partner.kgs is None:
            yield FileProblem(
                f"partner[{n}].kgs", "Diese Angabe fehlt. Ein örtlicher Träger braucht seinen Kreisschlüssel."
            )
        if partner.kind not in CARRIERS and partner.kgs is not None:
            yield FileProblem(
                f"partner[{n}].kgs",
                "Einen Kreisschlüssel haben nur Landkreise (COUNTY) und kreisfreie Städte (CITY). Nehmen Sie ihn weg.",
            )
    keys = {partner.kgs for partner in file.partners if partner.kgs}
    if not any(partner.kind in CARRIERS for partner in file.partners):
        yield FileProblem(
            "partner", "Eine Vereinbarung braucht einen örtlichen Träger (COUNTY oder CITY). Bitte ergänzen Sie ihn."
        )
    for n, municipality in enumerate(file.municipalities, 1):
        if keys and municipality.ags[:5] not in keys:
            yield FileProblem(
                f"municipality[{n}].ags",
                "Die ersten fünf Ziffern sind der Schlüssel eines örtlichen Trägers dieser Datei: "
                f"{', '.join(sorted(keys))}.",
            )


def _agreed(file: AgreementFile) -> Iterator[FileProblem]:
    clauses = {clause.number for clause in file.clauses}
    named = [agreed.period for agreed in file.agreed]
    for n, agreed in enumerate(file.agreed, 1):
        if agreed.clause not in clauses:
            yield FileProblem(f"agreed[{n}].clause", f"Einen Punkt „{agreed.clause}“ gibt es in dieser Datei nicht.")
        if agreed.period in named[: n - 1]:
            yield FileProblem(
                f"agreed[{n}].period", f"„{agreed.period}“ steht hier schon. Nennen Sie jede Frist einmal."
            )


def _obligations(file: AgreementFile) -> Iterator[FileProblem]:
    clauses = {clause.number for clause in file.clauses}
    for n, obligation in enumerate(file.obligations, 1):
        path = f"obligation[{n}]"
        if obligation.clause not in clauses:
            yield FileProblem(f"{path}.clause", f"Einen Punkt „{obligation.clause}“ gibt es in dieser Datei nicht.")
        if obligation.recurrence is Recurrence.YEARLY:
            yield from _yearly(obligation, path)
        else:
            yield from _not_yearly(obligation, path)


def _yearly(obligation: ObligationData, path: str) -> Iterator[FileProblem]:
    for key in YEARLY_KEYS:
        if getattr(obligation, key) is None:
            yield FileProblem(f"{path}.{key}", "Diese Angabe fehlt. Eine jährliche Pflicht (YEARLY) braucht sie.")
    if SECRETARIAT in obligation.debtors:
        yield FileProblem(
            f"{path}.debtors",
            "Eine jährliche Pflicht (YEARLY) trifft Partner. Nennen Sie sie statt der Geschäftsführung.",
        )
    if obligation.month and obligation.day and not _exists_every_year(obligation.month, obligation.day):
        yield FileProblem(f"{path}.day", f"Den {obligation.day}.{obligation.month}. gibt es nicht in jedem Jahr.")
    if obligation.first_year and obligation.last_year and obligation.last_year < obligation.first_year:
        yield FileProblem(f"{path}.last_year", "Das letzte Jahr liegt vor dem ersten. Bitte prüfen Sie beide.")


def _not_yearly(obligation: ObligationData, path: str) -> Iterator[FileProblem]:
    for key in YEARLY_ONLY_KEYS:
        if getattr(obligation, key) is not None:
            yield FileProblem(f"{path}.{key}", "Diese Angabe gehört nur zu jährlichen Pflichten (YEARLY).")


def _exists_every_year(month: int, day: int) -> bool:
    try:
        date(NON_LEAP_YEAR, month, day)
    except ValueError:
        return False
    return True
