"""What meetings, minutes and tasks hang on a body that ends."""

from datetime import date

from django.db.models import QuerySet

from kok import words
from meetings.convening.models import Meeting
from meetings.record.models import ActionItem, Minutes
from members.models import Body
from members.queries.bodies import Hanging

State = Meeting.State
AHEAD = (State.PLANNED, State.INVITED)

COMING = "soll danach noch tagen ({}). Verlegen Sie die Sitzung auf einen Tag davor, oder sagen Sie sie ab"
HELD = "hat danach noch getagt ({}). Nennen Sie unter valid_from einen späteren Tag"
OPEN_MINUTES = "Noch nicht genehmigte Protokolle: {}. Sie bleiben bei ihrer Sitzung und werden dort genehmigt."
OPEN_TASKS = (
    "Offene Aufgaben: {}. Sie stehen unter „Aufgaben“, bis jemand sie abschließt, aber auf keiner Tagesordnung mehr."
)


def hanging(body: Body, ends_before: date) -> Hanging:
    """No body meets after its end. Minutes and tasks of earlier meetings stay where they are until they are done."""
    later = Meeting.objects.filter(body=body, meets_on__gte=ends_before).exclude(state=State.CANCELLED)
    minutes = Minutes.objects.filter(meeting__body=body).exclude(state=Minutes.State.APPROVED)
    tasks = ActionItem.objects.filter(body=body, state=ActionItem.State.OPEN, is_struck=False)
    return Hanging(
        hinders=_said(
            (COMING, _days(later.filter(state__in=AHEAD))),
            (HELD, _days(later.exclude(state__in=AHEAD))),
        ),
        remains=_said((OPEN_MINUTES, minutes.count()), (OPEN_TASKS, tasks.count())),
    )


def _said(*sentences: tuple[str, object]) -> list[str]:
    """Those of which there is something."""
    return [sentence.format(found) for sentence, found in sentences if found]


def _days(meetings: QuerySet[Meeting]) -> str:
    return ", ".join(map(words.day, meetings.order_by("meets_on").values_list("meets_on", flat=True)))
