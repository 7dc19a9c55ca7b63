"""Authorities in a sentence, each with the article that its name tells."""

import pytest

from kok.articles import beim, den, der, vom


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Wetteraukreis", ("der Wetteraukreis", "beim Wetteraukreis", "vom Wetteraukreis")),
        ("Main-Kinzig-Kreis", ("der Main-Kinzig-Kreis", "beim Main-Kinzig-Kreis", "vom Main-Kinzig-Kreis")),
        ("LWV Hessen", ("der LWV Hessen", "beim LWV Hessen", "vom LWV Hessen")),
        ("Landkreis Fulda", ("der Landkreis Fulda", "beim Landkreis Fulda", "vom Landkreis Fulda")),
        ("Stadt Wetzlar", ("die Stadt Wetzlar", "bei der Stadt Wetzlar", "von der Stadt Wetzlar")),
        (
            "Universitätsstadt Gießen",
            (*(f"{word} Universitätsstadt Gießen" for word in ("die", "bei der", "von der")),),
        ),
        ("Frankfurt am Main", ("Frankfurt am Main", "bei Frankfurt am Main", "von Frankfurt am Main")),
        ("Darmstadt", ("Darmstadt", "bei Darmstadt", "von Darmstadt")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_given_the_name_of_an_authority_when_it_stands_in_a_sentence_then_it_has_its_article(name, told):
    assert (der(name), beim(name), vom(name)) == told


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("LWV Hessen", "den LWV Hessen"),
        ("Stadt Kassel", "die Stadt Kassel"),
        ("Frankfurt am Main", "Frankfurt am Main"),
    ],
)
def test_given_the_name_of_an_authority_when_something_goes_to_it_then_it_has_its_article(name, told):
    assert den(name) == told
