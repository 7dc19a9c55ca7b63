"""What one version of an agreement or of an Anlage says, and what another one says otherwise."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import ClassVar, Protocol

from kok.codes import Code
from kok.roles import RoleSlug
from kok.words import day
from members.rules.agreement import (
    Agreed,
    AgreementFile,
    BodyData,
    ClauseData,
    LegalBasis,
    ObligationData,
    Periods,
    Preamble,
    SeatData,
    Signatory,
)
from members.rules.codes import BodyKind, BodyScope

SECRETARIAT = "secretariat"  # among the debtors of an obligation: whoever is in office
SEATS, BODIES = "1", "2"  # the Anlage of the participants, and that of the bodies
Said = tuple[str, str]  # a place, and what stands there


@dataclass(frozen=True, kw_only=True)
class Wording:
    """A version of the agreement. `organs` are pairs of a partner and the organ that represents it."""

    title: str
    legal_bases: tuple[LegalBasis, ...]
    organs: tuple[tuple[str, str], ...]
    signatories: tuple[Signatory, ...]
    meetings_per_year: int
    termination_months: int
    periods: Periods
    agreed: tuple[Agreed, ...]
    preamble: Preamble
    clauses: tuple[ClauseData, ...]
    obligations: tuple[ObligationData, ...]

    called: ClassVar[Mapping[str, str]] = {}

    def told(self, names: Mapping[str, str]) -> Iterator[Said]:
        """What it says, by place, in the order of the text. `names` of partners by slug."""
        debtors = {SECRETARIAT: "Geschäftsführung", **names}
        yield "Titel", self.title
        yield "Rechtsgrundlagen", "\n\n".join(map(str, self.legal_bases))
        for partner, organ in self.organs:
            yield f"{names.get(partner, partner)}, vertreten durch", organ
        yield "Unterzeichnende", "\n\n".join(f"{each.name}, {each.office}" for each in self.signatories)
        yield "Präambel", self.preamble.text
        yield "Präambel, Lesehinweis", self.preamble.reading_note
        for clause in self.clauses:
            yield from _labelled(f"Punkt {clause.number}", vars(clause), CLAUSE)
        yield "Sitzungen im Jahr", str(self.meetings_per_year)
        yield "Kündigungsfrist in Monaten", str(self.termination_months)
        yield from ((PERIODS[name], str(days)) for name, days in vars(self.periods).items())
        for agreed in self.agreed:
            yield f"{PERIODS[agreed.period]}, vereinbart in", f"Punkt {agreed.clause}"
        for obligation in self.obligations:
            owed_by = ", ".join(debtors.get(each, each) for each in obligation.debtors)
            words = {"debtors": owed_by, "responsible_role": RoleSlug(obligation.responsible_role)}
            yield from _labelled(f"Pflicht {obligation.code}", vars(obligation) | words, OBLIGATION)


@dataclass(frozen=True, kw_only=True)
class BodyLine:
    """A body as an Anlage names it, with what is fixed for good once it is named first.

    The conference itself stands in the Anlage of the participants.
    """

    slug: str
    kind: str
    name: str
    short_name: str
    number_prefix: str
    scope: str
    operator: str


@dataclass(frozen=True, kw_only=True)
class SeatLine:
    """A line of the participants as it is printed."""

    partner: str
    function: str
    unit: str
    printed: str
    reading_note: str

    def __str__(self) -> str:
        said = self.printed or ", ".join(filter(None, (self.function, self.unit)))
        return f"{said} (Lesehinweis: {self.reading_note})" if self.reading_note else said


@dataclass(frozen=True, kw_only=True)
class AnnexText:
    """A version of an Anlage."""

    number: str
    heading: str
    reading_note: str
    bodies: tuple[BodyLine, ...] = ()
    seats: tuple[SeatLine, ...] = ()

    @property
    def called(self) -> Mapping[str, str]:
        """The short names of its bodies by slug."""
        return {body.slug: body.short_name for body in self.bodies}

    def told(self, names: Mapping[str, str]) -> Iterator[Said]:
        """As `Wording.told`; `names` of bodies too."""
        yield "Überschrift", self.heading
        yield "Lesehinweis", self.reading_note
        for body in self.bodies:
            operator = names.get(body.operator, body.operator) or "allen Partnern"
            words = {"kind": BodyKind(body.kind), "scope": BodyScope(body.scope), "operator": operator}
            yield from _labelled(f"Gremium {names[body.slug]}", vars(body) | words, BODY)
        lines: dict[str, list[str]] = {}
        for seat in self.seats:
            lines.setdefault(seat.partner, []).append(str(seat))
        for partner, printed in lines.items():
            yield f"Teilnehmende von: {names.get(partner, partner)}", "\n\n".join(printed)


@dataclass(frozen=True)
class WordingChange:
    """What stands otherwise: where, what stood there before, and what stands there now; empty where nothing stood."""

    place: str
    before: str
    after: str


def wording_in(file: AgreementFile) -> Wording:
    """The wording of a file."""
    return Wording(
        title=file.agreement.title,
        legal_bases=file.legal_bases,
        organs=tuple((partner.slug, partner.represented_by) for partner in file.partners),
        signatories=file.signatories,
        meetings_per_year=file.meetings.minimum_per_year,
        termination_months=file.termination.months,
        periods=file.periods,
        agreed=file.agreed,
        preamble=file.preamble,
        clauses=file.clauses,
        obligations=file.obligations,
    )


def annexes_in(file: AgreementFile) -> dict[str, AnnexText]:
    """The Anlagen of a file by number."""
    bodies = defaultdict(list)
    for body in file.bodies:
        bodies[SEATS if body.kind == BodyKind.CONFERENCE else BODIES].append(_body(body))
    seats = {SEATS: tuple(map(_seat, file.seats))}
    return {
        annex.number: AnnexText(
            number=annex.number,
            heading=annex.heading,
            reading_note=annex.reading_note,
            bodies=tuple(bodies[annex.number]),
            seats=seats.get(annex.number, ()),
        )
        for annex in file.annexes
    }


def _seat(seat: SeatData) -> SeatLine:
    return SeatLine(
        partner=seat.partner,
        function=seat.function,
        unit=seat.unit,
        printed=seat.printed,
        reading_note=seat.reading_note,
    )


def _body(body: BodyData) -> BodyLine:
    return BodyLine(
        slug=body.slug,
        kind=body.kind,
        name=body.name,
        short_name=body.short_name,
        number_prefix=body.number_prefix,
        scope=body.scope,
        operator=body.operator or "",
    )


PERIODS = {
    "planning_days": "Termin steht fest, Tage vor der Sitzung",
    "proposal_days": "Punkte vorschlagen, Tage vor der Sitzung",
    "notice_days": "Ladungsfrist in Tagen",
    "paper_days": "Unterlagen liegen vor, Tage vor der Sitzung",
    "draft_days": "Entwurf des Protokolls, Tage nach der Sitzung",
    "minutes_days": "Protokollfrist in Tagen",
    "objection_days": "Einwendungen, Tage nach dem Versand",
}
CLAUSE = {"heading": "Überschrift", "text": "Text", "reading_note": "Lesehinweis"}
BODY = {
    "kind": "Art",
    "name": "Name",
    "short_name": "Kurzname im Text",
    "number_prefix": "Nummernkreis",
    "scope": "Zielgruppe",
    "operator": "geführt von",
}
OBLIGATION = {
    "clause": "Punkt",
    "title": "Wortlaut",
    "strength": "Verbindlichkeit",
    "recurrence": "Wiederkehr",
    "debtors": "Verpflichtete",
    "responsible_role": "zuständige Rolle",
    "creditor": "Empfänger",
    "month": "Monat",
    "day": "Tag",
    "policy": "Fristregel",
    "reference": "Bezug",
    "channel": "Weg",
    "first_year": "erstes Jahr",
    "last_year": "letztes Jahr",
    "nil_expected_from": "Nullmeldung erwartet ab Stichtag",
    "note": "Hinweis",
}


def differences(
    before: Wording | AnnexText, after: Wording | AnnexText, partners: Mapping[str, str]
) -> tuple[WordingChange, ...]:
    """What the later one says otherwise, in the order of the text. Of long texts only the paragraphs that differ.

    `partners` are their short names by slug. A body bears the name that it had before.
    """
    names = {**partners, **after.called, **before.called}
    old, new = dict(before.told(names)), dict(after.told(names))
    changed = [(place, old.get(place, ""), new.get(place, "")) for place in dict.fromkeys([*new, *old])]
    return tuple(WordingChange(place, *_apart(was, now)) for place, was, now in changed if was != now)


class ShortlyNamed(Protocol):
    """A partner, of a file or stored."""

    @property
    def slug(self) -> str:
        """Its short name in files."""

    @property
    def short_name(self) -> str:
        """What it is called in a sentence."""


def short_names(partners: Iterable[ShortlyNamed]) -> dict[str, str]:
    """What partners are called in a sentence, by slug."""
    return dict(map(attrgetter("slug", "short_name"), partners))


def signing(before: date | None, after: date | None) -> tuple[WordingChange, ...]:
    """The day of signing of a new version, which alone makes no new version."""
    said = tuple(day(each) or "nicht angegeben" for each in (before, after))
    return (WordingChange("Unterzeichnet am", *said),) if before != after else ()


def is_printed(place: str) -> bool:
    """Whether what stands at this place of a difference are words of the signed text, no reading or number of it."""
    is_clause = place.startswith("Punkt ") and place.endswith((", Überschrift", ", Text"))
    return is_clause or place in ("Titel", "Präambel", "Rechtsgrundlagen", "Unterzeichnende")


def _apart(before: str, after: str) -> tuple[str, str]:
    gone, come = _beyond(before, after), _beyond(after, before)
    return (gone, come) if gone or come else (before, after)


def _beyond(text: str, other: str) -> str:
    """The paragraphs that the other text does not have."""
    known = other.split("\n\n")
    return "\n\n".join(each for each in text.split("\n\n") if each not in known)


def _labelled(place: str, said: Mapping[str, object], labels: Mapping[str, str]) -> Iterator[Said]:
    """Each of these values at its place, in words."""
    return ((f"{place}, {label}", _plain(said[name])) for name, label in labels.items())


def _plain(value: object) -> str:
    if isinstance(value, date):
        return day(value)
    return value.label if isinstance(value, Code) else str(value or "")
