"""Whether the rows of a meeting still say what was circulated (ADR 26).

Readers have the frozen text. Pages of the meeting, the yearly report and a deviating term read the rows, which nothing
seals: before the approval they can be written by SQL. So the approval compares, and the night does. Tasks are not
compared: they go on after the meeting, and so say something else.
"""

from collections import defaultdict
from datetime import date

from django.db.models import QuerySet

from kok.errors import Forged
from meetings.convening.models import AgendaItem
from meetings.record.documents.content import Delegation, Guest, Item
from meetings.record.documents.frozen import Frozen, read
from meetings.record.documents.minutes import delegations_of, guests_of, items_of
from meetings.record.models import Minutes, MinutesVersion, Resolution
from meetings.record.queries.minutes import level_of, text_of
from meetings.record.rules.codes import MinutesState
from members.models import Partner

DIFFERING = (
    "Protokoll {number}: In der Sitzung steht etwas anderes als in der versandten Fassung ({parts}). "
    "Es wurde an der Anwendung vorbei geändert."
)
Parts = dict[str, object]


def differing(chosen: QuerySet[Minutes]) -> list[str]:
    """A sentence for each of these minutes of which the rows say something else. Raises KeyLost."""
    found = _differing(chosen)
    if found:  # an act may have come between two statements
        found = _differing(chosen.filter(pk__in=found))
    return [*found.values()]


def check_as_circulated(minutes: Minutes, version: MinutesVersion) -> None:
    """Raises Forged where the rows say something else than this version. The minutes are locked."""
    partners = Partner.objects.filter(agreement=minutes.meeting.body.agreement_id).in_bulk()
    if words := _words(minutes, version, partners):
        raise Forged(
            f"{words} Es wurde nichts genehmigt. Sagen Sie es der Technik und der Prüfung. Die Geschäftsstelle kann "
            "das Protokoll zurückholen und berichtigt versenden."
        )


def _differing(chosen: QuerySet[Minutes]) -> dict[int, str]:
    """By key of the minutes. A version that does not stand is named with the seals, and nothing is compared with it."""
    going = {each.pk: each for each in chosen.exclude(state=MinutesState.DRAFT).select_related("meeting__body")}
    versions = MinutesVersion.objects.filter(minutes__in=going, taken_back_at=None)
    right = MinutesVersion.sealing.standing(versions.values_list("pk", flat=True))
    partners: dict[int, dict[int, Partner]] = defaultdict(dict)
    for partner in Partner.objects.all():
        partners[partner.agreement_id][partner.pk] = partner
    found = {}
    for version in versions.filter(pk__in=[*right]).order_by("minutes"):
        minutes = going[version.minutes_id]
        if words := _words(minutes, version, partners[minutes.meeting.body.agreement_id]):
            found[minutes.pk] = words
    return found


def _words(minutes: Minutes, version: MinutesVersion, partners: dict[int, Partner]) -> str:
    """Which parts differ, without what they say; "" where none does."""
    now = _said_now(minutes, partners)
    sealed = _said_in(read(version.content), minutes.meeting.body_id)
    parts = [title for title, said in sealed.items() if now[title] != said]
    return DIFFERING.format(number=minutes.called, parts=", ".join(parts)) if parts else ""


def _said_in(frozen: Frozen, body: int) -> Parts:
    """A resolution is the body's, of the day of the meeting."""
    document = frozen.document
    return _parts(
        {name: pk for pk, name in frozen.partners},
        [(item.number, item.title, item.level, item.is_supplement) for item in document.items],
        [
            (item.number, each.number, each.text, document.held_on, body)
            for item in document.items
            for each in item.agreed
        ],
        document.delegations,
        document.guests,
        document.items,
    )


def _said_now(minutes: Minutes, partners: dict[int, Partner]) -> Parts:
    """Items and resolutions as they stand, also those that no section leads to."""
    text = text_of(minutes, partners)
    agenda = AgendaItem.objects.filter(meeting=minutes.meeting_id).order_by("position")
    resolutions = Resolution.objects.filter(item__meeting=minutes.meeting_id)
    return _parts(
        {partner.short_name: pk for pk, partner in partners.items()},
        [(item.number, item.title, level_of(item), item.is_supplement) for item in agenda],
        list(resolutions.values_list("item__number", "number", "text", "decided_on", "body")),
        delegations_of(text),
        guests_of(text),
        items_of(text),
    )


def _parts(
    called: dict[str, int],
    agenda: list[tuple[str, str, int, bool]],
    resolutions: list[tuple[str, str, str, date, int]],
    delegations: tuple[Delegation, ...],
    guests: tuple[Guest, ...],
    items: tuple[Item, ...],
) -> Parts:
    """Partners by their keys, for an authority may be called otherwise since; and in no order that may change."""
    return {
        "Tagesordnung": agenda,
        "Teilnehmende": (
            {called.get(each.partner): sorted(each.people, key=str) for each in delegations},
            sorted(guests, key=str),
        ),
        "Texte": {item.number: (item.text, item.outcome) for item in items},
        "Beschlüsse": sorted(resolutions),
        "Auffassungen": {(item.number, called.get(view.partner)): view.text for item in items for view in item.views},
    }
