"""Which authority answers reported barriers: named by Technik, told to its office."""

from datetime import datetime

from django.db import transaction

from kok import audit, barriers
from kok.barrier_office import Office
from kok.clock import BERLIN
from kok.errors import Refused, require
from kok.models import User
from members.actions.administering import check_genuine
from members.models import Authority
from members.queries.barriers import office_of

NOBODY = "die Technik"


def check_can_answer(office: Office) -> None:
    """Raises Refused for an office that cannot answer today."""
    if office.hindrance:
        raise Refused(f"{office.hindrance} Es wurde nichts geändert.")


@transaction.atomic
def name_barrier_office(*, authority: Authority | None, by: User, now: datetime) -> None:
    """Lets the office of an authority answer reported barriers from now on; with None, Technik does again.

    Raises Refused where that is so already, for an authority whose office cannot answer today, and for a hand that was
    put in past the application: what people write who need help goes there.
    """
    check_genuine(by)
    locked = list(Authority.objects.select_for_update().order_by("slug"))
    before = next((each for each in locked if each.answers_barriers), None)
    after = next((each for each in locked if authority and each.pk == authority.pk), None)
    require(before != after, "So ist es schon eingetragen. Es wurde nichts geändert.")
    office = office_of(after, now.astimezone(BERLIN).date()) if after else None
    if office:
        check_can_answer(office)
    for each, answers in ((before, False), (after, True)):
        if each:
            each.answers_barriers = answers
            each.save(update_fields=["answers_barriers"])
    names = (before.short_name if before else NOBODY, after.short_name if after else NOBODY)
    audit.record(by=by, action="barrier.office", obj=after or before, change=names, now=now)
    if office:
        barriers.tell_office(office, now=now)
