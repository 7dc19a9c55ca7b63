"""A letter to somebody whom no mail reaches: sent outside the application, noted here by hand (ADR 28)."""

from datetime import date, datetime, time

from django.db import transaction

from kok import audit, dispatch, words
from kok.clock import BERLIN
from kok.errors import Refused
from kok.models import Dispatch, User
from meetings.convening.models import Meeting
from meetings.convening.rules.outgoing import check_letter


@transaction.atomic
def note_letter(*, meeting: Meeting, row: Dispatch, sent_on: date, by: User, now: datetime) -> None:
    """Notes the day on which a letter with what `row` could not bring was posted; once, for nobody changes it.

    Raises Refused for a day before that or in the future, and a second time.
    """
    from_on, today = (moment.astimezone(BERLIN).date() for moment in (row.begun_at, now))
    check_letter(sent_on=sent_on, from_on=from_on, today=today)
    if not dispatch.noted(row=row, sent_at=datetime.combine(sent_on, time.min, BERLIN), now=now):
        raise Refused("Zu dieser Sendung ist schon ein Brief vermerkt. Es wurde kein zweiter vermerkt.")
    slug = meeting.body.agreement.slug
    audit.record(by=by, action="dispatch.letter-noted", obj=meeting, agreement=slug, note=words.day(sent_on), now=now)
