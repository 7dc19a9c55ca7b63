"""Answers whether a text names somebody of an open list: yes or no, five times a day, and each time is logged (5.5).

Whoever writes minutes or invites could type names and ask. So it is counted for the agreement, not for the person:
colleagues would only share the guessing. Such texts go out a few times a year; five questions are enough
for any honest day.
"""

from datetime import datetime

from django.db import transaction

from kok import turns
from kok.models import TextCheck
from kok.text_checks import Question
from kok.words import local_day
from members.models import Agreement
from transitions.actions.log import record_question
from transitions.actions.notices import tell_of_name_limit
from transitions.queries.log import questions_on
from transitions.queries.names import are_all_marked, is_anybody_named
from transitions.rules.codes import LogAction

MOST_A_DAY = 5


def answer(question: Question, now: datetime) -> TextCheck.State:
    """WARNED or CLEAR, from the sixth question of a day on SKIPPED, of which the auditors are told.

    FAILED where nobody was found and not everybody could be, because marks are gone or not ours. Raises
    vault.KeyLost; then nobody gets an answer.
    """
    agreement = Agreement.objects.get(slug=question.text.agreement)
    if not _may_ask(agreement, question, now):
        return TextCheck.State.SKIPPED
    if is_anybody_named(question.text.words, agreement.slug):
        return TextCheck.State.WARNED
    return TextCheck.State.CLEAR if are_all_marked(agreement.slug) else TextCheck.State.FAILED


@transaction.atomic
def _may_ask(agreement: Agreement, question: Question, now: datetime) -> bool:
    """Writes the line before anything is looked at: what cannot be logged is not asked, and counts all the same."""
    turns.wait(f"name-questions:{agreement.pk}")  # two workers count one after the other
    may_ask = questions_on(local_day(now), agreement.slug) < MOST_A_DAY
    action = LogAction.NAMES_ASKED if may_ask else LogAction.NAMES_REFUSED
    record_question(by=question.by, agreement=agreement, action=action, now=now)
    if not may_ask:
        tell_of_name_limit(agreement=agreement, now=now)
    return may_ask
