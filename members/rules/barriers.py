"""Whether the office of an authority can answer reported barriers on a day."""

from datetime import date, timedelta

from kok import words
from kok.errors import first_problem

NO_ADDRESS = (
    "Für die Geschäftsstelle dieser Behörde ist keine E-Mail-Adresse eingetragen. Das trägt auf der Seite der "
    "Behörde ein, wer ihre Stammdaten pflegt."
)
NO_READER = (
    "Dort hat niemand ein benutztes Konto mit der Rolle Stammdaten, um die Meldungen zu lesen. Die Rolle geben "
    "zwei Personen unter „Konten und Rollen“, oder die Technik auf dem Server mit first_account."
)


def hindrance(*, exists: tuple[date | None, date | None], office_email: str, has_reader: bool, day: date) -> str:
    """Why not, in a sentence that says what to do; "" where nothing stands in the way. `exists` is half-open."""
    first, end = exists[0] or date.min, exists[1] or date.max
    last = end - timedelta(days=1)
    return first_problem(
        (day < first, f"Diese Behörde besteht erst ab dem {words.day(first)}. Benennen Sie eine andere."),
        (last < day, f"Diese Behörde besteht nur bis zum {words.day(last)}. Benennen Sie eine andere."),
        (not office_email, NO_ADDRESS),
        (not has_reader, NO_READER),
    )
