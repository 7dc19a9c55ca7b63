"""Pure: places in a free text that look like a date of birth."""

import re

_MONTH = r"(?:\d{1,2}\.|(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)[a-z]*\.?)"
# "geb. 3.4.1987", "geboren am 3. April 1987", "*03.04.87", "Jahrgang 1987": the birth is named beside the date.
_NAMED = re.compile(
    rf"(?:\bgeb\.|\bgeboren(?:\s+am)?|\bGeburtsdatum:?|(?<!\w)\*)\s*\d{{1,2}}\.\s?{_MONTH}\s?\d{{2,4}}"
    r"|\bJahrgang\s+(?:19|20)\d{2}",
    re.IGNORECASE,
)
_DAY = re.compile(
    rf"(?<!\d)\d{{1,2}}\.\s?{_MONTH}\s?((?:19|20)\d{{2}})(?!\d)|(?<!\d)((?:19|20)\d{{2}})-\d{{2}}-\d{{2}}(?!\d)",
    re.IGNORECASE,
)


ADULT_YEARS = 10  # a full date so long ago is rarely a day of work


def birth_dates(text: str, *, until_year: int) -> list[str]:
    """What looks like a date of birth: birth is named beside it, or it is a full date of `until_year` or before."""
    named = list(map(str.strip, _NAMED.findall(text)))
    old = [match.group() for match in _DAY.finditer(text) if int("".join(match.groups(""))) <= until_year]
    places = "\0".join(named)
    return [*named, *(found for found in old if found not in places)]
