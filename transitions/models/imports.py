"""What waits beside a draft: rows of a file that nobody has taken over yet."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from kok import vault
from transitions.models.lists import TransitionListVersion
from transitions.rules.retention import IMPORTS


class PendingImport(models.Model):
    """Rows of a file that were found right and wait, sealed, until somebody takes them into the draft.

    Who read them in, and when, is sealed with them: an author may not release, and the day goes into the case. The day
    beside it is when they go unread.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    version = models.OneToOneField(TransitionListVersion, models.CASCADE, related_name="pending_import")
    content = models.TextField("Zeilen und wer sie einlas (versiegelt)", max_length=20_000_000)
    row_count = models.PositiveSmallIntegerField("Zeilen")
    uploaded_at = models.DateTimeField("eingelesen am")

    class Meta:
        verbose_name = "eingelesene Datei"
        constraints = [
            models.CheckConstraint(condition=vault.is_sealed("content"), name="import_sealed"),
            models.CheckConstraint(condition=Q(row_count__range=(1, 2000)), name="import_rows"),
        ]

    class Privacy:
        sealed = ("content",)
        personal = ()
        confidential = ()
        plain = ("id", "version", "row_count", "uploaded_at")
        keep = str(IMPORTS)
