"""What htmx makes of a page, so that a test can compare it with the fresh one.

Only what this project uses: a submit button in a form with hx-post, hx-target, hx-select and hx-swap="outerHTML";
the answer may be a redirect, which the browser follows with the htmx headers.
"""

from typing import Any

from django.test import Client
from lxml import html

Element = Any


def parse(content: bytes | str) -> Element:
    """A page as a tree."""
    return html.fromstring(content)


def press(client: Client, page: bytes, button: str, value: str) -> Element:
    """Presses a button of an htmx form on a page; returns the page as it then stands in the browser."""
    before = parse(page)
    form = before.xpath(f'//button[@name="{button}"][@value="{value}"]/ancestor::form')[0]
    fields = {field.get("name"): field.get("value", "") for field in form.xpath('.//input[@type="hidden"]')}
    answer = client.post(form.get("hx-post"), {**fields, button: value}, headers={"HX-Request": "true"}, follow=True)
    assert answer.status_code == 200, answer.status_code
    return swapped(before, parse(answer.content), target=form.get("hx-target"), select=form.get("hx-select"))


def swapped(before: Element, answer: Element, *, target: str, select: str) -> Element:
    """The page after hx-swap="outerHTML"; both are named by id."""
    old = before.get_element_by_id(target.removeprefix("#"))
    new = answer.get_element_by_id(select.removeprefix("#"))
    old.getparent().replace(old, new)
    return before


def plain(tree: Element, part_id: str) -> str:
    """A part of a page without what differs from request to request: the token, white space."""
    part = tree.get_element_by_id(part_id.removeprefix("#"))
    for token in part.xpath('.//input[@name="csrfmiddlewaretoken"]'):
        token.set("value", "")
    return " ".join(html.tostring(part, encoding="unicode").split())
