"""When two names are probably one: written differently, cut short, one letter off, or given in the other order."""

SHORTEST_BEGINNING = 3  # "Anna" begins "Annalena"
SHORTEST_MISTYPED = 4


def alike(one: str, other: str) -> bool:
    """Whether two plain names look like one; equal ones do."""
    shorter, longer = sorted((one, other), key=len)
    if longer.startswith(shorter) and (len(shorter) >= SHORTEST_BEGINNING or shorter == longer):
        return True
    return len(shorter) >= SHORTEST_MISTYPED and _one_slip(shorter, longer)


def _one_slip(shorter: str, longer: str) -> bool:
    """One letter wrong, missing or too many, or two neighbours in the wrong order."""
    if len(longer) - len(shorter) > 1:
        return False
    at = next((place for place, letter in enumerate(shorter) if letter != longer[place]), len(shorter))
    if len(shorter) < len(longer):
        return shorter[at:] == longer[at + 1 :]
    is_swapped = shorter[at : at + 2] == longer[at : at + 2][::-1] and shorter[at + 2 :] == longer[at + 2 :]
    return is_swapped or shorter[at + 1 :] == longer[at + 1 :]


def names_alike(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Family and given name, both plain, in either order."""
    return all(map(alike, one, other)) or all(map(alike, one, reversed(other)))
