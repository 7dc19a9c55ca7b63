"""Which authority answers reported barriers: named by Technik, told to its office."""

from datetime import datetime
from operator import attrgetter

from django.db import transaction

from kok import audit, barriers
from kok.barrier_office import BarrierOffice
from kok.errors import refuse, require
from kok.models import User
from kok.words import local_day
from members.actions.administering import check_genuine
from members.models import Authority
from members.queries.barriers import office_of

NOBODY = "die Technik"


def check_can_answer(office: BarrierOffice) -> None:
    """Raises Refused for an office that cannot answer today."""
    refuse(office.hindrance and f"{office.hindrance} Es wurde nichts geändert.")


@transaction.atomic
def name_barrier_office(*, authority: Authority | None, by: User, now: datetime) -> None:
    """Lets the office of an authority answer reported barriers from now on; with None, Technik does again.

    Raises Refused where that is so already, for an authority whose office cannot answer today, and for a hand that was
    put in past the application: what people write who need help goes there.
    """
    check_genuine(by)
    locked = Authority.objects.select_for_update().order_by("slug").in_bulk()
    before = next(filter(attrgetter("answers_barriers"), locked.values()), None)
    after = locked.get(getattr(authority, "pk", None))
    require(before != after, "So ist es schon eingetragen. Es wurde nichts geändert.")
    _let_answer(before, answers=False)
    _let_answer(after, answers=True)
    change = (_called(before), _called(after))
    audit.record(by=by, action="barrier.office", obj=after or before, change=change, now=now)
    if after:
        office = office_of(after, local_day(now))
        check_can_answer(office)
        barriers.tell_office(office, now=now)


def _let_answer(authority: Authority | None, *, answers: bool) -> None:
    if authority:
        authority.answers_barriers = answers
        authority.save(update_fields=["answers_barriers"])


def _called(authority: Authority | None) -> str:
    return authority.short_name if authority else NOBODY
