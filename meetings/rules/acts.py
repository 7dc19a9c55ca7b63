"""What is recorded, sent and made of meetings and minutes, in German words (`kok.vocabulary`)."""

ACTS = {
    "agenda.item-added": "Tagesordnungspunkt ergänzt",
    "agenda.item-changed": "Tagesordnungspunkt geändert",
    "agenda.item-corrected": "Tagesordnungspunkt im Protokoll berichtigt",
    "agenda.item-removed": "Tagesordnungspunkt entfernt",
    "agenda.ordered": "Tagesordnung neu geordnet",
    "dispatch.letter-noted": "Brief zu Einladung oder Protokoll vermerkt",
    "inspection.minutes-failed": "Prüfung der Protokolle: Befund",
    "inspection.minutes-passed": "Prüfung der Protokolle",
    "invitation.answered": "Einladung beantwortet",
    "meeting.begun": "Sitzung begonnen",
    "meeting.cancelled": "Sitzung abgesagt",
    "meeting.changed": "Sitzung geändert",
    "meeting.invited": "Zur Sitzung eingeladen",
    "meeting.planned": "Sitzung geplant",
    "meeting.rescheduled": "Sitzung verlegt",
    "meeting.withheld": "Einladung oder Absage gesperrt",
    "minutes.approved": "Protokoll genehmigt",
    "minutes.circulated": "Protokoll versandt",
    "minutes.file_requested": "Protokoll als Datei angefordert",
    "minutes.file_sent": "Protokoll als Datei versandt",
    "minutes.partner_approved": "Protokoll für einen Partner genehmigt",
    "minutes.taken_back": "Protokoll zurückgenommen",
    "positions.recorded": "Auffassungen festgehalten",
    "resolution.changed": "Beschluss geändert",
    "resolution.recorded": "Beschluss festgehalten",
    "resolution.removed": "Beschluss entfernt",
    "secretariat.deviation-recorded": "Abweichende Geschäftsführung eingetragen",
    "task.changed": "Aufgabe geändert",
    "task.closed": "Aufgabe abgeschlossen",
    "task.recorded": "Aufgabe festgehalten",
    "task.removed": "Aufgabe entfernt",
    "task.reopened": "Aufgabe wieder geöffnet",
    "task.struck": "Aufgabe eines versandten Protokolls gestrichen",
}

MAILS = {
    "cancellation": "Absage einer Sitzung",
    "invitation": "Einladung zur Sitzung",
    "invitation.ended": "Hinweis, dass eine Einladung nicht mehr gilt",
    "minutes.approved": "Genehmigtes Protokoll",
    "minutes.circulated": "Protokoll zur Genehmigung",
    "minutes.file": "Protokoll als Datei",
    "minutes.taken_back": "Hinweis, dass ein Protokoll überarbeitet wird",
    "minutes.withheld": "Bitte, eine gesperrte Fassung zu vernichten",
}

DOCUMENTS = {
    "agenda": "Einladung mit Tagesordnung",
    "minutes": "Protokoll",
}
