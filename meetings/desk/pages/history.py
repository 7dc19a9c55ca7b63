"""What happened to a meeting, in words."""

import re
from dataclasses import dataclass
from datetime import datetime

from kok.models import AuditEvent
from meetings.convening.rules.outgoing import ended
from meetings.desk.queries.history import Past
from meetings.record.models import MinutesVersion

WORDS = {
    "meeting.planned": "Sitzung geplant",
    "meeting.changed": "Angaben geändert",
    "meeting.entered-later": "Sitzung nachgetragen",
    "meeting.taken-out": "Nachtrag zurückgenommen",
    "meeting.rescheduled": "Sitzung verlegt",
    "meeting.invited": "Einladung versandt",
    "meeting.cancelled": "Sitzung abgesagt",
    "meeting.did-not-meet": "Vermerkt: fand nicht statt",
    "meeting.resumed": "Absage zurückgenommen",
    "meeting.withheld": "Versandte Einladung oder Absage gesperrt",
    "meeting.begun": "Sitzung begonnen",
    "meeting.begin-taken-back": "Beginn der Sitzung zurückgenommen",
    "agenda.item-added": "Punkt auf die Tagesordnung gesetzt",
    "agenda.item-changed": "Punkt der Tagesordnung geändert",
    "agenda.item-corrected": "Punkt der Tagesordnung im Protokoll berichtigt",
    "agenda.supplemented": "Tagesordnung in der Sitzung ergänzt",
    "agenda.item-removed": "Punkt von der Tagesordnung genommen",
    "agenda.ordered": "Tagesordnung umgestellt",
    "agenda.postponed-declined": "Vertagter Punkt nicht wieder aufgenommen",
    "agenda.postponed-offered": "Vertagter Punkt wieder angeboten",
    "dispatch.letter-noted": "Brief vermerkt",
    "minutes.circulated": "Protokoll zur Genehmigung versandt",
    "minutes.remarked": "Änderung des Protokolls erbeten",
    "minutes.remark_answered": "Änderungswunsch beantwortet",
    "minutes.taken_back": "Protokoll zur Bearbeitung zurückgeholt",
    "minutes.partner_approved": "Protokoll für einen Partner genehmigt",
    "minutes.approved": "Protokoll von allen Partnern genehmigt",
    "minutes.file_requested": "PDF des Protokolls angefordert",
    "minutes.file_sent": "Protokoll als Datei zugestellt",
}

DAY = re.compile(r"\bTag: (\d\d\.\d\d\.\d{4})")  # as the trail has the change of a meeting's day


@dataclass(frozen=True)
class HistoryLine:
    """One act: when, what, by whom; why, where whoever reads it is told."""

    at: datetime
    what: str
    by: str
    why: str


def history_lines(past: Past) -> list[HistoryLine]:
    """The acts, the newest first. The application itself acts without an account."""
    return [
        HistoryLine(
            event.at,
            _what(event),
            past.names.get(event.actor_id or 0) or event.actor or "Anwendung",
            _why(past.taken_back.get((event.action, event.at))),
        )
        for event in past.events
    ]


def _what(event: AuditEvent) -> str:
    """In words; of a meeting that was moved with the days."""
    said = WORDS.get(event.action, "Sitzung bearbeitet")
    before, after = DAY.search(event.old), DAY.search(event.new)
    if event.action != "meeting.rescheduled" or not before or not after:
        return said
    return f"{said} vom {before[1]} auf den {after[1]}"


def _why(version: MinutesVersion | None) -> str:
    if version is None:
        return ""
    if not version.is_withheld:
        return version.reason
    return f"{ended(version.reason)} Die Fassung {version.number} ist gesperrt."
