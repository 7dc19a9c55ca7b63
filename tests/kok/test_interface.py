"""How dates, periods and states are written."""

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import RequestContext, Template
from django.test import RequestFactory

from kok import words
from kok.models import Document
from kok.templatetags import kok as tags

TODAY = date(2027, 3, 12)
TEMPLATES = Path(__file__).parent.parent.parent / "templates"


def render(text: str, **context: object) -> str:
    request = RequestFactory().get("/", {"gremium": "kok", "seite": "3"})
    return Template("{% load kok %}" + text).render(RequestContext(request, context))


@pytest.mark.parametrize(
    ("text", "value", "written"),
    [
        ("{{ v|day }}", date(2027, 4, 30), "30.04.2027"),
        ("{{ v|day }}", datetime(2027, 4, 30, 22, 30, tzinfo=UTC), "01.05.2027"),
        ("{{ v|day }}", None, ""),
        ("{{ v|weekday }}", date(2027, 4, 30), "Fr 30.04.2027"),
        ("{{ v|clock }}", datetime(2027, 1, 8, 9, 42, tzinfo=UTC), "10:42 Uhr"),
        ("{{ v|clock }}", datetime(2027, 7, 8, 8, 42, tzinfo=UTC), "10:42 Uhr"),
        ("{{ v|moment }}", datetime(2027, 4, 30, 8, 0, tzinfo=UTC), "Fr 30.04.2027, 10:00 Uhr"),
        ("{{ v|second }}", datetime(2027, 4, 30, 8, 0, 7, tzinfo=UTC), "Fr 30.04.2027, 10:00:07 Uhr"),
        ("{{ v|whole }}", 7, "7"),
        ("{{ v|whole }}", 1_050_002, "1.050.002"),
        ("{{ v|last_day|day }}", date(2024, 3, 1), "29.02.2024"),
    ],
)
def test_given_a_date_moment_or_count_when_shown_then_it_is_written_as_in_hessen(text, value, written):
    assert render(text, v=value) == written


@pytest.mark.parametrize(
    ("lower", "upper", "written"),
    [
        (date(2022, 3, 1), date(2024, 3, 1), "01.03.2022 bis 29.02.2024"),
        (date(2022, 3, 1), None, "ab 01.03.2022"),
        (None, date(2024, 3, 1), "bis 29.02.2024"),
        (None, None, "ohne Begrenzung"),
    ],
)
def test_given_a_half_open_period_when_shown_then_the_last_day_is_inclusive(lower, upper, written):
    assert words.period(SimpleNamespace(lower=lower, upper=upper)) == written


@pytest.mark.parametrize(
    ("due_on", "written"),
    [
        (date(2027, 3, 12), "heute"),
        (date(2027, 3, 13), "morgen"),
        (date(2027, 3, 24), "in 12 Tagen"),
        (date(2027, 3, 11), "seit einem Tag überfällig"),
        (date(2027, 3, 9), "seit 3 Tagen überfällig"),
    ],
)
def test_given_a_due_day_when_shown_then_the_distance_is_in_words(due_on, written):
    assert words.days_until(due_on, TODAY) == written


@pytest.mark.parametrize("tone", tags.SIGNS)
def test_given_a_state_when_shown_as_a_badge_then_its_words_stand_there_and_its_sign_is_decoration(tone):
    html = render("{% badge 'Überfällig' tone %}", tone=tone)
    assert "Überfällig" in html
    assert html.count("kern-icon ") == html.count('aria-hidden="true"') == (0 if tone == "neutral" else 1)


def test_given_a_sorted_column_when_its_head_is_clicked_then_the_order_turns_and_the_filters_stay():
    html = render("{% sort_head 'Tag' 'held_on' 'held_on' %}")
    assert 'aria-sort="ascending"' in html
    assert 'href="?gremium=kok&amp;sortierung=-held_on"' in html
    assert "aria-sort" not in render("{% sort_head 'Ort' 'place' 'held_on' %}")


def test_given_many_pages_when_paged_then_the_filters_stay_and_the_place_is_marked():
    page = Paginator(range(200), 20).get_page(3)
    html = render("{% include 'components/pager.html' %}", page=page)
    assert "41 bis 60 von 200 Einträgen" in html
    assert 'href="?gremium=kok&amp;seite=4"' in html
    assert html.count('aria-current="page"') == 1


def test_given_turns_of_two_partners_when_drawn_then_picture_and_table_say_the_same():
    terms = [
        SimpleNamespace(label="Wetteraukreis", starts_on=date(2026, 3, 1), ends_on=date(2028, 3, 1)),
        SimpleNamespace(label="LWV Hessen", starts_on=date(2024, 3, 1), ends_on=date(2026, 3, 1)),
    ]
    strip = tags.term_strip(terms, TODAY)
    assert [(part["label"], part["x"], part["current"]) for part in strip["parts"]] == [
        ("LWV Hessen", "0.000", False),
        ("Wetteraukreis", "49.966", True),
    ]
    html = " ".join(render("{% term_strip terms today %}", terms=terms, today=TODAY).split())
    assert "Wetteraukreis vom 01.03.2026 bis 29.02.2028 (jetzt)" in html
    assert html.count("29.02.2028") == 2


@pytest.mark.parametrize(
    ("state", "says"),
    [("WAITING", "wartet"), ("WORKING", "wird gerade erstellt"), ("DONE", "ist fertig"), ("FAILED", "Noch einmal")],
)
def test_given_a_document_on_its_way_when_shown_then_its_progress_is_in_words_and_only_the_unfinished_asks_again(
    state, says
):
    document = Document(pk=1, state=state, filename="Protokoll.pdf")
    html = render(
        "{% include 'components/progress.html' with name='Das Protokoll' poll_url='/p' retry_url='/r' file_url='/f' %}",
        document=document,
    )
    assert says in html
    assert ("hx-get" in html) == (state in ("WAITING", "WORKING"))


def test_given_words_with_a_link_when_told_as_an_alert_then_they_are_its_title():
    html = render('{% alert "info" %}Es gibt <a href="/neu">eine neue Fassung</a>.{% endalert %}')
    assert '<p class="kern-title">Es gibt <a href="/neu">eine neue Fassung</a>.</p>' in html
    assert "kern-alert--info" in html
    assert "kern-alert__body" not in html


def test_given_a_title_when_told_as_an_alert_then_it_is_escaped_and_the_words_follow_it():
    html = render(
        '{% alert "danger" title=title role="alert" focus=True %}Sehen Sie <b>hier</b> nach.{% endalert %}', title="<i>"
    )
    assert '<p class="kern-title">&lt;i&gt;</p>' in html
    assert '<div class="kern-alert__body"><p>Sehen Sie <b>hier</b> nach.</p></div>' in html
    assert 'role="alert" tabindex="-1" data-focus' in html


@pytest.mark.parametrize(
    ("count", "given", "written"),
    [
        (1, 'order="die neueste zuerst"', "1 Frage, die neueste zuerst"),
        (2, 'order="die neueste zuerst"', "2 Fragen, die neueste zuerst"),
        (2, 'text="in diesem Jahr, die neueste zuerst"', "2 Fragen in diesem Jahr, die neueste zuerst"),
        (2, "", "2 Fragen"),
    ],
)
def test_given_a_caption_with_an_order_when_drawn_then_a_comma_stands_between(
    count: int, given: str, written: str
) -> None:
    tag = f'{{% include "components/caption.html" with count=v one="Frage" many="Fragen" {given} only %}}'
    assert render(tag, v=count).strip().endswith(f">{written}</caption>")
