"""What is recorded of figures, in German words (`kok.vocabulary`)."""

ACTS = {
    "dataset.accepted": "Datenlieferung angenommen",
    "dataset.discarded": "Datenlieferung verworfen",
    "dataset.imported": "Datenlieferung eingelesen",
    "dataset.remarked": "Bemerkung zu einer Datenlieferung",
    "dataset.submitted": "Datenlieferung abgegeben",
}
