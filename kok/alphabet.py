"""Names in the order of German dictionaries, where the database cannot sort them: sealed, or put together in Python."""

import unicodedata

_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})


def sort_key(text: str) -> str:
    """What `sorted` compares: ä like a, ß like ss, other marks and capitals do not count (DIN 5007-1)."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in parts if not unicodedata.combining(each)).translate(_LETTERS)
