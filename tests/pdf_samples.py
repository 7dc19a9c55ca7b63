"""A believable Protokoll and its Einladung for the PDF tests: invented people, no case, nothing of 8b but a number.

They are values of the application's own document classes, so that what is judged here is what it makes.
"""

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string

from kok.clock import BERLIN
from meetings.convening.documents.agenda import Agenda
from meetings.convening.documents.letterhead import OfficeLetterhead
from meetings.models import ActionItem
from meetings.record.documents.content import (
    AgreedTask,
    Approval,
    AttendanceLine,
    Decision,
    Delegation,
    Guest,
    Item,
    MinutesDocument,
    View,
)
from reporting.duties.rules.codes import OccurrenceState
from reporting.figures.documents import sheet as figures_sheet
from reporting.figures.rules.disclosure import WITHHELD, Exactness, Shown
from reporting.figures.rules.series import Series, SeriesColumn, SeriesKind, Year, breaks_of
from reporting.yearly.documents import report as yearly_report
from reporting.yearly.rules import facts as report_facts
from reporting.yearly.rules.facts import (
    BodyFact,
    DutyFact,
    Facts,
    MeetingFact,
    ResolutionFact,
    TaskFact,
    TermFact,
    TransitionFact,
)


def an_item(number: str, title: str, **more: Any) -> Item:
    """A TOP; what is not named is empty."""
    empty: dict[str, Any] = {
        "level": 1, "text": "", "outcome": "", "guests": (), "resolutions": (), "tasks": (),
    }  # fmt: skip
    return Item(number, title, **empty | more)


def a_line(item: Item, **more: Any) -> dict[str, Any]:
    """A TOP as a round of invitations freezes it."""
    return {"number": item.number, "title": item.title, "level": item.level, "note": "", "late": False} | more


