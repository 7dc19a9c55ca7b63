"""Pure: which signs the names and addresses may hold by which people know each other.

Whoever reads a name takes it for the person, the house or the mailbox that looks like it. So names are written in Latin
letters, with accents; no letter of another script, no invisible sign and none that turns the direction stands between
them, and nothing in them becomes a link in a mail. The letters are those of DIN 91379 that have a sign of their own and
look like no other (proposal). Any other text may hold every sign that one sees.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence

_OWN_LETTERS = frozenset("ßẞæÆœŒøØłŁđĐðÐþÞıŋŊħĦəƏ")  # accents and dots apart, those a language writes beside a to z
_PERSON_SIGNS = frozenset(" .,-'’()")
_QUOTED_ONLY = frozenset(' "(),:;<>[\\]')  # RFC 5322: in an address between quotation marks or brackets only
_ORDINARY = frozenset("–—‐‑‘’‚“”„‹›…•€")
_USER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)?")
_HOST_END = r"\.(app|biz|com|de|dev|eu|example|info|io|net|online|org|shop|site|top|xyz)"
_HOST = re.compile(rf"www\..*|.*{_HOST_END}", re.IGNORECASE)
_LINK = re.compile(rf"://|\bwww\.|\w@\w|\w{_HOST_END}\b", re.IGNORECASE)
_UNSEEN = frozenset(("Cc", "Cf", "Co", "Cs", "Zl", "Zp"))
_LAST_WORD = re.compile(r"\w{1,30}(?=\W*\Z)")
_ALIKE = str.maketrans("ij10", "lllo")
_SCRIPTS = {
    "CYRILLIC": "kyrillisch",
    "GREEK": "griechisch",
    "ARMENIAN": "armenisch",
    "HEBREW": "hebräisch",
    "ARABIC": "arabisch",
    "FULLWIDTH": "in voller Breite",
    "MATHEMATICAL": "aus der Mathematik",
}

USER_NAME = (
    "Ein Benutzername beginnt mit einem Buchstaben. Danach sind die Buchstaben a bis z, Ziffern, - und _ möglich, dazu "
    "ein Punkt in der Mitte. Schreiben Sie ä als ae und ß als ss."
)
LOOKS_LIKE_A_HOST = (
    "Dieser Benutzername sieht aus wie eine Adresse im Internet. Wählen Sie einen anderen, zum Beispiel mit "
    "Bindestrich statt Punkt."
)
PLAIN_ADDRESS = (
    "Schreiben Sie die Adresse wie name@example.org, ohne Anführungszeichen, Klammern, Leerzeichen und Kommas."
)
NO_LINKS = (
    "Hier steht keine Adresse aus dem Internet und keine E-Mail-Adresse, denn in Mails würde sie zum Link. Lassen Sie "
    "sie weg, auch „://“ und „www.“."
)


def tidy(text: str) -> str:
    """The same text with each letter as one sign and single spaces, so that equal names are equal.

    Line breaks and signs that nobody sees stay, to be told.
    """
    return re.sub(r"[ \t\u00a0\u202f]+", " ", unicodedata.normalize("NFC", text)).strip()


def one_line(text: str) -> str:
    """`tidy` for what may be typed or pasted over several lines: every blank between words is one space."""
    return tidy(" ".join(text.split()))


def outline(folded: str) -> str:
    """What two names have in common that are taken for each other; `folded` is without capitals and accents."""
    return "".join(filter(str.isalnum, folded)).translate(_ALIKE).replace("rn", "m").replace("vv", "w")


def problem_in_person(text: str) -> str:
    """What is wrong with a name of a person, in a sentence; "" where nothing is."""
    return _first_foreign(text, lambda sign: sign in _PERSON_SIGNS) or _link(text)


def problem_in_label(text: str) -> str:
    """The same for names of authorities, offices, streets, bodies, functions: with digits and ordinary punctuation.

    Also for a reason that a mail carries.
    """
    return _first_foreign(text, _is_ordinary) or _link(text)


def problem_in_user_name(text: str) -> str:
    """The same for the name with which somebody signs in; a host is none, because mails would make it a link."""
    if told := _first_foreign(text, _is_ordinary):
        return told
    if _HOST.fullmatch(text):
        return LOOKS_LIKE_A_HOST
    return "" if _USER_NAME.fullmatch(text) else USER_NAME


def problem_in_address(text: str) -> str:
    """The same for a mail address: plain signs only, for others look alike and mails go where nobody meant.

    Nor one that is quoted, or names a machine by its number: another spelling of a mailbox that has a plain one.
    """
    if told := _first_wrong(text, lambda sign: " " <= sign <= "~"):
        return told
    return PLAIN_ADDRESS if _QUOTED_ONLY.intersection(text) else ""


def problem_in_text(text: str) -> str:
    """What is wrong with any text: a sign that nobody sees, or that turns the order of others, and where it stands.

    Spaces, tabs, line breaks and the marks that belong to a letter or a picture are none.
    """
    unseen = {sign for sign in set(text).difference("\t\n\r") if _is_unseen(sign)}
    first = min((text.index(sign) for sign in unseen), default=None)
    return "" if first is None else _tell_unseen(text[first], first + 1, after=_LAST_WORD.findall(text[:first]))


def _first_foreign(text: str, may_stand: Callable[[str], bool]) -> str:
    return _first_wrong(unicodedata.normalize("NFC", text), lambda sign: _is_latin(sign) or may_stand(sign))


def _first_wrong(text: str, is_right: Callable[[str], bool]) -> str:
    return next((_tell(sign, place) for place, sign in enumerate(text, 1) if not is_right(sign)), "")


def _is_latin(sign: str) -> bool:
    """A to z, also with accents, and the letters that no accent makes."""
    base = unicodedata.normalize("NFD", sign)
    plain, marks = base[0], base[1:]
    is_letter = plain.isascii() and plain.isalpha()
    return sign in _OWN_LETTERS or (is_letter and all(unicodedata.combining(mark) for mark in marks))


def _is_ordinary(sign: str) -> bool:
    return sign in _ORDINARY or " " <= sign <= "~" or ("\u00a1" <= sign <= "\u00bf" and sign != "\u00ad")


def _link(text: str) -> str:
    return NO_LINKS if _LINK.search(text) else ""


def _tell(sign: str, position: int) -> str:
    code = f"U+{ord(sign):04X}"
    if sign in "\r\n\u2028\u2029":
        return f"Nach der {position - 1}. Stelle steht ein Zeilenumbruch. Schreiben Sie alles in eine Zeile."
    if _is_unseen(sign) or unicodedata.category(sign)[0] in "CMZ":
        return _tell_unseen(sign, position)
    name = unicodedata.name(sign, "")
    kind = next((f", {word}" for script, word in _SCRIPTS.items() if script in name.split()[:2]), "")
    if unicodedata.category(sign)[0] == "L":
        return (
            f"An der {position}. Stelle steht „{sign}“ ({code}{kind}). Das sieht vielleicht so aus wie ein anderes "
            "Zeichen und ist es nicht. Tippen Sie es neu: Möglich sind hier die Buchstaben a bis z, auch mit Akzenten "
            "und Umlauten."
        )
    return f"An der {position}. Stelle steht „{sign}“ ({code}). Dieses Zeichen gibt es hier nicht. Lassen Sie es weg."


def _is_unseen(sign: str) -> bool:
    """Control signs, those that join, part or turn, line separators, letters that are blank."""
    name = unicodedata.name(sign, "")
    return unicodedata.category(sign) in _UNSEEN or "FILLER" in name or "BLANK" in name


def _tell_unseen(sign: str, position: int, after: Sequence[str] = ()) -> str:
    place = f"An der {position}. Stelle" + (f", nach „{after[0]}“," if after else "")
    return (
        f"{place} steht ein Zeichen, das man nicht sieht oder das andere verändert (U+{ord(sign):04X}). "
        "Löschen Sie es, oder tippen Sie die Angabe neu."
    )
