"""What acts of people ask to be erased: written down with the act, carried out by the worker right after."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from kok.clock import BERLIN
from kok.erasure.declared import rule_of
from kok.erasure.listing import ErasureLine, copy_to_list, note, one_at_a_time
from kok.models import ErasureRequest, ErasureRun, Seal
from kok.outbox import publish
from kok.vault import KeyLost

log = logging.getLogger(__name__)
MOST_LOOKED_AT = 1000  # requests at a time: who puts in a million delays no sweep


def ask(slug: str, ids: Sequence[str]) -> None:
    """What an act made due and only the worker may erase: written down in its transaction, carried out right after."""
    if ids:
        _tell_the_worker(ErasureRequest(rule=slug, object_ids=ids))


def erase_at_once(slug: str, ids: Sequence[str], *, now: datetime) -> int:
    """What an act takes out of a draft at once, inside its transaction: erased by the same rule, with the same proofs.

    For what the triggers let everybody take away; for all else `ask` the worker. He writes the list.
    """
    erase = rule_of(slug).erase
    if erase is None:
        raise ValueError(f"{slug} erases nothing")
    number = erase(ids, now)
    _tell_the_worker(ErasureRequest(rule=slug, object_ids=ids, is_done=True))
    return number


def _tell_the_worker(request: ErasureRequest) -> None:
    request.save()
    transaction.on_commit(lambda: publish("kok.erase_what_was_asked", str(request.pk)), robust=True)


def carry_out_what_was_asked(*, now: datetime, first: str = "") -> None:
    """Erases what acts asked for, and writes down outside what has been erased since; the sweep looks for it.

    First the request of the act that told us, whatever somebody put beside it.
    """
    carry_out_all(now, first)
    copy_to_list()


def asked_since() -> datetime | None:
    """Since when the request waits that waits longest, of those that the application made. Raises KeyLost."""
    return min((seal.at for seal in _asked().values()), default=None)


def _asked() -> Mapping[str, Seal]:
    """The requests that wait and stand as they were sealed. All others wait for ever, and the check names them.

    Of more than the application ever lets wait some are looked at, from another place on each time.
    """
    numbers = ErasureRequest.objects.order_by("pk").values_list("pk", flat=True)
    start = uuid4()
    behind = list(numbers.filter(pk__gte=start)[:MOST_LOOKED_AT])
    before = numbers.filter(pk__lt=start)[: MOST_LOOKED_AT - len(behind)]
    return ErasureRequest.sealing.standing([*behind, *before])


def carry_out_all(now: datetime, first: str = "") -> None:
    try:
        waiting = list(dict.fromkeys([*filter(None, [first]), *_asked()]))
    except KeyLost as lost:
        log.error(lost.sentence)  # noqa: TRY400
        return
    for number in waiting:
        try:
            with transaction.atomic():
                _carry_out_one(number, now)
        except Exception as error:  # noqa: BLE001  it waits for the next time, and *Aufträge* shows that it waits
            log.error("Ein erbetenes Löschen ist nicht gelungen (%s).", type(error).__name__)  # noqa: TRY400


def _carry_out_one(number: str, now: datetime) -> None:
    """Of what was asked what is due now. What is not is left to the rule, which looks at it every night."""
    one_at_a_time()
    request = ErasureRequest.objects.filter(pk=number).first()
    if request is None or not ErasureRequest.sealing.standing([number]):  # another worker was quicker
        return
    rule = rule_of(request.rule)
    line, ids = ErasureLine(rule.slug), sorted(request.object_ids)
    if not request.is_done:
        ids = rule.erasable(set(ids) & set(rule.due(now.astimezone(BERLIN).date())))
    line.due = line.erased = len(ids)
    if ids and rule.erase and not request.is_done:
        line.erased = rule.erase(ids, now)
    note(ErasureRun.objects.create(at=now), line, ids)
    request.delete()
