"""The minutes: one section per agenda item, resolutions, positions, action items."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from kok.access import Permission, can
from kok.codes import choices
from kok.models import User
from meetings.convening.models.meeting import AgendaItem, Meeting
from meetings.record.rules import retention
from meetings.record.rules.codes import MinutesState, ResultKind, TaskState
from members.models import Agreement, Body, Partner

LONGEST_TEXT = 100_000  # characters of what is written to one Punkt
LONGEST_WORDING = 5_000  # of a resolution, of a proposal, of the position of a partner


class Minutes(models.Model):
    """The record of a meeting (Ergebnisprotokoll). Approved minutes are immutable.

    `version` is the number of the text that is written, goes round or is approved; what was circulated stands in
    `MinutesVersion`. `circulated_at` is the first time, so that a later version makes nobody late.
    """

    State = MinutesState

    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="minutes")
    state = models.CharField("Stand", max_length=12, choices=choices(State), default=State.DRAFT)
    version = models.PositiveSmallIntegerField("Fassung", default=1)
    owner = models.ForeignKey(Partner, models.RESTRICT, related_name="+", verbose_name="Protokollführung")
    due_on = models.DateField("fällig am")
    chair_name = models.CharField("Leitung", max_length=201, blank=True)
    taker_name = models.CharField("Protokoll geschrieben von", max_length=201, blank=True)
    began_at = models.TimeField("tatsächlicher Beginn", null=True, blank=True)
    ended_at = models.TimeField("tatsächliches Ende", null=True, blank=True)
    circulated_at = models.DateTimeField("zuerst versandt am", null=True, blank=True)
    circulated_by = models.ForeignKey(User, models.RESTRICT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField("genehmigt am", null=True, blank=True)
    approved_by = models.ForeignKey(User, models.RESTRICT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "Protokoll"
        verbose_name_plural = "Protokolle"
        constraints = [
            models.CheckConstraint(
                condition=Q(circulated_at__isnull=True, circulated_by__isnull=True)
                | Q(circulated_at__isnull=False, circulated_by__isnull=False),
                name="minutes_circulated_pair",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="minutes_approved_pair",
            ),
            models.CheckConstraint(
                condition=(~Q(state="APPROVED") & Q(approved_at__isnull=True))
                | Q(state="APPROVED", approved_at__isnull=False, circulated_at__isnull=False),
                name="minutes_approved_state",
            ),
            models.CheckConstraint(
                condition=Q(state="DRAFT") | Q(circulated_at__isnull=False), name="minutes_circulated_state"
            ),
        ]

    class Privacy:
        personal = ("chair_name", "taker_name", "circulated_by", "approved_by")
        confidential = ()
        plain = (
            "id", "meeting", "state", "version", "owner", "due_on", "began_at", "ended_at", "circulated_at",
            "approved_at",
        )  # fmt: skip
        keep = f"{retention.MINUTES}, dann Anbietung an das Archiv"

    @property
    def called(self) -> str:
        """By the number of the meeting."""
        return self.meeting.number or f"Nr. {self.pk}"

    @property
    def is_draft(self) -> bool:
        """Whether it is written, for the first time or anew."""
        return self.state == MinutesState.DRAFT

    @property
    def goes_round(self) -> bool:
        """Whether it is circulated and waits for the approval of all partners."""
        return self.state == MinutesState.CIRCULATED

    @property
    def is_approved(self) -> bool:
        """Whether all partners approved it."""
        return self.state == MinutesState.APPROVED

    def partners_that_approved(self) -> frozenset[int]:
        """The partners whose approval counts: of the version that was not taken back."""
        given = self.versions.filter(taken_back_at=None, approvals__isnull=False)
        return frozenset(given.values_list("approvals__partner_id", flat=True))


class MinutesSection(models.Model):
    """The text of one agenda item; `revision` rises with every save, so that nobody overwrites another.

    `proposal` is what found no consent, for the positions of the partners.
    """

    Result = ResultKind

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="sections")
    item = models.OneToOneField(AgendaItem, models.RESTRICT, related_name="section")
    text = models.TextField("Text", blank=True, max_length=LONGEST_TEXT)
    result = models.CharField("Ergebnis", max_length=12, choices=choices(Result), blank=True)
    proposal = models.TextField("Vorschlag ohne Einvernehmen", blank=True, max_length=LONGEST_WORDING)
    revision = models.PositiveIntegerField("Bearbeitungsstand", default=0)
    changed_at = models.DateTimeField("zuletzt geändert", null=True, blank=True)
    changed_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "Abschnitt"
        ordering = ["item__position"]

    class Privacy:
        personal = ("changed_by",)
        confidential = ("text", "result", "proposal")
        plain = ("id", "minutes", "item", "revision", "changed_at")
        keep = "wie das Protokoll"


class SectionRevision(models.Model):
    """A text as it was saved; nothing typed is ever lost."""

    section = models.ForeignKey(MinutesSection, models.CASCADE, related_name="revisions")
    revision = models.PositiveIntegerField("Bearbeitungsstand")
    text = models.TextField("Text", blank=True, max_length=LONGEST_TEXT)
    result = models.CharField("Ergebnis", max_length=12, blank=True)
    saved_at = models.DateTimeField("gespeichert")
    saved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "Textfassung"
        ordering = ["-revision"]
        constraints = [models.UniqueConstraint(fields=["section", "revision"], name="section_revision_once")]

    class Privacy:
        personal = ("saved_by",)
        confidential = ("text", "result")
        plain = ("id", "section", "revision", "saved_at")
        keep = f"bis {retention.REVISIONS} nach der Genehmigung"

    @property
    def result_words(self) -> str:
        """What came out then, in German; only where something did."""
        return ResultKind(self.result).label


class Resolution(models.Model):
    """A decision in Einvernehmen of all partners. Without it no resolution arises; there is no majority."""

    body = models.ForeignKey(Body, models.RESTRICT, related_name="resolutions")
    item = models.ForeignKey(AgendaItem, models.RESTRICT, related_name="resolutions")
    number = models.CharField("Beschluss", max_length=20)
    text = models.TextField("Wortlaut")
    decided_on = models.DateField("gefasst am")

    class Meta:
        verbose_name = "Beschluss"
        verbose_name_plural = "Beschlüsse"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["body", "number"], name="resolution_number_once")]

    class Privacy:
        personal = ()
        confidential = ("text",)
        plain = ("id", "body", "item", "number", "decided_on")
        keep = f"{retention.MINUTES}, dann Anbietung an das Archiv"


class PartnerPosition(models.Model):
    """What one partner holds where no consensus was reached."""

    item = models.ForeignKey(AgendaItem, models.RESTRICT, related_name="positions")
    partner = models.ForeignKey(Partner, models.RESTRICT, related_name="+")
    text = models.TextField("Auffassung")

    class Meta:
        verbose_name = "Auffassung eines Partners"
        ordering = ["partner__position"]
        constraints = [models.UniqueConstraint(fields=["item", "partner"], name="one_position_per_partner")]

    class Privacy:
        personal = ()
        confidential = ("text",)
        plain = ("id", "item", "partner")
        keep = "wie das Protokoll"


def sees_drafts(user: User, agreement: Agreement) -> bool:
    """Drafts of minutes, and tasks of drafts, are for the secretariats of all partners."""
    return can(user, Permission.MINUTES_WRITE, agreement)


class ActionItems(models.QuerySet["ActionItem"]):
    """Who may read which tasks, and those that the next meeting goes through."""

    def visible_to(self, user: User, agreement: Agreement) -> Self:
        """Whoever does not see drafts sees their tasks as they were circulated."""
        found = self.filter(body__agreement=agreement)
        if sees_drafts(user, agreement):
            return found.exclude(is_struck=True, state=ActionItem.State.OPEN)
        return found.told() if can(user, Permission.MEETING_READ, agreement) else found.none()

    def told(self) -> Self:
        """What everybody in the conference may know, each as in the newest circulated version by `as_circulated`."""
        is_draft = Q(item__meeting__minutes__state=Minutes.State.DRAFT)
        return self.filter(~is_draft | Q(circulated__isnull=False))

    def open_before(self, meeting: Meeting) -> Self:
        """The open ones of earlier meetings of the same body."""
        earlier = self.filter(item__meeting__body_id=meeting.body_id, item__meeting__meets_on__lt=meeting.meets_on)
        return earlier.filter(state=ActionItem.State.OPEN).select_related("partner__authority")


class ActionItem(models.Model):
    """Who does what until when. Open ones appear on the next agenda of the body.

    While the next version of circulated minutes is written, `circulated` keeps what, who, partner and day as everybody
    was told of them, and a task that is struck stays as long: readers have the newest circulated version.
    """

    State = TaskState

    body = models.ForeignKey(Body, models.RESTRICT, related_name="action_items")
    item = models.ForeignKey(AgendaItem, models.RESTRICT, related_name="action_items")
    number = models.CharField("Aufgabe", max_length=20)
    what = models.CharField("Was", max_length=500)
    partner = models.ForeignKey(Partner, models.RESTRICT, null=True, blank=True, related_name="+")
    who = models.CharField("Wer", max_length=200)
    due_on = models.DateField("bis wann", null=True, blank=True)
    state = models.CharField("Stand", max_length=10, choices=choices(State), default=State.OPEN)
    closed_at = models.DateTimeField("abgeschlossen am", null=True, blank=True)
    closed_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    closing_note = models.CharField("Vermerk", max_length=300, blank=True)
    circulated = models.JSONField("wie zuletzt versandt", null=True, blank=True, editable=False)
    is_struck = models.BooleanField("im Entwurf gestrichen", default=False, editable=False)

    objects = ActionItems.as_manager()

    class Meta:
        verbose_name = "Aufgabe"
        verbose_name_plural = "Aufgaben"
        ordering = ["due_on", "number"]
        indexes = [models.Index(fields=["body", "closed_at"], name="action_item_open")]
        constraints = [
            models.UniqueConstraint(fields=["body", "number"], name="action_item_number_once"),
            models.CheckConstraint(
                condition=Q(state="OPEN", closed_at__isnull=True) | (~Q(state="OPEN") & Q(closed_at__isnull=False)),
                name="action_item_closed_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(is_struck=False) | Q(circulated__isnull=False), name="action_item_struck_was_circulated"
            ),
        ]

    class Privacy:
        personal = ("who", "closed_by")
        confidential = ("what", "closing_note", "circulated")  # which holds what and who
        plain = ("id", "body", "item", "number", "partner", "due_on", "state", "closed_at", "is_struck")
        keep = "wie das Protokoll"

    @property
    def is_open(self) -> bool:
        """Whether it still has to be done."""
        return self.state == TaskState.OPEN

    @property
    def agreed(self) -> dict[str, object]:
        """What, who, partner and day, as `circulated` keeps them."""
        due_on = self.due_on.isoformat() if self.due_on else None
        return {"what": self.what, "who": self.who, "partner": self.partner_id, "due_on": due_on}

    @property
    def tone(self) -> str:
        """How the badge with its state looks."""
        return TaskState(self.state).tone

    def as_circulated(self) -> Self:
        """As everybody was told of it, while its minutes are written anew. It must not be saved as a whole."""
        if self.circulated is not None:
            self.what, self.who, self.partner_id = (self.circulated[name] for name in ("what", "who", "partner"))
            due_on = self.circulated["due_on"]
            self.due_on = date.fromisoformat(due_on) if due_on else None
        return self
