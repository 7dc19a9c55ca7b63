"""What is recorded, sent and made of meetings, in German words (`kok.vocabulary`)."""

ACTS = {
    "agenda.item-added": "Tagesordnungspunkt ergänzt",
    "agenda.item-changed": "Tagesordnungspunkt geändert",
    "agenda.item-removed": "Tagesordnungspunkt entfernt",
    "agenda.ordered": "Tagesordnung neu geordnet",
    "agenda.postponed-declined": "Vertagten Punkt nicht wieder aufgenommen",
    "agenda.postponed-offered": "Vertagten Punkt wieder angeboten",
    "dispatch.letter-noted": "Brief zu Einladung oder Protokoll vermerkt",
    "invitation.answered": "Einladung beantwortet",
    "meeting.cancelled": "Sitzung abgesagt",
    "meeting.changed": "Sitzung geändert",
    "meeting.did-not-meet": "Vermerkt, dass die Sitzung nicht stattfand",
    "meeting.entered-later": "Sitzung nachgetragen",
    "meeting.invited": "Zur Sitzung eingeladen",
    "meeting.planned": "Sitzung geplant",
    "meeting.rescheduled": "Sitzung verlegt",
    "meeting.resumed": "Absage der Sitzung zurückgenommen",
    "meeting.taken-out": "Nachtrag einer Sitzung zurückgenommen",
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
