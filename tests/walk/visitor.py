"""Somebody who visits pages without a browser: reads them, follows links by their text, fills forms by their labels.

Only the standard library: it runs on a machine that has the application and nothing for tests.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

_SECONDS = 60  # for one answer


class Lost(Exception):
    """A page does not offer what somebody looks for, or did not come at all."""


@dataclass
class Field:
    """One input of a form."""

    name: str
    kind: str
    value: str
    label: str = ""
    chosen: bool = True


@dataclass
class Form:
    """A form with the texts of its buttons."""

    action: str
    method: str
    name: str = ""
    fields: list[Field] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)

    def fill(self, label: str, value: str = "") -> None:
        """Writes into what has this label, or chooses it."""
        found = next((one for one in self.fields if one.label.startswith(label)), None)
        if found is None:
            raise Lost(f"no field „{label}“, only {[one.label for one in self.fields if one.label]}")
        if found.kind == "radio":
            for other in self.fields:
                other.chosen = other.chosen and other.name != found.name
        found.chosen = True
        found.value = value or found.value

    def data(self) -> bytes:
        """What a browser would send."""
        return urlencode([(one.name, one.value) for one in self.fields if one.chosen]).encode()


@dataclass(frozen=True)
class Part:
    """A piece of a page: the whole, or one article."""

    text: str
    links: tuple[tuple[str, str], ...]

    def link(self, name: str) -> str | None:
        """The address of the first link with these words."""
        return next((address for text, address in self.links if name in text), None)


class _Reader(HTMLParser):
    """Turns the text of a page into forms, links and articles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.articles: list[Part] = []
        self.text: list[str] = []
        self.links: list[tuple[str, str]] = []
        self._labels: dict[str, str] = {}
        self._by_id: dict[str, Field] = {}
        self._outside: list[tuple[str, Field]] = []  # the id of its form, which comes later on the page
        self._open: list[tuple[str, str, int]] = []  # tag, what it points to, length of the text before it
        self._article = (0, 0)
        self.feed(html)
        for name, one in self._outside:
            for form in self.forms:  # none while the page still waits for it
                if form.name == name:
                    form.fields.append(one)
        for place, words in self._labels.items():
            if place in self._by_id:
                self._by_id[place].label = words

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        given = {name for name, _ in attrs}
        if tag == "form":
            self.forms.append(Form(values.get("action", ""), values.get("method", "get").lower(), values.get("id", "")))
        elif tag == "article":
            self._article = (len(self.text), len(self.links))
        elif tag in {"a", "label", "button"}:
            self._open.append((tag, values.get("href") or values.get("for") or "", len(self.text)))
        elif tag in {"input", "textarea", "select"} and self.forms and values.get("name"):
            self._add_field(tag, values, given)
        elif tag == "option" and self.forms and self.forms[-1].fields and "selected" in given:
            self.forms[-1].fields[-1].value = values.get("value", "")

    def _add_field(self, tag: str, values: dict[str, str], given: set[str]) -> None:
        kind = values.get("type", "text") if tag == "input" else tag
        chosen = "checked" in given or kind not in {"radio", "checkbox"}
        one = Field(values["name"], kind, values.get("value", "on" if kind == "checkbox" else ""), "", chosen)
        if values.get("form"):
            self._outside.append((values["form"], one))
        else:
            self.forms[-1].fields.append(one)
        self._by_id[values.get("id", "")] = one

    def handle_endtag(self, tag: str) -> None:
        if tag == "article":
            text, links = self._article
            self.articles.append(Part(_words(self.text[text:]), tuple(self.links[links:])))
        elif self._open and self._open[-1][0] == tag:
            _, target, before = self._open.pop()
            words = _words(self.text[before:])
            if tag == "a":
                self.links.append((words, target))
            elif tag == "label":
                self._labels[target] = words
            elif self.forms:
                self.forms[-1].buttons.append(words)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _words(pieces: list[str]) -> str:
    return " ".join("".join(pieces).split())


@dataclass(frozen=True)
class Page:
    """What came back."""

    address: str
    whole: Part
    articles: tuple[Part, ...]
    forms: tuple[Form, ...]

    def form(self, button: str) -> Form:
        """The form with this button."""
        for form in self.forms:
            if any(button in words for words in form.buttons):
                return form
        raise Lost(f"no button „{button}“ on {self.address}: {self.whole.text[:2000]}")

    def offers(self, button: str) -> bool:
        """Whether there is such a button."""
        return any(button in words for form in self.forms for words in form.buttons)


def read(address: str, html: str) -> Page:
    """A page as somebody sees it."""
    seen = _Reader(html)
    return Page(address, Part(_words(seen.text), tuple(seen.links)), tuple(seen.articles), tuple(seen.forms))


class Visitor:
    """One person with cookies of her own; never through a proxy, the application is on this machine."""

    def __init__(self, address: str) -> None:
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))
        self.page = self.open(address)

    def fetch(self, address: str, data: bytes | None = None) -> tuple[str, bytes]:
        """The final address and the content. Raises Lost unless it is there."""
        request = Request(address, data, {"Referer": address})
        try:
            with self._opener.open(request, timeout=_SECONDS) as answer:
                return answer.url, answer.read()
        except HTTPError as error:
            raise Lost(f"{address} answers {error.code}: {error.read().decode(errors='replace')[-2000:]}") from error
        except OSError as error:
            raise Lost(f"{address} does not answer: {error}") from error

    def open(self, address: str, data: bytes | None = None) -> Page:
        """Goes to an address and reads the page."""
        final, content = self.fetch(address, data)
        self.page = read(final, content.decode())
        return self.page

    def address(self, name: str) -> str:
        """Where a link of this page leads to."""
        target = self.page.whole.link(name)
        if target is None:
            raise Lost(f"no link „{name}“ on {self.page.address}: {self.page.whole.text[:2000]}")
        return urljoin(self.page.address, target)

    def follow(self, name: str) -> Page:
        """Follows a link."""
        return self.open(self.address(name))

    def press(self, button: str, form: Form | None = None) -> Page:
        """Sends the form with this button."""
        form = form or self.page.form(button)
        return self.open(urljoin(self.page.address, form.action), form.data())

    def wait_for(self, button: str) -> None:
        """Loads the page again until it has this button. Raises Lost after a minute."""
        until = time.monotonic() + _SECONDS
        while not self.page.offers(button) and time.monotonic() < until:
            time.sleep(0.25)
            self.open(self.page.address)
        self.page.form(button)
