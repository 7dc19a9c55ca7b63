"""What was handed in so far: every number of the past in time. The lists of 8b are told in `leavers`."""

from datetime import date, timedelta

from kok import words
from kok.clock import BERLIN
from kok.models import User
from kok.workdays import Policy, due
from members.models import Agreement, Partner
from reporting.demo.actions.past import moment
from reporting.duties.models import Submission
from reporting.duties.rules.codes import SubmissionChannel

YEARLY = {"O-05": ("wetteraukreis", 2023), "O-06": ("lwv-hessen", 2023)}
NIL_FROM_YEAR = 2025  # Stichtag 31.12.2024: the county is no longer responsible


def hand_in_the_past(agreement: Agreement, users: dict[str, User], today: date) -> None:
    """One submission for every occurrence that lies behind us."""
    partners = {partner.slug: partner for partner in Partner.objects.filter(agreement=agreement)}
    for code, (debtor, first_year) in YEARLY.items():
        for year in range(first_year, today.year + 1):
            submitted_on = due(date(year, 4, 26), Policy.ROLL_BACK)
            if submitted_on <= today:
                _submit(agreement, code, year, partners[debtor], submitted_on, users[f"{debtor}-reporter"])


def _submit(agreement: Agreement, code: str, year: int, debtor: Partner, submitted_on: date, by: User) -> None:
    Submission.objects.create(
        agreement=agreement,
        code=code,
        due_year=year,
        debtor=debtor,
        submitted_on=submitted_on,
        channel=SubmissionChannel.STATEWIDE,
        evidence=f"Datenaustausch vom {words.day(submitted_on)}",
        is_nil_report=code == "O-05" and year >= NIL_FROM_YEAR,
        recorded_at=moment(submitted_on).astimezone(BERLIN) + timedelta(hours=1),
        recorded_by=by,
    )
