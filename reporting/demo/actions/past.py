"""The past of the demo, told through the same actions that people use, with their own moments."""

import tomllib
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import TypedDict

from kok import text_checks
from kok.clock import BERLIN
from kok.models import User
from kok.roles import RoleSlug
from meetings.convening.actions import agenda, answers, invitations, planning
from meetings.convening.actions.notice import Consent
from meetings.convening.queries.secretariat import secretariat_of
from meetings.models import ActionItem, AgendaItem, Attendance, Invitation, Meeting, Minutes, MinutesSection
from meetings.record.actions import approval, circulation, decisions, holding, minutes, tasks
from meetings.record.rules.codes import SeatMark
from members.models import Agreement, Body, Partner
from reporting.demo.actions.calendar import Episode, Plot

STORY = Path(__file__).with_name("story.toml")
PLACES = cycle(["Kreishaus Friedberg, Raum 101", "LWV Hessen, Ständeplatz 6–10, Kassel, Raum 3.12"])
ANSWERING = f"({RoleSlug.APPROVER}|{RoleSlug.MEMBER})$"
NOT_QUORATE_TEXT = (
    "Der LWV Hessen ist kurzfristig verhindert. Die Konferenz fasst keine Beschlüsse, die Sitzung wird wiederholt."
)


def moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of that day in Hessen."""
    return datetime.combine(day, time(hour, minute), BERLIN)


class StoryTask(TypedDict):
    """A task as the story tells it; `days` after the meeting it is due."""

    code: str
    what: str
    who: str
    partner: str
    days: int


class Storyteller:
    """Plans, invites, holds and minutes meetings of one agreement, each text and person in turn."""

    def __init__(self, agreement: Agreement, users: dict[str, User], today: date) -> None:
        story = tomllib.loads(STORY.read_text(encoding="utf-8"))
        self.users, self.today = users, today
        self.secretariat = secretariat_of(agreement)
        self.partners = list(Partner.objects.filter(agreement=agreement))
        self.texts = {code: cycle(texts) for code, texts in story["texts"].items()}
        self.resolutions, self.tasks = cycle(story["resolution"]), cycle(story["task"])

    def tell(self, conference: Body, past: Iterable[Episode]) -> None:
        """One meeting after the other; a replacement follows the meeting that was cancelled."""
        cancelled = None
        for episode in past:
            if episode.plot == Plot.CANCELLED:
                cancelled = self._cancelled(conference, episode)
            elif cancelled is not None and episode.plot == Plot.REPLACEMENT:
                announced_on = cancelled.meets_on - timedelta(days=6)
                meeting = self._plan(conference, episode.meets_on, announced_on, replaces=cancelled)
                self._hold(self._invite(meeting, announced_on), episode.plot)
            else:
                first_day = episode.moved_from or episode.meets_on
                meeting = self._plan(conference, first_day, first_day - timedelta(days=56))
                self._invite(meeting, first_day - timedelta(days=20))
                if episode.moved_from:
                    self._move(meeting, episode.meets_on, first_day - timedelta(days=10))
                self._hold(meeting, episode.plot)

    def tell_of_board(self, board: Body, meets_on: date) -> None:
        """One meeting of an advisory board, with minutes that both partners approved."""
        meeting = self._plan(board, meets_on, meets_on - timedelta(days=56))
        self._hold(self._invite(meeting, meets_on - timedelta(days=20)), Plot.ORDINARY)

    def plan_next(self, conference: Body, meets_on: date) -> None:
        """The coming meeting: planned, with one item of its own, not yet invited."""
        planned_on = self.today - timedelta(days=3)
        meeting = self._plan(conference, meets_on, planned_on)
        by, now = self._secretary(conference, planned_on), moment(planned_on, 10)
        agenda.add_item(
            meeting=meeting,
            title="Ausblick auf das Arbeitsprogramm des Jahres",
            note="Beide Partner bringen zwei Vorschläge mit.",
            by=by,
            now=now,
        )

    def _cancelled(self, body: Body, episode: Episode) -> Meeting:
        meeting = self._plan(body, episode.meets_on, episode.meets_on - timedelta(days=56))
        self._invite(meeting, episode.meets_on - timedelta(days=20))
        cancelled_on = episode.meets_on - timedelta(days=6)
        meeting.refresh_from_db()
        invitations.cancel(
            meeting=meeting,
            reason="Beide Leitungen sind kurzfristig verhindert.",
            revision=meeting.revision,
            by=self._secretary(body, cancelled_on),
            now=moment(cancelled_on),
        )
        meeting.refresh_from_db()
        return meeting

    def _plan(self, body: Body, meets_on: date, planned_on: date, replaces: Meeting | None = None) -> Meeting:
        planned_on = max(planned_on, self.secretariat.rotation.anchor_on)
        return planning.plan_meeting(
            body=body,
            replaces=replaces,
            meets_on=meets_on,
            starts_at=time(10, 0),
            ends_at=time(12, 30),
            place=next(PLACES),
            link="",
            by=self._secretary(body, planned_on),
            now=moment(planned_on, 9),
        )

    def _invite(self, meeting: Meeting, invited_on: date) -> Meeting:
        meeting.refresh_from_db()
        invitations.invite(
            meeting=meeting,
            revision=meeting.revision,
            consent=Consent(without_address=True),
            by=self._secretary(meeting.body, invited_on),
            now=moment(invited_on, 11),
        )
        invited = User.objects.filter(person__invitations__round__meeting=meeting, username__regex=ANSWERING)
        for username in invited.order_by("username").values_list("username", flat=True).distinct():
            answers.answer(
                meeting=meeting,
                answer=Invitation.Answer.ACCEPTED,
                shown=answers.mark_of_time(meeting.rounds.last()),
                by=self.users[username],
                now=moment(invited_on + timedelta(days=3), 14),
            )
        return meeting

    def _move(self, meeting: Meeting, to: date, moved_on: date) -> None:
        """To another day, with a new round of invitations in time for it (R-SEC-4)."""
        meeting.refresh_from_db()
        moved = planning.reschedule(
            meeting=meeting,
            revision=meeting.revision,
            meets_on=to,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            place=meeting.place,
            link=meeting.link,
            by=self._secretary(meeting.body, moved_on),
            now=moment(moved_on, 9),
        )
        self._invite(moved, moved_on)
        meeting.refresh_from_db()

    def _hold(self, meeting: Meeting, plot: Plot) -> None:
        by = self._secretary(meeting.body, meeting.meets_on)
        written = holding.begin(meeting=meeting, by=by, now=moment(meeting.meets_on, 10))
        self._attend(written, plot, by)
        minutes.save_header(
            minutes=written,
            values={"chair_name": by.get_full_name(), "began_at": time(10, 0), "ended_at": time(12, 15)},
            by=by,
            now=moment(meeting.meets_on, 15),
        )
        self._close_earlier_tasks(meeting, by)
        self._write(written, plot, by)
        self._approve(written, plot, by)

    def _attend(self, written: Minutes, plot: Plot, by: User) -> None:
        rows = Attendance.objects.filter(meeting=written.meeting)
        seats = list(rows.values_list("pk", flat=True))
        marks = dict.fromkeys(seats, holding.AttendanceMark(SeatMark.PRESENT))
        excused = holding.AttendanceMark(SeatMark.EXCUSED)
        if plot == Plot.NOT_QUORATE:
            absent = rows.filter(partner=self.partners[-1])
            marks |= dict.fromkeys(absent.values_list("pk", flat=True), excused)
        elif len(seats) > 2:
            marks[seats[len(self.partners) % len(seats)]] = excused
        holding.save_attendance(minutes=written, marks=marks, by=by, now=moment(written.meeting.meets_on, 10))
        if plot == Plot.LAST:
            item = AgendaItem.objects.get(meeting=written.meeting, code="participation")
            holding.add_guest(minutes=written, name="Mareike Sommer", organisation="EUTB Wetterau", item=item, by=by)

    def _write(self, written: Minutes, plot: Plot, by: User) -> None:
        now = moment(written.meeting.meets_on, 15)
        sections = MinutesSection.objects.filter(minutes=written).select_related("item")
        outcome = self._outcomes(written, plot, by, now)
        for section in sections:
            section.minutes = written  # whose meeting and owner are read once for all of them
            code = section.item.code
            text = next(self.texts[code]) if code in self.texts else ""
            if plot == Plot.NOT_QUORATE and code == "formalities":
                text = NOT_QUORATE_TEXT
            minutes.save_section(
                section=section, text=text, result=outcome.get(section.item_id, "NOTED"), revision=0, by=by, now=now
            )

    def _outcomes(self, written: Minutes, plot: Plot, by: User, now: datetime) -> dict[int, str]:
        """Records one resolution and two tasks; the result of each item that has one."""
        items = {item.code: item for item in AgendaItem.objects.filter(meeting=written.meeting).order_by("-position")}
        results: dict[int, str] = {}
        for task in islice(self.tasks, 2):
            if item := items.get(task["code"]):
                self._record_task(written, item, task, by, now)
                results[item.pk] = "TASK"
        resolution = next(self.resolutions)
        if plot != Plot.NOT_QUORATE and resolution["code"] in items:
            item = items[resolution["code"]]
            decisions.record_resolution(
                minutes=written,
                item=item,
                text=resolution["text"],
                consenting=frozenset(partner.pk for partner in self.partners),
                by=by,
                now=now,
            )
            results[item.pk] = "RESOLUTION"
        return results

    def _record_task(self, written: Minutes, item: AgendaItem, task: StoryTask, by: User, now: datetime) -> None:
        tasks.record_task(
            minutes=written,
            item=item,
            what=task["what"],
            who=task["who"],
            partner=next(partner for partner in self.partners if partner.slug == task["partner"]),
            due_on=written.meeting.meets_on + timedelta(days=task["days"]),
            by=by,
            now=now,
        )

    def _close_earlier_tasks(self, meeting: Meeting, by: User) -> None:
        """All but the tasks of the meeting before are done by now."""
        earlier = Meeting.objects.filter(body=meeting.body, meets_on__lt=meeting.meets_on, state="CLOSED")
        before = earlier.order_by("-meets_on").first()
        done = ActionItem.objects.filter(body=meeting.body, state=ActionItem.State.OPEN)
        for task in done.exclude(item__meeting=before):
            tasks.close_task(
                task=task, state=ActionItem.State.DONE, note="", by=by, now=moment(meeting.meets_on, 10, 30)
            )

    def _approve(self, written: Minutes, plot: Plot, by: User) -> None:
        """Circulated after ten days, approved by every partner; the last one still waits for a partner."""
        held_on = written.meeting.meets_on
        circulated_on = min(held_on + timedelta(days=10), self.today - timedelta(days=2))
        if plot == Plot.REVISED:
            self._circulate(written, moment(circulated_on - timedelta(days=5)), by)
            self._approve_for(self.partners[:1], written, circulated_on - timedelta(days=4))
            self._revise(written, by, circulated_on - timedelta(days=1))
        self._circulate(written, moment(circulated_on), by)
        self._approve_for(self.partners[:1] if plot == Plot.LAST else self.partners, written, circulated_on)

    def _approve_for(self, partners: list[Partner], written: Minutes, circulated_on: date) -> None:
        for days, partner in enumerate(partners):
            approved_on = min(circulated_on + timedelta(days=1 + 3 * days), self.today - timedelta(days=1))
            approval.approve(
                minutes=written,
                partner=partner.pk,
                version=written.version,
                by=self.users[f"{partner.slug}-approver"],
                now=moment(approved_on, 16),
            )

    def _revise(self, written: Minutes, by: User, day: date) -> None:
        """A partner had been noted as excused who was there, and a task was due too early: the next version says so."""
        now = moment(day)
        circulation.take_back(
            minutes=written, version=written.version, reason="Anwesenheit und eine Frist waren falsch.", by=by, now=now
        )
        written.refresh_from_db()
        excused = Attendance.objects.filter(meeting=written.meeting, status=Attendance.Status.EXCUSED)
        holding.save_attendance(
            minutes=written, marks={row.pk: holding.AttendanceMark(SeatMark.PRESENT) for row in excused}, by=by, now=now
        )
        task = ActionItem.objects.filter(item__meeting=written.meeting, due_on__isnull=False).order_by("number").first()
        if task and task.due_on:
            tasks.change_task(
                minutes=written,
                task=task,
                what=task.what,
                who=task.who,
                due_on=task.due_on + timedelta(days=30),
                shown=tasks.mark_of(task),
                by=by,
                now=now,
            )
        section = MinutesSection.objects.filter(minutes=written, item__code="formalities").get()
        minutes.save_section(
            section=section,
            text=f"{section.text} Alle Sitze waren besetzt.",
            result=section.result,
            revision=section.revision,
            by=by,
            now=now,
        )

    @staticmethod
    def _circulate(written: Minutes, now: datetime, by: User) -> None:
        """Asks for names first, as the page does, and answers at once: no worker runs yet."""
        written.refresh_from_db()
        version = written.version
        check = circulation.check_names(minutes=written, version=version, by=by, now=now)
        text_checks.run(str(check.pk), now)
        check.refresh_from_db()
        circulation.circulate(minutes=written, version=version, seen=check.state, by=by, now=now)

    def _secretary(self, body: Body, day: date) -> User:
        partner = body.operator or self.secretariat.partner_on(day)
        return self.users[f"{partner.slug}-secretariat"]
