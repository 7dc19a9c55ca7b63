"""Who was there."""

from django.db import models
from django.db.models import F, Q

from kok.codes import choices
from meetings.convening.models.meeting import AgendaItem, Meeting
from meetings.record.rules.codes import AttendanceKind, AttendanceStatus, PresenceWay, SeatMark
from meetings.record.rules.presence import Presence
from members.models import Partner, Person, Seat


class Attendance(models.Model):
    """Who was there. Names and functions stay as they were on the day."""

    Kind, Status, Way = AttendanceKind, AttendanceStatus, PresenceWay

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    kind = models.CharField("Eigenschaft", max_length=10, choices=choices(Kind))
    status = models.CharField("Teilnahme", max_length=10, choices=choices(Status))
    seat = models.ForeignKey(Seat, models.RESTRICT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, models.RESTRICT, null=True, blank=True, related_name="+")
    partner = models.ForeignKey(Partner, models.RESTRICT, null=True, blank=True, related_name="+")
    name = models.CharField("Name", max_length=201)
    function = models.CharField("Funktion oder Stelle", max_length=301, blank=True)
    stands_in_for = models.CharField("in Vertretung für", max_length=201, blank=True)
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="guests")
    way = models.CharField("Wie", max_length=10, choices=choices(Way), blank=True)
    came_at = models.TimeField("von", null=True, blank=True)
    left_at = models.TimeField("bis", null=True, blank=True)

    class Meta:
        verbose_name = "Teilnahme"
        ordering = ["partner__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "seat"], name="attendance_once_per_seat"),
            models.CheckConstraint(
                condition=Q(kind="GUEST", seat__isnull=True) | (~Q(kind="GUEST") & Q(seat__isnull=False)),
                name="attendance_seat_or_guest",
            ),
            models.CheckConstraint(
                condition=Q(status="PRESENT") | Q(way="", came_at__isnull=True, left_at__isnull=True),
                name="attendance_way_of_who_was_there",
            ),
            models.CheckConstraint(
                condition=Q(came_at__isnull=True) | Q(left_at__isnull=True) | Q(left_at__gt=F("came_at")),
                name="attendance_left_after_coming",
            ),
        ]

    class Privacy:
        personal = ("person", "name", "function", "stands_in_for")
        confidential = ("status", "way", "came_at", "left_at")
        plain = ("id", "meeting", "kind", "seat", "partner", "item")
        keep = "wie die Sitzung"

    @property
    def is_guest(self) -> bool:
        """Whether somebody was there without a seat."""
        return self.kind == AttendanceKind.GUEST

    @property
    def is_deputy(self) -> bool:
        """Whether somebody stood in for the holder of a seat."""
        return self.kind == AttendanceKind.DEPUTY

    @property
    def mark(self) -> SeatMark:
        """What is marked for the seat."""
        return SeatMark.DEPUTY if self.is_deputy else SeatMark(self.status)

    @property
    def holder_name(self) -> str:
        """Who holds the seat; "" where a deputy is there for a vacant one."""
        return self.stands_in_for if self.is_deputy else self.name

    @property
    def is_present(self) -> bool:
        """Whether somebody was there."""
        return self.status == AttendanceStatus.PRESENT

    @property
    def presence(self) -> Presence:
        """How and from when to when somebody was there."""
        return Presence(self.way, self.came_at, self.left_at)
