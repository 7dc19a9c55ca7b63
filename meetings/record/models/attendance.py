"""Who was there."""

from django.db import models
from django.db.models import Q

from meetings.convening.models.meeting import AgendaItem, Meeting
from members.models import Partner, Person, Seat


class Attendance(models.Model):
    """Who was there. Names and functions stay as they were on the day."""

    class Kind(models.TextChoices):
        HOLDER = "HOLDER", "Mitglied"
        DEPUTY = "DEPUTY", "Stellvertretung"
        GUEST = "GUEST", "Gast"

    class Status(models.TextChoices):
        PRESENT = "PRESENT", "anwesend"
        EXCUSED = "EXCUSED", "entschuldigt"
        ABSENT = "ABSENT", "abwesend"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    kind = models.CharField("Eigenschaft", max_length=10, choices=Kind)
    status = models.CharField("Teilnahme", max_length=10, choices=Status)
    seat = models.ForeignKey(Seat, models.RESTRICT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, models.RESTRICT, null=True, blank=True, related_name="+")
    partner = models.ForeignKey(Partner, models.RESTRICT, null=True, blank=True, related_name="+")
    name = models.CharField("Name", max_length=201)
    function = models.CharField("Funktion oder Stelle", max_length=301, blank=True)
    stands_in_for = models.CharField("in Vertretung für", max_length=201, blank=True)
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="guests")

    class Meta:
        verbose_name = "Teilnahme"
        ordering = ["partner__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "seat"], name="attendance_once_per_seat"),
            models.CheckConstraint(
                condition=Q(kind="GUEST", seat__isnull=True) | (~Q(kind="GUEST") & Q(seat__isnull=False)),
                name="attendance_seat_or_guest",
            ),
        ]

    class Privacy:
        personal = ("person", "name", "function", "stands_in_for")
        confidential = ("status",)
        plain = ("id", "meeting", "kind", "seat", "partner", "item")
        keep = "wie die Sitzung"
