"""Who holds the secretariat: the rotation of an agreement with its deviating terms, as the pure rules want it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F

from kok.statements import Kept
from meetings.convening.rules import secretariat as rules
from meetings.convening.rules.secretariat import Deviation, Rotation, Term
from members.models import Agreement, Body, Partner
from members.queries.authorities import Changes, as_of, known_changes, told


@dataclass(frozen=True)
class Secretariat:
    """The rotation of one agreement (R-SEC-1), read once per page in one query.

    `changes` are those of the authorities of its partners.
    """

    partners: dict[str, Partner]
    rotation: Rotation
    deviations: tuple[Deviation, ...]
    changes: Changes

    def call_as_on(self, day: date) -> None:
        """Lets the partners bear the names of a day instead of those of today; only once."""
        as_of(self.partners.values(), day, self.changes)

    def term_on(self, day: date) -> Term:
        """The term of a day. Raises Refused before the anchor and after 2100."""
        return rules.term_on(self.rotation, day, self.deviations)

    def partner_on(self, day: date) -> Partner:
        """The partner in office on a day. Raises Refused as `term_on`."""
        return self.partners[self.term_on(day).partner]

    def nearest(self, day: date) -> date:
        """For pages: a day before the first term, or beyond 2100, counts as the nearest one that has a term."""
        return min(max(day, self.rotation.anchor_on), rules.LAST_DAY)

    def between(self, first_day: date, last_day: date) -> tuple[Term, ...]:
        """All terms that touch the days, both inclusive."""
        return rules.terms_between(self.rotation, first_day, last_day, self.deviations)

    def office(self, body: Body, *, dispatch_on: date, meets_on: date) -> "ActingPartners":
        """R-SEC-3: who convenes and who chairs. A body with an operator is convened and chaired by its operator."""
        if body.operator_id:
            operator = next(partner for partner in self.partners.values() if partner.pk == body.operator_id)
            return ActingPartners(operator, operator)
        return ActingPartners(
            self.partners[rules.convening_partner(self.rotation, dispatch_on, self.deviations)],
            self.partners[rules.chairing_partner(self.rotation, meets_on, self.deviations)],
        )

    def office_now(self, body: Body, meets_on: date, today: date) -> "ActingPartners":
        """For pages: the same for an invitation that goes out today, with the nearest days that have a term."""
        dispatch_on = self.nearest(min(today, meets_on))
        return self.office(body, dispatch_on=dispatch_on, meets_on=self.nearest(meets_on))


@dataclass(frozen=True)
class ActingPartners:
    """The partner that invites and the partner that chairs and keeps the minutes."""

    convening: Partner
    chairing: Partner


# One row for each deviating term of a partner, and one for a partner without any.
_PARTNERS = Kept(
    lambda agreement: (
        Partner.objects.filter(agreement=agreement)
        .annotate(
            period=F("deviating_terms__period"),
            shift_later=F("deviating_terms__shift_later"),
            known_changes=known_changes(),
        )
        .order_by("position", "deviating_terms__period")
    ),
    int,
)


def secretariat_of(agreement: Agreement) -> Secretariat:
    """The rotation in the order of the partners, with all deviating terms (R-SEC-6)."""
    rows = _PARTNERS(agreement.pk)
    partners = {partner.slug: partner for partner in rows}
    deviations = sorted(
        (Deviation(row.slug, row.period.lower, row.period.upper, row.shift_later) for row in rows if row.period),
        key=lambda term: term.starts_on,
    )
    changes = {row.authority_id: told(row.known_changes) for row in rows}
    return Secretariat(partners, rotation(agreement, tuple(partners)), tuple(deviations), changes)


def rotation(agreement: Agreement, order: tuple[str, ...]) -> Rotation:
    """The regular rotation: anchor and length are settings of the agreement, the order is that of its partners."""
    return Rotation(agreement.rotation_anchor_on, agreement.rotation_years, order)


YEARS_AHEAD = 8


@dataclass(frozen=True)
class OfficeTerm:
    """A term as pages show it: `[starts_on, ends_on)`, and whether it stands there by a resolution."""

    number: int
    label: str
    starts_on: date
    ends_on: date
    deviates: bool = False


def turns(secretariat: Secretariat, deviations: tuple[Deviation, ...], today: date) -> list[OfficeTerm]:
    """All terms from the anchor until some years from today, or from an anchor that lies ahead."""
    found = secretariat.rotation
    stored = {(each.partner, each.starts_on) for each in deviations}
    last_day = date(max(today, found.anchor_on).year + YEARS_AHEAD, 12, 31)
    terms = rules.terms_between(found, found.anchor_on, last_day, deviations)
    return [
        OfficeTerm(
            term.number,
            secretariat.partners[term.partner].short_name,
            term.starts_on,
            term.ends_on,
            (term.partner, term.starts_on) in stored,
        )
        for term in terms
    ]


@dataclass(frozen=True)
class NowAndNext:
    """Who is in office today, until when, and who comes after; nobody before the anchor."""

    partner: Partner
    last_day: date
    next_partner: Partner


def now_and_next(secretariat: Secretariat, today: date) -> NowAndNext | None:
    """None as long as the rotation has not begun."""
    if today < secretariat.rotation.anchor_on:
        return None
    term = secretariat.term_on(today)
    return NowAndNext(secretariat.partners[term.partner], term.last_day, secretariat.partner_on(term.ends_on))


def with_deviation(secretariat: Secretariat, new: Deviation) -> tuple[Deviation, ...]:
    """The deviations as they would be. Raises Refused where the new one cannot be entered."""
    rules.check_deviation(secretariat.rotation, new, secretariat.deviations)
    return (*secretariat.deviations, new)
