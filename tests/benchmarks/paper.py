"""Seconds for the minutes as PDF: bare WeasyPrint, and the application with its repair, in turns.

`python -m tests.benchmarks.paper MEETING ROUNDS` prints both as JSON, round by round.
"""

import json
import os
import sys
from collections.abc import Callable
from time import perf_counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kok.settings")
django.setup()

from weasyprint import CSS, HTML  # noqa: E402
from weasyprint.text.fonts import FontConfiguration  # noqa: E402

from kok import pdf  # noqa: E402
from kok.pdf import engine  # noqa: E402
from meetings.models import MinutesVersion  # noqa: E402
from meetings.record.documents import minutes as paper  # noqa: E402


def bare() -> Callable[[str], bytes]:
    """WeasyPrint as its manual shows it, with the same style, fonts and files: tagged, but neither archived nor
    repaired."""
    fonts, fetcher = FontConfiguration(), engine.OwnFiles()
    sheets = [
        CSS(string=engine._font_faces(), font_config=fonts, url_fetcher=fetcher),
        CSS(filename=engine.settings.BASE_DIR / "static" / "css" / "pdf.css", font_config=fonts, url_fetcher=fetcher,
            media_type=engine.MEDIUM),
    ]  # fmt: skip

    def draw(html: str) -> bytes:
        page = HTML(string=html, base_url=engine._site(), url_fetcher=fetcher, media_type=engine.MEDIUM)
        content: bytes = page.write_pdf(font_config=fonts, stylesheets=sheets, pdf_variant="pdf/ua-1")
        return content

    return draw


def seconds(draw: Callable[[str], bytes], html: str) -> float:
    """How long one PDF takes."""
    began = perf_counter()
    draw(html)
    return perf_counter() - began


def main() -> None:
    """Measures."""
    meeting, rounds = map(int, sys.argv[1:])
    html = paper.html(MinutesVersion.objects.get(minutes__meeting=meeting), is_draft=False)
    ways = {"floor": bare(), "application": pdf.render}
    for draw in ways.values():
        draw(html)
    times = [{name: seconds(draw, html) for name, draw in ways.items()} for _ in range(rounds)]
    sys.stdout.write(json.dumps(times))


if __name__ == "__main__":
    main()
