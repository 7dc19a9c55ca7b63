"""Who is reminded of a duty, who cannot be reached, and what was sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q

from kok import dispatch
from kok.dispatch import Addressee, Sending, SentSubject
from kok.models import Dispatch
from kok.roles import RoleSlug
from members.models import Partner
from members.queries import RoleHolder, people_with_role
from members.rules.codes import Recurrence
from reporting.duties.queries.duties import Duty
from reporting.duties.queries.ledger import Ledger
from reporting.duties.rules.codes import ReminderRecipient
from reporting.duties.rules.stages import Stage, stage_label


class Holders:
    """The people with a role for a partner on a day; every pair is asked once."""

    def __init__(self, day: date) -> None:
        self.day = day
        self._known: dict[tuple[str, int], list[RoleHolder]] = {}

    def of(self, role: str, partner: Partner) -> list[RoleHolder]:
        """The accounts, also those without an address."""
        key = (role, partner.pk)
        if key not in self._known:
            self._known[key] = people_with_role(role, partner, self.day)
        return self._known[key]


def recipients_of(duty: Duty, stage: Stage, ledger: Ledger, holders: Holders) -> list[RoleHolder]:
    """The responsible people of the debtor; from +1 on also the secretariat in office, unless it is the debtor's own.

    Everybody once (2.7).
    """
    found = responsible_of(duty, holders)
    if ReminderRecipient.SECRETARIAT in stage.recipients:
        found |= {each.user_id: each for each in _in_office(duty, ledger, holders)}
    return list(found.values())


def _in_office(duty: Duty, ledger: Ledger, holders: Holders) -> list[RoleHolder]:
    partner = ledger.secretariat.partner_on(ledger.secretariat.nearest(holders.day))
    return [] if duty.debtor and duty.debtor.pk == partner.pk else holders.of(RoleSlug.SECRETARIAT, partner)


def responsible_of(duty: Duty, holders: Holders) -> dict[int, RoleHolder]:
    """The people of the debtor with the responsible role, by account."""
    return {each.user_id: each for each in holders.of(duty.rule.responsible_role, duty.debtor)} if duty.debtor else {}


def secretariats(partners: Iterable[Partner], holders: Holders) -> list[RoleHolder]:
    """The secretariats of all partners: both prepare, whoever is in office."""
    return list(
        {each.user_id: each for partner in partners for each in holders.of(RoleSlug.SECRETARIAT, partner)}.values()
    )


def responsible_roles(ledger: Ledger, day: date) -> list[tuple[str, Partner]]:
    """Each responsible role of each debtor of a yearly duty, once, by the rules of the day."""
    rules = ledger.rules_on(day, Recurrence.YEARLY)
    pairs = dict.fromkeys((rule.responsible_role, slug) for rule in rules for slug in rule.debtors)
    return [(role, ledger.secretariat.partners[slug]) for role, slug in pairs]


OF_DUTY, OF_YEAR = "duty", "meetings-of-year"  # what a reminder is about, each of an agreement
Result = Dispatch.Result


@dataclass(frozen=True)
class Sent:
    """One stage of the reminders of an occurrence: how many people were told, and when."""

    offset: int
    sent: int
    waiting: int
    failed: int
    sent_at: datetime | None

    @property
    def label(self) -> str:
        """The stage in words."""
        return stage_label(self.offset)


def subject_key(ledger: Ledger, duty: Duty) -> str:
    """The name of an occurrence in the keys of its reminders; it names no person."""
    return f"{ledger.agreement.slug}:{_part(duty)}"


def sending_of(ledger: Ledger, duty: Duty, stage: Stage, person: RoleHolder) -> Sending:
    """What is kept of a reminder of an occurrence."""
    subject = SentSubject(OF_DUTY, ledger.agreement.pk, version=stage.name, part=_part(duty))
    return Sending(subject, Addressee(person.name, account=person.user_id))


def _part(duty: Duty) -> str:
    """Which of the duties of an agreement: what it is, of which year, of whom."""
    return f"{duty.rule.code}:{duty.occurrence.due_year}:{duty.occurrence.debtor or 'all'}"


def reminders_sent(ledger: Ledger, duty: Duty) -> list[Sent]:
    """What went out for an occurrence, stage by stage, in the order of time; one query."""
    rows = (
        dispatch.about((OF_DUTY, ledger.agreement.pk))
        .filter(part=_part(duty))
        .exclude(result=Result.OBSOLETE)
        .order_by()
        .values("version")
        .annotate(
            sent=Count("pk", filter=Q(result=Result.SENT)),
            waiting=Count("pk", filter=Q(result=Result.WAITING)),
            failed=Count("pk", filter=Q(result=Result.FAILED)),
            last=Max("sent_at"),
        )
    )
    ordered = sorted(rows, key=lambda row: int(row["version"]))
    return [Sent(int(row["version"]), row["sent"], row["waiting"], row["failed"], row["last"]) for row in ordered]
