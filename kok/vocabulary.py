"""The acts, mails and documents of all apps with their German words. Pure; each app adds its own in `ready()`.

What is stored as a code is shown in words: so nothing is recorded, queued or made under a code that has none.
"""

from collections.abc import Mapping


class Unknown(LookupError):
    """A code that no app brought words for: a slip of the programmer, never of a person."""


class Vocabulary:
    """Codes of one sort with their words: `seat.assigned` is "Sitz besetzt"."""

    def __init__(self, sort: str) -> None:
        self.sort = sort
        self.words: dict[str, str] = {}

    def add(self, words: Mapping[str, str]) -> None:
        """Called by apps in `ready()`. Raises ValueError where a code has words already: they belong to one app."""
        if twice := words.keys() & self.words.keys():
            raise ValueError(f"{self.sort}: {', '.join(sorted(twice))} steht schon da.")
        self.words.update(words)

    def known(self, code: str) -> str:
        """The code as it is. Raises Unknown where no app brought words for it."""
        if code not in self.words:
            raise Unknown(f"{self.sort}: {code} hat keine Worte: rules/acts.py der App oder ihres Raums.")
        return code

    def word(self, code: str) -> str:
        """Its words; an old code that no app knows any more stays as it is."""
        return self.words.get(code, code)


ACTS = Vocabulary("Vorgang")
MAILS = Vocabulary("Nachricht")
DOCUMENTS = Vocabulary("Dokument")
