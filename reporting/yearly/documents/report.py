"""The Jahresbericht as a document: sections of words, tables and pictures, the same for the page and for the PDF."""

from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string

from kok import pdf
from kok.clock import BERLIN
from reporting.yearly.documents import figures as yearly_report_figures
from reporting.yearly.documents import sections as yearly_report_sections
from reporting.yearly.documents.blocks import Block
from reporting.yearly.models import YearlyReport
from reporting.yearly.queries.reports import frozen_facts
from reporting.yearly.rules.facts import Facts, ReportSender


@dataclass(frozen=True)
class ReportSection:
    """A numbered part of the report."""

    number: int
    title: str
    blocks: tuple[Block, ...]

    @property
    def anchor(self) -> str:
        """Where the contents lead to."""
        return f"abschnitt-{self.number}"


@dataclass(frozen=True)
class Report:
    """A version as it is read."""

    year: int
    version: int
    region: str
    body: str
    made_at: datetime
    is_running: bool
    sender: ReportSender
    sections: tuple[ReportSection, ...]

    @property
    def title(self) -> str:
        """`Jahresbericht 2026`."""
        return f"Jahresbericht {self.year}"


SECTIONS = (
    ("Sitzungen", yearly_report_sections.meetings),
    ("Geschäftsführung", yearly_report_sections.secretariat),
    ("Beschlüsse", yearly_report_sections.resolutions),
    ("Aufgaben", yearly_report_sections.tasks),
    ("Mitwirkung der Gremien nach Anlage 2", yearly_report_sections.participation),
    ("Fristen", yearly_report_sections.duties),
    ("Übergänge von der Schule", yearly_report_sections.transitions),
    ("Zahlen", yearly_report_figures.figures),
    ("Was dieser Bericht nicht sagt", yearly_report_sections.limits),
)


def report_of_facts(facts: Facts, *, version: int, made_at: datetime) -> Report:
    """The document of facts. A part without anything to say, such as figures before the first delivery, is left out."""
    found = [(title, blocks) for title, part in SECTIONS if (blocks := part(facts))]
    return Report(
        facts.year,
        version,
        facts.region,
        facts.body,
        made_at.astimezone(BERLIN),
        facts.is_running,
        facts.sender,
        tuple(ReportSection(number, title, blocks) for number, (title, blocks) in enumerate(found, 1)),
    )


def document_of(report: YearlyReport) -> Report:
    """The document of a version."""
    return report_of_facts(frozen_facts(report), version=report.version, made_at=report.made_at)


def render(report_id: int, version: int) -> bytes:
    """Makes the file of a document request. A version never changes, so the file never does."""
    report = YearlyReport.objects.get(pk=report_id, version=version)
    return pdf.render(html(document_of(report)))


def html(report: Report) -> str:
    """The whole document as a page of its own."""
    return render_to_string("pdf/yearly_report.html", {"report": report, "sender": report.sender})


def filename(report: YearlyReport) -> str:
    """`Jahresbericht-wetteraukreis-2026-Fassung-1.pdf`."""
    return f"Jahresbericht-{report.agreement.slug}-{report.year}-Fassung-{report.version}.pdf"
