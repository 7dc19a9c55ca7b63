"""What was handed in so far: every duty of the past in time, one list of 8b late."""

from datetime import date, timedelta

from kok.clock import BERLIN
from kok.models import User
from kok.workdays import Policy, due
from members.models import Agreement, Partner
from reporting.actions.demo.past import moment
from reporting.models import Submission

Channel = Submission.Channel
YEARLY = {"O-04": ("wetteraukreis", 2022), "O-05": ("wetteraukreis", 2023), "O-06": ("lwv-hessen", 2023)}
NIL_FROM_YEAR = 2025  # Stichtag 31.12.2024: the county is no longer responsible


def hand_in_the_past(agreement: Agreement, users: dict[str, User], today: date) -> None:
    """One submission for every occurrence that lies behind us; the list of 8b two years ago was late."""
    partners = {partner.slug: partner for partner in Partner.objects.filter(agreement=agreement)}
    for code, (debtor, first_year) in YEARLY.items():
        for year in range(first_year, today.year + 1):
            is_late = code == "O-04" and year == today.year - 1
            submitted_on = _submitted_on(year, is_late=is_late)
            if submitted_on <= today:
                _submit(agreement, code, year, partners[debtor], submitted_on, users[f"{debtor}-reporter"])


def _submitted_on(year: int, *, is_late: bool) -> date:
    if is_late:
        return due(date(year, 5, 7), Policy.ROLL_FORWARD)
    return due(date(year, 4, 26), Policy.ROLL_BACK)


def _submit(agreement: Agreement, code: str, year: int, debtor: Partner, submitted_on: date, by: User) -> None:
    is_list = code == "O-04"
    Submission.objects.create(
        agreement=agreement,
        code=code,
        due_year=year,
        debtor=debtor,
        submitted_on=submitted_on,
        channel=Channel.SECURE_MAIL if is_list else Channel.STATEWIDE,
        evidence=f"Liste {year}, Empfang bestätigt" if is_list else f"Datenaustausch vom {submitted_on:%d.%m.%Y}",
        is_nil_report=code == "O-05" and year >= NIL_FROM_YEAR,
        recorded_at=moment(submitted_on).astimezone(BERLIN) + timedelta(hours=1),
        recorded_by=by,
    )
