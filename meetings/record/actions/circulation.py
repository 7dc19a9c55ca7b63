"""A draft goes out to all partners for approval, as a version, and comes back to be written anew."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from kok import erasure, text_checks
from kok.clock import BERLIN
from kok.models import TextCheck, User
from kok.seen import differing
from meetings.convening.rules.outgoing import CHECKED, check_as_shown, check_looked_at
from meetings.record.actions.erasure import REPLACED
from meetings.record.actions.minutes import check_writable
from meetings.record.actions.tasks import keep_as_circulated, replace_circulated
from meetings.record.actions.telling import check_recipients, tell, tell_of_end
from meetings.record.actions.versions import check_responsible, going_round, locked_minutes, order_file, record
from meetings.record.documents.frozen import checksum, written
from meetings.record.documents.going_out import parts_of_draft
from meetings.record.documents.minutes import frozen_now
from meetings.record.models import Minutes, MinutesVersion
from meetings.record.queries.distribution import readers_of_draft
from meetings.record.queries.mailed import CIRCULATED
from meetings.record.queries.minutes import text_of
from meetings.record.queries.readiness import draft_of
from meetings.record.rules import minutes as rules
from meetings.record.rules import writing
from meetings.record.rules.codes import MinutesState
from members.actions import check_hands

State = Minutes.State


@transaction.atomic
def check_names(*, minutes: Minutes, version: int, by: User, now: datetime, shown: str | None = None) -> TextCheck:
    """Asks whether the draft names somebody whom it must not name (5.5); a worker answers. Raises Refused as circulate.

    Only here and only for a draft that could go out: each question is counted and logged where it is answered.
    """
    locked = _complete_draft(minutes, version=version, by=by)
    _check_as_shown(locked, shown, now=now)
    return text_checks.ask(kind="minutes", object_id=locked.pk, by=by, now=now)


@transaction.atomic
def circulate(*, minutes: Minutes, version: int, seen: str, by: User, now: datetime, shown: str | None = None) -> int:
    """Sends the draft to members and approvers for approval; returns how many were told.

    Raises Refused when something is missing, when `version` is not the one that the person saw, `seen` not the
    state of the check of names, or `shown` not the marks of the text and of whom it goes to; None where no page was.
    """
    locked = _complete_draft(minutes, version=version, by=by)
    check = text_checks.found(kind="minutes", object_id=locked.pk, now=now)
    is_pending = check is not None and check.is_pending(now)
    check_looked_at(state=check.state if check else "", is_pending=is_pending, seen=seen)
    _check_as_shown(locked, shown, now=now)
    frozen = _freeze(locked, by=by, now=now)
    replace_circulated(locked, by=by, now=now)
    locked.state = State.CIRCULATED
    if locked.circulated_at is None:
        locked.circulated_at, locked.circulated_by = now, by
    locked.save(update_fields=["state", "circulated_at", "circulated_by"])
    record(locked, "minutes.circulated", by=by, now=now, note=CHECKED[seen])
    order_file(frozen, locked, now=now)
    readers = readers_of_draft(locked, now.astimezone(BERLIN).date())
    check_recipients(locked, readers, now=now)
    return tell(frozen, CIRCULATED, readers, now=now)


def _check_as_shown(minutes: Minutes, shown: str | None, *, now: datetime) -> None:
    if shown is not None:
        readers = readers_of_draft(minutes, now.astimezone(BERLIN).date())
        check_as_shown(differing(shown, parts_of_draft(minutes, readers)))


def _freeze(minutes: Minutes, *, by: User, now: datetime) -> MinutesVersion:
    """Keeps the text as it goes out; from here on everything about it names this row."""
    frozen = frozen_now(minutes, circulated_on=now.astimezone(BERLIN).date())
    content = written(frozen)
    return MinutesVersion.objects.create(
        minutes=minutes,
        number=minutes.version,
        content=content,
        sha256=checksum(content),
        numbers=frozen.document.numbers,
        circulated_at=now,
        circulated_by=by,
    )


def _complete_draft(minutes: Minutes, *, version: int, by: User) -> Minutes:
    locked = locked_minutes(minutes)
    check_writable(locked, by=by)
    writing.check_version(shown=version, now=locked.version)
    rules.check_circulate(MinutesState(locked.state), draft_of(text_of(locked)))
    return locked


@transaction.atomic
def take_back(
    *,
    minutes: Minutes,
    version: int,
    reason: str,
    by: User,
    now: datetime,
    withhold: bool = False,
    also: Collection[int] = (),
) -> None:
    """Makes a circulated text a draft again, as the next version; what was circulated and its approvals stay, void.

    Everybody to whom it went is told. `withhold`: nobody reads the old text any more, and the worker erases it at once;
    neither the earlier versions of the numbers `also`, which were taken back before and may say the same.
    Raises Refused without a reason, after the approval, for the partner that does not own the minutes, when `version`
    is not the one that the person saw, and for a hand that was put in past the application.
    """
    locked = locked_minutes(minutes)
    check_hands(by)
    check_responsible(locked, by=by)
    rules.check_reopen(MinutesState(locked.state))
    writing.check_version(shown=version, now=locked.version)
    writing.check_take_back(reason)
    circulated = going_round(locked).get()  # also one that was put in past the application: it counts no more
    circulated.taken_back_at, circulated.taken_back_by, circulated.reason = now, by, reason
    circulated.is_withheld = withhold
    circulated.save(update_fields=["taken_back_at", "taken_back_by", "reason", "is_withheld"])
    locked.state = State.DRAFT
    locked.version += 1
    locked.save(update_fields=["state", "version"])
    if not withhold:
        keep_as_circulated(locked)
    record(locked, "minutes.taken_back", by=by, now=now, note=reason)
    tell_of_end("minutes.taken_back", circulated, now=now)
    if withhold:
        gone = [circulated, *_withhold_earlier(circulated, also, now=now)]
        erasure.ask(REPLACED, [str(version.pk) for version in gone])


def _withhold_earlier(newest: MinutesVersion, numbers: Collection[int], *, now: datetime) -> list[MinutesVersion]:
    """Versions that were taken back before; whoever has one of them is asked to destroy that one, too."""
    rows = MinutesVersion.objects.filter(minutes=newest.minutes_id, number__in=numbers, number__lt=newest.number)
    rows = rows.filter(is_withheld=False)
    earlier = list(rows)
    rows.update(is_withheld=True)
    for version in earlier:
        tell_of_end("minutes.withheld", version, now=now)
    return earlier
