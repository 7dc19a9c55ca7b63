"""Keys of the cache: allauth counts attempts by network address, which nobody shall read in the table."""

from django.utils.crypto import salted_hmac


def sealed(key: str, prefix: str, version: int) -> str:
    """A checksum with the key of the application (Django's KEY_FUNCTION): nothing can be read from it or guessed."""
    return salted_hmac("kok.cache", f"{prefix}:{version}:{key}", algorithm="sha256").hexdigest()
