"""Names as a German dictionary sorts them (DIN 5007-1)."""

import pytest

from kok.alphabet import sort_key


@pytest.mark.parametrize(
    "ordered",
    [
        ["Adler", "Äpfel", "Apfelbaum", "Zirbelnuss"],
        ["Oberon", "Ölmützky", "Opitz", "Zander"],
        ["Ganz", "Gärtner", "Gauß", "Gaust", "Gauweiler"],
        ["Strasser", "Straßner", "Strastic"],
        ["de Vries", "Delf", "Ümit", "VON Aue", "von Berg"],
        ["Čech", "Lang", "Łaski", "Lasser", "Ødegaard", "Oder", "Şahin", "Sauer", "Yıldız"],
        ["Ölmützky", "O\u0308lmützkz"],  # written with one sign or two
    ],
)
def test_given_names_when_sorted_then_marks_and_capitals_do_not_count(ordered):
    backwards = ordered[::-1]
    assert sorted(backwards, key=sort_key) == ordered
