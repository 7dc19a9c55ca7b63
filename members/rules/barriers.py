"""Whether the office of an authority can answer reported barriers on a day."""

from datetime import date, timedelta


def hindrance(*, exists: tuple[date | None, date | None], office_email: str, has_reader: bool, day: date) -> str:
    """Why not, in a sentence that says what to do; "" where nothing stands in the way. `exists` is half-open."""
    first, end = exists
    if first and day < first:
        return f"Diese Behörde besteht erst ab dem {first:%d.%m.%Y}. Benennen Sie eine andere."
    if end and end <= day:
        return f"Diese Behörde besteht nur bis zum {end - timedelta(days=1):%d.%m.%Y}. Benennen Sie eine andere."
    if not office_email:
        return (
            "Für die Geschäftsstelle dieser Behörde ist keine E-Mail-Adresse eingetragen. Das trägt auf der Seite der "
            "Behörde ein, wer ihre Stammdaten pflegt."
        )
    if not has_reader:
        return (
            "Dort hat niemand ein benutztes Konto mit der Rolle Stammdaten, um die Meldungen zu lesen. Die Rolle geben "
            "zwei Personen unter „Konten und Rollen“, oder die Technik auf dem Server mit first_account."
        )
    return ""
