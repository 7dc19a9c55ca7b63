"""By what the names of open lists are recognised in a text, without being readable."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from transitions.models.entries import CaseEntry


class NameMarks(models.Model):
    """The words of a family name and of a given name as keyed hashes (`kok.vault.name_mark`), bound to the case.

    `proof` is a keyed hash over both, bound to the case too: marks that somebody changed are not taken for ours.
    Only what stands in a draft or in the newest released version has marks: they go with the list, the entry, the case.
    """

    entry = models.OneToOneField(CaseEntry, models.CASCADE, primary_key=True, related_name="name_marks")
    family = ArrayField(models.CharField(max_length=64), verbose_name="Kennzeichen des Familiennamens")
    given = ArrayField(models.CharField(max_length=64), verbose_name="Kennzeichen des Vornamens")
    proof = models.CharField("Prüfsumme der Kennzeichen", max_length=64)

    class Meta:
        verbose_name = "Kennzeichen eines Namens"
        verbose_name_plural = "Kennzeichen von Namen"

    class Privacy:
        personal = ()
        confidential = ("family", "given", "proof")
        plain = ("entry",)
        keep = "solange die Person in einem Entwurf oder in der neuesten Fassung steht"
