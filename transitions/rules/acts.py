"""What the trail tells of the sealed area, and its mails, in German words (`kok.vocabulary`)."""

ACTS = {
    "access-log.checked": "Siegel und Enden der Ketten geprüft",
    "access-log.exported": "Zugriffsprotokoll heruntergeladen",
    "access-log.read": "Zugriffsprotokoll gelesen",
    "inspection.access-log-failed": "Prüfung des Zugriffsprotokolls: Befund",
    "inspection.access-log-passed": "Prüfung des Zugriffsprotokolls",
    "inspection.names-failed": "Prüfung der Kennzeichen von Namen: Befund",
    "inspection.names-passed": "Prüfung der Kennzeichen von Namen",
    "inspection.receipts-failed": "Prüfung der Quittungen: Befund",
    "inspection.receipts-passed": "Prüfung der Quittungen",
    "subject_request.answered": "Anfrage einer betroffenen Person beantwortet",
    "subject_request.completed": "Anfrage einer betroffenen Person ergänzt",
    "subject_request.extended": "Frist einer Anfrage verlängert",
    "subject_request.lifted": "Einschränkung der Verarbeitung aufgehoben",
    "subject_request.registered": "Anfrage einer betroffenen Person eingetragen",
    "subject_request.reopened": "Anfrage einer betroffenen Person neu aufgenommen: Antwort war falsch",
}

NEWS = "{conference.short_name} {agreement.region}: neue Mitteilung liegt vor"  # the subject of most mails
AREA = "Sie brauchen dazu Ihren zweiten Faktor. Aus Gründen des Datenschutzes steht hier nicht mehr."

MAILS = {
    "cases.acknowledged": "Übergangsliste: Empfang bestätigt",
    "cases.answered": "Übergangsliste: Rückfrage beantwortet",
    "cases.asked": "Übergangsliste: Rückfrage",
    "cases.changed": "Übergangsliste: Ergebnis eingetragen",
    "cases.crossed": "Übergangsliste: Ergebnis zu einem Fall, den ein Entwurf von der Liste nimmt",
    "cases.name-limit": "Hinweis: Protokolle oft auf Namen geprüft",
    "cases.recalled": "Übergangsliste: Entwurf zurückgeholt",
    "cases.released": "Übergangsliste: neue Fassung",
    "cases.returned": "Übergangsliste: Entwurf zurückgegeben",
    "cases.sent": "Übergangsliste: freigegeben und übermittelt",
    "cases.submitted": "Übergangsliste: wartet auf Freigabe",
    "reminder.outcomes": "Erinnerung an fehlende Ergebnisse einer Übergangsliste",
    "reminder.subject-request": "Erinnerung an eine Anfrage einer betroffenen Person",
}
