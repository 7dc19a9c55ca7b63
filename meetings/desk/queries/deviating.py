"""Terms that deviate from the rotation, and the resolutions they may rest on (R-SEC-6)."""

from django.db.models import QuerySet

from meetings.convening.models import DeviatingTerm
from meetings.record.models import Minutes, Resolution
from members.models import Agreement
from members.rules.codes import BodyKind


def deviating_terms(agreement: Agreement) -> list[DeviatingTerm]:
    """The deviating terms with the resolutions they rest on."""
    return list(
        DeviatingTerm.objects.filter(agreement=agreement).select_related("partner__authority", "resolution__item")
    )


def approved_resolutions(agreement: Agreement) -> QuerySet[Resolution]:
    """Resolutions of the conference whose minutes all partners approved (R-SEC-6), by their numbers."""
    found = Resolution.objects.filter(
        body__agreement=agreement,
        body__kind=BodyKind.CONFERENCE,
        item__meeting__minutes__state=Minutes.State.APPROVED,
    )
    return found.order_by("number")
