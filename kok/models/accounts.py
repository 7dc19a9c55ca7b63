"""Who signs in."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """Somebody who signs in. What he may do stands in role assignments, never here.

    Who invited him, and when, is asked when one of both wants to confirm what the other gave.
    """

    invited_by = models.ForeignKey(
        "self", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="eingeladen von"
    )
    invited_at = models.DateTimeField("eingeladen", null=True, blank=True)

    class Meta(AbstractUser.Meta):
        verbose_name = "Konto"
        verbose_name_plural = "Konten"

    class Privacy:
        personal = ("username", "first_name", "last_name", "email", "last_login", "date_joined", "invited_by")
        confidential = ("password",)
        plain = ("id", "invited_at", "is_active", "is_staff", "is_superuser", "groups", "user_permissions")
        keep = "12 Monate nach der Sperrung; Benutzername und Name bleiben, sie stehen in Nachweisen"
