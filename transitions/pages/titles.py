"""How lists and their versions are called on pages; always with both years (domain.md 2.3), and without a name."""

from transitions.models import TransitionList, TransitionListVersion


def list_name(named: TransitionList) -> str:
    """ "Übergangsliste 2027 (Schulabgänge 2028)"."""
    return f"Übergangsliste {named.year} (Schulabgänge {named.leaving_year})"


def version_words(version: TransitionListVersion) -> str:
    """ "Entwurf von Fassung 2", "Fassung 1"."""
    return f"{'Entwurf von ' * version.is_draft}Fassung {version.number}"


def version_title(version: TransitionListVersion) -> str:
    """Both, as they stand above the heading of a page."""
    return f"{list_name(version.transition_list)}, {version_words(version)}"


def as_version(version: TransitionListVersion) -> str:
    """The same of a page that reads a draft as the version that it will be."""
    return f"{list_name(version.transition_list)}, Fassung {version.number}"


def likeness_words(*, is_day_off: bool) -> str:
    """How two cases of one version are alike."""
    if is_day_off:
        return "Die Namen gleichen sich, das Geburtsdatum weicht um einen Tag ab."
    return "Namen und Geburtsdatum gleichen sich, oder Name und Einrichtung."
