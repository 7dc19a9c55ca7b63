"""The Ladungsfrist of an invitation: kept, counted from the first one, or short with the consent of all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from kok.clock import BERLIN
from kok.queries import extra_holidays
from meetings.convening.models import InvitationRound, Meeting, NoticeConsent
from meetings.convening.queries.secretariat import Secretariat
from meetings.convening.queries.standing import standing_rounds
from meetings.convening.rules import notice
from meetings.convening.rules.codes import ConsentWay


@dataclass(frozen=True)
class PartnerConsent:
    """Who consented for a partner (its id) to a short Ladungsfrist, when and how."""

    partner: int
    name: str
    given_on: date
    way: ConsentWay


@dataclass(frozen=True)
class Consent:
    """Why it is urgent, who consents to the short notice, and that others are told without an address."""

    urgency_reason: str = ""
    given: tuple[PartnerConsent, ...] = ()
    without_address: bool = False


def check_notice(meeting: Meeting, secretariat: Secretariat, consent: Consent, *, now: datetime) -> bool:
    """Ladungsfrist (7.3): whether it is short, so that reason and consent are kept with the round.

    Where people are invited to the day already, that invitation counts and nothing is asked. Raises Refused for a short
    notice without a reason or the consent of all, a consent of tomorrow, a day that is over or on which nobody meets.
    """
    today, extra = now.astimezone(BERLIN).date(), extra_holidays()
    notice.check_meeting_day(max(meeting.meets_on, today), today, extra)
    if standing_rounds(meeting):
        notice.check_day_ahead(today, meeting.meets_on)
        return False
    partners = {partner.pk: partner.short_name for partner in secretariat.partners.values()}
    given = {each.partner: each for each in consent.given if each.name.strip()}
    days = meeting.body.agreement.notice_days_for(meeting.meets_on)
    notice.check_notice(
        today, meeting.meets_on, days,
        urgency_reason=consent.urgency_reason,
        consenting_partners=[name for pk, name in partners.items() if pk in given],
        all_partners=list(partners.values()),
        extra_holidays=extra,
    )  # fmt: skip
    if not notice.is_short(today, meeting.meets_on, days, extra):
        return False
    _check_days(given, partners, today)
    return True


def _check_days(given: Mapping[int, PartnerConsent], partners: Mapping[int, str], today: date) -> None:
    for pk, name in partners.items():
        notice.check_consent_day(given[pk].given_on, today, partner=name)


def keep_consents(sent: InvitationRound, consent: Consent) -> None:
    """Who consented, when and how, with the round that came late."""
    NoticeConsent.objects.bulk_create(
        NoticeConsent(round=sent, partner_id=each.partner, name=each.name.strip(), given_on=each.given_on, way=each.way)
        for each in consent.given
    )
