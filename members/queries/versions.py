"""The versions of an agreement and its Anlagen as they were loaded, and what each changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from django.db.models import Max, Prefetch

from kok import words
from kok.workdays import Policy
from members.models import Agreement, AgreementVersion, AnnexBody, AnnexVersion, Clause, ObligationRule, Seat
from members.rules import agreement as wanted
from members.rules.codes import BodyKind, Channel, Recurrence, Reference, ResponsibleRole, Strength
from members.rules.wording import SEATS, AnnexText, BodyLine, SeatLine, Wording, WordingChange, differences, signing

V = TypeVar("V", AgreementVersion, AnnexVersion)
PERIODS = tuple(wanted.Periods.__dataclass_fields__)


def versions_of(agreement: Agreement) -> list[AgreementVersion]:
    """All versions of the agreement with their Punkte and obligations, the first one first, in three queries."""
    return list(agreement.versions.prefetch_related("clauses", "obligation_rules"))


def annexes_of(agreement: Agreement) -> dict[str, list[AnnexVersion]]:
    """All versions of each Anlage with the bodies it names, the first one first, in two queries."""
    found: dict[str, list[AnnexVersion]] = {}
    bodies = Prefetch("bodies", AnnexBody.objects.select_related("body__operator__authority"))
    for version in agreement.annexes.prefetch_related(bodies):
        found.setdefault(version.annex, []).append(version)
    return found


def on_day(versions: Sequence[V], day: date) -> V:
    """The version of a day; before the first one the first."""
    return begun_by(versions, day) or versions[0]


def begun_by(versions: Sequence[V], day: date) -> V | None:
    """The version of a day, None before the first one."""
    begun = [version for version in versions if version.period.lower <= day]
    return begun[-1] if begun else None


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
        organs=tuple((each["partner"], each["organ"]) for each in version.organs),
        signatories=tuple(wanted.Signatory(**signatory) for signatory in version.signatories),
        meetings_per_year=version.meetings_per_year,
        termination_months=version.termination_months,
        periods=wanted.Periods(**{name: getattr(version, name) for name in PERIODS}),
        agreed=tuple(wanted.Agreed(**each) for each in version.agreed_periods),
        preamble=wanted.Preamble(text=version.preamble, reading_note=version.preamble_note),
        clauses=tuple(_clause(clause) for clause in version.clauses.all()),
        obligations=tuple(_obligation(rule) for rule in version.obligation_rules.all()),
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
        policy=Policy(rule.policy) if rule.policy else None,
        reference=Reference(rule.reference) if rule.reference else None,
        channel=Channel(rule.channel) if rule.channel else None,
        first_year=rule.first_year,
        last_year=rule.last_year,
        nil_expected_from=rule.nil_expected_from,
        note=rule.note,
    )


def text_of(version: AnnexVersion) -> AnnexText:
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
                operator=each.body.operator.slug if each.body.operator else "",
            )
            for each in version.bodies.all()
        ),
        seats=tuple(SeatLine(**line) for line in version.seats),
    )


@dataclass(frozen=True)
class Begun:
    """A version that begins on a day: of what, its number, the occasion, and what it changed; the first one nothing."""

    title: str
    number: int
    starts_on: date
    reason: str
    changes: tuple[WordingChange, ...]

    @property
    def caption(self) -> str:
        """The name of the table of its changes; a page has several."""
        return f"{self.title}: Änderungen am {words.day(self.starts_on)}"


@dataclass(frozen=True)
class Chapter:
    """What held together from a day on, until the next thing began; `begun` is what was new."""

    starts_on: date
    ends_on: date | None
    begun: tuple[Begun, ...]

    @property
    def is_newest(self) -> bool:
        """Whether nothing that is loaded follows."""
        return self.ends_on is None


def history_of(
    versions: Sequence[AgreementVersion], annexes: dict[str, list[AnnexVersion]], partners: Mapping[str, str]
) -> list[Chapter]:
    """Every day on which something began, the newest first, with what changed; without a query.

    `partners` are their short names by slug.
    """
    begun = [*_begun("Vereinbarung", versions, [wording_of(each) for each in versions], partners)]
    for number, of_annex in annexes.items():
        begun += _begun(f"Anlage {number}", of_annex, [text_of(each) for each in of_annex], partners)
    days = sorted({each.starts_on for each in begun}, reverse=True)
    ends = [None, *(day - timedelta(days=1) for day in days)]
    return [
        Chapter(day, last, tuple(each for each in begun if each.starts_on == day))
        for day, last in zip(days, ends, strict=False)
    ]


def reading_of(history: Sequence[Chapter], day: date) -> Chapter:
    """What held on a day; before the first the first."""
    return next((chapter for chapter in history if chapter.starts_on <= day), history[-1])


def _begun(
    title: str,
    versions: Sequence[V],
    texts: Sequence[Wording] | Sequence[AnnexText],
    partners: Mapping[str, str],
) -> Iterable[Begun]:
    for n, version in enumerate(versions):
        changes = differences(texts[n - 1], texts[n], partners) if n else ()
        if n and isinstance(version, AgreementVersion):
            changes += signing(versions[n - 1].signed_on, version.signed_on)
        yield Begun(title, version.number, version.period.lower, version.reason, changes)
