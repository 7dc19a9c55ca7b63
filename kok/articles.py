"""Names of authorities and bodies in a sentence: "beim Wetteraukreis", "bei der Stadt Wetzlar", "bei Kassel".

The article follows from the name; a name that tells none stands without.
"""

import re

_MASCULINE = re.compile(r"(?:LWV|Landeswohlfahrtsverband|[\w-]*[Kk]reis)\b")
_FEMININE = re.compile(r"(?:[A-Z][\w-]*s)?[Ss]tadt |Gemeinde |[\w-]*[Kk]onferenz\b")


def der(name: str) -> str:
    """Who does something: "der Wetteraukreis"."""
    return _with(name, "der ", "die ", "")


def den(name: str) -> str:
    """Whom something goes to, behind "an": "den LWV Hessen"."""
    return _with(name, "den ", "die ", "")


def beim(name: str) -> str:
    """With whom something lies: "beim LWV Hessen"."""
    return _with(name, "beim ", "bei der ", "bei ")


def vom(name: str) -> str:
    """From whom something comes: "vom Landkreis Fulda"."""
    return _with(name, "vom ", "von der ", "von ")


def aus(name: str) -> str:
    """From where something is told: "aus der Kooperationskonferenz"."""
    return _with(name, "aus dem ", "aus der ", "aus: ")


def of(name: str) -> str:
    """Whose something is, behind it: "Geschäftsführung" + " der Kooperationskonferenz", or + ": KoK"."""
    return _with(name, ": ", " der ", ": ")


def _with(name: str, masculine: str, feminine: str, without: str) -> str:
    if _MASCULINE.match(name):
        return masculine + name
    return (feminine if _FEMININE.match(name) else without) + name
