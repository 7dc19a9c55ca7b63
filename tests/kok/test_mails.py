"""kok.mails: a mail as its template says it."""

import pytest

from kok import mails
from kok.mails import MailText, composed

LOADERS = "django.template.loaders.locmem.Loader"


@pytest.fixture
def template(settings):
    """Puts the text of one kind of mail in the place of all templates."""

    def put(text: str) -> None:
        one = settings.TEMPLATES[0] | {"APP_DIRS": False, "DIRS": []}
        loaders = {"loaders": [(LOADERS, {"email/kind.txt": text})]}
        settings.TEMPLATES = [one | {"OPTIONS": {**one["OPTIONS"], **loaders}}]

    return put


def test_given_a_template_when_composed_then_what_stands_above_the_empty_line_is_the_subject(template):
    template("{% autoescape off %}KoK: {{ name }}\n\nGuten Tag,\n\nes ist so.\n{% endautoescape %}\n")
    mail = composed("kind", {"name": "A & B"}, to="a@example.org")
    assert (mail.subject, mail.body, mail.to) == ("KoK: A & B", "Guten Tag,\n\nes ist so.\n", "a@example.org")


def test_given_a_paragraph_over_several_lines_of_a_template_when_composed_then_it_is_one_line_of_the_mail(template):
    template("KoK: lang \\\nund länger\n\nein Satz, \\\n  der weitergeht.\nTag: heute\n")
    mail = composed("kind", {})
    assert (mail.subject, mail.body) == ("KoK: lang und länger", "ein Satz, der weitergeht.\nTag: heute\n")


def test_given_a_notice_when_composed_then_values_stand_in_its_words_and_an_empty_paragraph_is_left_out(monkeypatch):
    notice = MailText("KoK: {name}", "es ist so:", "{link}", "{more}", "Ende.")
    monkeypatch.setitem(mails.NOTICES, "kind", notice)
    mail = composed("kind", {"name": "A & B {c}", "link": "https://kok.example.org", "more": ""})
    assert mail.subject == "KoK: A & B {c}"
    assert mail.body == "Guten Tag,\n\nes ist so:\n\nhttps://kok.example.org\n\nEnde.\n"
