"""The few signs of a page: what they become, what is refused, what is still open."""

import time

import pytest

from kok import markup


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Ein Satz.", "<p>Ein Satz.</p>"),
        ("Eins.\nZwei.\n\nDrei.", "<p>Eins.<br>Zwei.</p>\n<p>Drei.</p>"),
        ("# Oben\n## Unten\nText", "<h2>Oben</h2>\n<h3>Unten</h3>\n<p>Text</p>"),
        ("- eins\n- zwei", "<ul><li>eins</li><li>zwei</li></ul>"),
        ("#ohne Abstand\n-so auch", "<p>#ohne Abstand<br>-so auch</p>"),
        ("<i>x</i> a@b.de", '<p>&lt;i&gt;x&lt;/i&gt; <a href="mailto:a@b.de">a@b.de</a></p>'),
        ("<b>fett</b> & mehr", "<p>&lt;b&gt;fett&lt;/b&gt; &amp; mehr</p>"),
        ('[Amt](https://a.de/?b=1&c="x)', '<p><a href="https://a.de/?b=1&amp;c=&quot;x">Amt</a></p>'),
        ("[Amt](https://a.de/)", '<p><a href="https://a.de/">Amt</a></p>'),
        ("[<i>](https://a.de/?b=1&c=2)", '<p><a href="https://a.de/?b=1&amp;c=2">&lt;i&gt;</a></p>'),
        ("[Hilfe](/seite/hilfe/)", '<p><a href="/seite/hilfe/">Hilfe</a></p>'),
        ("[Amt](tel:+49641)", '<p><a href="tel:+49641">Amt</a></p>'),
        ("Siehe https://a.de/b.", '<p>Siehe <a href="https://a.de/b">https://a.de/b</a>.</p>'),
        ("An a@b.de!", '<p>An <a href="mailto:a@b.de">a@b.de</a>!</p>'),
        ("[x](javascript:alert)", "<p>[x](javascript:alert)</p>"),
        ("[x](data:text/html,y)", "<p>[x](data:text/html,y)</p>"),
        ("[x](//boese.de/)", "<p>[x](//boese.de/)</p>"),
        ("Tel. [[Nummer]]", "<p>Tel. <mark>[[Nummer]]</mark></p>"),
    ],
)
def test_given_a_text_with_signs_when_rendered_then_it_is_this_html_and_nothing_else(text, html):
    assert markup.render(text) == html


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Ein <b>Wort</b>", "Der Text enthält HTML (<b>)."),
        ("<script src=x>", "HTML"),
        ("<!-- nichts -->", "HTML"),
        ("[x](javascript:alert)", "Der Link „javascript:alert“ führt nirgends hin."),
        ("[x](www.amt.de)", "führt nirgends hin. Er beginnt mit https://"),
        ("## Zuerst klein", "Sie muss mit # beginnen"),
        ("[[Ort", "doppelte eckige Klammern: [[ oder ]] ."),
        ("Ort]]", "doppelte eckige Klammern"),
        ("[[ ]]", "doppelte eckige Klammern"),
        ("[[Ort [[Kreis]] Land]]", "doppelte eckige Klammern"),
    ],
)
def test_given_what_cannot_be_shown_when_asked_then_a_sentence_names_it(text, says):
    (problem,) = markup.problems(text)
    assert says in problem


@pytest.mark.parametrize("text", ["", "3 < 4 und 5 > 4", "# A\n## B", "[x](https://a.de)", "<3"])
def test_given_what_can_be_shown_when_asked_then_there_is_no_problem(text):
    assert markup.problems(text) == []


def test_given_gaps_when_asked_then_each_is_named_once_in_its_order():
    assert markup.gaps("[[Ort]] und [[Tag]], [[Ort]]. [Kein](https://a.de) [auch nicht]") == ["Ort", "Tag"]


@pytest.mark.parametrize(
    ("text", "gap"), [("[[der\n Ort]]", "der Ort"), ("[[Ort [neu]]]", "Ort [neu]"), ("[[a [[b]] c]]", "b")]
)
def test_given_a_gap_over_lines_or_with_brackets_when_asked_then_it_is_one_all_the_same(text, gap):
    assert markup.gaps(text) == [gap]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Das ist **wichtig**.", "Fette Schrift gibt es nicht"),
        ("**Anschrift**", "Fette Schrift gibt es nicht"),
        ("* Amt", "Eine Aufzählung beginnt mit - und einem Leerzeichen."),
        ("Text\n  • Amt\n• Kreis", "„• Amt“: Eine Aufzählung beginnt mit -"),
        ("-Amt", "Eine Aufzählung beginnt mit -"),
        ("1. Amt", "Aufzählungen mit Nummern gibt es nicht"),
        ("2) Amt", "Aufzählungen mit Nummern gibt es nicht"),
        ("### Telefon", "Es gibt nur zwei Stufen"),
        ("#Telefon", "Nach # fehlt das Leerzeichen"),
        ("##Telefon", "Nach # fehlt das Leerzeichen"),
    ],
)
def test_given_a_sign_that_is_shown_as_it_is_when_asked_then_one_hint_names_its_line(text, says):
    (hint,) = markup.hints(text)
    assert says in hint
    assert markup.problems(text) == []


@pytest.mark.parametrize(
    "text",
    ["", "# A\n## B\n- c\nText", "35390 Gießen", "-5 Grad", "+49 641", "____", "5 * 3", "a_b", "1.5 Tage", "---"],
)
def test_given_signs_that_are_known_or_mean_nothing_when_asked_then_there_is_no_hint(text):
    assert markup.hints(text) == []


def test_given_a_link_with_brackets_in_its_address_when_rendered_then_it_leads_there():
    text = "Siehe [Wiki](https://example.org/Foo_(Bar)) und so."
    assert '<a href="https://example.org/Foo_(Bar)">Wiki</a> und so.' in markup.render(text)
    assert markup.problems(text) == []


def test_given_a_very_long_word_when_rendered_then_nobody_waits():
    began = time.process_time()
    markup.render("a" * 20_000)
    assert time.process_time() - began < 0.5
