"""Looks for a person who asks about the own data: braked, written down before it is answered, found or not."""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from kok import throttle
from kok.errors import require
from kok.genuine import check_standing
from transitions.actions.log import record_access
from transitions.models import DataSubjectRequest
from transitions.queries.access import Access
from transitions.queries.person_search import Found, find_person
from transitions.queries.requests import requests_visible_to
from transitions.rules.codes import EntryReason, LogAction

OTHER_REASON = (
    "Gesucht wird nur für die Anfrage einer betroffenen Person. Ändern Sie unten den Grund, aus dem Sie im Bereich "
    "sind. Es wurde nicht gesucht."
)
NOT_OPEN = "Diese Anfrage ist schon beantwortet. Es wurde nicht gesucht."
TOO_OFTEN = (
    "Sie haben in einer Stunde zehnmal gesucht. Es wurde nicht mehr gesucht. Warten Sie eine Stunde, und prüfen Sie "
    "inzwischen die Schreibweise."
)


def search_person(
    *,
    request: DataSubjectRequest,
    family_name: str,
    given_name: str,
    date_of_birth: date,
    by: Access,
    now: datetime,
) -> Found:
    """Who stands on a list under exactly this name and day of birth, for an open request of the own partner.

    The access log holds a line for each case found, or one for none; what was asked for stands nowhere. Raises Refused.
    """
    check_search(request, by)
    require(throttle.person(by.user.pk).is_allowed(), TOO_OFTEN)  # in no transaction with the rest: it counts anyway
    with transaction.atomic():
        found = find_person(by, family_name=family_name, given_name=given_name, date_of_birth=date_of_birth)
        for case in found.cases or (None,):
            record_access(by=by, action=LogAction.SEARCH, case=case, request=request, now=now)
    return found


def come_for_request(*, request: DataSubjectRequest, by: Access, now: datetime) -> Access:
    """Somebody inside goes on because of a request; the log tells it as an entry for this reason. Raises Refused."""
    here = replace(by, reason=EntryReason.SUBJECT_REQUEST)
    check_search(request, here)
    record_access(by=here, action=LogAction.ENTER, request=request, now=now)
    return here


def check_search(request: DataSubjectRequest, by: Access) -> None:
    """Whether this person may look for somebody because of this request. Raises Refused."""
    require(by.reason == EntryReason.SUBJECT_REQUEST, OTHER_REASON)
    require(requests_visible_to(by).filter(pk=request.pk, answer="").exists(), NOT_OPEN)
    check_standing(request)
