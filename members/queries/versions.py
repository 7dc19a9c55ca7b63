"""The versions of an agreement and its Anlagen as they were loaded, and what each changed."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from operator import attrgetter, itemgetter
from typing import TypeVar

from django.db.models import Max, Prefetch

from kok.codes import Code
from kok.workdays import Policy
from members.models import Agreement, AgreementVersion, AnnexBody, AnnexVersion, Clause, ObligationRule, Seat
from members.rules import agreement as wanted
from members.rules.codes import BodyKind, Channel, Recurrence, Reference, ResponsibleRole, Strength
from members.rules.wording import SEATS, AnnexText, BodyLine, SeatLine, Wording

V = TypeVar("V", AgreementVersion, AnnexVersion)
C = TypeVar("C", bound=Code)
PERIODS = tuple(wanted.Periods.__dataclass_fields__)


def versions_of(agreement: Agreement) -> list[AgreementVersion]:
    """All versions of the agreement with their Punkte and obligations, the first one first, in three queries."""
    return list(agreement.versions.prefetch_related("clauses", "obligation_rules"))


def annexes_of(agreement: Agreement) -> dict[str, list[AnnexVersion]]:
    """All versions of each Anlage with the bodies it names, the first one first, in two queries."""
    found = defaultdict(list)
    bodies = Prefetch("bodies", AnnexBody.objects.select_related("body__operator__authority"))
    for version in agreement.annexes.prefetch_related(bodies):
        found[version.annex].append(version)
    return dict(found)


def on_day(versions: Sequence[V], day: date) -> V:
    """The version of a day; before the first one the first."""
    return begun_by(versions, day) or versions[0]


def begun_by(versions: Sequence[V], day: date) -> V | None:
    """The version of a day, None before the first one."""
    begun = versions[: bisect_right(versions, day, key=attrgetter("period.lower"))]
    return next(reversed(begun), None)


def holds_since(agreement: Agreement, day: date) -> date:
    """The first day of what holds on a day, wording and Anlagen together: by it the page names the Fassung."""
    annexes = agreement.annexes.filter(period__contains=day).aggregate(since=Max("period__startswith"))
    since: date = max(filter(None, (agreement.terms_on(day).starts_on, annexes["since"])))
    return since


def annex_on(agreement: Agreement, annex: str, day: date) -> AnnexVersion:
    """The version of an Anlage on a day."""
    return on_day(list(agreement.annexes.filter(annex=annex)), day)


def printed_on(seat: Seat, day: date) -> SeatLine | None:
    """The line of this seat in Anlage 1 as it is printed on a day; None where it names no such function.

    Of several seats of one function each has the line at its own place among them.
    """
    agreement = seat.body.agreement
    if seat.body.kind != BodyKind.CONFERENCE:
        return None
    wanted_line = (seat.partner.slug, seat.function, seat.unit)
    lines = [SeatLine(**line) for line in annex_on(agreement, SEATS, day).seats]
    found = [line for line in lines if (line.partner, line.function, line.unit) == wanted_line]
    alike = Seat.objects.filter(body=seat.body_id, partner=seat.partner_id, function=seat.function, unit=seat.unit)
    there = alike.filter(period__contains=day).order_by("position").values_list("pk", flat=True)
    return dict(zip(there, found, strict=False)).get(seat.pk)


def wording_of(version: AgreementVersion) -> Wording:
    """What a version says, in the shape of a file."""
    return Wording(
        title=version.title,
        legal_bases=tuple(
            wanted.LegalBasis(**basis | {"version_of": date.fromisoformat(basis["version_of"])})
            for basis in version.legal_basis
        ),
        organs=tuple(map(itemgetter("partner", "organ"), version.organs)),
        signatories=tuple(wanted.Signatory(**signatory) for signatory in version.signatories),
        meetings_per_year=version.meetings_per_year,
        termination_months=version.termination_months,
        periods=wanted.Periods(**{name: getattr(version, name) for name in PERIODS}),
        agreed=tuple(wanted.Agreed(**each) for each in version.agreed_periods),
        preamble=wanted.Preamble(text=version.preamble, reading_note=version.preamble_note),
        clauses=tuple(map(_clause, version.clauses.all())),
        obligations=tuple(map(_obligation, version.obligation_rules.all())),
    )


def _clause(clause: Clause) -> wanted.ClauseData:
    return wanted.ClauseData(
        number=clause.number, heading=clause.heading, text=clause.text, reading_note=clause.reading_note
    )


def _obligation(rule: ObligationRule) -> wanted.ObligationData:
    return wanted.ObligationData(
        code=rule.code,
        clause=rule.clause,
        title=rule.title,
        strength=Strength(rule.strength),
        recurrence=Recurrence(rule.recurrence),
        debtors=tuple(rule.debtors),
        responsible_role=ResponsibleRole(rule.responsible_role),
        creditor=rule.creditor,
        month=rule.month,
        day=rule.day,
        policy=_code(Policy, rule.policy),
        reference=_code(Reference, rule.reference),
        channel=_code(Channel, rule.channel),
        first_year=rule.first_year,
        last_year=rule.last_year,
        nil_expected_from=rule.nil_expected_from,
        note=rule.note,
    )


def _code(codes: type[C], value: str) -> C | None:
    return codes(value) if value else None


def annex_text_of(version: AnnexVersion) -> AnnexText:
    """What a version of an Anlage says, in the shape of a file."""
    return AnnexText(
        number=version.annex,
        heading=version.heading,
        reading_note=version.reading_note,
        bodies=tuple(
            BodyLine(
                slug=each.body.slug,
                kind=each.body.kind,
                name=each.name,
                short_name=each.short_name,
                number_prefix=each.body.number_prefix,
                scope=each.scope,
                operator=getattr(each.body.operator, "slug", ""),
            )
            for each in version.bodies.all()
        ),
        seats=tuple(SeatLine(**line) for line in version.seats),
    )
