"""What the past sent: who got the approved minutes as a file, and what became of all mails."""

from datetime import date, timedelta

from kok import dispatch
from kok.models import OutboxMessage, User
from meetings.models import Minutes
from meetings.record.actions import approval
from meetings.record.queries.distribution import readers_of_approved
from members.models import Body
from reporting.demo.actions.past import moment

State = OutboxMessage.State
REFUSED = "Der Mailserver lehnt den Empfänger ab (550)."


def hand_on(conference: Body, users: dict[str, User], today: date) -> None:
    """The last approved minutes went as a file to those who have no account."""
    minutes = Minutes.objects.filter(meeting__body=conference, state=Minutes.State.APPROVED).latest("meeting__meets_on")
    listed = readers_of_approved(minutes, today)
    approval.send_file(
        minutes=minutes,
        keys=frozenset(recipient.key for recipient in listed if recipient.by_file),
        by=users[f"{minutes.owner.slug}-secretariat"],
        now=moment(today - timedelta(days=1), 17),
    )


def send_all() -> None:
    """What the past would have sent was sent then, but for the first invitation of all: its address was wrong."""
    waiting = OutboxMessage.objects.filter(state=State.QUEUED)
    wrong = waiting.filter(kind="invitation").earliest("created_at", "pk")
    for message in waiting:
        if message == wrong:
            message.state, message.error = State.FAILED, REFUSED
        else:
            message.state, message.sent_at = State.SENT, message.created_at
        message.put_mark()
        message.save()
        dispatch.settle(message)
