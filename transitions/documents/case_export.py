"""The answer to "what do you hold about me?" (Art. 15 DSGVO, § 83 SGB X), as one locked PDF."""

from datetime import datetime

from django.template.loader import render_to_string

from kok.pdf.apart import render_locked
from kok.words import local_day
from transitions.documents.list_print import sender_of
from transitions.models import TransitionCase
from transitions.queries.disclosure import Disclosure
from transitions.rules.release import NO_EFFECT


def filename(case: TransitionCase) -> str:
    """`Auskunft-UE-2027-7F3K.pdf`: the Fallzeichen, no name."""
    return f"Auskunft-{case.case_ref}.pdf"


def locked(disclosure: Disclosure, *, passphrase: str, now: datetime) -> bytes:
    """The file. Raises kok.pdf.PdfFailed."""
    return render_locked(html(disclosure, now=now), passphrase=passphrase)


def html(disclosure: Disclosure, *, now: datetime) -> str:
    """The page of which the file is made; it never touches a disk."""
    context = {
        "sender": sender_of(disclosure.controller),
        "disclosure": disclosure,
        "case": disclosure.case,
        "transition_list": disclosure.case.transition_list,
        "made_on": local_day(now),
        "no_effect": NO_EFFECT,
    }
    return render_to_string("pdf/cases_disclosure.html", context)
