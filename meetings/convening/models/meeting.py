"""A meeting of a body from the plan to the attendance."""

import uuid
from datetime import date, datetime

from django.db import models
from django.db.models import F, Q

from kok import retention, words
from kok.codes import choices
from kok.models import User
from meetings.convening.rules.agenda import OTHER
from meetings.convening.rules.codes import UNTOLD, InvitationAnswer, MeetingState, RoundKind
from meetings.convening.rules.retention import MEETINGS
from members.models import Body, Partner, Person, Seat

WITHHELD_WORDS = "gesperrt"  # stand in a meeting for a reason that went out and that nobody may read any more


class Meeting(models.Model):
    """A meeting (Sitzung). The number is given at the first invitation and never reused (7.5).

    `is_entered_later`: it took place without the application; what is known of it stands in its `LateEntry`.
    `urgency_draft`, and `cancellation_reason` before the cancellation, are typed and not sent: a worker reads them.
    """

    State = MeetingState

    body = models.ForeignKey(Body, models.RESTRICT, related_name="meetings")
    state = models.CharField("Stand", max_length=10, choices=choices(State), default=State.PLANNED)
    number = models.CharField("Sitzungsnummer", max_length=40, unique=True, null=True, blank=True)
    meets_on = models.DateField("Tag")
    starts_at = models.TimeField("Beginn")
    ends_at = models.TimeField("voraussichtliches Ende", null=True, blank=True)
    place = models.CharField("Ort", max_length=200, blank=True)
    link = models.URLField("Link zur Videokonferenz", blank=True)
    urgency_draft = models.CharField("Grund der Dringlichkeit im Entwurf", max_length=300, blank=True)
    is_entered_later = models.BooleanField("nachgetragen", default=False)
    cancellation_reason = models.CharField("Grund der Absage", max_length=300, blank=True)
    replaces = models.OneToOneField(
        "self", models.RESTRICT, null=True, blank=True, related_name="replaced_by", verbose_name="ersetzt"
    )
    calendar_uid = models.UUIDField("Kalenderkennung", default=uuid.uuid4, unique=True, editable=False)
    calendar_sequence = models.PositiveIntegerField("Kalenderfassung", default=0)
    revision = models.PositiveIntegerField("Bearbeitungsstand", default=1)

    # What the query for the head of its page adds: the invitation that counts, the last and by whom, how many items.
    invited_at: datetime | None
    invited_again_at: datetime | None
    convened_by: int | None
    items_count: int

    class Meta:
        verbose_name = "Sitzung"
        verbose_name_plural = "Sitzungen"
        ordering = ["-meets_on", "-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(place="") | ~Q(link=""),
                name="meeting_has_place_or_link",
                violation_error_message="Geben Sie einen Ort oder einen Link an, damit alle teilnehmen können.",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="meeting_ends_after_start",
                violation_error_message="Das Ende liegt vor dem Beginn. Prüfen Sie die Uhrzeiten.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["PLANNED", "CANCELLED"]) | Q(number__isnull=False),
                name="meeting_invited_has_number",
            ),
            models.CheckConstraint(
                condition=~Q(state="CANCELLED") | ~Q(cancellation_reason=""), name="meeting_cancelled_has_reason"
            ),
        ]

    class Privacy:
        personal = ()
        confidential = ("link", "urgency_draft", "cancellation_reason")
        plain = (
            "id", "body", "state", "number", "meets_on", "starts_at", "ends_at", "place", "replaces",
            "calendar_uid", "calendar_sequence", "revision", "is_entered_later",
        )  # fmt: skip
        keep = f"{MEETINGS}, dann Anbietung an das Archiv"

    def __str__(self) -> str:
        return self.number or f"{self.body_short_name} am {words.day(self.meets_on)}"

    @property
    def body_name(self) -> str:
        """What the body is called on the day of the meeting (scenario 34)."""
        return self.body.called_on(self.meets_on).name

    @property
    def body_short_name(self) -> str:
        """The same in a sentence."""
        return self.body.called_on(self.meets_on).short_name

    @property
    def tone(self) -> str:
        """How the badge with the state looks."""
        return self.State(self.state).tone

    @property
    def is_planned(self) -> bool:
        """Whether nobody is invited to its day yet."""
        return self.state == self.State.PLANNED

    @property
    def is_invited(self) -> bool:
        """Whether people are invited to its day."""
        return self.state == self.State.INVITED

    @property
    def is_running(self) -> bool:
        """Whether it began, and its end is not written down."""
        return self.state == self.State.RUNNING

    @property
    def standing(self) -> str:
        """Where it stands in words; while it runs since when, as its minutes say."""
        if self.is_untold:
            return self.cancellation_reason
        label = self.State(self.state).label
        since = words.clock(self.minutes.began_at) if self.is_running else ""
        entered = ", nachgetragen" if self.is_entered_later else ""
        return f"{label} seit {since}" if since else f"{label}{entered}"

    @property
    def is_cancelled(self) -> bool:
        """Whether it does not take place."""
        return self.state == self.State.CANCELLED

    @property
    def is_untold(self) -> bool:
        """Whether it was put aside without a word to anybody."""
        return self.is_cancelled and self.cancellation_reason in UNTOLD

    def takes_answers(self, today: date) -> bool:
        """Whether those who are invited may still say that they come."""
        return self.is_invited and self.meets_on >= today


