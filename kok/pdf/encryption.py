"""Encrypted PDFs: what nobody may read on the way is locked before it leaves the process that made it."""

import secrets
from io import BytesIO

import pikepdf
from pikepdf import Encryption, Permissions

from kok.pdf.passphrase import SIGNS


def encrypt(pdf: bytes, passphrase: str) -> bytes:
    """The same pages under AES-256 (PDF 2.0, revision 6), metadata too.

    Whoever opens it may read, print and copy; programs that read aloud may as well. The password of the owner, which
    would lift the rest, is random and forgotten. Raises ValueError for a passphrase with fewer than 24 signs.
    """
    if len(passphrase) < SIGNS:
        raise ValueError("The passphrase is too short.")
    allowed = Permissions(
        accessibility=True, extract=True, modify_annotation=False, modify_form=False, modify_other=False
    )
    lock = Encryption(owner=secrets.token_urlsafe(32), user=passphrase, R=6, allow=allowed, aes=True, metadata=True)
    target = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        opened.save(target, encryption=lock)
    return target.getvalue()
