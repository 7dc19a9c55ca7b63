"""What meetings, minutes and tasks hang on a body that ends."""

from datetime import date

from django.db.models import QuerySet

from kok import words
from meetings.convening.models import Meeting
from meetings.record.models import ActionItem, Minutes
from members.models import Body
from members.queries.bodies import Hanging

State = Meeting.State


def hanging(body: Body, ends_before: date) -> Hanging:
    """No body meets after its end. Minutes and tasks of earlier meetings stay where they are until they are done."""
    later = Meeting.objects.filter(body=body, meets_on__gte=ends_before).exclude(state=State.CANCELLED)
    found = Hanging()
    if coming := _days(later.filter(state__in=[State.PLANNED, State.INVITED])):
        found.hinders.append(
            f"soll danach noch tagen ({coming}). Verlegen Sie die Sitzung auf einen Tag davor, oder sagen Sie sie ab"
        )
    if held := _days(later.exclude(state__in=[State.PLANNED, State.INVITED])):
        found.hinders.append(f"hat danach noch getagt ({held}). Nennen Sie unter valid_from einen späteren Tag")
    if number := Minutes.objects.filter(meeting__body=body).exclude(state=Minutes.State.APPROVED).count():
        found.remains.append(
            f"Noch nicht genehmigte Protokolle: {number}. Sie bleiben bei ihrer Sitzung und werden dort genehmigt."
        )
    open_tasks = ActionItem.objects.filter(body=body, state=ActionItem.State.OPEN, is_struck=False)
    if number := open_tasks.count():
        found.remains.append(
            f"Offene Aufgaben: {number}. Sie stehen unter „Aufgaben“, bis jemand sie abschließt, aber auf keiner "
            "Tagesordnung mehr."
        )
    return found


def _days(meetings: QuerySet[Meeting]) -> str:
    return ", ".join(words.day(day) for day in meetings.order_by("meets_on").values_list("meets_on", flat=True))
