"""One version of a list as a locked PDF, with the same people as a table in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import filterfalse
from operator import attrgetter

from django.template.loader import render_to_string

from kok import sheets
from kok.clock import BERLIN
from kok.pdf import PdfAttachment
from kok.pdf.apart import render_locked
from kok.words import local_day
from members.models import Partner
from members.queries.authorities import as_of
from transitions.models import TransitionListVersion
from transitions.queries.disclosure import PersonLine
from transitions.rules.columns import HANDED_OUT, cells_of
from transitions.rules.release import NO_EFFECT

_ENDING, _DATA = attrgetter("ending"), attrgetter("data")


@dataclass(frozen=True)
class CaseLetterhead:
    """Who speaks, as `templates/pdf/base.html` reads it."""

    name: str
    represented_by: str
    office: str
    address: tuple[str, ...]


def sender_of(partner: Partner) -> CaseLetterhead:
    """The letterhead of a partner in matters of Punkt 8b."""
    return CaseLetterhead(partner.name, partner.represented_by, "Fachstelle für Übergänge", partner.authority.address)


def filename(version: TransitionListVersion) -> str:
    """`Uebergangsliste-2027-Fassung-1-2027-04-20.pdf`: list, version and day, no name of a person.

    Not by its receipt: that one holds no names and goes to the files of the office, this one must not.
    """
    return f"{_name(version)}.pdf"


def _name(version: TransitionListVersion) -> str:
    day = local_day(version.receipt.released_at)
    return f"Uebergangsliste-{version.transition_list.year}-Fassung-{version.number}-{day.isoformat()}"


def locked(version: TransitionListVersion, people: Sequence[PersonLine], *, passphrase: str, now: datetime) -> bytes:
    """The file. Raises kok.pdf.PdfFailed."""
    return render_locked(html(version, people, now=now), passphrase=passphrase, attachments=(table(version, people),))


def table(version: TransitionListVersion, people: Sequence[PersonLine]) -> PdfAttachment:
    """The people on the list as the file that the county's import reads, each row with Fallzeichen and Fassung.

    For the procedure of the receiving unit, which would else type sixty people again.
    """
    rows = [
        (*cells_of(line.data, is_late=line.case.is_late), line.case.case_ref, version.number)
        for line in filterfalse(_ENDING, people)
        if line.data
    ]  # whose data may only be kept has no row: the page says so and names the Fallzeichen
    return PdfAttachment(
        name=f"{_name(version)}.csv",
        description="Die benannten Personen als Tabelle",
        content=sheets.write_csv(HANDED_OUT, rows),
        made_at=version.receipt.released_at,
    )


def html(version: TransitionListVersion, people: Sequence[PersonLine], *, now: datetime) -> str:
    """The page of which the file is made; it never touches a disk."""
    as_of([version.transition_list.sender], local_day(version.receipt.released_at))
    on_list = list(filterfalse(_ENDING, people))
    context = {
        "sender": sender_of(version.transition_list.sender),
        "version": version,
        "transition_list": version.transition_list,
        "receipt": version.receipt,
        "on_list": on_list,
        "index": people,
        "in_table": list(filter(_DATA, on_list)),
        "not_in_table": list(map(attrgetter("case.case_ref"), filterfalse(_DATA, on_list))),
        "ended": list(filter(_ENDING, people)),
        "made_at": now.astimezone(BERLIN),
        "table_name": f"{_name(version)}.csv",
        "no_effect": NO_EFFECT,
    }
    return render_to_string("pdf/cases_list.html", context)
