"""What a changed file may change in an agreement that is loaded already: what comes, never what was."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kok import words
from kok.errors import Refused, require
from members.rules.agreement import AgreementFile
from members.rules.codes import BodyKind
from members.rules.wording import WordingChange, is_printed


@dataclass(frozen=True)
class FixedFacts:
    """What is `fixed`, by its key path in the file, and of each body its kind, its number_prefix and its operator.

    Seats are missing on purpose: after loading the partners maintain them.
    """

    fixed: Mapping[str, object]
    bodies: Mapping[str, tuple[str, str, str | None]]


def facts_in(file: AgreementFile) -> FixedFacts:
    """What past meetings, numbers and terms rest on, and therefore stays as it was first loaded."""
    fixed = {
        "agreement.number": file.agreement.number,
        "agreement.region": file.agreement.region,
        "agreement.signed_on": file.agreement.signed_on,
        "agreement.in_force_on": file.agreement.in_force_on,
        "rotation.years": file.rotation.years,
        "rotation.anchor_on": file.rotation.anchor_on,
        "partner": tuple((partner.slug, str(partner.kind)) for partner in file.partners),
    }
    return FixedFacts(fixed, {body.slug: (str(body.kind), body.number_prefix, body.operator) for body in file.bodies})


def check_amendment(before: FixedFacts, after: FixedFacts) -> None:
    """Raises Refused when the new file would rewrite what every version rests on."""
    problems = [*_changed(before.fixed, after.fixed), *_bodies(before, after)]
    require(not problems, "Die Datei würde ändern, was schon gilt. Es wurde nichts geändert.\n" + "\n".join(problems))


def _changed(before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[str]:
    for path in sorted(before):
        if before[path] != after[path]:
            yield f"{path}: Diese Angabe steht fest, seit die Vereinbarung geladen ist. Bisher: {_said(before[path])}."


def _bodies(before: FixedFacts, after: FixedFacts) -> Iterator[str]:
    for slug, kept in before.bodies.items():
        if kept[0] == BodyKind.CONFERENCE and slug not in after.bodies:
            yield f"body: Die Kooperationskonferenz behält ihren Kurznamen „{slug}“; anders heißen darf sie."
        if after.bodies.get(slug, kept) != kept:
            yield f"body: Beim Gremium „{slug}“ stehen kind, number_prefix und operator fest."


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(slug for slug, _ in value)
    return f"„{value}“" if isinstance(value, str) else str(value)


def check_begins(path: str, what: str, starts_on: date | None, begun: Sequence[date], in_force_on: date) -> None:
    """Whether a version that says something new may begin on a day. `begun` are the first days of those before.

    The first one begins with the agreement, a later one after all others: what held on a day that is known already
    stays. Raises Refused with the key path.
    """
    if begun:
        require(
            (starts_on or date.min) > begun[-1],
            f"{path}: {what} sagt etwas anderes als die Fassung vom {words.day(begun[-1])}. Diese bleibt, wie sie ist. "
            "Tragen Sie hier den Tag ein, ab dem die neue Fassung gilt; er liegt nach dem "
            f"{words.day(begun[-1])}. Es wurde nichts geändert.",
        )
    else:
        require(
            starts_on in (None, in_force_on),
            f"{path}: {what} ist noch nicht geladen. Laden Sie zuerst die Fassung, die mit der Vereinbarung am "
            f"{words.day(in_force_on)} begann. Es wurde nichts geändert.",
        )


def check_signed(path: str, signed_on: date | None, today: date) -> None:
    """The page states it as a fact. Raises Refused with the key path for a day that has not come."""
    if signed_on and signed_on > today:
        raise Refused(
            f"{path}: Am {words.day(signed_on)} ist noch nichts unterzeichnet, der Tag liegt in der Zukunft. Laden Sie "
            "die Datei nach der Unterzeichnung, oder lassen Sie den Tag weg. Es wurde nichts geändert."
        )


def check_reason(path: str, what: str, reason: str) -> None:
    """Whether a version after the first says why there is one: readers of the page ask. Raises Refused."""
    require(
        reason,
        f"{path}: Zu einer neuen Fassung gehört ihr Anlass ({what}). Tragen Sie ihn hier in einem Satz ein, zum "
        "Beispiel „Beschluss der Kooperationskonferenz vom 05.10.2026“. Es wurde nichts geändert.",
    )


def check_same(path: str, said: Mapping[str, date | str | None], stored: Mapping[str, date | str | None]) -> None:
    """Whether a version that is stored already is told of as it is stored: its days and its reason.

    What the file leaves out is not compared. Raises Refused with the key path.
    """
    for name, value in said.items():
        if value and value != stored[name]:
            told, kept = map(_quoted, (value, stored[name]))
            raise Refused(
                f"{path}.{name}: In der Datei steht {told}. Der Wortlaut ist schon gespeichert, und dort steht {kept}. "
                "Was gespeichert ist, bleibt. Berichtigen Sie die Datei. Es wurde nichts geändert."
            )


def check_text(filename: str, changes: Sequence[WordingChange]) -> None:
    """Whether the text beside a new version, which is that of one before, can be its text: no word of it changed.

    Raises Refused with the places whose words are other ones.
    """
    places = [change.place for change in changes if is_printed(change.place)]
    require(
        not places,
        f"{filename}: Der Wortlaut als Text ist noch der einer früheren Fassung. In der neuen Fassung steht "
        f"anderes: {'; '.join(places)}. Legen Sie den Text der neuen Fassung neben die Datei, oder nehmen Sie den "
        "alten weg. Es wurde nichts geändert.",
    )


def _quoted(value: date | str | None) -> str:
    if value is None:
        return "nichts"
    return words.day(value) if isinstance(value, date) else f"„{value}“"
