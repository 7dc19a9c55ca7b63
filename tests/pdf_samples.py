"""A believable Protokoll and its Einladung for the PDF tests: invented people, no case, nothing of 8b but a number.

The dataclasses hold exactly what the templates in templates/pdf/ read; the sample is as long as a real one.
"""

from dataclasses import dataclass, replace
from datetime import date, time

from django.template.loader import render_to_string


@dataclass(frozen=True)
class Sender:
    name: str
    represented_by: str
    office: str
    address: tuple[str, ...]


@dataclass(frozen=True)
class Attendee:
    name: str
    function: str
    attendance: str


@dataclass(frozen=True)
class Delegation:
    partner: str
    people: tuple[Attendee, ...]


@dataclass(frozen=True)
class Guest:
    name: str
    office: str
    item_number: str
    period: str


@dataclass(frozen=True)
class View:
    partner: str
    text: str


@dataclass(frozen=True)
class Resolution:
    number: str
    text: str
    has_consensus: bool = True
    views: tuple[View, ...] = ()


@dataclass(frozen=True)
class Task:
    number: str
    what: str
    who: str
    due_on: date
    item_number: str


@dataclass(frozen=True)
class Item:
    number: str
    title: str
    level: int = 1
    reporter: str = ""
    text: str = ""
    outcome: str = ""
    guests: tuple[str, ...] = ()
    annexes: tuple[str, ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    tasks: tuple[Task, ...] = ()
    note: str = ""
    late: bool = False


@dataclass(frozen=True)
class Annex:
    number: str
    title: str


@dataclass(frozen=True)
class Approval:
    partner: str
    name: str = ""
    function: str = ""
    approved_on: date | None = None


@dataclass(frozen=True)
class Correction:
    noted_on: date
    text: str


@dataclass(frozen=True)
class Minutes:
    body: str
    number: str
    version: int
    is_approved: bool
    drafted_on: date
    held_on: date
    starts_at: time
    ends_at: time | None
    place: str
    has_link: bool
    chair: str
    keeper: str
    convened: str
    quorum: str
    delegations: tuple[Delegation, ...]
    guests: tuple[Guest, ...]
    items: tuple[Item, ...]
    approvals: tuple[Approval, ...]
    dates: tuple[str, ...] = ()
    annexes: tuple[Annex, ...] = ()
    distribution: str = ""
    corrections: tuple[Correction, ...] = ()

    @property
    def tasks(self) -> tuple[Task, ...]:
        return tuple(task for item in self.items for task in item.tasks)


@dataclass(frozen=True)
class Agenda:
    body: str
    number: str
    round: int
    sent_on: date
    held_on: date
    starts_at: time
    ends_at: time | None
    place: str
    link: str
    chair: str
    answer_by: date | None
    reply_url: str
    items: tuple[Item, ...]
    urgency: str = ""
    changes: str = ""


SENDER = Sender(
    "Wetteraukreis",
    "Kreisausschuss des Wetteraukreises",
    "Geschäftsführung der Kooperationskonferenz",
    ("Europaplatz", "61169 Friedberg/Hessen"),
)
COUNTY = Delegation(
    "Wetteraukreis",
    (
        Attendee("Brandt, Almut", "Leitung Fachbereich Jugend und Soziales", "anwesend"),
        Attendee("Özdemir, Cem-Luca", "Leitung Fachdienst Soziale Hilfen", "anwesend"),
        Attendee("Große-Wilde, Hannah", "Leitung Fachdienst Beratung und Förderung", "vertreten durch Jost, Timo"),
        Attendee("Jost, Timo", "Fachdienst Beratung und Förderung", "anwesend als Vertretung"),
        Attendee("Lindenthal, Ruth", "Sozial- und Jugendhilfeplanung", "anwesend"),
    ),
)
LWV = Delegation(
    "LWV Hessen",
    (
        Attendee("Keßler, Bernd", "Teamleitung 205.1 – Einzelfallhilfe", "anwesend"),
        Attendee(
            "Młynarz, Ewa",
            "Teamleitung 205.6 – Fachdienst zur Bedarfsermittlung und Teilhabeplanung",
            "anwesend, per Video",
        ),
        Attendee("Thiele, Jonas", "Sozialplanung Regionalteam 205.0", "entschuldigt"),
        Attendee("Vogt, Karin", "Sozialplanung Regionalteam 205.0", "anwesend als Vertretung"),
    ),
)
LONG = (
    "Die Kooperationspartner tauschen sich über die Entwicklung der Leistungen im Landkreis aus. Die Zahl der"
    " Unterstützungssettings in der eigenen Häuslichkeit steigt, die der Plätze in besonderen Wohnformen bleibt"
    " gleich. Beide Seiten halten eine gemeinsame Bewertung der sozialräumlichen Unterstützungsangebote für"
    " sinnvoll, bevor neue Konzepte vereinbart werden.\n\nDie Sozialplanung stellt dazu eine Übersicht der"
    " Bedarfshinweise nach Planungsräumen vor. Auffällig ist der Norden des Landkreises: Dort fehlen Angebote"
    " der Tagesstruktur, und die Wege zu den bestehenden Angeboten sind lang."
)
ITEMS = (
    Item(
        "1",
        "Begrüßung, Feststellungen",
        text="Die Leitung eröffnet die Sitzung. Die Tagesordnung wird ohne Änderung angenommen.",
        outcome="Kenntnisnahme",
    ),
    Item(
        "2",
        "Genehmigung des Protokolls der letzten Sitzung",
        text="Zum Protokoll KoK-06440-2026-02/P liegen keine Einwendungen vor.",
        outcome="Beschluss",
        resolutions=(Resolution("B-2027-01", "Das Protokoll KoK-06440-2026-02/P wird genehmigt."),),
    ),
    Item(
        "3",
        "Aufgabenkontrolle",
        text="Von fünf offenen Aufgaben sind vier erledigt. Die Aufgabe A-2026-011 wird bis zum Herbst verlängert.",
        outcome="Kenntnisnahme",
    ),
    Item(
        "4",
        "Mitwirkung: Rückmeldungen aus den Gremien nach Anlage 2",
        reporter="Psychosozialer Beirat des Wetteraukreises",
        text="Der Beirat wünscht Protokolle in Leichter Sprache. Er regt eine Veranstaltung für Werkstatträte und"
        " Bewohnerbeiräte an.",
        outcome="Auftrag",
        guests=("Albrecht, Sonja (EUTB Wetterau)",),
        tasks=(
            Task(
                "A-2027-001",
                "Vorschlag für Protokollauszüge in Leichter Sprache vorlegen",
                "Sozial- und Jugendhilfeplanung, Wetteraukreis",
                date(2027, 8, 31),
                "4",
            ),
        ),
    ),
    Item("5", "Steuerung, Konzepte, Austausch mit Leistungserbringern", text=LONG, outcome="Information"),
    Item("6", "Planung", text="Beide Partner berichten über neue Vorhaben.", outcome="Information"),
    Item(
        "6.1",
        "Planung des Wetteraukreises",
        level=2,
        reporter="Sozial- und Jugendhilfeplanung",
        text=LONG,
        outcome="Kenntnisnahme",
        annexes=("P-A1",),
    ),
    Item(
        "6.2",
        "Planung des LWV Hessen, mit Einrichtungen nach Punkt 8e",
        level=2,
        reporter="Sozialplanung Regionalteam 205.0",
        text="Der LWV Hessen stellt die Standortplanung für besondere Wohnformen vor. Ein Träger beabsichtigt, im"
        " Raum Nidda 24 Plätze zu schaffen.",
        outcome="Vertagung",
        resolutions=(
            Resolution(
                "B-2027-02",
                "Die Kooperationspartner befürworten den Standort Nidda für eine besondere Wohnform mit 24 Plätzen.",
                has_consensus=False,
                views=(
                    View(
                        "Wetteraukreis",
                        "Vor einer neuen besonderen Wohnform sind die ambulanten Angebote im Raum Nidda"
                        " auszubauen. Selbstbestimmtes Wohnen hat nach Punkt 4 der Vereinbarung Vorrang.",
                    ),
                    View(
                        "LWV Hessen",
                        "Der Bedarf ist durch die Warteliste belegt und kann in den nächsten drei Jahren nicht"
                        " ambulant gedeckt werden.",
                    ),
                ),
            ),
        ),
        tasks=(
            Task(
                "A-2027-002",
                "Bedarfszahlen für den Raum Nidda gemeinsam aufbereiten und vor der Herbstsitzung versenden",
                "Teamleitung 205.6, LWV Hessen, mit Fachdienst Soziale Hilfen, Wetteraukreis",
                date(2027, 9, 15),
                "6.2",
            ),
        ),
    ),
    Item(
        "7",
        "Übergänge: Stand der Regelungen nach Punkt 8a, Zahlen nach Punkt 8b",
        reporter="Fachdienst Soziale Hilfen",
        text="Die Meldung nach Punkt 8b für das Jahr 2028 liegt dem LWV Hessen seit dem 28.04.2027 vor. Sie umfasst"
        " 14 voraussichtliche Schulabgänge.",
        outcome="Kenntnisnahme",
    ),
    Item(
        "8",
        "Daten nach Punkt 8c, 8d und 9",
        text="Die Zahlen zum Stichtag 31.12.2026 sind ausgetauscht.",
        outcome="Kenntnisnahme",
        annexes=("P-A2",),
    ),
    Item(
        "9",
        "Qualitätszirkel und Fachtage",
        text="Für 2028 ist ein gemeinsamer Fachtag zur Unterstützten Kommunikation vorgesehen.",
        outcome="Auftrag",
        tasks=(
            Task(
                "A-2027-003",
                "Raum, Termin und Kosten des Fachtags klären",
                "Fachdienst Beratung und Förderung, Wetteraukreis",
                date(2027, 10, 29),
                "9",
            ),
        ),
    ),
    Item(
        "10", "Änderungsbedarf nach Punkt 11, Anlagen", text="Es besteht kein Änderungsbedarf.", outcome="Kenntnisnahme"
    ),
    Item(
        "11", "Termine, Geschäftsführung", text="Die Termine stehen am Ende dieses Protokolls.", outcome="Information"
    ),
    Item("12", "Verschiedenes", text="Keine Wortmeldungen."),
)
DRAFT = Minutes(
    body="Kooperationskonferenz Wetteraukreis",
    number="KoK-06440-2027-01",
    version=1,
    is_approved=False,
    drafted_on=date(2027, 5, 18),
    held_on=date(2027, 5, 11),
    starts_at=time(10, 0),
    ends_at=time(12, 30),
    place="Kreishaus Friedberg, Europaplatz, Raum 101",
    has_link=True,
    chair="Leitung Fachbereich Jugend und Soziales, Wetteraukreis",
    keeper="Sozial- und Jugendhilfeplanung, Wetteraukreis",
    convened="Die Einladung ging am 20.04.2027 und damit fristgerecht an alle Mitglieder.",
    quorum="Die Konferenz ist beschlussfähig. Beide Partner sind vertreten.",
    delegations=(COUNTY, LWV),
    guests=(Guest("Albrecht, Sonja", "EUTB Wetterau", "4", "10:40 bis 11:10 Uhr"),),
    items=ITEMS,
    approvals=(
        Approval("Wetteraukreis", "Brandt, Almut", "Leitung Fachbereich Jugend und Soziales", date(2027, 5, 20)),
        Approval("LWV Hessen"),
    ),
    dates=(
        "Die nächste Sitzung ist am Dienstag, 9. November 2027, 10:00 Uhr, in Kassel.",
        "Am 01.03.2028 wechselt die Geschäftsführung zum LWV Hessen.",
    ),
    annexes=(Annex("P-A1", "Bedarfshinweise nach Planungsräumen"), Annex("P-A2", "Zahlen zum Stichtag 31.12.2026")),
    distribution="Mitglieder nach Anlage 1, Vorsitz der Gremien nach Anlage 2, Verwaltungsausschuss des LWV Hessen",
)
APPROVED = replace(
    DRAFT,
    is_approved=True,
    approvals=(
        DRAFT.approvals[0],
        Approval("LWV Hessen", "Keßler, Bernd", "Teamleitung 205.1", date(2027, 5, 27)),
    ),
    corrections=(Correction(date(2027, 6, 3), "Zu TOP 8: Der Stichtag ist der 31.12.2026."),),
)
AGENDA = Agenda(
    body="Kooperationskonferenz Wetteraukreis",
    number="KoK-06440-2027-01",
    round=2,
    sent_on=date(2027, 4, 20),
    held_on=date(2027, 5, 11),
    starts_at=time(10, 0),
    ends_at=time(12, 30),
    place="Kreishaus Friedberg, Europaplatz, Raum 101",
    link="https://video.example.org/kok",
    chair="Leitung Fachbereich Jugend und Soziales, Wetteraukreis",
    answer_by=date(2027, 5, 4),
    reply_url="https://kok.example.org/wetteraukreis/gremien/kok/sitzungen/17/",
    items=(
        *ITEMS[:3],
        replace(ITEMS[3], note="Es berichtet der Psychosoziale Beirat.\nDie Unterlagen folgen."),
        *ITEMS[4:],
        Item("13", "Fahrdienste im Landkreis", late=True),
    ),
    changes="Neu ist der Raum. Tag und Uhrzeit bleiben.",
)


def minutes_html(minutes: Minutes = DRAFT, sender: Sender = SENDER) -> str:
    return render_to_string("pdf/minutes.html", {"minutes": minutes, "sender": sender})


def agenda_html(agenda: Agenda = AGENDA, sender: Sender = SENDER) -> str:
    return render_to_string("pdf/agenda.html", {"agenda": agenda, "sender": sender})
