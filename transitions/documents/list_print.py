"""One version of a list as a locked PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string

from kok.clock import BERLIN
from kok.pdf.apart import render_locked
from members.models import Partner
from members.queries.authorities import as_of
from transitions.models import TransitionListVersion
from transitions.queries.disclosure import PersonLine


@dataclass(frozen=True)
class Letterhead:
    """Who speaks, as `templates/pdf/base.html` reads it."""

    name: str
    represented_by: str
    office: str
    address: tuple[str, ...]


def sender_of(partner: Partner) -> Letterhead:
    """The letterhead of a partner in matters of Punkt 8b."""
    return Letterhead(partner.name, partner.represented_by, "Fachstelle für Übergänge", partner.authority.address)


def filename(version: TransitionListVersion) -> str:
    """`Uebergangsliste-2027-Quittung-….pdf`: year and receipt, no name."""
    return f"Uebergangsliste-{version.transition_list.year}-Quittung-{version.receipt.number}.pdf"


def locked(version: TransitionListVersion, people: Sequence[PersonLine], *, passphrase: str, now: datetime) -> bytes:
    """The file. Raises kok.pdf.PdfFailed."""
    return render_locked(html(version, people, now=now), passphrase=passphrase)


def html(version: TransitionListVersion, people: Sequence[PersonLine], *, now: datetime) -> str:
    """The page of which the file is made; it never touches a disk."""
    as_of([version.transition_list.sender], version.receipt.released_at.astimezone(BERLIN).date())
    context = {
        "sender": sender_of(version.transition_list.sender),
        "version": version,
        "transition_list": version.transition_list,
        "receipt": version.receipt,
        "on_list": [line for line in people if not line.ending],
        "ended": [line for line in people if line.ending],
        "made_at": now.astimezone(BERLIN),
    }
    return render_to_string("pdf/cases_list.html", context)
