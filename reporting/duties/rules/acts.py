"""What is recorded and sent of duties, in German words (`kok.vocabulary`)."""

ACTS = {
    "submission.recorded": "Abgabe eingetragen",
    "submission.withdrawn": "Abgabe zurückgenommen",
}

MAILS = {
    "reminder.duty": "Erinnerung an eine Pflicht",
    "reminder.meetings": "Warnung: zu wenige Sitzungen",
}
