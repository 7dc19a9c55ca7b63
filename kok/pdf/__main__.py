"""The child behind `kok.pdf.apart`: a page and a passphrase come by standard input, a locked PDF goes out.

Nothing is written to a disk, and nothing that was read is written to standard error.
"""

import json
import logging
import sys

from kok import pdf
from kok.pdf.encryption import encrypt

REFUSED = 3


def main() -> int:
    """The exit code; what is refused stands on standard error: the kind of the cause, then the sentence."""
    logging.disable()  # a traceback could quote the page
    order = json.load(sys.stdin)
    try:
        content = encrypt(pdf.render(order["html"]), order["passphrase"])
    except pdf.PdfFailed as failed:
        sys.stderr.write(f"{type(failed.__cause__).__name__}\n{failed.sentence}")
        return REFUSED
    sys.stdout.buffer.write(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
