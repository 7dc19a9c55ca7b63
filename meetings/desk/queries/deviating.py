"""Terms that deviate from the rotation, and the resolutions they may rest on (R-SEC-6)."""

from meetings.convening.models import DeviatingTerm
from meetings.record.models import Minutes, Resolution
from members.models import Agreement
from members.rules.codes import BodyKind


def deviating_terms(agreement: Agreement) -> list[DeviatingTerm]:
    """The deviating terms with the resolutions they rest on."""
    return list(
        DeviatingTerm.objects.filter(agreement=agreement).select_related("partner__authority", "resolution__item")
    )


def approved_resolutions(agreement: Agreement) -> list[Resolution]:
    """Resolutions of the conference whose minutes all partners approved (R-SEC-6), the newest first."""
    found = Resolution.objects.filter(
        body__agreement=agreement,
        body__kind=BodyKind.CONFERENCE,
        item__meeting__minutes__state=Minutes.State.APPROVED,
    )
    return list(found.order_by("-decided_on", "-number"))
