"""The versions of the Jahresbericht, their files, and the meeting that comes next for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery

from kok.access import Permission, can
from kok.models import Document, User
from kok.queries import document_of
from meetings.convening.queries.agenda import comes_late, is_dispatched
from meetings.convening.queries.subjects import items_about
from meetings.convening.rules.agenda import FIGURES, ItemSubject
from meetings.models import AgendaItem, Meeting
from members.models import Agreement
from members.rules.codes import BodyKind
from reporting.yearly.models import YearlyReport
from reporting.yearly.rules.facts import Facts
from reporting.yearly.rules.frozen import thawed
from reporting.yearly.rules.presenting import obstacle

KIND = "yearly-report"


@dataclass(frozen=True)
class ReportsOfYear:
    """A year and the versions of its report, the newest first."""

    year: int
    is_running: bool
    versions: tuple[YearlyReport, ...]

    @property
    def latest(self) -> int:
        """The number of the newest version, 0 before the first."""
        return self.versions[0].version if self.versions else 0


def reports_visible_to(user: User, agreement: Agreement) -> QuerySet[YearlyReport]:
    """The versions that somebody who reads figures may see.

    Who sees rounded figures only has the newest of each year: two versions would tell how a number was corrected (8.6).
    """
    found = YearlyReport.objects.filter(agreement=agreement).select_related("agreement", "made_by")
    if can(user, Permission.FIGURES_EXACT, agreement):
        return found
    of_year = YearlyReport.objects.filter(agreement=OuterRef("agreement"), year=OuterRef("year"))
    return found.filter(pk=Subquery(of_year.order_by("-version").values("pk")[:1]))


def report_years(user: User, agreement: Agreement, today: date) -> list[ReportsOfYear]:
    """Every year of the agreement until this one, the newest first."""
    found: dict[int, list[YearlyReport]] = {}
    for each in reports_visible_to(user, agreement).defer("facts"):
        found.setdefault(each.year, []).append(each)
    years = range(today.year, agreement.in_force_on.year - 1, -1)
    return [ReportsOfYear(year, year == today.year, tuple(found.get(year, ()))) for year in years]


def report_of(user: User, agreement: Agreement, year: int, version: int) -> YearlyReport | None:
    """One version."""
    return reports_visible_to(user, agreement).filter(year=year, version=version).first()


def versions_of(user: User, report: YearlyReport) -> list[YearlyReport]:
    """All versions of the same year, the newest first."""
    return list(reports_visible_to(user, report.agreement).filter(year=report.year).defer("facts"))


def frozen_facts(report: YearlyReport) -> Facts:
    """The facts of a version as they were written down."""
    return thawed(Facts, report.facts)


def report_file(report: YearlyReport) -> Document | None:
    """The file of a version, without its bytes."""
    return document_of(kind=KIND, object_id=report.pk, version=report.version)


def finished_file(report: YearlyReport) -> Document | None:
    """The same, once it can be had."""
    found = report_file(report)
    return found if found and found.state == Document.State.DONE else None


def subject_of(report: YearlyReport) -> ItemSubject:
    """The version as what an item of an agenda is about."""
    return ItemSubject(KIND, report.pk, behind=FIGURES)


class PresentedItem(NamedTuple):
    """An item of an agenda that presented a version, or would have: its meeting may be cancelled."""

    item: AgendaItem
    version: int
    is_cancelled: bool


def presented_in(versions: Sequence[YearlyReport], user: User, agreement: Agreement) -> list[PresentedItem]:
    """The items that presented these versions of a year, as far as this person may see them."""
    numbers: dict[int | None, int] = {each.pk: each.version for each in versions}
    return [
        PresentedItem(item, numbers[item.subject_id], item.meeting.state == Meeting.State.CANCELLED)
        for item in items_about(KIND, [each.pk for each in versions], user, agreement)
    ]


@dataclass(frozen=True)
class Presentation:
    """The next meeting of the KoK, and why the report cannot be put onto its agenda; empty when it can."""

    meeting: Meeting
    obstacle: str


def next_presentation(agreement: Agreement, year: int, today: date) -> Presentation | None:
    """Where the report of this year would be presented next; None when no meeting is planned."""
    coming = Q(state__in=(Meeting.State.PLANNED, Meeting.State.INVITED), meets_on__gte=today)
    meeting = (
        Meeting.objects.filter(coming, body__agreement=agreement, body__kind=BodyKind.CONFERENCE)
        .select_related("body")
        .order_by("meets_on", "starts_at")
        .first()
    )
    return Presentation(meeting, _obstacle(meeting, agreement, year)) if meeting else None


def _obstacle(meeting: Meeting, agreement: Agreement, year: int) -> str:
    of_year = YearlyReport.objects.filter(agreement=agreement, year=year).values("pk")
    item = AgendaItem.objects.filter(meeting=meeting, subject_kind=KIND, subject_id__in=of_year).first()
    return obstacle(
        year,
        meeting.meets_on,
        top=str(item.number) if item else "",
        comes_late=comes_late(meeting),
        is_dispatched=is_dispatched(meeting),
    )
