"""R-SEC-6: a term that deviates from the rotation, by a resolution that all partners approved."""

from datetime import datetime

from django.db import transaction

from kok import audit
from kok.access import Permission, can
from kok.errors import require
from kok.models import User
from meetings.convening.models import DeviatingTerm
from meetings.convening.queries.secretariat import secretariat_of
from meetings.convening.rules import secretariat as rules
from meetings.convening.rules.secretariat import Deviation
from meetings.record.models import Minutes, Resolution
from meetings.record.rules.codes import MinutesState
from members.models import Agreement

NOT_YOURS = "Das tragen die Geschäftsstellen der Partner ein. Es wurde nichts geändert."
NOT_YET = (
    "Das Protokoll mit dem Beschluss {number} ist noch nicht von allen Partnern genehmigt. "
    "Es wurde nichts geändert. Tragen Sie die Abweichung nach der Genehmigung ein."
)


@transaction.atomic
def record_deviating_term(
    *, agreement: Agreement, deviation: Deviation, resolution: Resolution, by: User, now: datetime
) -> DeviatingTerm:
    """Records who is in office when, and whether later terms shift.

    Raises Refused for a resolution that is not approved by all partners, an overlap, and a day outside the rotation.
    """
    locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
    require(can(by, Permission.MEETING_PLAN, locked), NOT_YOURS)
    approved = Minutes.objects.filter(meeting=resolution.item.meeting, state=MinutesState.APPROVED)
    require(approved.exists(), NOT_YET.format(number=resolution.number))
    secretariat = secretariat_of(locked)
    rules.check_deviation(secretariat.rotation, deviation, secretariat.deviations)
    term = DeviatingTerm.objects.create(
        agreement=locked,
        partner=secretariat.partners[deviation.partner],
        period=(deviation.starts_on, deviation.ends_before),
        shift_later=deviation.shift_later,
        resolution=resolution,
        recorded_at=now,
        recorded_by=by,
    )
    audit.record(
        by=by, action="secretariat.deviation-recorded", obj=term, agreement=locked.slug,
        note=resolution.number, now=now,
    )  # fmt: skip
    return term
