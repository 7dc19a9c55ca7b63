"""Making a version of the Jahresbericht, its file, and presenting it to the conference."""

from datetime import datetime

from django.db import transaction

from kok import audit, documents
from kok.access import Permission, can
from kok.errors import require
from kok.models import Document, User
from kok.words import day
from meetings.convening.actions.agenda import add_item
from meetings.models import AgendaItem, Meeting
from members.models import Agreement
from reporting.duties.rules.fulfilment import day_in_hessen
from reporting.yearly.documents.report import filename
from reporting.yearly.models import YearlyReport
from reporting.yearly.queries.facts import facts_of
from reporting.yearly.queries.reports import KIND, next_presentation, subject_of
from reporting.yearly.rules.frozen import frozen

NOT_NEXT = "Diese Sitzung ist nicht mehr die nächste geplante. Es wurde nichts geändert. Laden Sie die Seite neu."


@transaction.atomic
def make_report(*, agreement: Agreement, year: int, latest: int, by: User, now: datetime) -> YearlyReport:
    """Writes down the facts of a year as a new version and asks for its file.

    `latest` is the newest version that the person knew, 0 for none: a second click makes no second version. Raises
    Refused for another person than the secretariat, and for a year outside the agreement.
    """
    Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    _check_may_make(by, agreement)
    today = day_in_hessen(now)
    require(
        agreement.in_force_on.year <= year <= today.year,
        f"Für {year} gibt es keinen Jahresbericht. Wählen Sie ein Jahr, in dem die Vereinbarung galt.",
    )
    newest = YearlyReport.objects.filter(agreement=agreement, year=year).values_list("version", flat=True).first()
    require(
        (newest or 0) == latest,
        f"Den Jahresbericht {year} gibt es inzwischen in einer neueren Fassung. Es wurde keine weitere erstellt. "
        "Lesen Sie zuerst die neueste.",
    )
    report = YearlyReport.objects.create(
        agreement=agreement,
        year=year,
        version=latest + 1,
        facts=frozen(facts_of(agreement=agreement, year=year, today=today)),
        made_at=now,
        made_by=by,
    )
    _record(report, "yearly-report.made", by=by, now=now)
    request_file(report=report, now=now)
    return report


def request_file(*, report: YearlyReport, now: datetime) -> Document:
    """Asks for the file of a version, again after one that could not be made."""
    return documents.request(kind=KIND, object_id=report.pk, version=report.version, filename=filename(report), now=now)


@transaction.atomic
def put_on_agenda(*, report: YearlyReport, meeting: int, by: User, now: datetime) -> AgendaItem:
    """Adds an item that presents this version to the next meeting of the KoK; the item stays with this version.

    `meeting` is the one that the person saw. Raises Refused when it is no longer the next one, when the report of the
    year stands on its agenda already, or when it was already convened.
    """
    _check_may_make(by, report.agreement)
    Meeting.objects.select_for_update(of=("self",)).filter(pk=meeting).first()
    found = require(next_presentation(report.agreement, report.year, day_in_hessen(now)), NOT_NEXT)
    require(found.meeting.pk == meeting, NOT_NEXT)
    require(not found.obstacle, f"{found.obstacle} Es wurde nichts geändert.")
    item = add_item(
        meeting=found.meeting,
        title=f"Jahresbericht {report.year}",
        note=f"Vorgelegt wird die Fassung {report.version} vom {day(report.made_at)}.",
        about=subject_of(report),
        by=by,
        now=now,
    )
    _record(report, "yearly-report.presented", by=by, now=now)
    return item


def _check_may_make(by: User, agreement: Agreement) -> None:
    require(
        can(by, Permission.MEETING_PLAN, agreement),
        "Den Jahresbericht erstellen die Geschäftsstellen der Partner. Es wurde nichts geändert.",
    )


def _record(report: YearlyReport, action: str, *, by: User, now: datetime) -> None:
    audit.record(
        by=by,
        action=action,
        obj=report,
        agreement=report.agreement.slug,
        note=f"{report.year}, Fassung {report.version}",
        now=now,
    )
