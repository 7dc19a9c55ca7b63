"""What each part of the Jahresbericht says, in words made of its facts and of nothing else."""

from collections.abc import Iterable
from datetime import date

from kok.articles import aus
from kok.words import day, plural, said, spelled, weekday
from reporting.yearly.documents.blocks import Block, Head, Paragraph, Points, Quotes, TableCell, table
from reporting.yearly.rules.facts import (
    DutyFact,
    Facts,
    MeetingFact,
    TransitionFact,
    duties_sentence,
    meetings_sentence,
)

NOTHING = "–"
NO_NAMES = "Personen sind nicht genannt, weder Teilnehmende noch Menschen mit Behinderungen. Einzelfälle fehlen ganz."


def meetings(facts: Facts) -> tuple[Block, ...]:
    """Every meeting of the KoK, and whether the year had enough of them."""
    heads = (Head("Tag", "day"), Head("Sitzung", "code"), Head("Stand"), Head("Gäste", "num"), Head("Protokoll"))
    rows = map(_meeting, facts.meetings)
    return (Paragraph(meetings_sentence(facts)), *table(f"Sitzungen im Jahr {facts.year}", heads, rows))


def _meeting(each: MeetingFact) -> tuple[TableCell | str, ...]:
    guests = str(each.guests) if each.is_held else NOTHING
    return weekday(each.meets_on), each.number or "ohne Nummer", _meeting_state(each), guests, each.minutes or NOTHING


def _meeting_state(each: MeetingFact) -> TableCell:
    if each.is_held:
        return QUORATE[each.is_quorate]
    return TableCell(each.state, tone="warning" if each.is_cancelled else "neutral")


QUORATE = {
    True: TableCell("beschlussfähig", tone="success"),
    False: TableCell("nicht beschlussfähig", tone="warning"),
}


def secretariat(facts: Facts) -> tuple[Block, ...]:
    """Who held it, and whether it changed."""
    if not facts.terms:
        return ()
    begun = [each for each in facts.terms if each.begins_in_year]
    told = [f"Die Geschäftsführung wechselte am {day(each.starts_on)} zum Partner {each.partner}." for each in begun]
    rows = [(each.partner, day(each.starts_on), day(each.last_day)) for each in facts.terms]
    return (
        Paragraph(" ".join(told) or f"Die Geschäftsführung wechselte {facts.year} nicht."),
        *table("Partner in der Geschäftsführung", (Head("Partner"), Head("von", "day"), Head("bis", "day")), rows),
    )


def resolutions(facts: Facts) -> tuple[Block, ...]:
    """Word by word, from approved minutes only."""
    if not facts.resolutions:
        return (Paragraph(f"Aus dem Jahr {facts.year} gibt es keinen Beschluss aus einem genehmigten Protokoll."),)
    quotes = tuple(
        (f"Beschluss {each.number}, {each.body}, {day(each.decided_on)}", each.text) for each in facts.resolutions
    )
    return (Paragraph("Die Partner haben im Einvernehmen beschlossen:"), Quotes(quotes))


def tasks(facts: Facts) -> tuple[Block, ...]:
    """What is left to do on the day of the report."""
    number = spelled(facts.tasks_closed)
    were = plural(facts.tasks_closed, f"wurde {number} Aufgabe", f"wurden {number} Aufgaben")
    nothing = f"Am {day(facts.as_of)} war keine Aufgabe offen."
    told = [*said((not facts.tasks, nothing)), f"{facts.year} {were} abgeschlossen."]
    heads = (Head("Aufgabe"), Head("Was", "wide"), Head("Wer"), Head("Bis", "day"))
    rows = [
        (TableCell(each.number, each.body), each.what, each.partner, _until(each.due_on, facts)) for each in facts.tasks
    ]
    return (Paragraph(" ".join(told)), *table(f"Offene Aufgaben am {day(facts.as_of)}", heads, rows))


def _until(due_on: date | None, facts: Facts) -> TableCell:
    if due_on is None:
        return TableCell("ohne Termin")
    return TableCell(day(due_on), "überfällig" if due_on < facts.as_of else "")


