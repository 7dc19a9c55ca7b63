"""What is recorded, sent and made of minutes, in German words (`kok.vocabulary`)."""

ACTS = {
    "agenda.item-corrected": "Tagesordnungspunkt im Protokoll berichtigt",
    "agenda.supplemented": "Tagesordnung in der Sitzung ergänzt",
    "attendance.marked": "Teilnahme eingetragen",
    "inspection.minutes-failed": "Prüfung der Protokolle: Befund",
    "inspection.minutes-passed": "Prüfung der Protokolle",
    "meeting.begin-taken-back": "Beginn der Sitzung zurückgenommen",
    "meeting.begun": "Sitzung begonnen",
    "minutes.approved": "Protokoll genehmigt",
    "minutes.circulated": "Protokoll versandt",
    "minutes.file_requested": "Protokoll als Datei angefordert",
    "minutes.file_sent": "Protokoll als Datei versandt",
    "minutes.header-changed": "Angaben zur Sitzung geändert",
    "minutes.partner_approved": "Protokoll für einen Partner genehmigt",
    "minutes.remark_answered": "Änderungswunsch zu einem Protokoll beantwortet",
    "minutes.remarked": "Änderung eines Protokolls erbeten",
    "minutes.taken_back": "Protokoll zurückgenommen",
    "positions.recorded": "Auffassungen festgehalten",
    "resolution.changed": "Beschluss geändert",
    "resolution.recorded": "Beschluss festgehalten",
    "resolution.removed": "Beschluss entfernt",
    "task.changed": "Aufgabe geändert",
    "task.closed": "Aufgabe abgeschlossen",
    "task.recorded": "Aufgabe festgehalten",
    "task.removed": "Aufgabe entfernt",
    "task.reopened": "Aufgabe wieder geöffnet",
    "task.struck": "Aufgabe eines versandten Protokolls gestrichen",
}

MAILS = {
    "minutes.approved": "Genehmigtes Protokoll",
    "minutes.circulated": "Protokoll zur Genehmigung",
    "minutes.file": "Protokoll als Datei",
    "minutes.remark_answered": "Antwort auf einen Änderungswunsch",
    "minutes.remarked": "Änderungswunsch zu einem Protokoll",
    "minutes.taken_back": "Hinweis, dass ein Protokoll überarbeitet wird",
    "minutes.withheld": "Bitte, eine gesperrte Fassung zu vernichten",
}

DOCUMENTS = {
    "minutes": "Protokoll",
}
