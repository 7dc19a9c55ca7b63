"""Passphrases that are told by telephone: random, long, without look-alikes. Free of pikepdf, which is large."""

import secrets

ALPHABET = "abcdefghkmnpqrstuvwxyz23456789"  # no 0 o, 1 i l j
GROUPS, LENGTH = 6, 4
SIGNS = GROUPS * LENGTH


def new_passphrase() -> str:
    """24 random signs in groups of four, about 117 bits: `k7mq-2xhd-…`. Shown once, kept nowhere."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(GROUPS))
