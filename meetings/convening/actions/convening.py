"""R-SEC-3: only the partner in office on the day of dispatch convenes, a body with an operator its operator."""

from datetime import datetime

from kok import words
from kok.access import Permission, partners_of
from kok.clock import BERLIN
from kok.errors import Refused
from kok.models import User
from meetings.convening.models import Meeting
from meetings.convening.queries.secretariat import ActingPartners, Secretariat, secretariat_of


def check_convening(meeting: Meeting, *, by: User, now: datetime) -> tuple[ActingPartners, Secretariat]:
    """The partners that convene and chair. Raises Refused, saying who may, when this person acts for another one."""
    agreement = meeting.body.agreement
    today = now.astimezone(BERLIN).date()
    secretariat = secretariat_of(agreement)
    office = secretariat.office(meeting.body, dispatch_on=today, meets_on=meeting.meets_on)
    if office.convening.pk in partners_of(by, Permission.MEETING_INVITE, agreement):
        return office, secretariat
    name = office.convening.short_name
    if meeting.body.operator_id:
        raise Refused(
            f"Dieses Gremium führt der Partner {name}. Nur seine Geschäftsstelle lädt ein, verlegt und sagt ab. "
            "Es wurde nichts versandt und nichts geändert."
        )
    last_day = secretariat.term_on(today).last_day
    raise Refused(
        f"Einladen, verlegen und absagen kann nur, wer heute die Geschäftsführung hat: {name}, bis zum "
        f"{words.day(last_day)}. Es wurde nichts versandt und nichts geändert. Bitten Sie die Geschäftsstelle dort."
    )
