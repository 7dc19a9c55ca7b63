"""The minutes (Protokoll): when they are due, what they must hold, who approves them (Punkt 5; domain.md 7).

All partners answer for the text: one writes and circulates it, all approve it, then nobody changes it any more.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, starmap

from kok.errors import first_problem, refuse, require
from kok.workdays import Policy, due
from meetings.record.rules.codes import MinutesState, ResultKind


def circulation_due_on(meets_on: date, days: int, extra_holidays: Iterable[date] = ()) -> date:
    """Until when the minutes are circulated, moved forward to a workday (7.3; the KoK may change it by resolution).

    The day of the meeting does not count (§ 187 Abs. 1 BGB). Raises Refused outside 1991 to 2100.
    """
    return due(meets_on + timedelta(days=days), Policy.ROLL_FORWARD, extra_holidays)


@dataclass(frozen=True)
class Section:
    """What the minutes hold for one agenda item. `is_heading`: its sub-items hold the content."""

    number: str
    text: str = ""
    result: str = ""
    resolutions: int = 0
    action_items: int = 0
    is_heading: bool = False


@dataclass(frozen=True)
class Draft:
    """What is written so far."""

    chair_name: str
    taker_name: str
    attendances: int
    has_ended: bool
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Gap:
    """What is missing, as a German sentence, and the number of its item; without a number it is missing in the head."""

    sentence: str
    number: str = ""


def missing_for_circulation(draft: Draft) -> tuple[Gap, ...]:
    """What the minutes still need; empty when they can go out.

    They need chair and minute taker, the attendance, the end of the meeting, and for every item a text or a
    result (7.1, 7.2; § 93 VwVfG by analogy); a resolution or a task says enough. A result that is a resolution or a
    task needs the one or the other itself, and no other result stands beside a resolution.
    """
    head = (
        ("Tragen Sie ein, wer die Sitzung geleitet hat.", draft.chair_name.strip()),
        ("Tragen Sie ein, wer das Protokoll geschrieben hat.", draft.taker_name.strip()),
        ("Tragen Sie ein, wer teilgenommen hat.", draft.attendances),
        ("Tragen Sie ein, wann die Sitzung zu Ende war.", draft.has_ended),
    )
    in_head = ((sentence, "") for sentence, there in head if not there)
    lacking = ((section.number, _missing_in(section)) for section in draft.sections)
    in_sections = ((f"TOP {number}: {sentence}", number) for number, sentence in lacking if sentence)
    return tuple(starmap(Gap, chain(in_head, in_sections)))


def result_of(result: str, *, resolutions: int) -> str:
    """What came out of an item: what was chosen, else it follows from a resolution that is written down there."""
    return result or (ResultKind.RESOLUTION if resolutions else "")


def contradicts(result: str, *, resolutions: int) -> bool:
    """Whether an item with a resolution says that something else came out; it may be a task besides."""
    return bool(resolutions) and result not in ("", ResultKind.RESOLUTION, ResultKind.TASK)


def contradiction(result: str) -> str:
    """What is wrong with this result where a resolution stands, as a sentence that says what to do."""
    label = ResultKind(result).label if result else "noch offen"
    return (
        f"Hier steht ein Beschluss, das Ergebnis ist aber „{label}“. Wählen Sie „Beschluss“ als "
        "Ergebnis, oder streichen Sie den Beschluss."
    )


def _missing_in(section: Section) -> str:
    resolution = "Das Ergebnis ist ein Beschluss, aber sein Wortlaut fehlt."
    task = "Das Ergebnis ist ein Auftrag, aber die Aufgabe fehlt."
    outcomes = section.resolutions + section.action_items
    says_something = any((section.text.strip(), section.result, outcomes, section.is_heading))
    return first_problem(
        (section.result == ResultKind.RESOLUTION and not section.resolutions, resolution),
        (contradicts(section.result, resolutions=section.resolutions), contradiction(section.result)),
        (section.result == ResultKind.TASK and not section.action_items, task),
        (not says_something, "Schreiben Sie einen Text oder wählen Sie ein Ergebnis."),
    )


def check_circulate(state: MinutesState, draft: Draft) -> None:
    """A complete draft may be circulated. Raises Refused, with everything that is missing."""
    require(
        state == MinutesState.DRAFT,
        f"Das Protokoll ist schon {state.label}. Es wurde nichts noch einmal versandt. "
        "Laden Sie die Seite neu, um den Stand zu sehen.",
    )
    missing = missing_for_circulation(draft)
    sentences = (
        "Das Protokoll ist noch nicht vollständig und wurde nicht versandt.",
        *(gap.sentence for gap in missing),
    )
    require(not missing, " ".join(sentences))


CLOSED = {
    MinutesState.CIRCULATED: (
        "Das Protokoll ist schon versandt. Es wurde nichts geändert. Holen Sie es zuerst zur Bearbeitung zurück; "
        "dann müssen alle Partner die neue Fassung genehmigen."
    ),
    MinutesState.APPROVED: (
        "Das Protokoll ist genehmigt und bleibt, wie es ist. Es wurde nichts geändert. "
        "Setzen Sie eine Berichtigung auf die Tagesordnung der nächsten Sitzung."
    ),
}


def check_edit(state: MinutesState) -> None:
    """Only a draft can be written in. Raises Refused for circulated and approved minutes."""
    refuse(CLOSED.get(state))


def gone_words(*, is_withheld: bool) -> str:
    """Why nobody reads a version any more."""
    return "Diese Fassung ist gesperrt." if is_withheld else "Der Text dieser Fassung ist gelöscht."


def check_file(*, is_readable: bool, is_withheld: bool) -> None:
    """A text that was erased or withheld has no file any more. Raises Refused."""
    gone = gone_words(is_withheld=is_withheld)
    require(is_readable, f"{gone} Es wurde kein PDF angefordert. Lesen Sie die neueste Fassung.")


def check_reopen(state: MinutesState) -> None:
    """Circulated minutes may become a draft again, as a new version without approvals. Raises Refused."""
    draft = "Das Protokoll ist schon ein Entwurf. Es wurde nichts geändert. Sie können es bearbeiten."
    refuse({MinutesState.DRAFT: draft, MinutesState.APPROVED: CLOSED[MinutesState.APPROVED]}.get(state))


def check_approve(state: MinutesState, partner: str, all_partners: Collection[str], approved: Collection[str]) -> None:
    """A partner approves circulated minutes once (7.3; scenario 35).

    Raises Refused for a draft, for approved minutes, for a partner that has approved or is none.
    """
    require(
        state != MinutesState.DRAFT,
        "Das Protokoll ist noch ein Entwurf. Es wurde nichts genehmigt. "
        "Warten Sie, bis die Geschäftsführung es versandt hat.",
    )
    require(
        state != MinutesState.APPROVED,
        "Das Protokoll ist schon von allen Partnern genehmigt. Es ist nichts mehr zu tun.",
    )
    require(
        partner in all_partners,
        "Nur Partner der Vereinbarung genehmigen das Protokoll. Es wurde nichts genehmigt. "
        "Wenden Sie sich an die Geschäftsführung.",
    )
    require(
        partner not in approved,
        "Ihre Genehmigung ist schon eingetragen und gilt. Es ist nichts mehr zu tun, bis die übrigen Partner "
        "genehmigt haben.",
    )


def is_approved(all_partners: Collection[str], approved: Collection[str]) -> bool:
    """Whether every partner has approved; then the minutes are immutable."""
    return bool(all_partners) and set(all_partners) <= set(approved)
