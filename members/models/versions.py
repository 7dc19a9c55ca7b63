"""What is agreed, version by version. A version is never changed: a new one ends it, and any day knows its own.

The database has the last word: versions do not overlap, and of what is stored only the end of the newest one moves.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from kok.codes import choices
from kok.models import Sealed, Sealing
from members.models.agreement import Agreement
from members.models.seats import Body
from members.rules.agreement import FIRST_DAY, LAST_DAY, MOST_DAYS, MOST_MEETINGS, MOST_MONTHS, Periods
from members.rules.codes import BodyScope, Recurrence

_YEARS = (FIRST_DAY.year, LAST_DAY.year)


class AgreementVersion(Sealed):
    """The agreement as it was signed or amended, with everything that holds from its first day on (Punkt 11)."""

    sealing = Sealing("agreement-versions", "Fassung der Vereinbarung", needs_key=False)

    agreement = models.ForeignKey(Agreement, models.RESTRICT, related_name="versions")
    number = models.PositiveSmallIntegerField("Fassung")
    period = DateRangeField("gilt")
    signed_on = models.DateField("unterzeichnet am", null=True)
    reason = models.CharField("Anlass", max_length=300, blank=True)
    title = models.CharField("Titel", max_length=200)
    legal_basis = models.JSONField("Rechtsgrundlagen", default=list)
    organs = models.JSONField("Partner und wer sie vertritt", default=list)
    signatories = models.JSONField("Unterzeichnende", default=list)
    preamble = models.TextField("Präambel")
    preamble_note = models.TextField("Lesehinweis zur Präambel", blank=True)
    meetings_per_year = models.PositiveSmallIntegerField("Sitzungen im Jahr")
    termination_months = models.PositiveSmallIntegerField("Kündigungsfrist in Monaten")
    planning_days = models.PositiveSmallIntegerField("Termin steht fest, Tage vor der Sitzung")
    proposal_days = models.PositiveSmallIntegerField("Punkte vorschlagen, Tage vor der Sitzung")
    notice_days = models.PositiveSmallIntegerField("Ladungsfrist in Tagen")
    paper_days = models.PositiveSmallIntegerField("Unterlagen liegen vor, Tage vor der Sitzung")
    draft_days = models.PositiveSmallIntegerField("Entwurf des Protokolls, Tage nach der Sitzung")
    minutes_days = models.PositiveSmallIntegerField("Protokollfrist in Tagen")
    objection_days = models.PositiveSmallIntegerField("Einwendungen, Tage nach dem Versand")
    agreed_periods = models.JSONField("Fristen, die vereinbart sind, mit ihrem Punkt", default=list)
    loaded_at = models.DateTimeField("geladen")

    class Meta:
        verbose_name = "Fassung der Vereinbarung"
        verbose_name_plural = "Fassungen der Vereinbarung"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="agreement_version_once"),
            ExclusionConstraint(
                name="agreement_one_version_a_day",
                expressions=[("agreement", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                condition=Q(period__startswith__isnull=False, period__isempty=False), name="agreement_version_begins"
            ),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="agreement_version_has_its_reason"),
            models.CheckConstraint(
                condition=Q(
                    meetings_per_year__lte=MOST_MEETINGS,
                    termination_months__lte=MOST_MONTHS,
                    **{f"{name}__lte": MOST_DAYS for name in sorted(Periods.__dataclass_fields__)},
                ),
                name="agreement_version_numbers_possible",
            ),
        ]

    class Privacy:
        personal = ("signatories",)
        confidential = ()
        plain = (
            "id", "agreement", "number", "period", "signed_on", "reason", "title", "legal_basis", "organs", "preamble",
            "preamble_note", "meetings_per_year", "termination_months", "planning_days", "proposal_days",
            "notice_days", "paper_days", "draft_days", "minutes_days", "objection_days", "agreed_periods", "loaded_at",
        )  # fmt: skip
        keep = "dauerhaft; unterzeichnet und öffentlich, ändert sich nicht"

    def __str__(self) -> str:
        return f"Fassung {self.number}"


class Clause(Sealed):
    """One Punkt of the agreement in a cleaned reading version (1 to 12, 8a to 8f)."""

    sealing = Sealing("clauses", "Punkt der Vereinbarung", needs_key=False)

    version = models.ForeignKey(AgreementVersion, models.RESTRICT, related_name="clauses")
    position = models.PositiveSmallIntegerField("Reihenfolge")
    number = models.CharField("Punkt", max_length=5)
    heading = models.CharField("Überschrift", max_length=200, blank=True)
    text = models.TextField("Text")
    reading_note = models.TextField("Lesehinweis", blank=True)

    class Meta:
        verbose_name = "Punkt"
        verbose_name_plural = "Punkte"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="clause_once")]

    class Privacy:
        personal = ()
        confidential = ()
        plain = ("id", "version", "position", "number", "heading", "text", "reading_note")
        keep = "dauerhaft; ändert sich nicht"


class ObligationRule(Sealed):
    """Who owes what by when (domain.md 1.y). Occurrences are computed by the rule
    of their day; `reporting` keeps their fulfilment."""

    sealing = Sealing("obligations", "Pflicht der Vereinbarung", needs_key=False)

    version = models.ForeignKey(AgreementVersion, models.RESTRICT, related_name="obligation_rules")
    code = models.CharField("Kennung", max_length=10)
    clause = models.CharField("Punkt", max_length=5)
    title = models.CharField("Pflicht", max_length=200)
    strength = models.CharField("Verbindlichkeit", max_length=10)
    recurrence = models.CharField("Wiederkehr", max_length=30)
    debtors = ArrayField(models.SlugField(), verbose_name="Verpflichtete", default=list)
    creditor = models.CharField("Empfänger", max_length=100, blank=True)
    responsible_role = models.SlugField("zuständige Rolle")
    month = models.PositiveSmallIntegerField("Monat", null=True, blank=True)
    day = models.PositiveSmallIntegerField("Tag", null=True, blank=True)
    reference = models.CharField("Bezug", max_length=40, blank=True)
    channel = models.CharField("Weg", max_length=20, blank=True)
    policy = models.CharField("Fristregel", max_length=20, blank=True)
    first_year = models.PositiveSmallIntegerField("erstes Jahr", null=True, blank=True)
    last_year = models.PositiveSmallIntegerField("letztes Jahr", null=True, blank=True)
    nil_expected_from = models.DateField("Nullmeldung erwartet ab Stichtag", null=True, blank=True)
    note = models.TextField("Hinweis", blank=True)

    class Meta:
        verbose_name = "Pflicht"
        verbose_name_plural = "Pflichten"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="obligation_code_once"),
            models.CheckConstraint(
                condition=Q(month__isnull=True, day__isnull=True)
                | Q(month__range=(1, 12), day__range=(1, 28))
                | Q(month__in=(1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), day__in=(29, 30))
                | Q(month__in=(1, 3, 5, 7, 8, 10, 12), day=31),
                name="obligation_on_a_day_of_every_year",
            ),
            models.CheckConstraint(
                condition=Q(
                    recurrence=Recurrence.YEARLY.value,
                    month__isnull=False,
                    day__isnull=False,
                    first_year__isnull=False,
                    first_year__range=_YEARS,
                )
                & ~Q(policy="")
                & (Q(last_year__isnull=True) | Q(last_year__gte=F("first_year"), last_year__lte=LAST_DAY.year))
                | ~Q(recurrence=Recurrence.YEARLY.value)
                & Q(month__isnull=True, day__isnull=True, first_year__isnull=True, last_year__isnull=True),
                name="obligation_of_every_year_says_when",
            ),
        ]

    class Privacy:
        personal = ()
        confidential = ()
        plain = (
            "id", "version", "code", "clause", "title", "strength", "recurrence", "debtors", "creditor",
            "responsible_role", "month", "day", "reference", "channel", "policy", "first_year", "last_year",
            "nil_expected_from", "note",
        )  # fmt: skip
        keep = "dauerhaft; ändert sich nicht"


class AnnexVersion(Sealed):
    """A version of an Anlage, which ages apart from the agreement (domain.md, Anlage 2; scenario 34).

    `seats` are the lines of the participants as printed; who sits there on which day, the seats tell.
    """

    sealing = Sealing("annexes", "Fassung einer Anlage", needs_key=False)

    agreement = models.ForeignKey(Agreement, models.RESTRICT, related_name="annexes")
    annex = models.CharField("Anlage", max_length=5)
    number = models.PositiveSmallIntegerField("Fassung")
    period = DateRangeField("gilt")
    reason = models.CharField("Anlass", max_length=300, blank=True)
    heading = models.CharField("Überschrift", max_length=200)
    reading_note = models.TextField("Lesehinweis", blank=True)
    seats = models.JSONField("Teilnehmende, wie gedruckt", default=list)
    loaded_at = models.DateTimeField("geladen")

    class Meta:
        verbose_name = "Fassung einer Anlage"
        verbose_name_plural = "Fassungen der Anlagen"
        ordering = ["annex", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "annex", "number"], name="annex_version_once"),
            ExclusionConstraint(
                name="annex_one_version_a_day",
                expressions=[
                    ("agreement", RangeOperators.EQUAL),
                    ("annex", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(period__startswith__isnull=False, period__isempty=False), name="annex_version_begins"
            ),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="annex_version_has_its_reason"),
        ]

    class Privacy:
        personal = ("seats",)
        confidential = ()
        plain = ("id", "agreement", "annex", "number", "period", "reason", "heading", "reading_note", "loaded_at")
        keep = "dauerhaft; Teil der Vereinbarung, ändert sich nicht"

    def __str__(self) -> str:
        return f"Anlage {self.annex}, Fassung {self.number}"


class AnnexBody(Sealed):
    """What a version of an Anlage calls a body. A body exists while an Anlage names it."""

    sealing = Sealing("annex-bodies", "Gremium in einer Anlage", needs_key=False)

    version = models.ForeignKey(AnnexVersion, models.RESTRICT, related_name="bodies")
    body = models.ForeignKey(Body, models.RESTRICT, related_name="named")
    position = models.PositiveSmallIntegerField("Reihenfolge")
    name = models.CharField("Name", max_length=200)
    short_name = models.CharField("Kurzname im Text", max_length=60)
    scope = models.CharField("Zielgruppe", max_length=10, choices=choices(BodyScope), default=BodyScope.CROSS)

    class Meta:
        verbose_name = "Gremium in einer Anlage"
        verbose_name_plural = "Gremien in den Anlagen"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "body"], name="annex_body_once")]

    class Privacy:
        personal = ()
        confidential = ()
        plain = ("id", "version", "body", "position", "name", "short_name", "scope")
        keep = "dauerhaft; ändert sich nicht"
