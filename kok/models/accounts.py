"""Who signs in, from where, how often it did not work."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower

from kok import retention
from kok.codes import Code, choices
from kok.lettering import problem_in_user_name
from kok.models.sealed import Sealed, SealedQuerySet
from kok.models.sealing import Sealing

MOST_ATTEMPTS = 102  # as far as `kok.throttle` ever counts
TAKEN = "Diesen Benutzernamen gibt es schon. Wählen Sie einen anderen. Es wurde nichts geändert."


def check_user_name(name: str) -> None:
    """Raises ValidationError for a user name that looks like another one or like a host."""
    if told := problem_in_user_name(name):
        raise ValidationError(told)


class AccountManager(UserManager["User"]):
    """Accounts, sealed in bulk as well."""

    use_in_migrations = False

    def get_queryset(self) -> SealedQuerySet:
        """Every act in bulk goes through here."""
        return SealedQuerySet(self.model, using=self._db)


class User(Sealed, AbstractUser):
    """Somebody who signs in. What he may do stands in role assignments, never here.

    Who invited him, and when, is asked when one of both wants to confirm what the other gave; who closed the account,
    when somebody wants to open it again. One that was changed past the application opens nothing (`kok.account_seals`).
    """

    sealing = Sealing("accounts", "Konto", without=("last_login",))
    objects: ClassVar[AccountManager] = AccountManager()  # type: ignore[assignment]

    username = models.CharField("Benutzername", max_length=150, unique=True, validators=[check_user_name])
    invited_by = models.ForeignKey(
        "self", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="eingeladen von"
    )
    invited_at = models.DateTimeField("eingeladen", null=True, blank=True)
    closed_by = models.ForeignKey(
        "self", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="gesperrt von"
    )

    class Meta(AbstractUser.Meta):
        verbose_name = "Konto"
        verbose_name_plural = "Konten"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(invited_at__isnull=True, invited_by__isnull=True)
                | models.Q(invited_at__isnull=False, invited_by__isnull=False),
                name="user_invited_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(username__regex=r"^[A-Za-z][A-Za-z0-9._-]*$"), name="user_name_in_plain_letters"
            ),
            models.UniqueConstraint(
                Lower("username"), name="user_name_once_without_case", violation_error_message=TAKEN
            ),
        ]

    class Privacy:
        personal = (
            "username",
            "first_name",
            "last_name",
            "email",
            "last_login",
            "date_joined",
            "invited_by",
            "closed_by",
        )
        confidential = ("password",)
        plain = ("id", "invited_at", "is_active", "is_staff", "is_superuser", "groups", "user_permissions")
        keep = f"{retention.CLOSED_ACCOUNTS} nach der Sperrung; Benutzername und Name bleiben, sie stehen in Nachweisen"


class AddressChange(Sealed):
    """A new e-mail address of an account that waits until its owner confirms it; at most one at a time.

    Confirmed or withdrawn it is deleted, the trail tells of it; one that nobody confirmed goes after seven days.
    """

    sealing = Sealing("new-addresses", "Neue E-Mail-Adresse")

    user = models.OneToOneField(User, models.RESTRICT, related_name="address_change", verbose_name="Konto")
    email = models.EmailField("neue Adresse")
    asked_by = models.ForeignKey(User, models.RESTRICT, related_name="+", verbose_name="eingetragen von")
    asked_at = models.DateTimeField("eingetragen")

    class Meta:
        verbose_name = "neue E-Mail-Adresse"
        verbose_name_plural = "neue E-Mail-Adressen"

    class Privacy:
        personal = ("user", "email", "asked_by")
        confidential = ()
        plain = ("id", "asked_at")
        keep = f"bis zur Bestätigung, höchstens {retention.NEW_ADDRESSES}"


class AccountSession(models.Model):
    """A browser that is signed in, or was on its way; see `kok.sessions`. Its key stands nowhere, only a checksum."""

    key_hash = models.CharField("Prüfsumme des Schlüssels", max_length=64, unique=True)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+", verbose_name="Konto")
    device = models.CharField("Gerät", max_length=60, blank=True)
    data = models.TextField("Inhalt (verschlüsselt)")
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


class Attempts(models.Model):
    """How often something was tried since the first time; see `kok.throttle`."""

    kind = models.SlugField("Art")
    subject = models.CharField("Prüfsumme, wer und von wo", max_length=64)
    number = models.PositiveIntegerField("Anzahl")
    ends_at = models.DateTimeField("zählt bis", db_index=True)

    class Meta:
        verbose_name = "gezählte Versuche"
        verbose_name_plural = "gezählte Versuche"
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], name="attempts_counted_once"),
            models.CheckConstraint(condition=models.Q(number__lte=MOST_ATTEMPTS), name="attempts_as_counted"),
        ]

    class Privacy:
        personal = ()
        confidential = ("subject",)
        plain = ("id", "kind", "number", "ends_at")
        keep = "bis zum Tag, nachdem sie nicht mehr zählen"


class UsedCode(models.Model):
    """A code of an authenticator app that was typed, and works no second time."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="Konto")
    code_hash = models.CharField("Prüfsumme des Codes", max_length=64)
    used_at = models.DateTimeField("benutzt", db_index=True)

    class Meta:
        verbose_name = "benutzter Code"
        verbose_name_plural = "benutzte Codes"
        constraints = [models.UniqueConstraint(fields=["user", "code_hash"], name="code_used_once")]

    class Privacy:
        personal = ("user", "used_at")
        confidential = ("code_hash",)
        plain = ("id",)
        keep = "bis zum nächsten Tag"


class SignInEvent(Sealed):
    """Somebody signed in, or it did not work; see `kok.sign_ins`. No name that a stranger typed, no whole address.

    A page that did not open within the hour after the first time counts along in `number`, which is not sealed: nobody
    fills the table of the seals by asking.
    """

    class Kind(Code):
        SIGNED_IN = "SIGNED_IN", "angemeldet"
        WRONG_PASSWORD = "WRONG_PASSWORD", "falsches Passwort"
        WRONG_FACTOR = "WRONG_FACTOR", "falscher zweiter Faktor"
        TOO_MANY = "TOO_MANY", "zu viele Versuche"
        LOCKED = "LOCKED", "Konto ist gesperrt"
        TAMPERED = "TAMPERED", "Konto an der Anwendung vorbei geändert"
        REFUSED = "REFUSED", "Seite verweigert"
        NOT_FOUND = "NOT_FOUND", "Seite fremd oder nicht da"

    sealing = Sealing("sign-ins", "Anmeldeereignis", without=("number",), kept=retention.SIGN_INS, needs_key=False)

    at = models.DateTimeField("Zeitpunkt", db_index=True)
    kind = models.CharField("Art", max_length=16, choices=choices(Kind))
    user = models.ForeignKey(User, models.RESTRICT, null=True, related_name="+", verbose_name="Konto")
    network = models.CharField("Netz (gekürzt)", max_length=45, blank=True)
    page = models.CharField("Seite (ohne Nummern)", max_length=80, blank=True)
    number = models.PositiveIntegerField("wie oft", default=1)

    class Meta:
        verbose_name = "Anmeldeereignis"
        verbose_name_plural = "Anmeldeereignisse"
        ordering = ["-at", "-pk"]

    class Privacy:
        personal = ("user", "network", "at")
        confidential = ("page",)
        plain = ("id", "kind", "number")
        keep = str(retention.SIGN_INS)
