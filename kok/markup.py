"""Pure: the few signs with which a page is written, and the HTML they become.

    # Heading            a paragraph, ended by an empty line; a single end of line stays one
    ## Smaller heading   - an item of a list
    [words](https://…)   addresses and mail addresses become links by themselves
    [[what is missing]]  a gap that somebody has to fill

Everything else is text. Nothing that people write reaches a page as HTML.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

_HTML = re.compile(r"</?[a-z][^<>\n]*>|<!--", re.IGNORECASE)
_GAP = re.compile(r"\[\[(?=\s*[^\s\]])((?:(?!\[\[).)+?)\]\](?!\])", re.DOTALL)
_INLINE = re.compile(
    r"\[\[(?P<gap>[^\[\]\n]+)\]\]"
    r"|\[(?P<words>[^\[\]\n]+)\]\((?P<to>(?:[^()\s]|\([^()\s]*\))+)\)"
    r"|(?P<url>https?://[^\s<>()\"]*[^\s<>()\".,;:!?])"
    r"|(?P<mail>(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
)
_OPENS = re.compile(r"(?:https?://|mailto:|tel:|/(?![/\\]))\S", re.IGNORECASE)
_MARKS = {"#": "h2", "##": "h3", "-": "li"}
_HEADINGS = ("h2", "h3")
# What stands around and between neighbours of a kind.
_BLOCKS = {
    "h2": ("<h2>", "</h2>\n<h2>", "</h2>"),
    "h3": ("<h3>", "</h3>\n<h3>", "</h3>"),
    "li": ("<ul><li>", "</li><li>", "</li></ul>"),
    "p": ("<p>", "<br>", "</p>"),
}
_BRACKETS = re.compile(r"\[\[|\]\]")
_UNKNOWN = (
    (re.compile(r"#{3,}"), "Es gibt nur zwei Stufen von Überschriften: # und ## ."),
    (re.compile(r"#{1,2}[^\s#]"), "Nach # fehlt das Leerzeichen, deshalb ist die Zeile keine Überschrift."),
    (re.compile(r"[*+–—]\s|[•·▪]|-(?![\s\d-])"), "Eine Aufzählung beginnt mit - und einem Leerzeichen."),
    (re.compile(r"\d+[.)]\s"), "Aufzählungen mit Nummern gibt es nicht, die Zeilen stehen nur untereinander."),
    (re.compile(r".*?(?:\*\*|(?<!\S)__[^\s_])"), "Fette Schrift gibt es nicht, die Zeichen bleiben stehen."),
)


def gaps(text: str) -> list[str]:
    """What the text still leaves open, in its order and each once."""
    return list(dict.fromkeys(" ".join(gap.split()) for gap in _GAP.findall(text)))


def hints(text: str) -> list[str]:
    """German sentences on signs that other programs know and this page shows as they are, each kind once."""
    lines = [line.strip() for line in text.splitlines()]
    found = ((next(filter(sign.match, lines), ""), says) for sign, says in _UNKNOWN)
    return [f"„{line[:40]}“: {says}" for line, says in found if line]


def has_outside_link(text: str) -> bool:
    """Whether the text leads to an address of another server, such as that of a video."""
    return any(re.match("https?://", to) for to in _addresses(text))


def problems(text: str) -> list[str]:
    """German sentences on what cannot be shown as it is written, none when all can."""
    found = []
    if html := _HTML.search(text):
        found.append(f"Der Text enthält HTML ({html[0][:40]}). Schreiben Sie ohne spitze Klammern.")
    found += [
        f"Der Link „{to[:80]}“ führt nirgends hin. Er beginnt mit https:// , mailto: , tel: oder / ."
        for to in _addresses(text)
        if not _OPENS.match(to)
    ]
    if _BRACKETS.search(_GAP.sub(" ", text)):
        found.append(
            "Im Text stehen noch doppelte eckige Klammern: [[ oder ]] . Füllen Sie die Lücke, und löschen Sie "
            "die Klammern."
        )
    if next((kind for kind, *_ in _lines(text) if kind in _HEADINGS), "") == "h3":
        found.append("Die erste Überschrift beginnt mit ## . Sie muss mit # beginnen, damit die Gliederung stimmt.")
    return found


def render(text: str) -> SafeString:
    """The text as HTML; headings begin at h2, because the page has its own h1."""
    return mark_safe("\n".join(_blocks(text)))  # noqa: S308  every piece is escaped below


def _addresses(text: str) -> Iterator[str]:
    return filter(None, (found["to"] or found["url"] for found in _INLINE.finditer(text)))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """(kind, words) of each line: h2, h3, li, p, or "" for an empty one."""
    for line in text.splitlines():
        mark, _, rest = line.strip().partition(" ")
        if mark in _MARKS and rest.strip():
            yield _MARKS[mark], rest.strip()
        else:
            yield ("p" if line.strip() else ""), line.strip()


def _blocks(text: str) -> Iterator[str]:
    for kind, lines in groupby(_lines(text), key=itemgetter(0)):
        if kind:
            begin, between, end = _BLOCKS[kind]
            yield begin + between.join(_inline(line) for _, line in lines) + end


def _inline(line: str) -> str:
    parts, end = [], 0
    for found in _INLINE.finditer(line):
        parts += [escape(line[end : found.start()]), _piece(found)]
        end = found.end()
    return "".join([*parts, escape(line[end:])])


def _piece(found: re.Match[str]) -> str:
    if found["gap"]:
        return format_html("<mark>[[{}]]</mark>", found["gap"])
    to = found["to"] or found["url"] or f"mailto:{found['mail']}"
    if not _OPENS.match(to):
        return escape(found[0])
    return format_html('<a href="{}">{}</a>', to, found["words"] or found[0])
