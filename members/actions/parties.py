"""Authorities as agreement files bring them. One that is known already is compared, never overwritten."""

from dataclasses import asdict
from datetime import timedelta

from kok.errors import Refused
from members.models import Authority
from members.queries.authorities import values_on
from members.rules.agreement import AgreementFile
from members.rules.authorities import Identity, disagreements, identity_in, values_in

WAY_OUT = (
    "Ist eine andere Behörde gemeint, braucht sie einen anderen Kurznamen (slug). Ist es dieselbe, berichtigen Sie die "
    "Datei: Sie nennt die Angaben vom Tag ihres Inkrafttretens. Neue Namen, Adressen und Geschäftsstellen trägt die "
    "Behörde selbst ein, auf ihrer Seite unter „Mitglieder und Gremien“ und ab einem Tag."
)


def store_authorities(file: AgreementFile) -> dict[str, Authority]:
    """The authorities of a file by slug, locked until the end of the transaction.

    A new one is stored; a known one learns what nobody had said yet. Raises Refused with both values where the file
    contradicts what was in force on the day on which the agreement came into force.
    """
    known = {
        each.slug: each
        for each in Authority.objects.select_for_update()
        .filter(slug__in=[partner.slug for partner in file.partners])
        .order_by("slug")
    }
    _refuse_contradictions(file, known)
    found = {}
    for partner in file.partners:
        authority = known.get(partner.slug) or Authority(slug=partner.slug, **values_in(partner))
        _complete(authority, identity_in(file, partner))
        authority.save()
        found[partner.slug] = authority
    return found


def _refuse_contradictions(file: AgreementFile, known: dict[str, Authority]) -> None:
    told = [
        f"partner[{n}].{key}: In der Datei steht „{after}“, gespeichert ist „{before}“ ({partner.slug})."
        for n, partner in enumerate(file.partners, 1)
        if partner.slug in known
        for key, before, after in disagreements(
            (
                _identity_of(known[partner.slug]),
                asdict(values_on(known[partner.slug], file.agreement.in_force_on)),
            ),
            (identity_in(file, partner), values_in(partner)),
        )
    ]
    if told:
        raise Refused(
            "\n".join(
                ["Die Datei widerspricht einer Behörde, die schon gespeichert ist. Es wurde nichts geändert.", *told]
            )
            + f"\n{WAY_OUT}"
        )


def _identity_of(authority: Authority) -> Identity:
    period = authority.period
    return Identity(
        kind=authority.kind,
        kgs=authority.kgs,
        exists_from=period.lower,
        exists_until=period.upper and period.upper - timedelta(days=1),
    )


def _complete(authority: Authority, named: Identity) -> None:
    stored = _identity_of(authority) if authority.pk else named
    authority.kind = stored.kind
    authority.kgs = stored.kgs or named.kgs
    until = stored.exists_until or named.exists_until
    authority.period = (stored.exists_from or named.exists_from, until and until + timedelta(days=1))
