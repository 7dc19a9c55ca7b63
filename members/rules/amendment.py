"""What a changed file may change in an agreement that is loaded already: wording and details, never history."""

from collections.abc import Iterator, Mapping
from typing import Any

from kok.errors import Refused
from members.rules.agreement import AgreementFile

# Key path in the file -> value. Seats are missing on purpose: after loading the partners maintain them.
Facts = Mapping[str, Any]


def facts_in(file: AgreementFile) -> Facts:
    """What past meetings, numbers and terms rest on, and therefore stays as it was first loaded."""
    return {
        "agreement.number": file.agreement.number,
        "agreement.kgs": file.agreement.kgs,
        "agreement.signed_on": file.agreement.signed_on,
        "agreement.in_force_on": file.agreement.in_force_on,
        "rotation.years": file.rotation.years,
        "rotation.anchor_on": file.rotation.anchor_on,
        "partner": tuple((partner.slug, str(partner.kind)) for partner in file.partners),
        "body": {body.slug: (str(body.kind), body.number_prefix, body.operator) for body in file.bodies},
        "obligation": frozenset(obligation.code for obligation in file.obligations),
    }


def check_amendment(before: Facts, after: Facts) -> None:
    """Raises Refused when the new file would rewrite the past. New bodies and obligations may come, none may go."""
    problems = [*_changed(before, after), *_bodies(before["body"], after["body"])]
    problems += [
        f"obligation: Die Pflicht {code} fehlt. Soll sie enden, tragen Sie last_year ein."
        for code in sorted(before["obligation"] - after["obligation"])
    ]
    if problems:
        raise Refused("Die Datei würde ändern, was schon gilt. Es wurde nichts geändert.\n" + "\n".join(problems))


def _changed(before: Facts, after: Facts) -> Iterator[str]:
    for path in sorted(before.keys() - {"body", "obligation"}):
        if before[path] != after[path]:
            yield f"{path}: Diese Angabe steht fest, seit die Vereinbarung geladen ist. Bisher: {_said(before[path])}."


def _bodies(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for slug, kept in before.items():
        if slug not in after:
            yield f"body: Das Gremium „{slug}“ fehlt. Lassen Sie es stehen, auch wenn es nicht mehr besteht."
        elif after[slug] != kept:
            yield f"body: Beim Gremium „{slug}“ stehen kind, number_prefix und operator fest."


def _said(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(slug for slug, _ in value)
    return f"„{value}“" if isinstance(value, str) else str(value)
