"""How the duties of an agreement stand, and who sees what of it."""

from members.queries import partners_of_agreement
from reporting.queries.deadlines_page import (
    FILTER_STATES,
    DeadlinesPage,
    DutyPage,
    channels_of,
    deadlines_page,
    duty_page,
    years_of,
)
from reporting.queries.duties import Duty, duties_of
from reporting.queries.ledger import Ledger, ledger_of
from reporting.queries.overview import Overview, overview_of

__all__ = [
    "FILTER_STATES",
    "DeadlinesPage",
    "Duty",
    "DutyPage",
    "Ledger",
    "Overview",
    "channels_of",
    "deadlines_page",
    "duties_of",
    "duty_page",
    "ledger_of",
    "overview_of",
    "partners_of_agreement",
    "years_of",
]
