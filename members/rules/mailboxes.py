"""Which mailbox an address names: whoever reads it gets the links to a password, so two accounts there are one person.

Seen are capitals and what stands after a plus sign (RFC 5233). Not seen are other names of one mailbox, dots that a
provider ignores, forwarding, and two mailboxes that one person reads.
"""


def mailbox_of(address: str) -> str:
    """The mailbox in one spelling; "" where there is no address."""
    name, at, host = address.strip().casefold().rpartition("@")
    return f"{name.partition('+')[0] or name}{at}{host}"