SENDER = OfficeLetterhead(
    "Wetteraukreis",
    "Kreisausschuss des Wetteraukreises",
    "Geschäftsführung der Kooperationskonferenz",
    ("Europaplatz", "61169 Friedberg/Hessen"),
)
COUNTY = Delegation(
    "Wetteraukreis",
    (
        AttendanceLine("Brandt, Almut", "Leitung Fachbereich Jugend und Soziales", "anwesend"),
        AttendanceLine("Özdemir, Cem-Luca", "Leitung Fachdienst Soziale Hilfen", "anwesend"),
        AttendanceLine(
            "Große-Wilde, Hannah", "Leitung Fachdienst Beratung und Förderung", "vertreten durch Jost, Timo"
        ),
        AttendanceLine("Jost, Timo", "Fachdienst Beratung und Förderung", "anwesend als Vertretung"),
        AttendanceLine("Lindenthal, Ruth", "Sozial- und Jugendhilfeplanung", "anwesend"),
    ),
)
LWV = Delegation(
    "LWV Hessen",
    (
        AttendanceLine("Keßler, Bernd", "Teamleitung 205.1 – Einzelfallhilfe", "anwesend, per Video, ab 10:15 Uhr"),
        AttendanceLine(
            "Młynarz, Ewa",
            "Teamleitung 205.6 – Fachdienst zur Bedarfsermittlung und Teilhabeplanung",
            "anwesend, per Video",
        ),
        AttendanceLine("Thiele, Jonas", "Sozialplanung Regionalteam 205.0", "entschuldigt"),
        AttendanceLine("Vogt, Karin", "Sozialplanung Regionalteam 205.0", "anwesend als Vertretung"),
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
    an_item(
        "1",
        "Begrüßung, Feststellungen",
        text="Die Leitung eröffnet die Sitzung. Die Tagesordnung wird ohne Änderung angenommen.",
        outcome="Kenntnisnahme",
    ),
    an_item(
        "2",
        "Genehmigung des Protokolls der letzten Sitzung",
        text="Zum Protokoll KoK-06440-2026-02/P liegen keine Einwendungen vor.",
        outcome="Beschluss",
        resolutions=(Decision("B-2027-01", "Das Protokoll KoK-06440-2026-02/P wird genehmigt."),),
    ),
    an_item(
        "3",
        "Aufgabenkontrolle",
        text="Von fünf offenen Aufgaben sind vier erledigt. Die Aufgabe A-2026-011 wird bis zum Herbst verlängert.",
        outcome="Kenntnisnahme",
    ),
    an_item(
        "4",
        "Mitwirkung: Rückmeldungen aus den Gremien nach Anlage 2",
        text="Der Beirat wünscht Protokolle in Leichter Sprache. Er regt eine Veranstaltung für Werkstatträte und"
        " Bewohnerbeiräte an.",
        outcome="Auftrag",
        guests=("Albrecht, Sonja (EUTB Wetterau)",),
        tasks=(
            AgreedTask(
                "A-2027-001",
                "Vorschlag für Protokollauszüge in Leichter Sprache vorlegen",
                "Sozial- und Jugendhilfeplanung, Wetteraukreis",
                date(2027, 8, 31),
                "4",
            ),
        ),
    ),
    an_item("5", "Steuerung, Konzepte, Austausch mit Leistungserbringern", text=LONG, outcome="Information"),
    an_item("6", "Planung", text="Beide Partner berichten über neue Vorhaben.", outcome="Information"),
    an_item(
        "6.1",
        "Planung des Wetteraukreises",
        level=2,
        text=LONG,
        outcome="Kenntnisnahme",
    ),
    an_item(
        "6.2",
        "Planung des LWV Hessen, mit Einrichtungen nach Punkt 8e",
        level=2,
        text="Der LWV Hessen stellt die Standortplanung für besondere Wohnformen vor. Ein Träger beabsichtigt, im"
        " Raum Nidda 24 Plätze zu schaffen.",
        outcome="Vertagung",
        resolutions=(
            Decision(
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
            AgreedTask(
                "A-2027-002",
                "Bedarfszahlen für den Raum Nidda gemeinsam aufbereiten und vor der Herbstsitzung versenden",
                "Teamleitung 205.6, LWV Hessen, mit Fachdienst Soziale Hilfen, Wetteraukreis",
                date(2027, 9, 15),
                "6.2",
            ),
        ),
    ),
    an_item(
        "7",
        "Übergänge: Stand der Regelungen nach Punkt 8a, Zahlen nach Punkt 8b",
        text="Die Meldung nach Punkt 8b für das Jahr 2028 liegt dem LWV Hessen seit dem 28.04.2027 vor. Sie umfasst"
        " 14 voraussichtliche Schulabgänge.",
        outcome="Kenntnisnahme",
    ),
    an_item(
        "8",
        "Daten nach Punkt 8c, 8d und 9",
        text="Die Zahlen zum Stichtag 31.12.2026 sind ausgetauscht.",
        outcome="Kenntnisnahme",
    ),
    an_item(
        "9",
        "Qualitätszirkel und Fachtage",
        text="Für 2028 ist ein gemeinsamer Fachtag zur Unterstützten Kommunikation vorgesehen.",
        outcome="Auftrag",
        tasks=(
            AgreedTask(
                "A-2027-003",
                "Raum, Termin und Kosten des Fachtags klären",
                "Fachdienst Beratung und Förderung, Wetteraukreis",
                date(2027, 10, 29),
                "9",
            ),
        ),
    ),
    an_item(
        "10", "Änderungsbedarf nach Punkt 11, Anlagen", text="Es besteht kein Änderungsbedarf.", outcome="Kenntnisnahme"
    ),
    an_item(
        "11", "Termine, Geschäftsführung", text="Die Termine stehen am Ende dieses Protokolls.", outcome="Information"
    ),
    an_item("12", "Verschiedenes", text="Keine Wortmeldungen."),
)
DRAFT = MinutesDocument(
    body="Kooperationskonferenz Wetteraukreis",
    number="KoK-06440-2027-01",
    version=1,
    is_approved=False,
    drafted_on=date(2027, 5, 18),
    held_on=date(2027, 5, 11),
    starts_at=time(10, 0),
    ends_at=time(12, 30),
    place="Kreishaus Friedberg, Europaplatz, Raum 101",
    chair="Leitung Fachbereich Jugend und Soziales, Wetteraukreis",
    keeper="Sozial- und Jugendhilfeplanung, Wetteraukreis",
    convened="Die Einladung ging am 20.04.2027 und damit fristgerecht an alle Mitglieder.",
    quorum="Die Konferenz ist beschlussfähig. Beide Partner sind vertreten.",
    delegations=(COUNTY, LWV),
    guests=(Guest("Albrecht, Sonja", "EUTB Wetterau", "4"),),
    items=ITEMS,
    approvals=(
        Approval("Wetteraukreis", "Brandt, Almut", "Leitung Fachbereich Jugend und Soziales", date(2027, 5, 20)),
        Approval("LWV Hessen", "", "", None),
    ),
    distribution="Mitglieder nach Anlage 1, Vorsitz der Gremien nach Anlage 2, Verwaltungsausschuss des LWV Hessen",
)
APPROVED = replace(
    DRAFT,
    is_approved=True,
    approvals=(
        DRAFT.approvals[0],
        Approval("LWV Hessen", "Keßler, Bernd", "Teamleitung 205.1", date(2027, 5, 27)),
    ),
)
AGENDA = Agenda(
    body="Kooperationskonferenz Wetteraukreis",
    number="KoK-06440-2027-01",
    round=2,
    sent_on=date(2027, 4, 20),
    held_on=date(2027, 5, 11),
    starts_at=datetime(2027, 5, 11, 10, 0, tzinfo=BERLIN),
    ends_at=datetime(2027, 5, 11, 12, 30, tzinfo=BERLIN),
    place="Kreishaus Friedberg, Europaplatz, Raum 101",
    link="https://video.example.org/kok",
    convened_by="Wetteraukreis",
    chair="Leitung Fachbereich Jugend und Soziales, Wetteraukreis",
    answer_by=date(2027, 5, 4),
    reply_url="https://kok.example.org/wetteraukreis/gremien/kok/sitzungen/17/",
    items=[
        *(a_line(item) for item in ITEMS[:3]),
        a_line(ITEMS[3], note="Es berichtet der Psychosoziale Beirat.\nDie Unterlagen folgen."),
        *(a_line(item) for item in ITEMS[4:]),
        a_line(an_item("13", "Fahrdienste im Landkreis"), late=True),
    ],
    tasks=[
        ActionItem(number="A-2026-011", what="Fahrdienste erheben", who="Sozialplanung", due_on=date(2027, 4, 30)),
        ActionItem(number="A-2026-014", what="Ansprechstelle benennen", who="Fachdienst Soziale Hilfen"),
    ],
    urgency="",
    changes="Neu ist der Raum. Tag und Uhrzeit bleiben.",
)


def minutes_html(minutes: MinutesDocument = DRAFT, sender: OfficeLetterhead = SENDER) -> str:
    return render_to_string("pdf/minutes.html", {"minutes": minutes, "sender": sender})


def agenda_html(agenda: Agenda = AGENDA, sender: OfficeLetterhead = SENDER) -> str:
    return render_to_string("pdf/agenda.html", {"agenda": agenda, "sender": sender})


def figures_html(exactness: Exactness = Exactness.ROUNDED, kind: SeriesKind = SeriesKind.LINES) -> str:
    """A sheet of figures."""
    return figures_sheet.html(
        _series(exactness, kind), region="Wetteraukreis", conference="Wetteraukreis", today=date(2027, 4, 15)
    )


def _series(exactness: Exactness = Exactness.ROUNDED, kind: SeriesKind = SeriesKind.LINES) -> Series:
    """Four years, three groups or parts, two breaks, a correction, a number that is not told."""
    years = tuple(
        Year(
            2022 + place, date(2022 + place, 12, 31), int(place == 3), (*map(_told, numbers), last), f"Zensus {census}"
        )
        for place, (numbers, last, census) in enumerate(
            (
                ((11.1, 11), Shown(Decimal("11.8")), 2011),
                ((11.4, 11.3), Shown(Decimal(12)), 2022),
                ((12, 11.8), Shown(Decimal("12.7")), 2022),
                ((12.2, 12), WITHHELD, 2022),
            )
        )
    )
    names = ("Wetteraukreis", "Regierungsbezirk Darmstadt", "Hessen")
    return Series(
        "i02", "Leistungsberechtigte je 1.000 ab 18 Jahren", "PER_1000", kind, "06440",
        tuple(SeriesColumn(name, name) for name in names), years, exactness,
        tuple(breaks_of("06440", years, is_density=True)), (("Altersgruppe", "18 bis 20 Jahre"),),
    )  # fmt: skip


def _told(number: float) -> Shown:
    return Shown(Decimal(str(number)))


def report_html() -> str:
    """A Jahresbericht with something in every part, in a running year."""
    day = date(2026, 4, 20)
    facts = Facts(
        year=2026, as_of=date(2026, 11, 23), region="Wetteraukreis", body="Kooperationskonferenz",
        sender=report_facts.ReportSender(
            name=SENDER.name, represented_by=SENDER.represented_by, office=SENDER.office, address=SENDER.address
        ),
        in_force_on=date(2022, 3, 1), introduced_on=date(2025, 1, 1), minimum=2,
        meetings=(
            MeetingFact(
                number="KoK 1/2026", meets_on=day, state="abgeschlossen", is_held=True, is_cancelled=False,
                is_quorate=True, guests=2, minutes="genehmigt",
            ),
        ),
        terms=(
            TermFact(
                partner="Wetteraukreis", starts_on=date(2026, 3, 1), last_day=date(2028, 2, 29), begins_in_year=True
            ),
        ),
        resolutions=(ResolutionFact(body="KoK", number="B-2026-01", decided_on=day, text=LONG),),
        tasks=(TaskFact(body="KoK", number="A-2026-01", what=LONG, partner="LWV Hessen", due_on=date(2026, 6, 1)),),
        tasks_closed=1,
        bodies=(BodyFact(name="Psychiatriebeirat", met_on=(day,), informed_on=()),),
        feedback_on=(day,), not_approved_on=(date(2026, 11, 2),),
        duties=(
            DutyFact(
                clause="8d", title="Bericht über die Leistungen der Eingliederungshilfe", who="LWV Hessen",
                nominal_on=date(2026, 4, 30), effective_on=date(2026, 4, 30), fulfilled_on=None,
                state=OccurrenceState.OVERDUE, word="überfällig", tone="danger", is_nil=False,
            ),
        ),
        transitions=(
            TransitionFact(
                year=2026, sender="Wetteraukreis", due_on=date(2026, 4, 30), released_on=date(2026, 4, 28)
            ),
        ),
        figures=(_series(),), not_delivered=("Assistenz im Ehrenamt",),
    )  # fmt: skip
    return yearly_report.html(
        yearly_report.report_of_facts(facts, version=2, made_at=datetime(2026, 11, 23, tzinfo=BERLIN))
    )
