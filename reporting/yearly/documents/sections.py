"""What each part of the Jahresbericht says, in words made of its facts and of nothing else."""

from collections.abc import Iterable
from datetime import date

from kok.articles import aus
from kok.words import day, weekday
from reporting.yearly.documents.blocks import Block, Cell, Head, Points, Quotes, Words, table
from reporting.yearly.rules.facts import DutyFact, Facts, MeetingFact, duties_sentence, in_words, meetings_sentence


def meetings(facts: Facts) -> tuple[Block, ...]:
    """Every meeting of the KoK, and whether the year had enough of them."""
    if not facts.meetings:
        return (Words(meetings_sentence(facts)),)
    heads = (Head("Tag", "day"), Head("Sitzung", "code"), Head("Stand"), Head("Gäste", "num"), Head("Protokoll"))
    rows = [
        (
            weekday(each.meets_on),
            each.number or "ohne Nummer",
            _meeting_state(each),
            str(each.guests) if each.is_held else "–",
            each.minutes or "–",
        )
        for each in facts.meetings
    ]
    return (Words(meetings_sentence(facts)), table(f"Sitzungen im Jahr {facts.year}", heads, rows))


def _meeting_state(each: MeetingFact) -> Cell:
    if each.is_held:
        return Cell("beschlussfähig", "", "success") if each.is_quorate else Cell("nicht beschlussfähig", "", "warning")
    return Cell(each.state, "", "warning" if each.is_cancelled else "neutral")


def secretariat(facts: Facts) -> tuple[Block, ...]:
    """Who held it, and whether it changed."""
    if not facts.terms:
        return ()
    changes = [each for each in facts.terms if each.begins_in_year]
    said = [f"Die Geschäftsführung wechselte am {day(each.starts_on)} zum Partner {each.partner}." for each in changes]
    rows = [(each.partner, day(each.starts_on), day(each.last_day)) for each in facts.terms]
    return (
        Words(" ".join(said) or f"Die Geschäftsführung wechselte {facts.year} nicht."),
        table("Partner in der Geschäftsführung", (Head("Partner"), Head("von", "day"), Head("bis", "day")), rows),
    )


def resolutions(facts: Facts) -> tuple[Block, ...]:
    """Word by word, from approved minutes only."""
    if not facts.resolutions:
        return (Words(f"Aus dem Jahr {facts.year} gibt es keinen Beschluss aus einem genehmigten Protokoll."),)
    quotes = tuple(
        (f"Beschluss {each.number}, {each.body}, {day(each.decided_on)}", each.text) for each in facts.resolutions
    )
    return (Words("Die Partner haben im Einvernehmen beschlossen:"), Quotes(quotes))


def tasks(facts: Facts) -> tuple[Block, ...]:
    """What is left to do on the day of the report."""
    closed = f"{facts.year} {_were(facts.tasks_closed)} abgeschlossen."
    if not facts.tasks:
        return (Words(f"Am {day(facts.as_of)} war keine Aufgabe offen. {closed}"),)
    heads = (Head("Aufgabe"), Head("Was", "wide"), Head("Wer"), Head("Bis", "day"))
    rows = [(Cell(each.number, each.body), each.what, each.partner, _until(each.due_on, facts)) for each in facts.tasks]
    return (Words(closed), table(f"Offene Aufgaben am {day(facts.as_of)}", heads, rows))


def _until(due_on: date | None, facts: Facts) -> Cell:
    if due_on is None:
        return Cell("ohne Termin")
    return Cell(day(due_on), "überfällig" if due_on < facts.as_of else "")


def _were(count: int) -> str:
    return f"wurde {in_words(count)} Aufgabe" if count == 1 else f"wurden {in_words(count)} Aufgaben"


def participation(facts: Facts) -> tuple[Block, ...]:
    """When the bodies met, when they were reported to, and when the KoK talked about what they said (Punkt 3)."""
    said = f"Rückmeldungen aus den Gremien standen auf keiner Tagesordnung ({facts.body})."
    if facts.feedback_on:
        said = (
            f"Rückmeldungen aus den Gremien standen auf der Tagesordnung ({facts.body}) am {_days(facts.feedback_on)}."
        )
    if not facts.bodies:
        return (Words(said),)
    heads = (Head("Gremium", "wide"), Head("Sitzungen"), Head(f"Bericht {aus(facts.body)}"))
    rows = [(each.name, _days(each.met_on), _days(each.informed_on)) for each in facts.bodies]
    return (Words(said), table(f"Gremien im Jahr {facts.year}", heads, rows))


