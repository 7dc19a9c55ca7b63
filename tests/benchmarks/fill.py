"""Fills the database of DATABASE_URL: `python -m tests.benchmarks.fill once`, then `… fill times 100`.

Meetings of every body since 2022, each with invitations, attendance, minutes, resolutions and closed tasks. History
grows with the scale; what is open does not. All of it is invented. Prints what the measures need to know, as JSON.
"""

import json
import os
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from math import isqrt
from typing import TypeVar

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kok.settings")
django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore as FloorStore  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import Model  # noqa: E402

from kok import clock  # noqa: E402
from kok.models import AuditEvent, Document, User  # noqa: E402
from kok.sessions import SessionStore  # noqa: E402
from meetings.models import (  # noqa: E402
    ActionItem,
    AgendaItem,
    Attendance,
    Invitation,
    InvitationRound,
    Meeting,
    Minutes,
    MinutesApproval,
    MinutesSection,
    MinutesVersion,
    Resolution,
)
from meetings.record.documents.frozen import checksum, written  # noqa: E402
from meetings.record.documents.minutes import frozen_now  # noqa: E402
from meetings.record.queries.versions import APPROVED_FILE  # noqa: E402
from members.actions import load_agreement  # noqa: E402
from members.models import Agreement, Body, SeatAssignment  # noqa: E402
from members.rules.agreement_file import parse  # noqa: E402
from members.rules.codes import BodyKind  # noqa: E402
from tests.builders import (  # noqa: E402
    INTRODUCED_AT,
    WETTERAU_FILE,
    a_person,
    a_seat,
    a_user,
    an_agreement,
    give_role,
)

M = TypeVar("M", bound=Model)
FIRST, CHUNK = 200, 100  # meetings at scale 1, meetings in one transaction
BEGAN_ON, ENDED_ON = date(2022, 3, 1), date(2026, 9, 30)
AT = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
SEATS, GUESTS, ITEMS = 10, 2, 10
SENTENCE = (
    "Die Partner tauschen sich über den Stand der Bedarfsplanung aus und stellen fest, dass die Plätze im Norden des"
    " Kreises nicht reichen. "
)
TOPICS = ("Begrüßung", "Aufgabenkontrolle", "Bedarfsplanung", "Übergänge", "Qualität", "Zahlen", "Beirat", "Berichte")
FLOOR_BACKEND = "django.contrib.auth.backends.ModelBackend"
ACTS = ("planned", "invited", "begun")


def once() -> dict[str, object]:
    """Agreement, people, an account with every role that reads, and the meetings of scale 1."""
    agreement = an_agreement()
    conference = agreement.bodies.get(kind=BodyKind.CONFERENCE)
    for n in range(SEATS - conference.seats.count()):
        a_seat(body=conference, partner=("wetteraukreis", "lwv-hessen")[n % 2], person=a_person(f"Muster{n}"))
    user = a_user(role="secretariat", username="messung")
    for role, partner in (
        ("secretariat", "lwv-hessen"),
        ("registrar", "wetteraukreis"),
        ("reporter", "wetteraukreis"),
        ("auditor", None),
    ):
        give_role(user, role=role, partner=partner)
    meetings(agreement, 0)
    known = {
        "ten": _minutes(conference, "ZEHN", items=ITEMS),
        "hundred": _minutes(conference, "HUNDERT", items=10 * ITEMS),
        "ten_draft": _minutes(conference, "ZEHN-E", items=ITEMS, is_draft=True),
        "hundred_draft": _minutes(conference, "HUNDERT-E", items=10 * ITEMS, is_draft=True),
    }
    _planned(conference)
    sessions = {"session": _session(user), "floor_session": _floor_session(user)}
    return known | sessions | {"agreement": agreement.slug, "body": conference.slug}


def times(scale: int) -> None:
    """Ten times the years in ten times the agreements make 100 times the data."""
    factor = isqrt(scale)
    agreements = [Agreement.objects.get(), *(_another(n) for n in range(1, factor))]
    for agreement in agreements:
        for ago in range(factor):
            if ago or agreement.slug != "wetteraukreis":
                meetings(agreement, ago)


def _another(n: int) -> Agreement:
    """The same agreement in another county."""
    text = WETTERAU_FILE.read_text(encoding="utf-8").replace('"wetteraukreis"', f'"kreis-{n}"')
    load_agreement(file=parse(text.replace("06440", f"{6500 + n:05}")), by=None, now=INTRODUCED_AT)
    return Agreement.objects.get(slug=f"kreis-{n}")


