"""The municipality of habitual residence (§ 98 SGB IX): by name beside its key, and whether the agreement knows it."""

from collections.abc import Mapping

UNKNOWN = (
    "Dieser Gemeindeschlüssel gehört zu keiner Gemeinde der Vereinbarung. Prüfen Sie ihn. Stimmt er, können Sie den "
    "Fall trotzdem melden."
)


def municipality_words(ags: str, names: Mapping[str, str]) -> str:
    """`Nidda (06440016)`; the bare key where nobody knows its name."""
    return f"{names[ags]} ({ags})" if ags in names else ags


def municipality_warning(ags: str, names: Mapping[str, str]) -> str:
    """A hint, never a hindrance; empty where the key is known, or where the agreement names no municipalities."""
    return UNKNOWN if names and ags not in names else ""
