"""The marks of names, and whether a text names a person of an open list: asked of the marks, no list is opened."""

import json
from collections.abc import Callable, Iterable
from uuid import UUID

from django.utils.crypto import constant_time_compare

from kok import vault
from kok.errors import Forged
from transitions.models import CaseEntry, NameMarks
from transitions.queries.visibility import open_entries
from transitions.rules.case import CaseData
from transitions.rules.names import TextWords, name_words

AGREEMENT = "version__transition_list__agreement"  # of an entry, for `marks_of`


def bound(agreement: str, case: UUID, part: str) -> str:
    """What a mark belongs to: agreement, case and part of the name.

    So the marks of two people cannot be compared, and copied to the lists of another agreement, where nobody counts how
    often it was asked about these, they are nothing.
    """
    return f"{agreement}:{case}:{part}"


def marks_of(entry: CaseEntry, data: CaseData) -> NameMarks:
    """The marks of one person, unsaved; in the order of the hashes, which tells nothing. Raises vault.KeyLost."""
    agreement = entry.version.transition_list.agreement.slug
    family = _hashed(data.family_name, bound(agreement, entry.case_id, "family"))
    given = _hashed(data.given_name, bound(agreement, entry.case_id, "given"))
    return NameMarks(entry=entry, family=family, given=given, proof=_proof(agreement, entry.case_id, family, given))


def _proof(agreement: str, case: UUID, family: list[str], given: list[str]) -> str:
    return vault.name_mark(json.dumps([family, given]), belongs_to=bound(agreement, case, "proof"))


def _hashed(name: str, belongs_to: str) -> list[str]:
    return sorted(vault.name_mark(word, belongs_to=belongs_to) for word in name_words(name))


def unmarked() -> int:
    """How many people of open lists would not be found, because their marks are missing or others.

    What was moved there from another case or version is not counted: the comparison with the receipts names it.
    Raises KeyLost.
    """
    entries = open_entries().told().select_related("name_marks", AGREEMENT)
    return sum(not _is_marked(entry) for entry in entries.iterator(chunk_size=50))


def _is_marked(entry: CaseEntry) -> bool:
    kept: NameMarks | None = getattr(entry, "name_marks", None)
    try:
        data = entry.data
    except Forged:
        return True
    except vault.KeyLost:
        vault.CASES.unseal(entry.content)  # opens what was moved here; without the key nothing does
        return True
    right = marks_of(entry, data)
    return kept is not None and (kept.family, kept.given) == (right.family, right.given)


def is_anybody_named(text: str, agreement: str) -> bool:
    """Whether the text names somebody of the open lists of this agreement (5.5). Raises vault.KeyLost.

    Other agreements are not asked: their young people are nobody's business here, and each answer tells something.
    """
    words = TextWords.of(text)
    marks = NameMarks.objects.filter(entry__version__transition_list__agreement__slug=agreement)
    rows = marks.values_list("entry__case", "family", "given").iterator(chunk_size=50)
    return any(
        words.hold(_meant(family, bound(agreement, case, "family")), _meant(given, bound(agreement, case, "given")))
        for case, family, given in rows
    )


def are_all_marked(agreement: str) -> bool:
    """Whether everybody on the open lists of this agreement has marks, and such as we wrote; no list is opened.

    Else somebody would not be found: marks were taken away or written by SQL, for as long as a text is asked about, or
    the key is another one. Raises vault.KeyLost.
    """
    told = open_entries().told().filter(version__transition_list__agreement__slug=agreement)
    rows = told.values_list("case", "name_marks__family", "name_marks__given", "name_marks__proof")
    return all(
        proof is not None and constant_time_compare(proof, _proof(agreement, case, family, given))
        for case, family, given, proof in rows.iterator(chunk_size=50)
    )


def _meant(marks: Iterable[str], belongs_to: str) -> Callable[[str], bool]:
    kept = frozenset(marks)
    return lambda word: vault.name_mark(word, belongs_to=belongs_to) in kept
