"""The child behind `kok.pdf.apart`: page, attachments and passphrase come by standard input, a locked PDF goes out.

Only `null` in place of the passphrase leaves it open; a short or empty one is refused.
Nothing is written to a disk, and nothing that was read is told when it fails: only the kind of the error.
"""

import base64
import json
import logging
import sys
from datetime import datetime
from pathlib import Path

from django.conf import settings

from kok import pdf
from kok.pdf.apart import REFUSED
from kok.pdf.encryption import encrypt


def main() -> int:
    """The exit code."""
    logging.disable()  # a traceback could quote the page
    order = json.load(sys.stdin)
    given = order["settings"].items()
    settings.configure(**{name: value if name.endswith("_URL") else Path(value) for name, value in given})
    try:
        content = pdf.render(order["html"], attachments=tuple(_unpacked(each) for each in order["attachments"]))
    except pdf.PdfFailed as failed:
        sys.stdout.write(type(failed.__cause__).__name__)
        return REFUSED
    locked = content if order["passphrase"] is None else encrypt(content, order["passphrase"])
    sys.stdout.buffer.write(locked)
    return 0


def _unpacked(packed: dict[str, str]) -> pdf.PdfAttachment:
    return pdf.PdfAttachment(
        name=packed["name"],
        description=packed["description"],
        content=base64.b64decode(packed["content"]),
        made_at=datetime.fromisoformat(packed["made_at"]),
    )


if __name__ == "__main__":
    sys.exit(main())
