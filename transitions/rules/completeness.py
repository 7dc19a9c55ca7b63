"""What a draft may lack and a release may not."""

from transitions.rules.case import CaseData

NOT_INFORMED = (
    "Der Tag fehlt, an dem die Person über die Benennung informiert wurde (Art. 13 DSGVO). Tragen Sie ihn nach."
)


def missing(data: CaseData) -> tuple[tuple[str, str], ...]:
    """Field and sentence of everything that must be there before the list goes out."""
    return () if data.informed_on else (("informed_on", NOT_INFORMED),)
