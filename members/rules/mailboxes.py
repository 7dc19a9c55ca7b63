"""Which mailbox an address names: whoever reads it gets the links to a password, so two accounts there are one person.

Seen are capitals, what stands after a plus sign (RFC 5233) and a name in quotation marks, which a mail server takes off
(RFC 5321); no form takes those. Not seen are other names of one mailbox, dots that a
provider ignores, forwarding, and two mailboxes that one person reads.
"""

import re

_QUOTING = re.compile(r'\\(.)|"')


def mailbox_of(address: str) -> str:
    """The mailbox in one spelling; "" where there is no address."""
    quoted, at, host = address.strip().casefold().rpartition("@")
    name = _QUOTING.sub(r"\1", quoted)
    return f"{name.partition('+')[0] or name}{at}{host}"
