"""Wrong entries on seats: how each stood, how it stands since, who mended it, when and why."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from kok.codes import choices
from kok.models import Sealed, Sealing, User
from members.models.seats import Person, Seat
from members.rules.codes import Capacity, CorrectionKind

_GONE = (CorrectionKind.WITHDRAWN.value, CorrectionKind.STRUCK.value)
_OTHERWISE = (CorrectionKind.CORRECTED.value, CorrectionKind.GOES_ON.value)
_WITHOUT_REASON = (CorrectionKind.WITHDRAWN.value, CorrectionKind.GOES_ON.value)


class SeatCorrection(Sealed):
    """An entry on a seat that was taken back, struck, corrected, filled in or made to go on.

    Without `was` nothing stood there, without `became` nothing does since. It is kept as long as the seat. Where a
    person was deleted whose entry never counted, only the trail knows the number.
    """

    sealing = Sealing("seat-corrections", "Berichtigung einer Besetzung", needs_key=False)

    seat = models.ForeignKey(Seat, models.RESTRICT, related_name="corrections", verbose_name="Sitz")
    kind = models.CharField("Art", max_length=10, choices=choices(CorrectionKind))
    capacity = models.CharField("Eigenschaft", max_length=10, choices=choices(Capacity))
    was_person = models.ForeignKey(
        Person, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="Person vorher"
    )
    was = DateRangeField("Zeitraum vorher", null=True, blank=True)
    became_person = models.ForeignKey(
        Person, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="Person danach"
    )
    became = DateRangeField("Zeitraum danach", null=True, blank=True)
    reason = models.CharField("Grund", max_length=300, blank=True)
    made_by = models.ForeignKey(
        User, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="berichtigt von"
    )
    made_at = models.DateTimeField("berichtigt am")

    class Meta:
        verbose_name = "Berichtigung einer Besetzung"
        verbose_name_plural = "Berichtigungen von Besetzungen"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=_GONE, was__isnull=False, became__isnull=True)
                | Q(kind=CorrectionKind.FILLED_IN.value, was__isnull=True, became__isnull=False)
                | Q(kind__in=_OTHERWISE, was__isnull=False, became__isnull=False),
                name="seat_correction_before_and_after",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=_WITHOUT_REASON) | ~Q(reason=""), name="seat_correction_has_its_reason"
            ),
        ]

    class Privacy:
        personal = ("was_person", "became_person", "made_by", "reason")
        confidential = ()
        plain = ("id", "seat", "kind", "capacity", "was", "became", "made_at")
        keep = "dauerhaft wie die Besetzung (Vorschlag)"