def participation(facts: Facts) -> tuple[Block, ...]:
    """When the bodies met, when they were reported to, and when the KoK talked about what they said (Punkt 3)."""
    stood = f"auf der Tagesordnung ({facts.body}) am {_days(facts.feedback_on)}"
    where = stood if facts.feedback_on else f"auf keiner Tagesordnung ({facts.body})"
    heads = (Head("Gremium", "wide"), Head("Sitzungen"), Head(f"Bericht {aus(facts.body)}"))
    rows = [(each.name, _days(each.met_on), _days(each.informed_on)) for each in facts.bodies]
    words = Paragraph(f"Rückmeldungen aus den Gremien standen {where}.")
    return (words, *table(f"Gremien im Jahr {facts.year}", heads, rows))


def _days(days: Iterable[date]) -> str:
    return ", ".join(map(day, days)) or NOTHING


def duties(facts: Facts) -> tuple[Block, ...]:
    """Every deadline of the agreement that fell into the year."""
    heads = (Head("Pflicht", "wide"), Head("Wer"), Head("Frist", "day"), Head("Stand"))
    rows = [(f"Punkt {each.clause}: {each.title}", each.who, _deadline(each), _state(each)) for each in facts.duties]
    return (Paragraph(duties_sentence(facts.duties)), *table(f"Fristen im Jahr {facts.year}", heads, rows))


def _deadline(duty: DutyFact) -> TableCell:
    moved = duty.nominal_on != duty.effective_on
    return TableCell(weekday(duty.nominal_on), f"wirksam bis {weekday(duty.effective_on)}" if moved else "")


def _state(duty: DutyFact) -> TableCell:
    told = said((duty.fulfilled_on, f"am {day(duty.fulfilled_on)}"), (duty.is_nil, "Nullmeldung"))
    return TableCell(duty.word, ", ".join(told), duty.tone)


def transitions(facts: Facts) -> tuple[Block, ...]:
    """Which lists of 8b there are; how many people they name is for members of the conference and the case units."""
    if not facts.transitions:
        return ()
    heads = (Head("Liste", "wide"), Head("Frist", "day"), Head("Freigabe", "day"))
    return (Paragraph(LISTS), *table("Übergangslisten", heads, map(_list, facts.transitions)))


LISTS = (
    "Der örtliche Träger benennt dem LWV Hessen jedes Jahr die jungen Menschen, die im folgenden Jahr die Schule "
    "beenden (Punkt 8b). Wie viele es sind, steht hier nicht: Der Bericht geht auch an Gremien und Gäste. Mitglieder "
    "finden die Zahlen unter „Übergänge“."
)


def _list(each: TransitionFact) -> tuple[TableCell | str, ...]:
    name = TableCell(f"Liste {each.year}", f"Schulabgänge {each.year + 1}, {each.sender}")
    return name, day(each.due_on), day(each.released_on) or "nicht freigegeben"


def limits(facts: Facts) -> tuple[Block, ...]:
    """What a reader could miss or expect here."""
    as_of, year = day(facts.as_of), facts.year
    running = f"Das Jahr {year} lief noch, als der Bericht entstand. Er zeigt den Stand vom {as_of}."
    not_approved = (
        f"Was am {_days(facts.not_approved_on)} beschlossen und beauftragt wurde, fehlt: Das Protokoll war am {as_of} "
        "noch nicht genehmigt."
    )
    introduced = (
        f"Diese Anwendung wird seit dem {day(facts.introduced_on)} benutzt. Was vorher geschah, steht hier nur, soweit "
        "es nachgetragen ist."
    )
    missing = f"Ohne Zahl, weil nicht geliefert oder nicht genannt: {'; '.join(facts.not_delivered)}."
    told = said(
        (facts.is_running, running),
        (facts.not_approved_on, not_approved),
        (year <= facts.introduced_on.year, introduced),
        (True, NO_NAMES),
        (True, "Sitzungen und Veranstaltungen, die nicht in dieser Anwendung geführt werden, fehlen."),
        (facts.figures and facts.not_delivered, missing),
        (not facts.figures, "Zahlen, die nach der Vereinbarung mitzuteilen sind, lagen nicht vor."),
        (not facts.transitions, "Eine Übergangsliste nach Punkt 8b war hier nicht freigegeben."),
        (True, "Spätere Berichtigungen stehen nur in einer neuen Fassung. Diese Fassung bleibt, wie sie ist."),
    )
    return (Points(tuple(told)),)
