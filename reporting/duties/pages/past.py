"""Every occurrence of the duties so far, for whoever loads a version of the agreement that begins in the past."""

from collections.abc import Mapping
from datetime import date

from members.models import Agreement
from members.queries.past import FallenDue, Key
from members.rules.codes import Recurrence
from reporting.duties.queries.duties import Duty, duties_of
from reporting.duties.queries.ledger import ledger_of


def fallen_due(agreement: Agreement, today: date) -> Mapping[Key, FallenDue]:
    """All duties from the year of the coming into force to the next one, each by the rule of its day."""
    years = range(agreement.in_force_on.year, today.year + 2)
    return dict(_told(duty) for duty in duties_of(ledger_of(agreement, years[0], years[-1]), years, today))


def _told(duty: Duty) -> tuple[Key, FallenDue]:
    year, on = duty.occurrence.due_year, duty.occurrence.effective_due_on
    if duty.rule.recurrence == Recurrence.MEETINGS_PER_YEAR:  # not their day changes, but their number
        return (duty.rule.code, str(year)), FallenDue(
            f"Punkt {duty.rule.clause}: Sitzungen im Jahr {year}", duty.name, on
        )
    who = f" ({duty.who})" if duty.debtor else ""
    return (duty.rule.code, duty.name, duty.who), FallenDue(f"{duty.heading}{who}", duty.dates, on)
