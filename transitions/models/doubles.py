"""Cases that look like one person and are two."""

from django.db import models
from django.db.models import F, Q

from kok.models import Sealed, Sealing, User
from transitions.models.cases import TransitionCase


class TwoPeople(Sealed):
    """Somebody of the county compared two cases and said that they are two people. No page asks again."""

    sealing = Sealing("two-people", "Vermerk „zwei Personen“")

    one = models.ForeignKey(TransitionCase, models.RESTRICT, related_name="+", verbose_name="der eine Fall")
    other = models.ForeignKey(TransitionCase, models.RESTRICT, related_name="+", verbose_name="der andere Fall")
    said_at = models.DateTimeField("bestätigt am")
    said_by = models.ForeignKey(User, models.RESTRICT, related_name="+", verbose_name="bestätigt von")

    class Meta:
        verbose_name = "Vermerk: zwei Personen"
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="two_people_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="two_people_in_order"),
        ]

    class Privacy:
        personal = ("said_by",)
        confidential = ("one", "other")
        plain = ("id", "said_at")
        keep = "wie die beiden Fälle"
