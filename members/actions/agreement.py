"""Loads an agreement file: one transaction, twice without change. What differs becomes a new version from a day."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from operator import attrgetter
from typing import TypeVar

from django.db import transaction

from kok import audit, turns
from kok.errors import require
from kok.models import Document, User
from kok.words import local_day
from members.actions.annexes import begin_annexes
from members.actions.parties import store_authorities
from members.actions.versions import Older, Started, VersionDraft, end_newest
from members.models import (
    Agreement,
    AgreementVersion,
    Authority,
    Body,
    Clause,
    ObligationRule,
    Partner,
    Person,
    Seat,
    SeatAssignment,
)
from members.queries.agreement import ORIGINAL, originals_of
from members.queries.past import Moved, fallen_due, moved
from members.queries.versions import versions_of, wording_of
from members.rules import agreement as wanted
from members.rules.agreement import AgreementFile
from members.rules.amendment import (
    FixedFacts,
    check_amendment,
    check_signed,
    check_text,
    facts_in,
)
from members.rules.codes import BodyKind, Loading
from members.rules.wording import Wording, WordingChange, differences, short_names, signing, wording_in


@dataclass(frozen=True)
class Original:
    """The wording as it was signed: the name of the file and its bytes."""

    filename: str
    content: bytes


@dataclass(frozen=True)
class Loaded:
    """What a file did: the versions it began, and which municipalities are new or called otherwise.

    `older`: what of it is a version that a newer one followed. `moved`: what was due in the past and is otherwise now.
    """

    loading: Loading
    started: tuple[Started, ...] = ()
    municipalities: tuple[WordingChange, ...] = ()
    older: tuple[Older, ...] = ()
    moved: tuple[Moved, ...] = ()


T = TypeVar("T", Started, Older)
AGREEMENT = "Vereinbarung"
UNSIGNED = (
    "Wann diese Fassung unterzeichnet ist, steht nicht in der Datei (version.signed_on). Auf der Seite der "
    "Vereinbarung steht dann: Unterzeichnung nicht angegeben."
)
BUSY = "Gerade wird eine andere Datei geladen. Es wurde nichts geändert. Versuchen Sie es gleich noch einmal."


def load_agreement(*, file: AgreementFile, by: User | None, now: datetime, original: Original | None = None) -> Loaded:
    """Stores an agreement with its partners, bodies, seats and obligations, or a new version of what the file changes.

    The first time, the holders named in Anlage 1 become persons on their seats from the day in force, without
    e-mail. Later, seats belong to the partners and a changed file leaves them alone. The unchanged wording is kept
    byte by byte when `original` brings it. Raises Refused with the key path when the file would change what already
    counts, contradicts a stored authority, or uses a number of another agreement, and while another file is loaded.
    """
    with turns.take("agreement.load") as is_ours:
        require(is_ours, BUSY)
        return _load(file, by, now, original)


def check_agreement(*, file: AgreementFile, now: datetime, original: Original | None = None) -> Loaded:
    """What loading this file would do, with the same refusals. Nothing is stored."""
    with turns.take("agreement.load") as is_ours:
        require(is_ours, BUSY)
        with transaction.atomic():
            found = _load(file, None, now, original)
            transaction.set_rollback(True)
        return found


@transaction.atomic
def _load(file: AgreementFile, by: User | None, now: datetime, original: Original | None) -> Loaded:
    stored = Agreement.objects.select_for_update().filter(slug=file.agreement.slug).first()
    _refuse_numbers_of_others(file)
    return _amend(stored, file, by, now, original) if stored else _begin(file, by, now, original)


def _begin(file: AgreementFile, by: User | None, now: datetime, original: Original | None) -> Loaded:
    authorities = store_authorities(file)
    agreement = Agreement(introduced_on=local_day(now), **_fixed_values(file))
    _learn_municipalities(agreement, file)
    partners = _store_partners(file, agreement, authorities)
    started, _ = _begin_versions(file, agreement, partners, now)
    _store_seats(file, agreement, partners)
    _keep_original(agreement, file, started, original, now)
    _record("agreement.loaded", agreement, "", by, now)
    return Loaded(Loading.LOADED, started)


def _amend(
    agreement: Agreement, file: AgreementFile, by: User | None, now: datetime, original: Original | None
) -> Loaded:
    today = local_day(now)
    due_before = fallen_due(agreement, today) if (file.version.valid_from or today) < today else {}
    check_amendment(_stored_facts(agreement), facts_in(file))
    authorities = store_authorities(file)
    municipalities = _learn_municipalities(agreement, file)
    partners = _store_partners(file, agreement, authorities)
    started, older = _begin_versions(file, agreement, partners, now)
    _keep_original(agreement, file, started, original, now)
    if not (started or municipalities):
        return Loaded(Loading.UNCHANGED, older=older)
    _record("agreement.amended", agreement, "; ".join(each.said for each in started), by, now)
    due_now = fallen_due(Agreement.objects.get(pk=agreement.pk), today) if due_before else {}
    return Loaded(Loading.AMENDED, started, municipalities, older, moved(due_before, due_now, today))


def _begin_versions(
    file: AgreementFile, agreement: Agreement, partners: dict[str, Partner], now: datetime
) -> tuple[tuple[Started, ...], tuple[Older, ...]]:
    found = [*_begin_wording(file, agreement, now), *begin_annexes(file, agreement, partners, now)]
    return _of(Started, found), _of(Older, found)


def _of(kind: type[T], found: Iterable[object]) -> tuple[T, ...]:
    return tuple(each for each in found if isinstance(each, kind))


def _record(action: str, agreement: Agreement, after: str, by: User | None, now: datetime) -> None:
    change = ("", after)
    audit.record(by=by, action=action, obj=agreement, agreement=agreement.slug, change=change, now=now)


def _refuse_numbers_of_others(file: AgreementFile) -> None:
    others = Agreement.objects.exclude(slug=file.agreement.slug)
    require(
        not others.filter(number=file.agreement.number).exists(),
        f"agreement.number: „{file.agreement.number}“ gehört schon zu einer anderen Vereinbarung. "
        "Es wurde nichts geändert.",
    )
    taken = set(Body.objects.filter(agreement__in=others).values_list("number_prefix", flat=True))
    for n, body in enumerate(file.bodies, 1):
        require(
            body.number_prefix not in taken,
            f"body[{n}].number_prefix: „{body.number_prefix}“ gehört schon zu einem Gremium einer anderen "
            "Vereinbarung. Es wurde nichts geändert.",
        )


def _stored_facts(agreement: Agreement) -> FixedFacts:
    bodies = agreement.bodies.values_list("slug", "kind", "number_prefix", "operator__authority__slug")
    fixed = {
        "agreement.number": agreement.number,
        "agreement.region": agreement.region,
        "agreement.signed_on": agreement.signed_on,
        "agreement.in_force_on": agreement.in_force_on,
        "rotation.years": agreement.rotation_years,
        "rotation.anchor_on": agreement.rotation_anchor_on,
        "partner": tuple(agreement.partners.order_by("position").values_list("authority__slug", "authority__kind")),
    }
    return FixedFacts(fixed, {slug: (kind, number_prefix, operator) for slug, kind, number_prefix, operator in bodies})


def _fixed_values(file: AgreementFile) -> dict[str, object]:
    return {
        "slug": file.agreement.slug,
        "number": file.agreement.number,
        "region": file.agreement.region,
        "signed_on": file.agreement.signed_on,
        "in_force_on": file.agreement.in_force_on,
        "rotation_anchor_on": file.rotation.anchor_on,
        "rotation_years": file.rotation.years,
    }


def _learn_municipalities(agreement: Agreement, file: AgreementFile) -> tuple[WordingChange, ...]:
    """No part of the agreement: the list only grows, because old entries name what a new file may leave out."""
    known = agreement.municipality_names
    names = {each.ags: each.name for each in file.municipalities}
    learned = tuple(
        WordingChange(f"Gemeinde {ags}", known.get(ags, ""), name)
        for ags, name in names.items()
        if known.get(ags) != name
    )
    if learned:
        agreement.municipalities = [{"ags": ags, "name": name} for ags, name in (names | known | names).items()]
    agreement.save()
    return learned


def _store_partners(file: AgreementFile, agreement: Agreement, authorities: dict[str, Authority]) -> dict[str, Partner]:
    stored = {partner.slug: partner for partner in Partner.objects.filter(agreement=agreement)}
    for position, partner in enumerate(file.partners, 1):
        if partner.slug not in stored:
            stored[partner.slug] = Partner.objects.create(
                agreement=agreement, authority=authorities[partner.slug], position=position
            )
    return stored


def _begin_wording(file: AgreementFile, agreement: Agreement, now: datetime) -> Iterator[Started | Older]:
    """A new version of the agreement where the file says something else than the one of its day, or the newest."""
    stored, said, named = versions_of(agreement), wording_in(file), file.version
    draft = VersionDraft(
        file, AGREEMENT, "Die Vereinbarung", "version", said, stored, named.valid_from, named.reason, not stored
    )
    changes = draft.changes(wording_of)
    if draft.known and not changes:
        yield from draft.repeated(draft.known, signed_on=named.signed_on)
        return
    draft.check()
    check_signed("version.signed_on", named.signed_on, local_day(now))
    signed_on = named.signed_on or (agreement.signed_on if draft.is_first else None)
    end_newest(stored, draft.starts_on)
    version = AgreementVersion.objects.create(
        agreement=agreement,
        number=draft.number,
        period=(draft.starts_on, None),
        signed_on=signed_on,
        reason=named.reason,
        loaded_at=now,
        **_values(said),
    )
    Clause.objects.bulk_create(
        Clause(version=version, position=position, **asdict(clause)) for position, clause in enumerate(said.clauses, 1)
    )
    ObligationRule.objects.bulk_create(
        ObligationRule(version=version, **_obligation_values(obligation)) for obligation in said.obligations
    )
    if draft.known:
        changes += signing(draft.known.signed_on, signed_on)
    unsigned = () if signed_on else (UNSIGNED,)
    yield Started(AGREEMENT, version.number, draft.starts_on, version.reason, changes, unsigned)


def _values(said: Wording) -> dict[str, object]:
    return {
        "title": said.title,
        "legal_basis": [asdict(basis) | {"version_of": basis.version_of.isoformat()} for basis in said.legal_bases],
        "organs": [{"partner": partner, "organ": organ} for partner, organ in said.organs],
        "signatories": [asdict(signatory) for signatory in said.signatories],
        "preamble": said.preamble.text,
        "preamble_note": said.preamble.reading_note,
        "meetings_per_year": said.meetings_per_year,
        "termination_months": said.termination_months,
        **asdict(said.periods),
        "agreed_periods": [asdict(each) for each in said.agreed],
    }


def _obligation_values(obligation: wanted.ObligationData) -> dict[str, object]:
    optional_texts = {name: getattr(obligation, name) or "" for name in ("policy", "reference", "channel")}
    return {**asdict(obligation), **optional_texts, "debtors": list(obligation.debtors)}


def _keep_original(
    agreement: Agreement, file: AgreementFile, started: Sequence[Started], original: Original | None, now: datetime
) -> None:
    """The bytes are kept once, beside the version that the file tells of; who only changes an Anlage brings none.

    Raises Refused for other words beside the text of a version before.
    """
    begun = set(map(attrgetter("title"), started))
    if original is None or AGREEMENT not in (begun or {AGREEMENT}):
        return
    sha256 = hashlib.sha256(original.content).hexdigest()
    texts = originals_of(agreement).filter(sha256=sha256)
    if begun and (twin := agreement.versions.filter(number__in=texts.values("version")).last()):
        changes = differences(wording_of(twin), wording_in(file), short_names(file.partners))
        check_text(original.filename, changes)
    told = agreement.versions.filter(period__startswith=file.starts_on).first() or agreement.versions.latest("number")
    Document.objects.get_or_create(
        kind=ORIGINAL,
        object_id=agreement.pk,
        version=told.number,
        defaults={
            "filename": original.filename,
            "content": original.content,
            "sha256": sha256,
            "state": Document.State.DONE,
            "requested_at": now,
            "finished_at": now,
        },
    )


def _store_seats(file: AgreementFile, agreement: Agreement, partners: dict[str, Partner]) -> None:
    body = agreement.bodies.get(kind=BodyKind.CONFERENCE)
    period = (agreement.in_force_on, None)
    for position, named in enumerate(file.seats, 1):
        partner = partners[named.partner]
        seat = Seat.objects.create(
            body=body, partner=partner, function=named.function, unit=named.unit, position=position, period=period
        )
        holder, employer = asdict(named.holder), partner.authority
        person = Person.objects.filter(employer=employer, **holder).first()
        person = person or Person.objects.create(employer=employer, **holder)
        SeatAssignment.objects.create(seat=seat, person=person, period=period)
