"""The pages that people read every day, as addresses with the numbers of this database."""

from typing import Any

MEETING = "{agreement}/gremien/{body}/sitzungen/{ten}"
PAGES = {
    "overview": "{agreement}/",
    "deadlines": "{agreement}/fristen/",
    "meetings": "{agreement}/sitzungen/",
    "meetings of one year": "{agreement}/sitzungen/?jahr=2024",
    "meeting": f"{MEETING}/",
    "attendance": f"{MEETING}/teilnehmende/",
    "papers": f"{MEETING}/unterlagen/",
    "history": f"{MEETING}/verlauf/",
    "minutes": f"{MEETING}/protokoll/",
    "minutes being written": "{agreement}/gremien/{body}/sitzungen/{ten_draft}/protokoll/",
    "tasks": "{agreement}/aufgaben/",
    "closed tasks": "{agreement}/aufgaben/?stand=abgeschlossen",
    "secretariat": "{agreement}/geschaeftsfuehrung/",
    "agreement": "{agreement}/vereinbarung/",
    "members": "{agreement}/mitglieder/",
    "body": "{agreement}/gremien/{body}/",
    "figures": "{agreement}/zahlen/",
    "series of figures": "{agreement}/zahlen/8d/",
    "yearly reports": "{agreement}/zahlen/jahresbericht/",
    "transitions": "{agreement}/uebergaenge/",
    "audit trail": "pruefung/",
}


def minutes_of(known: dict[str, Any], key: str) -> str:
    """The tab with the minutes of one of the meetings that were made for measuring."""
    return f"/{known['agreement']}/gremien/{known['body']}/sitzungen/{known[key]}/protokoll/"


def pages(known: dict[str, Any]) -> dict[str, str]:
    """Name -> address."""
    return {name: "/" + path.format(**known) for name, path in PAGES.items()}
