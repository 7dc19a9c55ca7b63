"""What changed between two texts, in words."""

from time import perf_counter

import pytest

from meetings.record.rules.changes import changes_between, words_between
from meetings.record.rules.codes import ChangeKind

SAME, GONE, NEW = ChangeKind.SAME, ChangeKind.GONE, ChangeKind.NEW


def pieces(before, after):
    return [(piece.kind, piece.text) for piece in words_between(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Der LWV legt sie vor.", "Der LWV legt sie bald vor.",
         [(SAME, "Der LWV legt sie"), (NEW, " bald"), (SAME, " vor.")]),
        ("Eins zwei", "Eins zwei drei", [(SAME, "Eins zwei"), (NEW, " drei")]),
        ("Eins zwei drei vier", "Eins fünf sechs vier",
         [(SAME, "Eins"), (GONE, " zwei drei"), (NEW, " fünf sechs"), (SAME, " vier")]),
        ("a\nb\nc\n", "a\nx\nc\n", [(SAME, "a\n"), (GONE, "b"), (NEW, "x"), (SAME, "\nc\n")]),
        ("", "neu", [(NEW, "neu")]),
        ("weg", "", [(GONE, "weg")]),
        ("gleich", "gleich", [(SAME, "gleich")]),
    ],
)  # fmt: skip
def test_given_two_texts_when_compared_then_what_went_stands_before_what_came(before, after, expected):
    assert pieces(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Die Frist\nendet am 3. Mai.\n\nEnde", "Die Frist endet\n am 4. Mai. \n\nEnde\n"),
        ("  vorn", "vorn  "),
        ("x\n" * 5, "x\ny\n" * 4),
        ("eins zwei drei " * 50, "zwei drei eins " * 60),
    ],
)
def test_given_the_pieces_when_joined_then_both_texts_are_complete_in_them(before, after):
    found = words_between(before, after)
    assert "".join(piece.text for piece in found if not piece.is_new) == before
    assert "".join(piece.text for piece in found if not piece.is_gone) == after


def test_given_the_longest_texts_without_a_line_in_common_when_compared_then_it_is_quick():
    before = " ".join(f"wort{n % 311}" for n in range(12_000))
    after = " ".join(f"wort{n % 307}" for n in range(12_000))
    began = perf_counter()
    found = words_between(before, after)
    assert perf_counter() - began < 2
    assert [piece.kind for piece in found] == [GONE, NEW]


def test_given_named_texts_when_compared_then_new_gone_and_changed_ones_say_so_and_the_rest_is_left_out():
    before = {
        "Titel": "Planung",
        "Ergebnis": "Beschluss",
        "Aufgabe 1": "Zahlen vorlegen",
        "Aufgabe 2": "",
        "Text": "A b",
    }
    after = {"Titel": "Planung", "Text": "A c", "Beschluss 1": "So sei es.", "Ergebnis": "Beschluss", "Aufgabe 2": ""}
    found = changes_between(before, after)
    assert [(change.label, change.kind.label) for change in found] == [
        ("Text", "geändert"), ("Beschluss 1", "neu"), ("Aufgabe 1", "gestrichen"),
    ]  # fmt: skip
