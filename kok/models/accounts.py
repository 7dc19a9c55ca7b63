"""Who signs in."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Somebody who signs in. What he may do stands in role assignments, never here."""

    class Meta(AbstractUser.Meta):
        verbose_name = "Konto"
        verbose_name_plural = "Konten"

    class Privacy:
        personal = ("username", "first_name", "last_name", "email", "last_login", "date_joined")
        confidential = ("password",)
        plain = ("id", "is_active", "is_staff", "is_superuser", "groups", "user_permissions")
        keep = "12 Monate nach der Sperrung; Benutzername und Name bleiben, sie stehen in Nachweisen"
