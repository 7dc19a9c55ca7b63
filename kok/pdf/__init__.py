"""The only door to PDFs: HTML in, one file out that is PDF/A-3a (archive) and PDF/UA-1 (accessible) at once.

WeasyPrint needs the system library Pango and a second to load, so it is imported on first use and belongs in the
worker only. `docs/adr/0003-pdf-weasyprint-repaired.md` tells why it was chosen and what is repaired afterwards.
"""

import ctypes
import logging
import sys
from contextlib import suppress

from django.conf import settings
from django.core import checks

from kok.errors import Refused
from kok.pdf.attachment import PdfAttachment

__all__ = ["FONT_FILES", "PdfAttachment", "PdfFailed", "check_environment", "preload", "render"]

log = logging.getLogger(__name__)

FONT_FILES = ("FiraSans-Regular.ttf", "FiraSans-Italic.ttf", "FiraSans-SemiBold.ttf", "FiraSans-Bold.ttf")
APT_LINE = "apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
ONE_TINY_PAGE = '<html lang="de"><title>Start</title><p style="hyphens: auto; width: 3em">Kooperationsvereinbarung'


class PdfFailed(Refused):
    """No PDF came out. The text it was to be made of is untouched; the cause is chained and logged."""


def render(html: str, *, attachments: tuple[PdfAttachment, ...] = ()) -> bytes:
    """One accessible, archivable PDF. The same input gives the same bytes, so a checksum proves a copy.

    `html` is a whole page with `lang` and `<title>`, as templates that extend `templates/pdf/base.html` give it.
    Links are completed with KOK_PUBLIC_URL; pictures come from our own static files, everything else is refused
    (no network, no other file). Not thread-safe: render in processes.

    Raises PdfFailed with a German sentence.
    """
    try:
        from kok.pdf import engine, repair  # noqa: PLC0415  needs Pango, takes a second

        return repair.repair(engine.draw(html, attachments))
    except OSError as error:
        log.exception("PDF: library or file missing")
        raise PdfFailed(_missing_sentence()) from error
    except Exception as error:
        log.exception("PDF: rendering failed")
        raise PdfFailed(
            "Das PDF konnte nicht erstellt werden. Ihr Text ist unverändert gespeichert. Versuchen Sie es noch einmal;"
            " gelingt es wieder nicht, melden Sie es bitte der Betreuung dieser Anwendung."
        ) from error


def preload() -> None:
    """Loads WeasyPrint, fonts and the German hyphenation: the first PDF of a process is not the slow one.

    Never before a fork: Pango keeps a thread that no child inherits. Does nothing where Pango is missing;
    `check_environment` says so.
    """
    with suppress(PdfFailed):
        render(ONE_TINY_PAGE)


def forget() -> None:
    """Removes the fonts that this process laid into the temporary folder.

    For processes that end without Python's own end, which does so by itself: the children of a worker.
    """
    if loaded := sys.modules.get(f"{__name__}.engine"):
        loaded.forget()


def check_environment(app_configs: object = None, **kwargs: object) -> list[checks.CheckMessage]:
    """System check: what this machine lacks for PDFs. A warning, as everything but PDFs works without."""
    messages: list[checks.CheckMessage] = []
    if missing := [name for name in LIBRARIES if not _loadable(name)]:
        hint = f"Installieren Sie sie auf Debian oder Ubuntu mit: sudo {APT_LINE}"
        messages.append(checks.Warning(f"Für PDFs fehlt: {', '.join(missing)}.", hint=hint, id="kok.W101"))
    folder = settings.KOK_BUILD / "fonts"
    if missing := [name for name in FONT_FILES if not (folder / name).is_file()]:
        hint = "Rufen Sie bin/run oder bin/test auf, sie richten die Schriften ein. Bis dahin gilt DejaVu Sans."
        messages.append(checks.Warning(f"In {folder} fehlt: {', '.join(missing)}.", hint=hint, id="kok.W102"))
    return messages


def _missing_sentence() -> str:
    if all(_loadable(name) for name in LIBRARIES):
        return "Das PDF konnte nicht erstellt werden: Eine Datei dafür fehlt. Ihr Text ist unverändert gespeichert."
    return (
        "Das PDF konnte nicht erstellt werden: Auf diesem Rechner fehlt das Programm Pango. Ihr Text ist unverändert"
        f" gespeichert. Die Betreuung richtet es ein mit: {APT_LINE}"
    )


def _loadable(name: str) -> bool:
    for file in (f"lib{name}.so.0", f"lib{name}.dylib", f"lib{name}.0.dylib"):
        with suppress(OSError):
            return bool(ctypes.CDLL(file))
    return False