class AgendaItem(models.Model):
    """A TOP, two levels deep. After dispatch its number is frozen; a late item gets the next free one.

    `late_on` is the day of the invitation that first named a late item. `is_supplement`: the meeting itself put it on
    its agenda, after it had begun. `continues`: what an earlier meeting postponed and this item takes up again.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    position = models.PositiveSmallIntegerField("Reihenfolge")
    number = models.CharField("TOP", max_length=7, blank=True)
    title = models.CharField("Titel", max_length=200)
    note = models.TextField("Erläuterung", blank=True, max_length=2000)
    code = models.SlugField("Standardpunkt", blank=True)
    subject_kind = models.SlugField("Art des Gegenstands", blank=True)
    subject_id = models.PositiveBigIntegerField("Gegenstand", null=True, blank=True)
    is_late = models.BooleanField("nachgereicht", default=False)
    late_on = models.DateField("nachgereicht am", null=True, blank=True)
    continues = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="continued_by", verbose_name="nimmt auf"
    )
    is_supplement = models.BooleanField("Ergänzung der Tagesordnung", default=False)

    class Meta:
        verbose_name = "Tagesordnungspunkt"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "position"], name="agenda_position_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=models.Q(subject_kind="", subject_id__isnull=True)
                | ~models.Q(subject_kind="") & models.Q(subject_id__isnull=False, subject_id__gt=0),
                name="agenda_subject_kind_with_number",
            ),
        ]

    class Privacy:
        personal = ()
        confidential = ("title", "note")
        plain = (
            "id", "meeting", "parent", "position", "number", "code", "subject_kind", "subject_id", "is_late", "late_on",
            "is_supplement", "continues",
        )  # fmt: skip
        keep = "wie die Sitzung"

    def __str__(self) -> str:
        return f"TOP {self.number} {self.title}"

    @property
    def decides(self) -> bool:
        """Whether something can be resolved here: under Verschiedenes and its parts it cannot (7.4)."""
        return OTHER not in (self.code, self.parent.code if self.parent else "")


class DeclinedItem(models.Model):
    """A postponed item that a secretariat decided not to take up again; removed when it is offered again."""

    item = models.OneToOneField(AgendaItem, models.CASCADE, related_name="declined")
    declined_at = models.DateTimeField("nicht wieder aufgenommen am")
    declined_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "nicht wieder aufgenommener Punkt"

    class Privacy:
        personal = ("declined_by",)
        confidential = ()
        plain = ("id", "item", "declined_at")
        keep = "wie die Sitzung"


class InvitationRound(models.Model):
    """One dispatch: recipients, agenda, calendar UID and SEQUENCE are frozen as they were sent.

    `urgency_reason` only where it is the first to its day and came late. One that was withheld is read by nobody any
    more, and the worker empties its words.
    """

    Kind = RoundKind

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="rounds")
    kind = models.CharField("Art", max_length=15, choices=choices(Kind), default=Kind.INVITATION)
    round_no = models.PositiveSmallIntegerField("Fassung")
    convened_by = models.ForeignKey(Partner, models.RESTRICT, related_name="+", verbose_name="eingeladen von")
    chaired_by = models.ForeignKey(Partner, models.RESTRICT, related_name="+", verbose_name="geleitet von")
    meets_on = models.DateField("Tag")
    starts_at = models.TimeField("Beginn")
    ends_at = models.TimeField("Ende", null=True)
    place = models.CharField("Ort", max_length=200, blank=True)
    link = models.URLField("Link", blank=True)
    agenda = models.JSONField("Tagesordnung", default=list)
    urgency_reason = models.CharField("Grund der Dringlichkeit", max_length=300, blank=True)
    calendar_sequence = models.PositiveIntegerField("Kalenderfassung")
    dispatched_at = models.DateTimeField("versandt am")
    dispatched_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    withheld_at = models.DateTimeField("gesperrt am", null=True, blank=True)
    withheld_by = models.ForeignKey(User, models.RESTRICT, null=True, blank=True, related_name="+")
    withheld_reason = models.CharField("Grund der Sperre", max_length=200, blank=True)

    class Meta:
        verbose_name = "Fassung einer Einladung"
        ordering = ["round_no"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "round_no"], name="invitation_round_once"),
            models.UniqueConstraint(fields=["meeting", "calendar_sequence"], name="calendar_sequence_rises"),
            models.CheckConstraint(
                condition=Q(withheld_at__isnull=True, withheld_by__isnull=True, withheld_reason="")
                | (Q(withheld_at__isnull=False, withheld_by__isnull=False) & ~Q(withheld_reason="")),
                name="invitation_round_withheld_with_reason",
            ),
        ]

    class Privacy:
        personal = ("dispatched_by", "withheld_by")
        confidential = ("agenda", "link", "urgency_reason", "withheld_reason")
        plain = (
            "id", "meeting", "kind", "round_no", "convened_by", "chaired_by", "meets_on", "starts_at", "ends_at",
            "place", "calendar_sequence", "dispatched_at", "withheld_at",
        )  # fmt: skip
        keep = "wie die Sitzung; was gesperrt wurde, sofort nicht mehr"

    @property
    def is_cancellation(self) -> bool:
        """Whether it told that the meeting does not take place."""
        return self.kind == self.Kind.CANCELLATION

    @property
    def told_urgency(self) -> str:
        """Why the Ladungsfrist is short; "" where it is not, and where nobody may read it any more."""
        return "" if self.withheld_at else self.urgency_reason


class Invitation(models.Model):
    """One recipient of a round, as he was on the meeting date, and his answer."""

    Answer = InvitationAnswer

    round = models.ForeignKey(InvitationRound, models.CASCADE, related_name="invitations")
    seat = models.ForeignKey(Seat, models.RESTRICT, related_name="+")
    person = models.ForeignKey(Person, models.RESTRICT, related_name="invitations")
    partner = models.ForeignKey(Partner, models.RESTRICT, related_name="+")
    name = models.CharField("Name", max_length=201)
    function = models.CharField("Funktion", max_length=301)
    email = models.EmailField("E-Mail")
    answer = models.CharField("Antwort", max_length=10, choices=choices(Answer), default=Answer.OPEN)
    answered_at = models.DateTimeField("geantwortet am", null=True)

    class Meta:
        verbose_name = "Einladung"
        verbose_name_plural = "Einladungen"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "seat"], name="invitation_once_per_seat"),
            models.CheckConstraint(
                condition=Q(answer="OPEN", answered_at__isnull=True)
                | (~Q(answer="OPEN") & Q(answered_at__isnull=False)),
                name="invitation_answer_has_moment",
            ),
        ]

    class Privacy:
        personal = ("person", "name", "function", "email")
        confidential = ("answer",)
        plain = ("id", "round", "seat", "partner", "answered_at")
        keep = f"wie die Sitzung; die Adresse {retention.LEFT} nach Ausscheiden"
