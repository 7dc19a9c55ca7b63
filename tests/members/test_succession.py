"""Who follows whom on a seat, and who may give which role: pure rules, without a database."""

from datetime import date

import pytest

from kok.errors import Refused
from members.rules.roles import check_registrar_remains, check_role, check_technician_remains, roles_for
from members.rules.succession import Holding, check_seat_exists, end_after, predecessor

ABEL = Holding(1, 10, "Antonia Abel", date(2022, 3, 1), date(2026, 10, 1))
BUSCH = Holding(2, 20, "Bernd Busch", date(2026, 10, 1))
CURTIUS = 30


@pytest.mark.parametrize(
    ("held", "from_on", "expected"),
    [
        ([], date(2026, 1, 1), None),
        ([ABEL], date(2026, 10, 1), None),
        ([ABEL], date(2026, 9, 30), ABEL),
        ([ABEL, BUSCH], date(2027, 1, 1), BUSCH),
    ],
)
def test_given_holdings_when_somebody_follows_then_the_one_of_that_day_makes_room(held, from_on, expected):
    assert predecessor(held, person=CURTIUS, from_on=from_on) == expected


@pytest.mark.parametrize(
    ("held", "person", "from_on", "said"),
    [
        ([BUSCH], 20, date(2027, 1, 1), "Bernd Busch ist an diesem Tag schon eingetragen, seit dem 01.10.2026."),
        ([BUSCH], CURTIUS, date(2026, 10, 1), "seit genau diesem Tag"),
        ([BUSCH], CURTIUS, date(2026, 9, 30), "Ab dem 01.10.2026 ist schon Bernd Busch eingetragen."),
        ([ABEL, BUSCH], CURTIUS, date(2026, 5, 1), "Ab dem 01.10.2026 ist schon Bernd Busch eingetragen."),
    ],
)
def test_given_holdings_when_periods_would_contradict_then_it_is_refused(held, person, from_on, said):
    with pytest.raises(Refused) as refused:
        predecessor(held, person=person, from_on=from_on)
    assert said in refused.value.sentence
    assert "Es wurde nichts geändert." in refused.value.sentence


@pytest.mark.parametrize(
    ("last_on", "starts_on", "ends_before", "expected"),
    [
        (date(2026, 9, 30), date(2022, 3, 1), None, date(2026, 10, 1)),
        (date(2026, 9, 30), date(2026, 9, 30), None, date(2026, 10, 1)),
        (date(2026, 9, 30), date(2022, 3, 1), date(2027, 1, 1), date(2026, 10, 1)),
    ],
)
def test_given_a_last_day_when_something_ends_then_the_day_itself_still_counts(
    last_on, starts_on, ends_before, expected
):
    assert end_after(last_on, starts_on=starts_on, ends_before=ends_before) == expected


@pytest.mark.parametrize(
    ("last_on", "starts_on", "ends_before", "said"),
    [
        (date(2026, 9, 29), date(2026, 9, 30), None, "vor dem Beginn am 30.09.2026"),
        (date(2026, 9, 30), date(2022, 3, 1), date(2026, 10, 1), "endet schon am 30.09.2026"),
        (date(2026, 12, 31), date(2022, 3, 1), date(2026, 10, 1), "endet schon am 30.09.2026"),
    ],
)
def test_given_an_impossible_last_day_when_something_ends_then_it_is_refused(last_on, starts_on, ends_before, said):
    with pytest.raises(Refused, match=said):
        end_after(last_on, starts_on=starts_on, ends_before=ends_before)


@pytest.mark.parametrize(
    ("day", "said"), [(date(2022, 2, 28), "erst seit dem 01.03.2022"), (date(2027, 1, 1), "nur bis zum 31.12.2026")]
)
def test_given_a_day_without_the_seat_when_somebody_is_put_on_it_then_it_is_refused(day, said):
    with pytest.raises(Refused, match=said):
        check_seat_exists(day, starts_on=date(2022, 3, 1), ends_before=date(2027, 1, 1))
    check_seat_exists(date(2026, 12, 31), starts_on=date(2022, 3, 1), ends_before=date(2027, 1, 1))


def test_given_the_kinds_of_partners_when_roles_are_offered_then_the_list_of_8b_has_two_sides():
    assert "case-receiver" in roles_for("LWV")
    assert not {"case-officer", "case-releaser"} & set(roles_for("LWV"))
    assert "case-receiver" not in roles_for("COUNTY")
    assert set(roles_for("COUNTY")) == set(roles_for("CITY")) == set(roles_for("SPECIAL_STATUS_TOWN"))
    for kind in ("LWV", "COUNTY"):
        assert "admin" not in set(roles_for(kind))
    with pytest.raises(Refused):
        check_role("admin", "COUNTY")


def test_given_a_registrar_when_from_some_day_nobody_else_would_be_one_then_it_is_refused():
    check_registrar_remains(None, ends_before=date(2026, 10, 1))
    with pytest.raises(Refused, match="letzte Konto"):
        check_registrar_remains(date(2026, 10, 1), ends_before=date(2026, 10, 1))
    with pytest.raises(Refused, match=r"Ab dem 01\.01\.2027 würde niemand mehr"):
        check_registrar_remains(date(2027, 1, 1), ends_before=date(2026, 10, 1))
    check_technician_remains(None)
    with pytest.raises(Refused, match="letzte Konto der Technik"):
        check_technician_remains(date(2026, 10, 1))
