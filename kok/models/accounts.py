"""Who signs in, from where, how often it did not work."""

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


class AccountSession(models.Model):
    """A browser that is signed in, or was on its way; see `kok.sessions`. Its key stands nowhere, only a checksum."""

    key_hash = models.CharField("Prüfsumme des Schlüssels", max_length=64, unique=True)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+", verbose_name="Konto")
    device = models.CharField("Gerät", max_length=60, blank=True)
    data = models.TextField("Inhalt (JSON, unterschrieben)")
    began_at = models.DateTimeField("angemeldet seit")
    used_at = models.DateTimeField("zuletzt benutzt")
    expires_at = models.DateTimeField("endet", db_index=True)

    class Meta:
        verbose_name = "Anmeldesitzung"
        verbose_name_plural = "Anmeldesitzungen"

    class Privacy:
        personal = ("user", "device", "began_at", "used_at")
        confidential = ("key_hash", "data")
        plain = ("id", "expires_at")
        keep = "bis zum Tag nach ihrem Ablauf"
