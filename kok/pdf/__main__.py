"""The child behind `kok.pdf.apart`: a page and a passphrase come by standard input, a locked PDF goes out.

Nothing is written to a disk, and nothing that was read is told when it fails: only the kind of the error.
"""

import json
import logging
import sys

from kok import pdf
from kok.pdf.apart import REFUSED
from kok.pdf.encryption import encrypt


def main() -> int:
    """The exit code."""
    logging.disable()  # a traceback could quote the page
    order = json.load(sys.stdin)
    try:
        content = encrypt(pdf.render(order["html"]), order["passphrase"])
    except pdf.PdfFailed as failed:
        sys.stdout.write(type(failed.__cause__).__name__)
        return REFUSED
    sys.stdout.buffer.write(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
