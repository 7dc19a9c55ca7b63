"""A meeting that has begun, with the people who write, read and approve its minutes. All of it is invented."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from html import unescape

from django.test import Client

from kok import text_checks
from kok.models import User
from meetings.convening.actions.notice import PartnerConsent
from meetings.convening.rules.codes import ConsentWay
from meetings.models import Meeting, Minutes, MinutesApproval, MinutesSection, MinutesVersion
from meetings.record.actions.circulation import check_names, circulate
from meetings.record.actions.holding import AttendanceMark, begin, save_attendance
from meetings.record.actions.minutes import save_header, save_section
from meetings.record.documents.frozen import checksum, written
from meetings.record.documents.minutes import frozen_now
from members.models import Partner, Person
from tests.builders import a_meeting, a_user, an_agreement

MEETS_ON = date(2026, 11, 17)
NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
ITEMS = ("Begrüßung", "Aufgabenkontrolle", "Planung", "Verschiedenes")


@dataclass
class Stage:
    """The meeting and its people: the county is in office, so its secretariat writes."""

    meeting: Meeting
    minutes: Minutes
    writer: User
    other_secretariat: User
    member: User
    approvers: dict[str, User]

    @property
    def url(self) -> str:
        """The address of the page of the minutes."""
        return f"/wetteraukreis/gremien/kok/sitzungen/{self.meeting.pk}/protokoll/"

    @property
    def sections(self) -> list[MinutesSection]:
        """The sections in the order of the agenda."""
        return list(self.minutes.sections.select_related("item"))


def an_invited_meeting(*, items: tuple[str, ...] = ITEMS, on: date = MEETS_ON) -> Meeting:
    """Invited and numbered; the second item is the review of tasks."""
    meeting = a_meeting(on=on, items=items, state=Meeting.State.INVITED, number=f"KoK-06440-{on.year}-{on.month:02}")
    meeting.items.filter(position=2).update(code="tasks")
    return meeting


def a_held_meeting(*, items: tuple[str, ...] = ITEMS) -> Stage:
    """Begun by the secretariat of the county, which is in office in November 2026."""
    an_agreement()
    meeting = an_invited_meeting(items=items)
    writer = a_user(role="secretariat", username="schreibt")
    minutes = begin(meeting=meeting, by=writer, now=NOW)
    meeting.refresh_from_db()
    return Stage(
        meeting=meeting,
        minutes=minutes,
        writer=writer,
        other_secretariat=a_user(role="secretariat", partner="lwv-hessen"),
        member=a_user(role="member", partner="lwv-hessen"),
        approvers={slug: a_user(role="approver", partner=slug) for slug in ("wetteraukreis", "lwv-hessen")},
    )


def typed(section: MinutesSection, text: str, *, result: str = "", revision: int | None = None) -> dict[str, object]:
    """What the page sends of a section; `revision` is the one that it showed."""
    shown = section.revision if revision is None else revision
    return {f"{section.pk}-{name}": value for name, value in (("text", text), ("result", result), ("revision", shown))}


def complete(stage: Stage) -> Stage:
    """Everything that minutes need before they go out."""
    marks = {row.pk: AttendanceMark("PRESENT") for row in stage.meeting.attendances.all()}
    save_attendance(minutes=stage.minutes, marks=marks, by=stage.writer, now=NOW)
    values = {"chair_name": "Antonia Abel", "taker_name": "Bernd Busch", "ended_at": time(12, 0)}
    save_header(minutes=stage.minutes, values=values, by=stage.writer, now=NOW)
    for section in stage.sections:
        write(stage, section, f"Text zu {section.item.title}.")
    stage.minutes.refresh_from_db()
    return stage


def checked(stage: Stage, now: datetime = NOW) -> str:
    """Asks for names in the text as it is, and answers as the worker does; the answer."""
    stage.minutes.refresh_from_db()
    check = check_names(minutes=stage.minutes, version=stage.minutes.version, by=stage.writer, now=now)
    text_checks.run(str(check.pk), now)
    check.refresh_from_db()
    return check.state


def write(
    stage: Stage, section: MinutesSection, text: str, *, by: User | None = None, result: str = ""
) -> MinutesSection:
    """Saves a text over whatever is there."""
    section.refresh_from_db()
    return save_section(
        section=section, text=text, result=result, revision=section.revision, by=by or stage.writer, now=NOW
    )


def circulated(stage: Stage) -> Stage:
    """Complete and sent out for approval."""
    complete(stage)
    circulate(minutes=stage.minutes, version=stage.minutes.version, seen=checked(stage), by=stage.writer, now=NOW)
    stage.minutes.refresh_from_db()
    return stage


def sent_minutes(
    meeting: Meeting, *, owner: Partner, by: User, due_on: date, at: datetime = NOW, state: str = "CIRCULATED"
) -> Minutes:
    """Minutes with the version that goes round or is approved by all partners, without the acts that lead there."""
    minutes = Minutes.objects.create(meeting=meeting, owner=owner, due_on=due_on)
    content = written(frozen_now(minutes, circulated_on=at.date()))
    version = MinutesVersion.objects.create(
        minutes=minutes, number=1, content=content, sha256=checksum(content), circulated_at=at, circulated_by=by
    )
    if state == "APPROVED":
        for partner in Partner.objects.filter(agreement=meeting.body.agreement_id):
            MinutesApproval.objects.create(
                version=version, partner=partner, approved_at=at, approved_by=by, name="Antonia Abel"
            )
    approval = {"approved_at": at, "approved_by": by} if state == "APPROVED" else {}
    Minutes.objects.filter(pk=minutes.pk).update(state=state, circulated_at=at, circulated_by=by, **approval)
    minutes.refresh_from_db()
    return minutes


def a_colleague() -> User:
    """Another one of the secretariat that writes."""
    ida = a_user(role="secretariat")
    ida.first_name, ida.last_name = "Ida", "Immergrün"
    ida.save()
    return ida


def consents(on: date = MEETS_ON) -> tuple[PartnerConsent, ...]:
    """That all partners of the only agreement consented to a short Ladungsfrist, on a day by telephone."""
    return tuple(
        PartnerConsent(partner.pk, f"Kim {partner.short_name}", on, ConsentWay.PHONE)
        for partner in Partner.objects.order_by("position")
    )


def consent_fields(on: date, *, but: str = "") -> dict[str, str]:
    """The same as a form sends it; `but`: the slug of a partner of whom nobody is named."""
    return {
        f"consent_{name}_{partner.pk}": value
        for partner in Partner.objects.select_related("authority")
        if partner.slug != but
        for name, value in (("name", f"Kim {partner.short_name}"), ("on", f"{on:%d.%m.%Y}"), ("way", "PHONE"))
    }


def signed_in(user: User) -> Client:
    """A browser of this person."""
    client = Client()
    client.force_login(user)
    return client


def give_account(person: Person, user: User) -> None:
    """Connects a person with an account."""
    person.user = user
    person.save()


def seen_on(client: Client, url: str) -> str:
    """What the page of a form carries of the values that it shows."""
    return _carried("seen", client, url)


def shown_on(client: Client, url: str) -> dict[str, str]:
    """The marks that the page of a sending carries of all that would go out, as its form sends them."""
    return {"shown": _carried("shown", client, url)}


def seen_in(page: str) -> str:
    """The same on a page that is there already."""
    return _mark("seen", page)


def _carried(name: str, client: Client, url: str) -> str:
    return _mark(name, client.get(url).content.decode())


def _mark(name: str, page: str) -> str:
    found = re.search(f'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return unescape(found[1])
