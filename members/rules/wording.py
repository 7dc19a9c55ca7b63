"""What one version of an agreement or of an Anlage says, and what another one says otherwise."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from members.rules.agreement import (
    Agreed,
    AgreementFile,
    BodyData,
    ClauseData,
    LegalBasis,
    ObligationData,
    Periods,
    Preamble,
    Signatory,
)

SEATS, BODIES = "1", "2"  # the Anlage of the participants, and that of the bodies


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


@dataclass(frozen=True, kw_only=True)
class AnnexText:
    """A version of an Anlage."""

    number: str
    heading: str
    reading_note: str
    bodies: tuple[BodyLine, ...] = ()
    seats: tuple[SeatLine, ...] = ()


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
    return {
        annex.number: AnnexText(
            number=annex.number,
            heading=annex.heading,
            reading_note=annex.reading_note,
            bodies=tuple(_body(body) for body in file.bodies if annex.number == annex_of(body.kind)),
            seats=tuple(
                SeatLine(
                    partner=seat.partner,
                    function=seat.function,
                    unit=seat.unit,
                    printed=seat.printed,
                    reading_note=seat.reading_note,
                )
                for seat in file.seats
                if annex.number == SEATS
            ),
        )
        for annex in file.annexes
    }


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


def annex_of(kind: str) -> str:
    """The number of the Anlage that names a body of this kind."""
    return SEATS if kind == "CONFERENCE" else BODIES


PERIODS = {
    "planning_days": "Termin steht fest, Tage vor der Sitzung",
    "proposal_days": "Punkte vorschlagen, Tage vor der Sitzung",
    "notice_days": "Ladungsfrist in Tagen",
    "paper_days": "Unterlagen liegen vor, Tage vor der Sitzung",
    "draft_days": "Entwurf des Protokolls, Tage nach der Sitzung",
    "minutes_days": "Protokollfrist in Tagen",
    "objection_days": "Einwendungen, Tage nach dem Versand",
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
    before: Wording | AnnexText, after: Wording | AnnexText, partners: Mapping[str, str], roles: Mapping[str, str]
) -> tuple[WordingChange, ...]:
    """What the later one says otherwise, in the order of the text. Of long texts only the paragraphs that differ.

    `partners` are their short names by slug, `roles` the titles of roles. A body bears the name that it had before.
    """
    names = {**partners, **_bodies(after), **_bodies(before)}
    old, new = _said(before, names, roles), _said(after, names, roles)
    places = [*new, *(place for place in old if place not in new)]
    return tuple(
        WordingChange(place, *_apart(old.get(place, ""), new.get(place, "")))
        for place in places
        if old.get(place, "") != new.get(place, "")
    )


def signing(before: date | None, after: date | None) -> tuple[WordingChange, ...]:
    """The day of signing of a new version, which alone makes no new version."""
    said = tuple(f"{day:%d.%m.%Y}" if day else "nicht angegeben" for day in (before, after))
    return (WordingChange("Unterzeichnet am", *said),) if before != after else ()


def is_printed(place: str) -> bool:
    """Whether what stands at this place of a difference are words of the signed text, no reading or number of it."""
    is_clause = place.startswith("Punkt ") and place.endswith((", Überschrift", ", Text"))
    return is_clause or place in ("Titel", "Präambel", "Rechtsgrundlagen", "Unterzeichnende")


def _apart(before: str, after: str) -> tuple[str, str]:
    old, new = before.split("\n\n"), after.split("\n\n")
    gone, come = [each for each in old if each not in new], [each for each in new if each not in old]
    return ("\n\n".join(gone), "\n\n".join(come)) if gone or come else (before, after)


def _bodies(version: Wording | AnnexText) -> Mapping[str, str]:
    return {} if isinstance(version, Wording) else {body.slug: body.short_name for body in version.bodies}


def _said(version: Wording | AnnexText, names: Mapping[str, str], roles: Mapping[str, str]) -> Mapping[str, str]:
    return dict(_of_agreement(version, names, roles) if isinstance(version, Wording) else _of_annex(version, names))


def _of_agreement(version: Wording, names: Mapping[str, str], roles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield "Titel", version.title
    yield (
        "Rechtsgrundlagen",
        "\n\n".join(
            f"{basis.section} {basis.law} in der Fassung vom {basis.version_of:%d.%m.%Y}"
            for basis in version.legal_bases
        ),
    )
    for partner, organ in version.organs:
        yield f"{names.get(partner, partner)}, vertreten durch", organ
    yield "Unterzeichnende", "\n\n".join(f"{each.name}, {each.office}" for each in version.signatories)
    yield "Präambel", version.preamble.text
    yield "Präambel, Lesehinweis", version.preamble.reading_note
    for clause in version.clauses:
        yield f"Punkt {clause.number}, Überschrift", clause.heading
        yield f"Punkt {clause.number}, Text", clause.text
        yield f"Punkt {clause.number}, Lesehinweis", clause.reading_note
    yield "Sitzungen im Jahr", str(version.meetings_per_year)
    yield "Kündigungsfrist in Monaten", str(version.termination_months)
    for name, days in asdict(version.periods).items():
        yield PERIODS[name], str(days)
    for agreed in version.agreed:
        yield f"{PERIODS[agreed.period]}, vereinbart in", f"Punkt {agreed.clause}"
    for obligation in version.obligations:
        debtors = ", ".join({"secretariat": "Geschäftsführung", **names}.get(each, each) for each in obligation.debtors)
        said = {"debtors": debtors, "responsible_role": roles[obligation.responsible_role]}
        for name, label in OBLIGATION.items():
            yield f"Pflicht {obligation.code}, {label}", said.get(name) or _plain(getattr(obligation, name))


def _of_annex(version: AnnexText, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield "Überschrift", version.heading
    yield "Lesehinweis", version.reading_note
    for body in version.bodies:
        yield f"Gremium {names[body.slug]}, Art", KINDS[body.kind]
        yield f"Gremium {names[body.slug]}, Name", body.name
        yield f"Gremium {names[body.slug]}, Kurzname im Text", body.short_name
        yield f"Gremium {names[body.slug]}, Nummernkreis", body.number_prefix
        yield f"Gremium {names[body.slug]}, Zielgruppe", SCOPES[body.scope]
        operator = names.get(body.operator, body.operator) or "allen Partnern"
        yield f"Gremium {names[body.slug]}, geführt von", operator
    for partner in dict.fromkeys(seat.partner for seat in version.seats):
        yield (
            f"Teilnehmende von: {names.get(partner, partner)}",
            "\n\n".join(_line(seat) for seat in version.seats if seat.partner == partner),
        )


KINDS = {
    "CONFERENCE": "Kooperationskonferenz",
    "ADVISORY_BOARD": "Beirat",
    "QUALITY_CIRCLE": "Qualitätszirkel",
    "OTHER": "weiteres Gremium",
}
SCOPES = {"CROSS": "zielgruppenübergreifend", "SPECIFIC": "zielgruppenspezifisch"}
# The codes of an obligation as one reads them; what is no code stands there as it is.
WORDS = {
    "MUST": "Pflicht",
    "SHOULD": "Anregung",
    "RIGHT": "Recht",
    "YEARLY": "jährlich",
    "MEETINGS_PER_YEAR": "Sitzungen im Jahr",
    "SECRETARIAT_CHANGE": "Wechsel der Geschäftsführung",
    "PER_MEETING": "je Sitzung",
    "NONE": "ohne Termin",
    "ROLL_FORWARD": "verschiebt sich auf den nächsten Werktag",
    "FIXED": "verschiebt sich nicht",
    "LEAVERS_OF_FOLLOWING_YEAR": "Schulabgänge des Folgejahres",
    "REFERENCE_DATE_PREVIOUS_YEAR_END": "Stichtag 31.12. des Vorjahres",
    "STATEWIDE": "landesweiter Datenaustausch",
}


def _line(seat: SeatLine) -> str:
    said = seat.printed or ", ".join(filter(None, (seat.function, seat.unit)))
    return f"{said} (Lesehinweis: {seat.reading_note})" if seat.reading_note else said


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return WORDS.get(str(value), str(value))
