"""What the database itself writes down of every change of a sealed row (`kok.journal`)."""

from django.db import models

from kok import retention


class RowChange(models.Model):
    """One change of one sealed row, by whoever made it but the owner. Only a trigger adds it; nobody changes it.

    A change by the application has a line of `Seal` for the same row from the same transaction; one by SQL has none,
    and still stands here when the row was put back as it was.
    """

    chain = models.CharField("Kette", max_length=20)
    object_id = models.CharField("Nummer der Zeile", max_length=36)
    transaction = models.BigIntegerField("Nummer der Transaktion")
    role = models.CharField("Rolle der Datenbank", max_length=63)
    at = models.DateTimeField("Zeitpunkt")  # on the clock of the database

    class Meta:
        verbose_name = "Änderung einer versiegelten Zeile"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["at"], name="row_change_at"),
            models.Index(fields=["transaction"], name="row_change_of_transaction"),
        ]

    class Privacy:
        personal = ()
        confidential = ()
        plain = ("id", "chain", "object_id", "transaction", "role", "at")
        keep = f"ohne Personenbezug, {retention.JOURNAL}"
