"""New keys for what is stored sealed: `manage.py case_key`. Needs no setting, asks no database, stores nothing."""

from kok.management.base import KokCommand
from kok.vault import new_keys


class Command(KokCommand[dict[str, str]]):
    """Prints; whoever runs it puts the keys where secrets are kept."""

    help = "Macht neue Schlüssel für Übergangslisten, zweite Faktoren, Zugriffsprotokoll und Prüfung auf Namen."

    def answer(self, **options: object) -> dict[str, str]:
        """Four fresh keys."""
        return new_keys()

    def tell(self, found: dict[str, str]) -> str:
        """The lines for the file of settings, and what to do with them."""
        return "\n".join(
            [
                *(f"{name}={value}" for name, value in found.items()),
                "",
                "Bei der ersten Einrichtung: Setzen Sie alle vier Zeilen in die geheimen Einstellungen.",
                "Beim Wechsel von CASE_KEYS oder FACTOR_KEYS: Stellen Sie nur dessen neuen Wert vor den bisherigen,",
                "mit einem Komma dazwischen. Starten Sie die Anwendung neu und rufen Sie manage.py",
                "rotate_case_keys auf. Endet das mit 0, nehmen Sie den bisherigen heraus und starten Sie neu.",
                "Bewahren Sie ihn so lange auf wie die Sicherungen von vorher: Sie öffnen sich nur mit ihm.",
                "CASE_LOG_KEY bleibt immer derselbe. Nach einem Wechsel von CASE_NAME_KEY rufen Sie manage.py",
                "mark_names auf. Bewahren Sie alle getrennt von den Sicherungen der Datenbank auf. Ohne CASE_KEYS",
                "öffnet niemand mehr eine Übergangsliste, auch wir nicht.",
            ]
        )
