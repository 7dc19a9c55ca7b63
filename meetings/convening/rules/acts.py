"""What is recorded, sent and made of meetings, in German words (`kok.vocabulary`)."""

ACTS = {
    "agenda.item-added": "Tagesordnungspunkt ergänzt",
    "agenda.item-changed": "Tagesordnungspunkt geändert",
    "agenda.item-removed": "Tagesordnungspunkt entfernt",
    "agenda.ordered": "Tagesordnung neu geordnet",
    "dispatch.letter-noted": "Brief zu Einladung oder Protokoll vermerkt",
    "invitation.answered": "Einladung beantwortet",
    "meeting.cancelled": "Sitzung abgesagt",
    "meeting.changed": "Sitzung geändert",
    "meeting.invited": "Zur Sitzung eingeladen",
    "meeting.planned": "Sitzung geplant",
    "meeting.rescheduled": "Sitzung verlegt",
    "meeting.withheld": "Einladung oder Absage gesperrt",
    "secretariat.deviation-recorded": "Abweichende Geschäftsführung eingetragen",
}

MAILS = {
    "cancellation": "Absage einer Sitzung",
    "invitation": "Einladung zur Sitzung",
    "invitation.ended": "Hinweis, dass eine Einladung nicht mehr gilt",
}

DOCUMENTS = {
    "agenda": "Einladung mit Tagesordnung",
}
