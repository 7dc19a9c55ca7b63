"""HTML to tagged PDF by WeasyPrint, with our own style, fonts and files only."""

import logging
import mimetypes
from functools import cache
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from weasyprint import CSS, HTML
from weasyprint import Attachment as WeasyAttachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from kok.pdf.attachment import PdfAttachment

# Templates link their style for "screen, print"; the PDF gets it parsed once per process, and not a second time.
MEDIUM = "pdf"
FACES = (("Regular", 400, "normal"), ("Italic", 400, "italic"), ("SemiBold", 600, "normal"), ("Bold", 700, "normal"))

logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)


def draw(html: str, attachments: tuple[PdfAttachment, ...]) -> bytes:
    """A PDF/A-3a whose tags still need `repair`. Raises whatever WeasyPrint raises."""
    fonts, sheets = _style()
    page = HTML(string=html, base_url=_site(), url_fetcher=OwnFiles(fail_on_errors=True), media_type=MEDIUM)
    try:
        content: bytes = page.write_pdf(
            font_config=fonts,
            stylesheets=sheets,
            pdf_variant="pdf/a-3a",
            attachments=[
                WeasyAttachment(
                    file_obj=BytesIO(attachment.content),
                    name=attachment.name,
                    description=attachment.description,
                    created=attachment.made_at,
                    modified=attachment.made_at,
                    relationship="Data",
                )
                for attachment in attachments
            ],
        )
    except FatalURLFetchingError as error:  # a BaseException, which would end a worker
        raise ValueError("The page asks for a file that is not ours.") from error
    return content


class OwnFiles(URLFetcher):
    """Reads our static files and fonts from the disk and refuses everything else.

    Text typed by people ends up in the HTML; an address in it must never make the server ask the network or
    read another file (server-side request forgery).
    """

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        path = own_file(url)
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


def own_file(url: str) -> Path:
    """The file behind an address of our own. Raises PermissionError for any other address or place."""
    static = urljoin(_site(), settings.STATIC_URL)
    path = Path()
    if url.startswith(static):
        path = _static_file(unquote(urlsplit(url.removeprefix(static)).path))
    elif url.startswith("file:///"):
        path = Path(unquote(urlsplit(url).path))
    path = path.resolve()
    ours = (settings.KOK_BUILD / "fonts", Path(settings.STATIC_ROOT), settings.BASE_DIR / "static")
    if not path.is_file() or not any(path.is_relative_to(folder.resolve()) for folder in ours):
        raise PermissionError("A PDF is made of our own static files and fonts only.")
    return path


def _static_file(name: str) -> Path:
    """Collected files carry a hash in their name, so the two folders never disagree."""
    collected = Path(settings.STATIC_ROOT) / name
    return collected if collected.is_file() else settings.BASE_DIR / "static" / name


def _site() -> str:
    return f"{settings.KOK_PUBLIC_URL}/"


@cache
def _style() -> tuple[FontConfiguration, list[CSS]]:
    """Fonts and style, once per process: a new FontConfiguration per PDF costs 0.24 MiB for ever."""
    fonts = FontConfiguration()
    fetcher = OwnFiles()
    style = settings.BASE_DIR / "static" / "css" / "pdf.css"
    sheets = [
        CSS(string=_font_faces(), font_config=fonts, url_fetcher=fetcher),
        CSS(filename=style, font_config=fonts, url_fetcher=fetcher, media_type=MEDIUM),
    ]
    return fonts, sheets


def forget() -> None:
    """Lets fonts and style go, and removes the folder at once: a page that was drawn may still hold the fonts."""
    if _style.cache_info().currsize:
        fonts, _ = _style()
        _style.cache_clear()
        fonts.__del__()


def _font_faces() -> str:
    """TTF made at set-up; WOFF2 costs 0.6 s a PDF. A missing file leaves DejaVu Sans, named in the style."""
    folder = settings.KOK_BUILD / "fonts"
    return "\n".join(
        f'@font-face {{ font-family: "Fira Sans"; font-weight: {weight}; font-style: {slant};'
        f' src: url("{(folder / f"FiraSans-{face}.ttf").as_uri()}") }}'
        for face, weight, slant in FACES
        if (folder / f"FiraSans-{face}.ttf").is_file()
    )
