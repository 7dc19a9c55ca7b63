"""What one person asks for and another confirms: a role, a lost second factor, a closed account, another name."""

from datetime import datetime
from typing import ClassVar, Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from kok.codes import choices
from kok.models import Sealed, Sealing, User
from kok.models.sealed import SealedQuerySet
from members.models.agreement import Agreement, Partner
from members.models.authorities import Authority
from members.models.roles import PLACE_OF_A_ROLE
from members.rules.codes import AccountRequestKind, AccountRequestState
from members.rules.power import WAITS
from members.rules.retention import REQUESTS


class AccountRequestQuerySet(SealedQuerySet["AccountRequest"]):
    """Requests by what became of them."""

    def undecided(self) -> Self:
        """Nobody decided them, whether their time is over or not."""
        return self.filter(state=AccountRequestState.OPEN)

    def waiting(self, now: datetime) -> Self:
        """Undecided, and their time is not over."""
        return self.undecided().filter(given_at__gt=now - WAITS)


class AccountRequest(Sealed):
    """Power that waits for a second person. A role is for a place as in `RoleAssignment`; all else is for the account.

    The names are those that both saw, whatever the people are called later. Rows are never deleted outside the erasure
    run. That the time is over follows from `given_at` and is not stored.
    """

    sealing = Sealing("account-requests", "Antrag zu einem Konto")
    objects: ClassVar = AccountRequestQuerySet.as_manager()

    kind = models.CharField("Art", max_length=10, choices=choices(AccountRequestKind))
    user = models.ForeignKey(User, models.RESTRICT, related_name="requests", verbose_name="Konto")
    role = models.SlugField("Rolle", blank=True)
    agreement = models.ForeignKey(
        Agreement, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="Vereinbarung"
    )
    partner = models.ForeignKey(
        Partner, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="Partner"
    )
    authority = models.ForeignKey(
        Authority, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="Behörde"
    )
    period = DateRangeField("gewünschter Zeitraum", null=True, blank=True)
    new_given_name = models.CharField("gewünschter Vorname", max_length=100, blank=True)
    new_family_name = models.CharField("gewünschter Familienname", max_length=100, blank=True)
    given_by = models.ForeignKey(User, models.RESTRICT, related_name="+", verbose_name="beantragt von")
    given_at = models.DateTimeField("beantragt")
    state = models.CharField(
        "Stand", max_length=10, choices=choices(AccountRequestState), default=AccountRequestState.OPEN
    )
    decided_by = models.ForeignKey(
        User, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="entschieden von"
    )
    decided_at = models.DateTimeField("entschieden", null=True, blank=True)
    reason = models.CharField("Grund", max_length=300, blank=True)
    receiver_name = models.CharField("Name, als es beantragt wurde", max_length=201, blank=True)
    giver_name = models.CharField("Name, unter dem es beantragt wurde", max_length=201, blank=True)
    decider_name = models.CharField("Name, unter dem es entschieden wurde", max_length=201, blank=True)

    class Meta:
        verbose_name = "Antrag zu einem Konto"
        verbose_name_plural = "Anträge zu Konten"
        ordering = ["given_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                "user", "kind", "role", Coalesce("partner", 0), Coalesce("authority", 0),
                condition=Q(state="OPEN"), name="request_once_open",
            ),
            models.CheckConstraint(
                condition=Q(PLACE_OF_A_ROLE, kind="ROLE", period__isnull=False)
                | Q(
                    ~Q(kind="ROLE"), role="", period__isnull=True,
                    agreement__isnull=True, partner__isnull=True, authority__isnull=True,
                ),
                name="request_names_role_or_account",
            ),
            models.CheckConstraint(
                condition=Q(kind="NAME") & ~Q(new_given_name="") & ~Q(new_family_name="")
                | ~Q(kind="NAME") & Q(new_given_name="", new_family_name=""),
                name="request_for_a_name_has_one",
            ),
            models.CheckConstraint(condition=~Q(given_by=F("user")), name="request_not_for_oneself"),
            models.CheckConstraint(
                condition=Q(state="OPEN", decided_by__isnull=True, decided_at__isnull=True)
                | Q(state="LAPSED", decided_by__isnull=True, decided_at__isnull=False)
                | Q(state="WITHDRAWN", decided_by=F("given_by"), decided_at__isnull=False)
                | Q(
                    ~Q(decided_by=F("given_by")), ~Q(decided_by=F("user")),
                    state="CONFIRMED", decided_by__isnull=False, decided_at__isnull=False,
                )
                | Q(state="REFUSED", decided_by__isnull=False, decided_at__isnull=False),
                name="request_decided_by_another",
            ),
        ]  # fmt: skip

    class Privacy:
        personal = (
            "user", "given_by", "decided_by", "receiver_name", "giver_name", "decider_name", "new_given_name",
            "new_family_name",
        )  # fmt: skip
        confidential = ("reason",)
        plain = (
            "id", "kind", "role", "agreement", "partner", "authority", "period", "given_at", "state", "decided_at",
        )  # fmt: skip
        keep = f"{REQUESTS} nach der Entscheidung"

    @property
    def is_role(self) -> bool:
        """Whether a role is wanted, and not something for the account itself."""
        return self.kind == AccountRequestKind.ROLE

    @property
    def is_name(self) -> bool:
        """Whether the person is to be called differently."""
        return self.kind == AccountRequestKind.NAME

    @property
    def new_name(self) -> str:
        """How the person is to be called; "" where that is not asked for."""
        return f"{self.new_given_name} {self.new_family_name}".strip()

    @property
    def whom(self) -> str:
        """For whom the role is wanted, in words."""
        if self.authority:
            return f"{self.authority.short_name}, in allen Vereinbarungen"
        return str(self.partner or "die ganze Installation")
