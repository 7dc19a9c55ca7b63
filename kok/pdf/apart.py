"""A PDF made in a child process while a person waits: the page goes there and back through pipes only.

A worker would have to be told by rows of the database, which would keep in plain what must not be kept, and a web
process shall not load WeasyPrint. `docs/adr/0012-encrypted-exports.md` weighs it.
"""

import base64
import json
import logging
import os
import subprocess
import sys

from django.conf import settings

from kok.pdf import PdfAttachment, PdfFailed

log = logging.getLogger(__name__)
LONGEST = 60  # seconds; a list of 300 people takes about ten
ENVIRONMENT = (
    "PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "FONTCONFIG_PATH", "FONTCONFIG_FILE",
)  # fmt: skip
SETTINGS = ("BASE_DIR", "KOK_BUILD", "KOK_PUBLIC_URL", "STATIC_ROOT", "STATIC_URL")  # no key and no password
REFUSED = 3  # what the child returns when no PDF came out; then it names the kind of the error
BROKEN = (
    "Die Datei konnte nicht erstellt werden. Es wurde nichts ausgegeben und nichts geändert. Versuchen Sie es noch "
    "einmal; gelingt es wieder nicht, melden Sie es bitte der Betreuung dieser Anwendung."
)


def render_locked(html: str, *, passphrase: str, attachments: tuple[PdfAttachment, ...] = ()) -> bytes:
    """A PDF/UA of this page, with these files in it, that opens with the passphrase only. Takes about two seconds.

    What is attached is locked like the page. Neither page nor passphrase stand in an argument, the environment, a file
    or a log, and no key of this application is told to the child. Raises PdfFailed.
    """
    packed = [
        {
            "name": each.name,
            "description": each.description,
            "content": base64.b64encode(each.content).decode(),
            "made_at": each.made_at.isoformat(),
        }
        for each in attachments
    ]
    return _made({"html": html, "passphrase": passphrase, "attachments": packed})


def render_open(html: str) -> bytes:
    """A PDF/A and PDF/UA of this page that opens for everybody: only for pages without personal data.

    Takes about two seconds. Raises PdfFailed.
    """
    return _made({"html": html, "passphrase": None, "attachments": []})


def _made(what: dict[str, object]) -> bytes:
    order = json.dumps({**what, "settings": {name: str(getattr(settings, name)) for name in SETTINGS}}).encode()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "kok.pdf"],
            input=order, capture_output=True, check=False, timeout=LONGEST, cwd=settings.BASE_DIR,
            env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        log.error("PDF: the child took longer than %s seconds", LONGEST)  # noqa: TRY400  it would quote the page
        raise PdfFailed(BROKEN) from None
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        kind = done.stdout.decode(errors="replace") if done.returncode == REFUSED else ""
        log.error("PDF: the child ended with %s %s", done.returncode, kind)
        raise PdfFailed(BROKEN)
    return done.stdout
