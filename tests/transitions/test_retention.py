"""The table of domain.md 5.5, row by row: what is kept until when, and what erasing leaves."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kok import erasure, vault
from members.models import Person, RoleAssignment, SeatAssignment
from tests.builders import a_user, an_agreement, give_role
from tests.roles import as_worker, by_worker, unguarded
from tests.transitions.world import (
    NOW,
    a_draft,
    acknowledged,
    an_access,
    case_data,
    fresh,
    people,
    released,
)  # fmt: skip
from transitions.actions import entries, lists
from transitions.actions.cases import record_outcome
from transitions.actions.erasure import erase_cases
from transitions.models import (
    CaseEntry,
    CaseEvent,
    DataSubjectRequest,
    PendingImport,
    TransitionCase,
    TransitionList,
    TransitionListVersion,
    TransmissionReceipt,
)
from transitions.rules.codes import CaseOutcome, CaseState, EndReason, VersionState
from transitions.rules.retention import CaseDates, CaseRule, case_due

WITHDRAWN, ENDED, LATEST = CaseRule.WITHDRAWN, CaseRule.ENDED, CaseRule.LATEST
END = date(2029, 12, 31)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (CaseDates(2027), (END, LATEST)),
        (CaseDates(2027, ended_on=date(2028, 8, 31)), (date(2029, 2, 28), ENDED)),
        (CaseDates(2027, ended_on=date(2029, 8, 1)), (END, LATEST)),
        (CaseDates(2027, ended_on=date(2027, 5, 3), is_withdrawn=True), (date(2027, 5, 3), WITHDRAWN)),
        (
            CaseDates(2027, ended_on=date(2027, 5, 3), is_withdrawn=True, erase_on=date(2027, 6, 2)),
            (date(2027, 6, 2), WITHDRAWN),
        ),
        # postponed to 2029 in September: still there when list 2028 is prepared; taken over: six months
        (CaseDates(2027, ended_on=date(2027, 9, 1), waits_for_year=2028), (date(2028, 12, 31), ENDED)),
        (CaseDates(2027, ended_on=date(2027, 9, 1)), (date(2028, 3, 1), ENDED)),
        (CaseDates(2027, ended_on=date(2027, 9, 1), waits_for_year=2031), (END, LATEST)),
    ],
)
def test_given_a_case_when_asked_how_long_it_is_kept_then_the_earliest_end_counts(dates, expected):
    assert case_due(dates) == expected


@pytest.fixture(autouse=True)
def _agreement(request, settings, tmp_path):
    settings.KOK_ERASURE_LIST = tmp_path / "erasures.jsonl"
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        an_agreement()


def at(day):
    """The nightly run of a day."""
    return by_worker(erasure.run, now=datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=2))


def erased(run):
    """What a run erased, rule by rule."""
    assert not [line for line in run.report if line["failed"]], run.report
    return {line["rule"]: line["erased"] for line in run.report if line["erased"]}


def contents():
    return CaseEntry.objects.exclude(content="").count()


@pytest.mark.django_db
def test_given_a_draft_when_nobody_changed_it_for_90_days_then_it_goes_with_everybody_in_it():
    draft = a_draft(people(2))
    last = draft.changed_at.date() + timedelta(days=90)
    assert erased(at(last - timedelta(days=1))) == {}
    assert erased(at(last)) == {"drafts": 1}
    assert not TransitionListVersion.objects.exists()
    assert not TransitionCase.objects.exists()


@pytest.mark.django_db
def test_given_the_draft_of_a_correction_when_it_is_too_old_then_named_cases_and_the_released_version_stay():
    first = acknowledged(released(a_draft(people(2))))
    by = an_access()
    draft = lists.open_draft(sender=first.transition_list.sender, year=2027, by=by, now=NOW + timedelta(days=1))
    entries.add_entry(
        version=draft, data=case_data(family_name="Neu"), is_late=False, by=by, now=NOW + timedelta(days=1)
    )
    assert erased(at(date(2027, 7, 1))) == {"drafts": 1}
    assert TransitionCase.objects.count() == 2
    assert (contents(), fresh(first).state) == (2, VersionState.ACKNOWLEDGED)


@pytest.mark.django_db
def test_given_rows_of_a_file_when_nobody_took_them_over_for_seven_days_then_they_go():
    draft = a_draft([])
    PendingImport.objects.create(
        version=draft, content=vault.seal([], belongs_to=str(draft.pk)), row_count=1, uploaded_at=NOW
    )  # fmt: skip
    assert erased(at(NOW.date() + timedelta(days=6))) == {}
    assert erased(at(NOW.date() + timedelta(days=7))) == {"pending-imports": 1}


def withdrawn(*, is_acknowledged):
    """Two named, one of them withdrawn by a second version on 20.03.2027; the case and the new version."""
    receipt = released(a_draft(people(2)))
    if is_acknowledged:
        acknowledged(receipt)
    by, later = an_access(), NOW + timedelta(days=10)
    draft = lists.open_draft(sender=receipt.version.transition_list.sender, year=2027, by=by, now=later)
    entry = draft.entries.first()
    entries.end_case(
        entry=entry, ending=CaseState.WITHDRAWN, reason=EndReason.NAMED_BY_MISTAKE, postponed_to=None, by=by, now=later
    )
    released(draft, now=later + timedelta(hours=1))
    return TransitionCase.objects.get(pk=entry.case_id), fresh(draft)


@pytest.mark.django_db
def test_given_a_withdrawn_case_when_the_receipt_was_not_confirmed_then_nothing_is_left_but_reference_and_reason():
    case, _ = withdrawn(is_acknowledged=False)
    assert not case.entries.exclude(content="").exists()
    assert case.erased_at
    assert (case.end_reason, case.case_ref[:8]) == (EndReason.NAMED_BY_MISTAKE, "UE-2027-")
    assert erased(at(date(2027, 3, 21))) == {}


@pytest.mark.django_db
def test_given_a_withdrawn_case_when_the_receipt_was_confirmed_then_it_goes_30_days_later_and_the_other_stays():
    case, newest = withdrawn(is_acknowledged=True)
    assert case.erase_on == date(2027, 4, 19)
    assert erased(at(date(2027, 4, 18))) == {}
    assert erased(at(date(2027, 4, 19))) == {"cases-withdrawn": 1}
    case.refresh_from_db()
    assert case.erased_at
    assert not case.entries.exclude(content="").exists()
    assert case.events.filter(kind="ERASED", by=None).count() == 1
    assert fresh(newest).state == VersionState.RELEASED
    assert contents() == 2  # the other person, in both versions
    assert erased(at(date(2027, 4, 20))) == {}


@pytest.mark.django_db
def test_given_a_withdrawal_that_left_something_when_the_run_comes_then_the_leftovers_go():
    case, _ = withdrawn(is_acknowledged=False)
    other = CaseEntry.objects.exclude(content="").first()
    with unguarded("transitions_caseentry"):
        case.entries.filter(ending="").update(content=other.content)
    assert erased(at(date(2027, 3, 21))) == {"cases-withdrawn": 1}
    assert not case.entries.exclude(content="").exists()


@pytest.mark.django_db
def test_given_an_outcome_when_six_months_are_over_then_the_case_goes_and_the_version_is_erased():
    version = acknowledged(released(a_draft()))
    case = version.entries.get().case
    record_outcome(
        case=case, outcome=CaseOutcome.TAKEN_OVER_BY_LWV, by=an_access("case-receiver"),
        now=datetime(2028, 8, 31, 9, tzinfo=UTC),
    )  # fmt: skip
    assert erased(at(date(2029, 2, 27))).get("cases-ended") is None
    assert erased(at(date(2029, 2, 28)))["cases-ended"] == 1
    assert (contents(), fresh(version).state) == (0, VersionState.ERASED)
    case.refresh_from_db()
    assert case.outcome == CaseOutcome.TAKEN_OVER_BY_LWV
    assert TransmissionReceipt.objects.get().case_count == 1


@pytest.mark.django_db
def test_given_an_open_case_when_the_second_year_after_the_list_ends_then_it_goes():
    acknowledged(released(a_draft()))
    at(date(2029, 12, 30))
    assert contents() == 1
    assert erased(at(date(2029, 12, 31)))["cases-latest"] == 1
    assert contents() == 0


@pytest.mark.django_db
def test_given_a_nil_report_when_the_run_comes_then_it_stays_what_it_is():
    version = acknowledged(released(a_draft([])))
    at(date(2030, 1, 1))
    assert fresh(version).state == VersionState.ACKNOWLEDGED


@pytest.mark.django_db
def test_given_a_nil_report_after_a_withdrawal_when_the_case_is_erased_then_only_the_version_that_named_it_is_erased():
    first = acknowledged(released(a_draft()))
    by, later = an_access(), NOW + timedelta(days=10)
    draft = lists.open_draft(sender=first.transition_list.sender, year=2027, by=by, now=later)
    entries.end_case(
        entry=draft.entries.get(), ending=CaseState.WITHDRAWN, reason=EndReason.NOT_ENTITLED, postponed_to=None,
        by=by, now=later,
    )  # fmt: skip
    released(draft, now=later + timedelta(hours=1))
    assert erased(at(date(2027, 4, 19))) == {"cases-withdrawn": 1}
    assert (fresh(first).state, fresh(draft).state) == (VersionState.ERASED, VersionState.RELEASED)


@pytest.mark.django_db
def test_given_a_draft_with_an_erased_case_when_read_before_then_it_cannot_be_released_unread():
    version = acknowledged(released(a_draft(people(2))))
    draft = lists.open_draft(sender=version.transition_list.sender, year=2027, by=an_access(), now=NOW)
    case = draft.entries.first().case
    with as_worker():
        assert erase_cases([str(case.pk)], NOW) == 1
        assert erase_cases([str(case.pk)], NOW) == 0
    assert draft.entries.count() == 1
    assert fresh(draft).revision == draft.revision + 1
    assert CaseEvent.objects.filter(case=case, kind="ERASED").count() == 1


@pytest.mark.django_db
def test_given_a_list_when_ten_years_after_the_last_transmission_are_over_then_nothing_of_it_is_left():
    acknowledged(released(a_draft(people(2))))
    at(date(2029, 12, 31))
    at(date(2037, 3, 9))
    assert TransitionList.objects.exists()
    assert erased(at(date(2037, 3, 10)))["lists"] == 1
    for model in (TransitionList, TransitionListVersion, TransitionCase, CaseEvent, TransmissionReceipt):
        assert not model.objects.exists(), model


@pytest.mark.django_db
def test_given_an_answered_request_when_three_years_are_over_then_it_goes_and_an_open_one_stays():
    partner = an_access().agreement.partners.first()
    base = {
        "agreement": partner.agreement, "partner": partner, "kind": "ACCESS", "received_on": date(2027, 3, 1),
        "recorded_at": NOW, "recorded_by": a_user(),
    }  # fmt: skip
    DataSubjectRequest.objects.create(**base, answer="GRANTED", answered_on=date(2027, 3, 20))
    still_open = DataSubjectRequest.objects.create(**base)
    assert erased(at(date(2030, 3, 19))) == {}
    assert erased(at(date(2030, 3, 20))) == {"subject-requests": 1}
    assert DataSubjectRequest.objects.get() == still_open


# People and accounts


def _leaves(person, day):
    SeatAssignment.objects.filter(person=person).update(period=(date(2022, 3, 1), day))


@pytest.mark.django_db
def test_given_a_member_who_left_when_twelve_months_are_over_then_address_and_telephone_go_and_the_name_stays():
    left, stays = Person.objects.filter(assignments__isnull=False).order_by("pk")[:2]
    Person.objects.filter(pk=left.pk).update(phone="06031 83-1")
    _leaves(left, date(2026, 10, 1))
    assert "member-contacts" not in erased(at(date(2027, 9, 30)))
    assert erased(at(date(2027, 10, 1)))["member-contacts"] == 1
    left.refresh_from_db()
    stays.refresh_from_db()
    assert (left.email, left.phone, bool(left.family_name)) == ("", "", True)
    assert stays.email


@pytest.mark.django_db
@pytest.mark.parametrize(("is_active", "expected"), [(True, None), (False, 1)])
def test_given_a_member_who_left_when_the_account_is_still_open_then_the_address_stays(is_active, expected):
    left = Person.objects.filter(assignments__isnull=False).earliest("pk")
    left.user = a_user()
    left.user.is_active = is_active
    left.user.save()
    left.save()
    _leaves(left, date(2026, 10, 1))
    assert erased(at(date(2027, 10, 1))).get("member-contacts") == expected


@pytest.mark.django_db
def test_given_an_ended_role_when_twelve_months_are_over_then_it_goes():
    ended = give_role(a_user(), role="member")
    RoleAssignment.objects.filter(pk=ended.pk).update(period=(date(2022, 3, 1), date(2026, 10, 1)))
    at(date(2027, 9, 30))
    assert RoleAssignment.objects.filter(pk=ended.pk).exists()
    at(date(2027, 10, 1))
    assert not RoleAssignment.objects.filter(pk=ended.pk).exists()


@pytest.mark.django_db
def test_given_a_closed_account_when_twelve_months_are_over_then_only_its_names_are_left():
    from members.actions import close_account
    from tests.builders import a_factor

    user, admin = a_user(username="wer.weiss"), a_user(role="admin")
    a_factor(user)
    close_account(user=user, by=admin, now=datetime(2026, 10, 1, 9, tzinfo=UTC))
    assert "closed-accounts" not in erased(at(date(2027, 9, 30)))
    assert erased(at(date(2027, 10, 1)))["closed-accounts"] == 1
    user.refresh_from_db()
    assert (user.username, user.email, user.has_usable_password()) == ("wer.weiss", "", False)
    assert not user.authenticator_set.exists()
    assert "closed-accounts" not in erased(at(date(2027, 10, 2)))
    admin.refresh_from_db()
    assert admin.email
