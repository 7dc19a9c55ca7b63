"""User names that a registrar or Technik types for a new account."""

import pytest

from members.forms import FirstAccountForm


@pytest.mark.parametrize(
    "name",
    [
        "+1-2",
        "-rf",
        "@abel",
        "=1",
        "1abel",
        "_abel",
        ".abel",
        "abel brehm",
        "abel;",
        "abel\n",
        "case-offіcer",
        "аbel",
        "abel٢",
        "ａbel",
        "o\u0308ztürk",
        "\u0131da",
        "abel\u200b",
    ],
)
def test_given_a_name_that_is_none_when_an_account_is_made_then_a_sentence_says_what_a_name_looks_like(name):
    form = FirstAccountForm({"username": name, "email": "abel@example.org"})
    form.fields["username"].strip = False
    assert not form.is_valid()
    [told] = form.errors["username"]
    assert told == (
        "Ein Benutzername beginnt mit einem Buchstaben. Möglich sind A bis Z, ä, ö, ü und ß, groß oder klein, Ziffern "
        "und die Zeichen @ . + - _"
    )


@pytest.mark.parametrize("name", ["a", "Abel", "öztürk", "eva.muster@kreis.example.org", "abel-2", "abel_b+x"])
def test_given_a_name_with_letters_first_when_an_account_is_made_then_it_is_taken(name):
    assert FirstAccountForm({"username": name, "email": "abel@example.org"}).is_valid()
