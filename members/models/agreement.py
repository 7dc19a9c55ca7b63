"""The agreement and its partners: what no amendment changes."""

from datetime import date, timedelta
from operator import itemgetter
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from kok import clock
from kok.models import Sealed, Sealing
from kok.models.sealed import SealedQuerySet
from members.models.authorities import Authority
from members.rules.agreement import FIRST_DAY, LAST_DAY, MOST_YEARS
from members.rules.terms import Organ, Terms, on, read, under


class Agreement(Sealed):
    """One Kooperationsvereinbarung under § 5 HAG/SGB IX with 2..n partners; everything hangs on it.

    Its row holds what no amendment changes. What is agreed stands in its versions (`members.models.versions`); `rules`
    are their numbers, kept here by the database, so that no page has to ask for them.
    """

    sealing = Sealing("agreements", "Vereinbarung", without=("rules",), needs_key=False)

    slug = models.SlugField("Kurzname", unique=True)
    number = models.CharField("Nummer", max_length=20, unique=True)
    region = models.CharField("Region", max_length=100)
    signed_on = models.DateField("unterzeichnet am")
    in_force_on = models.DateField("in Kraft seit")
    introduced_on = models.DateField("Anwendung eingeführt am")
    rotation_anchor_on = models.DateField("Beginn der ersten Geschäftsführung")
    rotation_years = models.PositiveSmallIntegerField("Dauer der Geschäftsführung in Jahren")
    municipalities = models.JSONField("Gemeinden (AGS und Name)", default=list)
    rules = models.JSONField("Zahlen der Fassungen", default=list, editable=False)

    class Meta:
        verbose_name = "Kooperationsvereinbarung"
        ordering = ["region"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rotation_years__range=(1, MOST_YEARS), rotation_anchor_on__gte=F("in_force_on")),
                name="agreement_rotates",
            ),
            models.CheckConstraint(
                condition=Q(
                    signed_on__range=(FIRST_DAY, LAST_DAY),
                    in_force_on__range=(FIRST_DAY, LAST_DAY),
                    introduced_on__range=(FIRST_DAY, LAST_DAY),
                    rotation_anchor_on__range=(FIRST_DAY, LAST_DAY),
                ),
                name="agreement_days_possible",
            ),
        ]

    class Privacy:
        personal = ()
        confidential = ()
        plain = (
            "id", "slug", "number", "region", "signed_on", "in_force_on", "introduced_on", "rotation_anchor_on",
            "rotation_years", "municipalities", "rules",
        )  # fmt: skip
        keep = "dauerhaft; öffentlich"

    def __str__(self) -> str:
        return self.region

    @property
    def called(self) -> str:
        """By its number."""
        return self.number

    @property
    def municipality_names(self) -> dict[str, str]:
        """The name of each municipality by its AGS, in the order of the file."""
        return dict(map(itemgetter("ags", "name"), self.municipalities))

    @property
    def terms(self) -> tuple[Terms, ...]:
        """The numbers of all versions, in the order of days; those before a change to them need a new read."""
        return read(Terms, self.rules)

    def terms_on(self, day: date) -> Terms:
        """The numbers that hold on a day."""
        return on(self.terms, day)

    def notice_days_for(self, meets_on: date) -> int:
        """The period of notice of a meeting: of the version under which the invitation falls due."""
        found = under(self.terms, lambda each: meets_on - timedelta(days=each.notice_days))
        return (found or self.terms_on(meets_on)).notice_days

    def minutes_days_for(self, meets_on: date) -> int:
        """Within how many days the minutes of a meeting are circulated: of the version of its day."""
        return self.terms_on(meets_on).minutes_days

    def meetings_of_year(self, year: int) -> int:
        """How often the conference meets in a calendar year: of the version of its last day."""
        return self.terms_on(date(year, 12, 31)).meetings_per_year


class PartnerManager(models.Manager["Partner"]):
    """A partner comes with its authority, which knows name and address."""

    def get_queryset(self) -> models.QuerySet["Partner"]:
        """All partners, each with its authority in the same query."""
        return SealedQuerySet(self.model, using=self._db).select_related("authority")


class Partner(Sealed):
    """An authority bound by the agreement; `position` is its place in the rotation, from 1.

    `organs`: which organ represents it, by version of the agreement, kept here by the database. `day` is the day as of
    which it is read, today where nobody said (`members.queries.authorities.as_of`).

    What a query reaches through another table needs `select_related("…partner__authority")`.
    """

    sealing = Sealing("partners", "Kooperationspartner", without=("organs",), needs_key=False)

    agreement = models.ForeignKey(Agreement, models.RESTRICT, related_name="partners")
    authority = models.ForeignKey(Authority, models.RESTRICT, related_name="partners", verbose_name="Behörde")
    position = models.PositiveSmallIntegerField("Reihenfolge in der Geschäftsführung")
    organs = models.JSONField("vertreten durch, je Fassung", default=list, editable=False)

    day: date | None = None

    objects: ClassVar[PartnerManager] = PartnerManager()  # type: ignore[assignment]  # of rows of its own class

    class Meta:
        verbose_name = "Kooperationspartner"
        ordering = ["position"]
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["agreement", "authority"], name="partner_authority_once"),
            models.UniqueConstraint(fields=["agreement", "position"], name="partner_position_once"),
        ]

    class Privacy:
        personal = ()
        confidential = ()
        plain = ("id", "agreement", "authority", "position", "organs")
        keep = "dauerhaft"

    def __str__(self) -> str:
        return self.authority.short_name

    @property
    def slug(self) -> str:
        """The short name of the authority in addresses and files."""
        return self.authority.slug

    @property
    def kind(self) -> str:
        """What kind of authority it is, one of `PartnerKind`."""
        return self.authority.kind

    @property
    def name(self) -> str:
        """The name of the authority today."""
        return self.authority.name

    @property
    def short_name(self) -> str:
        """What the authority is called in a sentence, today."""
        return self.authority.short_name

    @property
    def represented_by(self) -> str:
        """The organ that represents it."""
        return on(read(Organ, self.organs), self.day or clock.today()).organ
