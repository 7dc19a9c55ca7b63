"""kok.template_lines: a template may be broken where people can read it, a page is not."""

import pytest

from kok.template_lines import unbroken


@pytest.mark.parametrize(
    ("source", "page"),
    [
        ("<p>Die Prüfung ist\n    ausgeblieben.</p>", "<p>Die Prüfung ist ausgeblieben.</p>"),
        ("<p>\n  Text\n</p>", "<p> Text </p>"),
        ("{{ name }}\n  hat unterschrieben", "{{ name }} hat unterschrieben"),
        ("bis zum\n  {{ day }}", "bis zum {{ day }}"),
        ('<td\n  data-label="Konto">', '<td data-label="Konto">'),
        ("<ul>\n  <li>", "<ul>\n  <li>"),
        ("{% if a %}\n  <p>", "{% if a %}\n  <p>"),
    ],
)
def test_given_a_break_in_a_template_when_its_page_is_drawn_then_only_breaks_between_tags_are_left(source, page):
    assert unbroken(source) == page


def test_given_a_page_when_drawn_then_none_of_its_sentences_goes_on_below(client, db):
    page = client.get("/konto/login/").content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert "Benutzername" in main
    assert not [line for line in map(str.strip, main.splitlines()) if line[:1].islower()]
