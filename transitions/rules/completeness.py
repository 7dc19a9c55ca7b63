"""What a draft may lack and a release may not."""

from transitions.rules.case import CaseData

NOT_INFORMED = (
    "Der Tag fehlt, an dem die Person über die Benennung informiert wurde (Art. 13 DSGVO). Tragen Sie ihn nach."
)


def missing(data: CaseData | None) -> tuple[tuple[str, str], ...]:
    """Field and sentence of everything that must be there before the list goes out; nothing of who is told no more."""
    return () if data is None or data.informed_on else (("informed_on", NOT_INFORMED),)
