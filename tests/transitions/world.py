"""What tests of the sealed area begin with: an invented person, somebody inside, lists in every state."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from kok import erasure
from kok.models import User
from tests.builders import a_user, the_partner
from tests.roles import by_worker
from transitions.actions import entries, lists, releasing
from transitions.models import PendingImport, TransitionListVersion, TransmissionReceipt
from transitions.queries.access import Access
from transitions.queries.imports import mark_of
from transitions.queries.release import fingerprint_of
from transitions.rules import codes
from transitions.rules.case import CaseData
from transitions.rules.codes import EntryReason

YEAR = 2027
NOW = datetime(2027, 3, 10, 9, 0, tzinfo=UTC)
REASONS = {
    "case-officer": EntryReason.PREPARE,
    "case-releaser": EntryReason.RELEASE,
    "case-receiver": EntryReason.RECEIVE,
}
NAMES = ("Zirbelnuss", "Quarkstein", "Ölmützky", "Pfeffersack", "Wolkenstein", "Brandmeister", "Grashüpfer")


def case_data(**changes: Any) -> CaseData:
    """An invented person who leaves school in July 2028 and was informed."""
    person = CaseData(
        family_name="Zirbelnuss",
        given_name="Malwine",
        date_of_birth=date(2010, 3, 14),
        ga_municipality="06440008",
        facility_name="Internat Haus Lindenhöhe",
        facility_place="Bad Nauheim",
        facility_basis=codes.FacilityBasis.P134,
        education_kind=codes.EducationKind.SCHOOL,
        expected_end_on=date(YEAR + 1, 7, 1),
        certainty=codes.Certainty.LIKELY,
        lwv_responsibility=codes.LwvResponsibility.LIKELY,
        contact_unit="Fachdienst Soziale Hilfen",
        contact_phone="06031 83-0",
        legal_representative_kind=codes.RepresentativeKind.PARENTS,
        informed_on=date(2027, 1, 20),
    )
    return replace(person, **changes)


def people(count: int) -> list[CaseData]:
    """Different invented people."""
    return [
        case_data(
            family_name=f"{NAMES[n % len(NAMES)]}{'-Linde' * (n // len(NAMES))}", date_of_birth=date(2010, 1, n + 1)
        )
        for n in range(count)
    ]


def an_access(
    role: str = "case-officer",
    *,
    user: User | None = None,
    partner: str | None = None,
    agreement: Any = None,
    reason: EntryReason | None = None,
) -> Access:
    """Somebody inside the sealed area with this role, for a reason that fits; the LWV for a receiver."""
    where = agreement or the_partner().agreement
    county = where.partners.exclude(authority__kind="LWV").first().slug
    side = partner or ("lwv-hessen" if role == "case-receiver" else county)
    return Access(user or a_user(role=role, partner=side, agreement=where), where, reason or REASONS[role])


def a_draft(
    data: list[CaseData] | None = None, *, by: Access | None = None, year: int = YEAR, now: datetime = NOW
) -> TransitionListVersion:
    """A draft of the county with these people, one when none are named."""
    officer = by or an_access()
    sender = officer.agreement.partners.get(pk__in=officer.partners("cases.draft"))  # type: ignore[arg-type]
    draft = lists.open_draft(sender=sender, year=year, by=officer, now=now)
    for person in [case_data()] if data is None else data:
        entries.add_entry(version=draft, data=person, is_late=False, by=officer, now=now)
    return fresh(draft)


def submitted(draft: TransitionListVersion, *, by: Access | None = None, now: datetime = NOW) -> TransitionListVersion:
    """The same draft, laid before a second person."""
    lists.submit(version=draft, revision=fresh(draft).revision, by=by or _officer(draft), now=now)
    return fresh(draft)


def released(
    draft: TransitionListVersion, *, by: Access | None = None, now: datetime = NOW + timedelta(hours=1)
) -> TransmissionReceipt:
    """The same draft, submitted by its author and released by somebody else; the worker erases what that asked for."""
    ready = fresh(draft) if fresh(draft).submitted_at else submitted(draft, now=now)
    releaser = by or an_access("case-releaser", agreement=ready.transition_list.agreement)
    receipt = releasing.release(version=ready, revision=ready.revision, by=releaser, now=now)
    by_worker(erasure.carry_out_what_was_asked, now=now)
    return receipt


def acknowledged(
    receipt: TransmissionReceipt, *, by: Access | None = None, now: datetime = NOW + timedelta(hours=2)
) -> TransitionListVersion:
    """The released version, confirmed by the LWV."""
    version = fresh(receipt.version)
    receiver = by or an_access("case-receiver", agreement=version.transition_list.agreement)
    releasing.acknowledge(version=version, by=receiver, now=now)
    return fresh(version)


def fresh(version: TransitionListVersion) -> TransitionListVersion:
    """As it is in the database now."""
    related = ("transition_list__agreement", "transition_list__sender")
    return TransitionListVersion.objects.select_related(*related).get(pk=version.pk)


def seen(draft: TransitionListVersion) -> dict[str, Any]:
    """What whoever has the rows of a file before them sends along when they are taken over or discarded."""
    pending = PendingImport.objects.filter(version=draft).first()
    return {"seen": mark_of(pending, fresh(draft)) if pending else ""}


def shown(draft: TransitionListVersion) -> dict[str, str]:
    """What whoever has the page of a release before them sends along."""
    return {"shown": fingerprint_of(draft)}


def _officer(draft: TransitionListVersion) -> Access:
    found = fresh(draft)
    if not found.authors:
        return an_access(agreement=found.transition_list.agreement)
    user = User.objects.get(pk=found.authors[0])
    return an_access(user=user, agreement=found.transition_list.agreement)
