"""Authorities as agreement files bring them. One that is known already is compared, never overwritten."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from operator import attrgetter

from django.db.models import Q

from kok import words
from kok.errors import require
from members.models import Authority
from members.queries.authorities import values_on
from members.rules.agreement import AgreementFile, PartnerData
from members.rules.authorities import NAMES
from members.rules.parties import Identity, disagreements, identity_in, values_in

CONTRADICTS = "Die Datei widerspricht einer Behörde, die schon gespeichert ist. Es wurde nichts geändert."
WAY_OUT = (
    "Ist eine andere Behörde gemeint, braucht sie einen anderen Kurznamen (slug). Ist es dieselbe, berichtigen Sie die "
    "Datei: Sie nennt die Angaben vom Tag ihres Inkrafttretens. Neue Namen, Adressen und Geschäftsstellen trägt die "
    "Behörde selbst ein, auf ihrer Seite unter „Mitglieder und Gremien“ und ab einem Tag."
)


def store_authorities(file: AgreementFile) -> dict[str, Authority]:
    """The authorities of a file by slug, locked until the end of the transaction.

    A new one is stored; a known one learns what nobody had said yet. Raises Refused with both values where the file
    contradicts what was in force on the day on which the agreement came into force, for an authority that does not
    exist on that day, and for a new one with the name of another.
    """
    slugs = list(map(attrgetter("slug"), file.partners))
    known = Authority.objects.select_for_update().order_by("slug").in_bulk(slugs, field_name="slug")
    told = [line for n, partner in enumerate(file.partners, 1) for line in _contradictions(file, n, partner, known)]
    require(not told, "\n".join([CONTRADICTS, *told, WAY_OUT]))
    return {partner.slug: _stored(file, partner, known.get(partner.slug)) for partner in file.partners}


def _contradictions(file: AgreementFile, n: int, partner: PartnerData, known: dict[str, Authority]) -> Iterator[str]:
    stored = known.get(partner.slug)
    if stored is None:
        yield from _names_taken(n, partner)
        return
    named = identity_in(partner), values_in(partner)
    values = asdict(values_on(stored, file.agreement.in_force_on))
    for key, before, after in disagreements((_identity_of(stored), values), named):
        yield f"partner[{n}].{key}: In der Datei steht „{after}“, gespeichert ist „{before}“ ({partner.slug})."


def _names_taken(n: int, partner: PartnerData) -> Iterator[str]:
    """Two of one name could not be told apart where power over one is given, two of one key not in their figures."""
    for name in NAMES:
        value = getattr(partner, name)
        bearer = Authority.objects.filter(Q(name__iexact=value) | Q(short_name__iexact=value)).first()
        if bearer:
            yield (
                f"partner[{n}].{name}: „{value}“ heißt schon die Behörde „{bearer.slug}“, die Datei nennt "
                f"„{partner.slug}“."
            )
    bearer = Authority.objects.filter(kgs=partner.kgs).first() if partner.kgs else None
    if bearer:
        yield f"partner[{n}].kgs: „{partner.kgs}“ ist schon der Schlüssel der Behörde „{bearer.slug}“."


def _stored(file: AgreementFile, partner: PartnerData, known: Authority | None) -> Authority:
    authority = known or Authority(slug=partner.slug, **values_in(partner))
    named = identity_in(partner)
    identity = _identity_of(authority).learned(named) if known else named
    require(
        identity.exists_on(file.agreement.in_force_on),
        f"Die Behörde „{partner.slug}“ besteht am {words.day(file.agreement.in_force_on)} nicht, an dem die "
        "Vereinbarung in Kraft tritt. Es wurde nichts geändert. Prüfen Sie exists_from, exists_until und "
        "in_force_on.",
    )
    until = identity.exists_until
    authority.kind, authority.kgs = identity.kind, identity.kgs
    authority.period = (identity.exists_from, until and until + timedelta(days=1))
    authority.save()
    return authority


def _identity_of(authority: Authority) -> Identity:
    period = authority.period
    return Identity(
        kind=authority.kind,
        kgs=authority.kgs,
        exists_from=period.lower,
        exists_until=period.upper and period.upper - timedelta(days=1),
    )
