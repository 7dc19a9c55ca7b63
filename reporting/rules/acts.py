"""What is recorded, sent and made of duties and figures, in German words (`kok.vocabulary`)."""

ACTS = {
    "dataset.accepted": "Datenlieferung angenommen",
    "dataset.discarded": "Datenlieferung verworfen",
    "dataset.imported": "Datenlieferung eingelesen",
    "dataset.remarked": "Bemerkung zu einer Datenlieferung",
    "dataset.submitted": "Datenlieferung abgegeben",
    "submission.recorded": "Abgabe eingetragen",
    "submission.withdrawn": "Abgabe zurückgenommen",
    "yearly-report.made": "Jahresbericht erstellt",
    "yearly-report.presented": "Jahresbericht auf die Tagesordnung gesetzt",
}

MAILS = {
    "reminder.duty": "Erinnerung an eine Pflicht",
    "reminder.meetings": "Warnung: zu wenige Sitzungen",
}

DOCUMENTS = {
    "yearly-report": "Jahresbericht",
}
