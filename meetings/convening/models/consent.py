"""That a partner consented to a short Ladungsfrist."""

from django.db import models

from kok.codes import choices
from meetings.convening.models.meeting import InvitationRound
from meetings.convening.rules.codes import ConsentWay
from members.models import Partner


class NoticeConsent(models.Model):
    """Who consented for a partner, when and how (7.3). Written with the round it is about, and never changed."""

    Way = ConsentWay

    round = models.ForeignKey(InvitationRound, models.CASCADE, related_name="consents")
    partner = models.ForeignKey(Partner, models.RESTRICT, related_name="+")
    name = models.CharField("Wer", max_length=201)
    given_on = models.DateField("Wann")
    way = models.CharField("Wie", max_length=10, choices=choices(Way))

    class Meta:
        verbose_name = "Zustimmung zur kurzen Ladungsfrist"
        ordering = ["partner__position"]
        constraints = [models.UniqueConstraint(fields=["round", "partner"], name="one_consent_per_partner")]

    class Privacy:
        personal = ("name",)
        confidential = ()
        plain = ("id", "round", "partner", "given_on", "way")
        keep = "wie die Sitzung"
