"""Loads an agreement file: one transaction, twice without change, never rewriting the past."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction

from kok import audit, turns
from kok.clock import BERLIN
from kok.errors import Refused
from kok.models import Document, User
from members.actions.parties import store_authorities
from members.models import Agreement, Authority, Body, Clause, ObligationRule, Partner, Person, Seat, SeatAssignment
from members.queries.agreement import ORIGINAL
from members.rules import agreement as wanted
from members.rules.agreement import AgreementFile
from members.rules.amendment import Facts, check_amendment, facts_in


@dataclass(frozen=True)
class Original:
    """The wording as it was signed: the name of the file and its bytes."""

    filename: str
    content: bytes


class Loading(StrEnum):
    """What loading a file did."""

    LOADED = "geladen"
    AMENDED = "angepasst"
    UNCHANGED = "unverändert"


def load_agreement(*, file: AgreementFile, by: User | None, now: datetime, original: Original | None = None) -> Loading:
    """Stores an agreement with its partners, bodies, seats and obligations, or adapts the stored one.

    The first time, the holders named in Anlage 1 become persons on their seats from the day in force, without
    e-mail. Later, seats belong to the partners and a changed file leaves them alone. The unchanged wording is kept
    byte by byte when `original` brings it. Raises Refused with the key path when the file would change what already
    counts, contradicts a stored authority, or uses a number of another agreement, and while another file is loaded.
    """
    with turns.take("agreement.load") as is_ours:
        if not is_ours:
            raise Refused(
                "Gerade wird eine andere Datei geladen. Es wurde nichts geändert. Versuchen Sie es gleich noch einmal."
            )
        return _load(file, by, now, original)


@transaction.atomic
def _load(file: AgreementFile, by: User | None, now: datetime, original: Original | None) -> Loading:
    checksum = _checksum(file)
    agreement = Agreement.objects.select_for_update().filter(slug=file.agreement.slug).first()
    if agreement and agreement.source_sha256 == checksum:
        store_authorities(file)
        _keep_original(agreement, original, now)
        return Loading.UNCHANGED
    _refuse_numbers_of_others(file)
    if agreement:
        check_amendment(_stored_facts(agreement), facts_in(file))
    authorities = store_authorities(file)
    is_new = agreement is None
    agreement = agreement or Agreement(introduced_on=now.astimezone(BERLIN).date())
    before, texts = audit.values_of(agreement), {} if is_new else _texts(agreement)
    _set(agreement, {**_agreement_values(file), "source_sha256": checksum})
    partners = _store_partners(file, agreement, authorities)
    _store_bodies(file, agreement, partners)
    _replace_texts(file, agreement)
    if is_new:
        _store_seats(file, agreement, partners)
    _keep_original(agreement, original, now)
    audit.record(
        by=by,
        action="agreement.loaded" if is_new else "agreement.amended",
        obj=agreement,
        agreement=agreement.slug,
        change=("", "") if is_new else _changes(agreement, before, texts),
        now=now,
    )
    return Loading.LOADED if is_new else Loading.AMENDED


def _texts(agreement: Agreement) -> dict[str, tuple[str, ...]]:
    """The wording of each Punkt, and what each obligation says, by its name."""
    clauses = agreement.clauses.values_list("number", "heading", "text")
    fields = [field.attname for field in ObligationRule._meta.concrete_fields if field.attname not in ("id", "code")]
    rules = agreement.obligation_rules.values_list("code", *fields)
    return {f"Punkt {number}": tuple(said) for number, *said in clauses} | {
        f"Pflicht {code}": tuple(map(str, said)) for code, *said in rules
    }


def _changes(agreement: Agreement, before: audit.Values, texts: dict[str, tuple[str, ...]]) -> audit.Change:
    """What another file changed: values before and after, and which texts; both wordings lie in the files."""
    old, new = audit.changes(agreement, before)
    now = _texts(agreement)
    other = sorted(name for name in texts | now if texts.get(name) != now.get(name))
    return old, "; ".join([*filter(None, [new]), *(f"{name} geändert" for name in other)])


def _checksum(file: AgreementFile) -> str:
    """Of what the file says: a changed comment is no change."""
    return hashlib.sha256(json.dumps(asdict(file), default=str, sort_keys=True).encode()).hexdigest()


def _refuse_numbers_of_others(file: AgreementFile) -> None:
    others = Agreement.objects.exclude(slug=file.agreement.slug)
    if others.filter(number=file.agreement.number).exists():
        raise Refused(
            f"agreement.number: „{file.agreement.number}“ gehört schon zu einer anderen Vereinbarung. "
            "Es wurde nichts geändert."
        )
    taken = set(Body.objects.filter(agreement__in=others).values_list("number_prefix", flat=True))
    for n, body in enumerate(file.bodies, 1):
        if body.number_prefix in taken:
            raise Refused(
                f"body[{n}].number_prefix: „{body.number_prefix}“ gehört schon zu einem Gremium einer anderen "
                "Vereinbarung. Es wurde nichts geändert."
            )


def _stored_facts(agreement: Agreement) -> Facts:
    bodies = agreement.bodies.values_list("slug", "kind", "number_prefix", "operator__authority__slug")
    return {
        "agreement.number": agreement.number,
        "agreement.kgs": agreement.kgs,
        "agreement.signed_on": agreement.signed_on,
        "agreement.in_force_on": agreement.in_force_on,
        "rotation.years": agreement.rotation_years,
        "rotation.anchor_on": agreement.rotation_anchor_on,
        "partner": tuple(agreement.partners.order_by("position").values_list("authority__slug", "authority__kind")),
        "body": {slug: tuple(facts) for slug, *facts in bodies},
        "obligation": frozenset(agreement.obligation_rules.values_list("code", flat=True)),
    }


def _agreement_values(file: AgreementFile) -> dict[str, Any]:
    return {
        **asdict(file.agreement),
        "legal_basis": [asdict(basis) | {"version_of": basis.version_of.isoformat()} for basis in file.legal_bases],
        "signatories": [asdict(signatory) for signatory in file.signatories],
        "annexes": [asdict(annex) for annex in file.annexes],
        "municipalities": [asdict(municipality) for municipality in file.municipalities],
        "preamble": file.preamble.text,
        "preamble_note": file.preamble.reading_note,
        "rotation_anchor_on": file.rotation.anchor_on,
        "rotation_years": file.rotation.years,
        "meetings_per_year": file.meetings.minimum_per_year,
        "termination_months": file.termination.months,
        "notice_days": file.periods.notice_days,
        "minutes_days": file.periods.minutes_days,
    }


def _set(agreement: Agreement, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(agreement, name, value)
    agreement.save()


def _store_partners(file: AgreementFile, agreement: Agreement, authorities: dict[str, Authority]) -> dict[str, Partner]:
    stored = {}
    for position, partner in enumerate(file.partners, 1):
        stored[partner.slug], _ = Partner.objects.update_or_create(
            agreement=agreement,
            authority=authorities[partner.slug],
            defaults={"position": position, "represented_by": partner.represented_by},
        )
    return stored


def _store_bodies(file: AgreementFile, agreement: Agreement, partners: dict[str, Partner]) -> None:
    for body in file.bodies:
        values = asdict(body)
        values["operator"] = partners[body.operator] if body.operator else None
        Body.objects.update_or_create(
            agreement=agreement,
            slug=values.pop("slug"),
            defaults=values,
            create_defaults={**values, "period": (agreement.in_force_on, None)},
        )


def _replace_texts(file: AgreementFile, agreement: Agreement) -> None:
    """Nothing refers to a stored Punkt or obligation by its row, only by its number, so they are written anew."""
    agreement.clauses.all().delete()
    Clause.objects.bulk_create(
        Clause(agreement=agreement, position=position, **asdict(clause))
        for position, clause in enumerate(file.clauses, 1)
    )
    agreement.obligation_rules.all().delete()
    ObligationRule.objects.bulk_create(
        ObligationRule(agreement=agreement, **_obligation_values(obligation)) for obligation in file.obligations
    )


def _obligation_values(obligation: wanted.Obligation) -> dict[str, Any]:
    optional_texts = {name: getattr(obligation, name) or "" for name in ("policy", "reference", "channel")}
    return {**asdict(obligation), **optional_texts, "debtors": list(obligation.debtors)}


def _keep_original(agreement: Agreement, original: Original | None, now: datetime) -> None:
    if original is None:
        return
    Document.objects.update_or_create(
        kind=ORIGINAL,
        object_id=agreement.pk,
        version=1,
        defaults={
            "filename": original.filename,
            "content": original.content,
            "sha256": hashlib.sha256(original.content).hexdigest(),
            "state": Document.State.DONE,
            "requested_at": now,
            "finished_at": now,
        },
    )


def _store_seats(file: AgreementFile, agreement: Agreement, partners: dict[str, Partner]) -> None:
    body = agreement.bodies.get(kind=Body.Kind.CONFERENCE)
    period = (agreement.in_force_on, None)
    for position, named in enumerate(file.seats, 1):
        values = asdict(named)
        values |= {"body": body, "partner": partners[named.partner], "position": position, "period": period}
        holder = values.pop("holder")
        seat = Seat.objects.create(**values)
        employer = partners[named.partner].authority
        person = Person.objects.filter(employer=employer, **holder).first()
        person = person or Person.objects.create(employer=employer, **holder)
        SeatAssignment.objects.create(seat=seat, person=person, period=period)
