"""Recording that a duty was fulfilled, and taking a wrong entry back. Both end or resume the reminders."""

from datetime import date, datetime

from django.db import transaction

from kok import audit
from kok.access import Permission, partners_of
from kok.errors import Refused, refuse, require
from kok.models import User
from kok.queries import extra_holidays
from members.models import Agreement, ObligationRule, Partner
from members.rules.codes import Channel, Recurrence
from reporting.duties.models import ONE_VALID, Submission
from reporting.duties.queries.duties import rule_of_year
from reporting.duties.queries.ledger import is_named_list, obligations_in
from reporting.duties.rules import fulfilment, recording
from reporting.duties.rules.occurrences import Occurrence, occurrence
from transitions.queries.counts import releases_of


@transaction.atomic
def record_submission(  # noqa: PLR0913  what the form asks for
    *,
    agreement: Agreement,
    code: str,
    due_year: int,
    debtor: Partner,
    submitted_on: date,
    channel: str,
    evidence: str = "",
    file_sha256: str = "",
    is_nil_report: bool = False,
    by: User,
    now: datetime,
) -> Submission:
    """Writes down that a partner handed in what it owes (O-04 to O-06); only for one's own partner.

    8c and 8d were handed in through the statewide exchange: the proof is recorded, nothing is delivered a second
    time (finding 2). A list of 8b that stands here is not entered: its release counts (O-04). Raises Refused, also
    when an entry exists already.
    """
    _check_own_partner(by, agreement, debtor)
    rule = _locked_rule(agreement, code, due_year, debtor)
    due = _occurrence(rule, due_year, debtor)
    refuse(recording.check_period(due, submitted_on, agreement.in_force_on))
    refuse(recording.check_channel(channel, rule.channel))
    refuse(recording.check_sha256(file_sha256))
    is_statewide = rule.channel == Channel.STATEWIDE
    today = fulfilment.day_in_hessen(now)
    refuse(fulfilment.check_submission(due, submitted_on, today, evidence=evidence, is_statewide=is_statewide))
    _check_no_list(agreement, rule, due_year, debtor)
    _check_none_valid(agreement, code, due_year, debtor)
    submission = Submission.objects.create(
        agreement=agreement,
        code=code,
        due_year=due_year,
        debtor=debtor,
        submitted_on=submitted_on,
        channel=channel,
        evidence=evidence.strip(),
        file_sha256=file_sha256,
        is_nil_report=is_nil_report,
        recorded_at=now,
        recorded_by=by,
    )
    note = f"{code} {due_year}"
    audit.record(by=by, action="submission.recorded", obj=submission, agreement=agreement.slug, note=note, now=now)
    return submission


@transaction.atomic
def withdraw_submission(*, submission: Submission, reason: str, by: User, now: datetime) -> Submission:
    """Takes a wrong entry back with a reason; it stays in the history, and the duty is open again. Raises Refused."""
    locked = Submission.objects.select_for_update(of=("self",)).select_related("agreement", "debtor__authority")
    found = locked.get(pk=submission.pk)
    _check_own_partner(by, found.agreement, found.debtor)
    refuse(recording.check_withdrawal(reason, is_withdrawn=found.withdrawn_at is not None))
    found.withdrawn_at, found.withdrawn_by, found.withdrawal_reason = now, by, reason.strip()
    found.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    note = f"{found.code} {found.due_year}"
    audit.record(by=by, action="submission.withdrawn", obj=found, agreement=found.agreement.slug, note=note, now=now)
    return found


def _check_own_partner(by: User, agreement: Agreement, debtor: Partner) -> None:
    require(
        debtor.pk in partners_of(by, Permission.DUTY_RECORD, agreement),
        f"Was {debtor.short_name} abgibt, trägt dieser Partner selbst ein. Es wurde nichts geändert. Wenden Sie "
        "sich an die Meldungen dieses Partners.",
    )


def _locked_rule(agreement: Agreement, code: str, due_year: int, debtor: Partner) -> ObligationRule:
    """The rule by which this occurrence is judged; the obligation is locked in all versions, one at a time."""
    rules = ObligationRule.objects.select_for_update(of=("self",)).filter(version__agreement=agreement, code=code)
    owed = obligations_in(agreement, rules.filter(recurrence=Recurrence.YEARLY).order_by("pk"))
    found = (rule_of_year(each, due_year) for each in owed)
    rule = next((each for each in found if each and debtor.slug in each.debtors), None)
    return require(rule, _no_such(due_year, debtor))


def _occurrence(rule: ObligationRule, due_year: int, debtor: Partner) -> Occurrence:
    due = occurrence(rule, due_year, extra_holidays(), debtor=debtor.slug)
    return require(due, _no_such(due_year, debtor))


def _no_such(due_year: int, debtor: Partner) -> str:
    return (
        f"Für {debtor.short_name} gibt es im Jahr {due_year} keine solche Frist. Es wurde nichts eingetragen. "
        "Prüfen Sie das Jahr."
    )


def _check_no_list(agreement: Agreement, rule: ObligationRule, due_year: int, debtor: Partner) -> None:
    """By hand only what was handed over elsewhere, for years whose list does not stand in the sealed area."""
    if is_named_list(rule) and (due_year, debtor.pk) in releases_of(agreement, due_year, due_year):
        raise Refused(
            f"Die Übergangsliste {due_year} steht in dieser Anwendung. Ihre Freigabe erfüllt die Frist von selbst. Es "
            "wurde nichts eingetragen."
        )


def _check_none_valid(agreement: Agreement, code: str, due_year: int, debtor: Partner) -> None:
    """The unique constraint has the last word; its sentence is said before the database has to."""
    same = Submission.objects.filter(agreement=agreement, code=code, due_year=due_year, debtor=debtor)
    require(not same.filter(withdrawn_at__isnull=True).exists(), str(ONE_VALID.violation_error_message))
