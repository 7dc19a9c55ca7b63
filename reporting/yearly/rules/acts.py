"""What is recorded and made of Jahresberichte, in German words (`kok.vocabulary`)."""

ACTS = {
    "yearly-report.made": "Jahresbericht erstellt",
    "yearly-report.presented": "Jahresbericht auf die Tagesordnung gesetzt",
}

DOCUMENTS = {
    "yearly-report": "Jahresbericht",
}