def meetings(agreement: Agreement, ago: int) -> None:
    """The meetings of scale 1, shared out among the bodies, or as many in the years before."""
    bodies = list(agreement.bodies.order_by("pk"))
    days = (ENDED_ON - BEGAN_ON).days
    for part in range(0, FIRST, CHUNK):
        held = [
            Meeting(
                body=bodies[n % len(bodies)],
                number=f"{bodies[n % len(bodies)].number_prefix}-{ago:02}-{n:03}",
                meets_on=BEGAN_ON + timedelta(days=n * days // FIRST - ago * days),
                **_MEETING,
            )
            for n in range(part, part + CHUNK)
        ]
        with transaction.atomic():
            _held(held, items=ITEMS)


_MEETING = {"starts_at": time(10), "ends_at": time(12), "place": "Kreishaus Friedberg, Raum 204", "state": "CLOSED"}


def _minutes(body: Body, number: str, *, items: int, is_draft: bool = False) -> int:
    """One meeting of its own size, the newest of all; its number is its key."""
    meeting = Meeting(body=body, number=f"KoK-06440-{number}", meets_on=ENDED_ON, **_MEETING)
    with transaction.atomic():
        _held([meeting], items=items, is_draft=is_draft)
    return meeting.pk


def _planned(body: Body) -> None:
    planned = _MEETING | {"state": "PLANNED"}
    meeting = Meeting.objects.create(body=body, meets_on=date(2027, 5, 12), **planned)
    _save(AgendaItem(meeting=meeting, position=n, number=str(n), title=title) for n, title in enumerate(TOPICS, 1))


def _held(meetings: list[Meeting], *, items: int, is_draft: bool = False) -> None:
    """Everything that a meeting leaves behind."""
    partners = list(meetings[0].body.agreement.partners.order_by("position"))
    user = User.objects.get(username="messung")
    if is_draft:
        for meeting in meetings:
            meeting.state = Meeting.State.HELD
    _save(meetings)
    agenda = _save(
        AgendaItem(meeting=meeting, position=n, number=str(n), title=_title(n))
        for meeting in meetings
        for n in range(1, items + 1)
    )
    _invite_and_attend(meetings, agenda, partners)
    minutes = _save(
        Minutes(
            meeting=meeting, owner=partners[0], due_on=meeting.meets_on + timedelta(days=14),
            chair_name="Antonia Abel", taker_name="Bernd Busch", began_at=time(10), ended_at=time(12),
        )
        for meeting in meetings
    )  # fmt: skip
    _write(dict(zip((meeting.pk for meeting in meetings), minutes, strict=True)), agenda, partners, user)
    if not is_draft:
        _approve(minutes, partners, user)
    _save(
        AuditEvent(
            at=AT, actor_id=user.pk, actor=user.username, action=f"meeting.{act}", agreement="wetteraukreis",
            object_kind="meetings.Meeting", object_id=str(meeting.pk),
        )
        for meeting in meetings
        for act in ACTS
    )  # fmt: skip


def _title(n: int) -> str:
    return f"{TOPICS[n % len(TOPICS)]} {n}"


def _invite_and_attend(meetings: list[Meeting], agenda: list[AgendaItem], partners: list) -> None:
    holders: dict[int, list[SeatAssignment]] = {}
    for held in SeatAssignment.objects.filter(capacity="HOLDER").select_related("seat__partner__authority", "person"):
        holders.setdefault(held.seat.body_id, []).append(held)
    rounds = _save(
        InvitationRound(
            meeting=meeting, round_no=1, convened_by=partners[0], chaired_by=partners[0], meets_on=meeting.meets_on,
            starts_at=meeting.starts_at, ends_at=meeting.ends_at, place=meeting.place, calendar_sequence=0,
            dispatched_at=datetime.combine(meeting.meets_on - timedelta(days=20), time(8), UTC),
        )
        for meeting in meetings
    )  # fmt: skip
    _save(
        Invitation(
            round=round_, seat=held.seat, person=held.person, partner=held.seat.partner, name=str(held.person),
            function=str(held.seat), email=held.person.email, answer="ACCEPTED", answered_at=AT,
        )
        for round_ in rounds
        for held in holders.get(round_.meeting.body_id, ())
    )  # fmt: skip
    _save(_attendances(meetings, {item.meeting_id: item for item in agenda}, holders))


def _attendances(
    meetings: list[Meeting], last_item: dict[int, AgendaItem], holders: dict[int, list[SeatAssignment]]
) -> Iterable[Attendance]:
    for meeting in meetings:
        for held in holders.get(meeting.body_id, ()):
            yield Attendance(
                meeting=meeting, kind="HOLDER", status="PRESENT", seat=held.seat, person=held.person,
                partner=held.seat.partner, name=str(held.person), function=str(held.seat),
            )  # fmt: skip
        for n in range(GUESTS):
            yield Attendance(
                meeting=meeting, kind="GUEST", status="PRESENT", name=f"Gerda Gast {n}", function="Selbsthilfe",
                item=last_item[meeting.pk],
            )  # fmt: skip


def _write(minutes: dict[int, Minutes], agenda: list[AgendaItem], partners: list, user: User) -> None:
    """A text for every item; of ten items four bring a resolution and two a task, which is done by now."""
    _save(
        MinutesSection(
            minutes=minutes[item.meeting_id], item=item, text=SENTENCE * (6 + item.position % 4), result="INFORMATION",
            revision=1, changed_at=AT, changed_by=user,
        )
        for item in agenda
    )  # fmt: skip
    _save(
        Resolution(
            body=item.meeting.body, item=item, number=f"{item.meeting_id}/B{item.position}", text=SENTENCE,
            decided_on=item.meeting.meets_on,
        )
        for item in agenda
        if item.position % 5 in (1, 3)
    )  # fmt: skip
    _save(
        ActionItem(
            body=item.meeting.body, item=item, number=f"{item.meeting_id}/A{item.position}", what=SENTENCE[:120],
            partner=partners[item.position % 2], who="Clara Curtius", due_on=item.meeting.meets_on,
            state="DONE", closed_at=datetime.combine(item.meeting.meets_on, time(7), UTC), closed_by=user,
        )
        for item in agenda
        if item.position % 5 == 4
    )  # fmt: skip


def _approve(minutes: list[Minutes], partners: list, user: User) -> None:
    content = written(frozen_now(minutes[0], circulated_on=AT.date()))  # that of the others is as long
    versions = _save(
        MinutesVersion(
            minutes=each, number=1, content=content, sha256=checksum(content), circulated_at=AT, circulated_by=user
        )
        for each in minutes
    )
    _save(
        MinutesApproval(version=each, partner=partner, approved_at=AT, approved_by=user, name="Antonia Abel")
        for each in versions
        for partner in partners
    )
    _save(
        Document(
            kind="minutes", object_id=each.pk, version=APPROVED_FILE, filename="Protokoll.pdf", state="DONE",
            requested_at=AT, finished_at=AT, content=b"%PDF-1.7", sha256="0" * 64,
        )
        for each in versions
    )  # fmt: skip
    Minutes.objects.filter(pk__in=[each.pk for each in minutes]).update(
        state="APPROVED", circulated_at=AT, circulated_by=user, approved_at=AT, approved_by=user
    )


def _save(rows: Iterable[M]) -> list[M]:
    made = list(rows)
    if made:
        type(made[0])._default_manager.bulk_create(made, batch_size=2000)
    return made


def _signed_in(user: User, backend: str) -> dict[str, str]:
    return {
        SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: backend, HASH_SESSION_KEY: user.get_session_auth_hash(),
    }  # fmt: skip


def _session(user: User) -> str:
    """A signed-in session."""
    store = SessionStore()
    store.update(_signed_in(user, "allauth.account.auth_backends.AuthenticationBackend"))
    store.save()
    return str(store.session_key)


def _floor_session(user: User) -> str:
    """A session of the floor, which has another way to sign in and Django's own table, that the application lacks."""
    key, data = "f" * 32, FloorStore().encode(_signed_in(user, FLOOR_BACKEND))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS django_session"
            " (session_key varchar(40) PRIMARY KEY, session_data text NOT NULL, expire_date timestamptz NOT NULL)"
        )
        cursor.execute("DELETE FROM django_session WHERE session_key = %s", [key])
        cursor.execute(
            "INSERT INTO django_session VALUES (%s, %s, %s)", [key, data, clock.machine_now() + timedelta(days=1)]
        )
    return key


def main() -> None:
    """One of the two."""
    match sys.argv[1:]:
        case ["once"]:
            sys.stdout.write(json.dumps(once()))
        case ["times", scale]:
            times(int(scale))


if __name__ == "__main__":
    main()