def _days(days: Iterable[date]) -> str:
    return ", ".join(map(day, days)) or "–"


def duties(facts: Facts) -> tuple[Block, ...]:
    """Every deadline of the agreement that fell into the year."""
    if not facts.duties:
        return (Words(duties_sentence(facts.duties)),)
    heads = (Head("Pflicht", "wide"), Head("Wer"), Head("Frist", "day"), Head("Stand"))
    rows = [(f"Punkt {each.clause}: {each.title}", each.who, _deadline(each), _state(each)) for each in facts.duties]
    return (Words(duties_sentence(facts.duties)), table(f"Fristen im Jahr {facts.year}", heads, rows))


def _deadline(duty: DutyFact) -> Cell:
    moved = duty.nominal_on != duty.effective_on
    return Cell(weekday(duty.nominal_on), f"wirksam bis {weekday(duty.effective_on)}" if moved else "")


def _state(duty: DutyFact) -> Cell:
    said = [f"am {day(duty.fulfilled_on)}"] if duty.fulfilled_on else []
    return Cell(duty.word, ", ".join([*said, *(["Nullmeldung"] if duty.is_nil else [])]), duty.tone)


def transitions(facts: Facts) -> tuple[Block, ...]:
    """Which lists of 8b there are; how many people they name is for members of the conference and the case units."""
    if not facts.transitions:
        return ()
    heads = (Head("Liste", "wide"), Head("Frist", "day"), Head("Freigabe", "day"))
    rows: list[tuple[Cell | str, ...]] = [
        (
            Cell(f"Liste {each.year}", f"Schulabgänge {each.year + 1}, {each.sender}"),
            day(each.due_on),
            day(each.released_on) if each.released_on else "nicht freigegeben",
        )
        for each in facts.transitions
    ]
    return (
        Words(
            "Der örtliche Träger benennt dem LWV Hessen jedes Jahr die jungen Menschen, die im folgenden Jahr die "
            "Schule beenden (Punkt 8b). Wie viele es sind, steht hier nicht: Der Bericht geht auch an Gremien und "
            "Gäste. Mitglieder finden die Zahlen unter „Übergänge“."
        ),
        table("Übergangslisten", heads, rows),
    )


def limits(facts: Facts) -> tuple[Block, ...]:
    """What a reader could miss or expect here."""
    return (Points(tuple(_limits(facts))),)


def _limits(facts: Facts) -> Iterable[str]:
    if facts.is_running:
        yield f"Das Jahr {facts.year} lief noch, als der Bericht entstand. Er zeigt den Stand vom {day(facts.as_of)}."
    if facts.not_approved_on:
        yield (
            f"Was am {_days(facts.not_approved_on)} beschlossen und beauftragt wurde, fehlt: Das Protokoll war am "
            f"{day(facts.as_of)} noch nicht genehmigt."
        )
    if facts.year <= facts.introduced_on.year:
        yield (
            f"Diese Anwendung wird seit dem {day(facts.introduced_on)} benutzt. Was vorher geschah, steht hier nur, "
            "soweit es nachgetragen ist."
        )
    yield "Personen sind nicht genannt, weder Teilnehmende noch Menschen mit Behinderungen. Einzelfälle fehlen ganz."
    yield "Sitzungen und Veranstaltungen, die nicht in dieser Anwendung geführt werden, fehlen."
    if facts.figures and facts.not_delivered:
        yield f"Ohne Zahl, weil nicht geliefert oder nicht genannt: {'; '.join(facts.not_delivered)}."
    if not facts.figures:
        yield "Zahlen, die nach der Vereinbarung mitzuteilen sind, lagen nicht vor."
    if not facts.transitions:
        yield "Eine Übergangsliste nach Punkt 8b war hier nicht freigegeben."
    yield "Spätere Berichtigungen stehen nur in einer neuen Fassung. Diese Fassung bleibt, wie sie ist."
