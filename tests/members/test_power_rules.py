"""Who may be the second person, and who administers an account: pure rules, asked in every constellation."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kok.errors import Refused
from members.rules import power
from members.rules.power import AccountFacts, AccountStanding, Hand, Powers

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
COUNTY, LWV_HERE, LWV_THERE = 1, 2, 3
HERE, EVERYWHERE = frozenset({LWV_HERE}), frozenset({LWV_HERE, LWV_THERE})


def powers(registrars=None, technicians=()):
    return Powers(registrars or {}, {}, frozenset(technicians))


def test_given_the_roles_when_asked_then_those_with_power_need_two_and_the_others_one():
    two = {"case-officer", "case-releaser", "case-receiver", "approver", "registrar", "auditor", "admin"}
    assert set(power.FOUR_EYES) == two
    assert not {"secretariat", "member", "reporter"} & two


@pytest.mark.parametrize(
    ("hand", "said"),
    [
        (Hand(1), "selbst beantragt"),
        (Hand(2), "Ihr eigenes Konto"),
        (Hand(3, frozenset({1})), "eingeladen"),
        (Hand(3, frozenset({9})), ""),
        (Hand(3), ""),
    ],
)
def test_given_a_hand_when_it_would_confirm_then_only_another_uninvited_pair_of_eyes_may(hand, said):
    found = power.obstacle(hand, giver=Hand(1), receiver=Hand(2))
    assert said in found
    assert bool(found) is bool(said)


def test_given_a_giver_whom_the_other_invited_when_confirming_then_it_is_the_same_obstacle():
    giver = Hand(1, frozenset({3}))
    assert "eingeladen" in power.obstacle(Hand(3), giver=giver, receiver=Hand(2))


@pytest.mark.parametrize(
    ("invitations", "hosts"),
    [({}, set()), ({5: 4}, {4}), ({5: 4, 4: 1}, {4, 1}), ({4: 1}, set()), ({5: 4, 4: 5}, {4, 5})],
)
def test_given_invitations_of_the_last_days_when_asked_for_the_hosts_then_they_are_followed_to_the_first(
    invitations, hosts
):
    assert power.hosts_of(5, invitations) == hosts


@pytest.mark.parametrize(
    ("waiting", "asked_lately", "said"),
    [(19, 39, ""), (20, 20, "schon 20 Anträge auf Bestätigung"), (0, 40, "in den letzten 24 Stunden schon 40")],
)
def test_given_many_requests_of_one_person_when_one_more_is_asked_then_there_is_an_end(waiting, asked_lately, said):
    if said:
        with pytest.raises(Refused, match=said):
            power.check_not_too_many(waiting=waiting, asked_lately=asked_lately)
    else:
        power.check_not_too_many(waiting=waiting, asked_lately=asked_lately)


def test_given_oneself_when_asking_then_it_is_refused():
    with pytest.raises(Refused, match="Ihr eigenes Konto"):
        power.check_giver(Hand(1), Hand(1))
    power.check_giver(Hand(1), Hand(2))


@given(numbers=st.sets(st.integers(1, 5)), giver=st.integers(1, 5), receiver=st.integers(1, 5))
def test_given_any_hands_when_filtered_then_neither_giver_nor_receiver_is_left(numbers, giver, receiver):
    found = power.free_of_obstacles(map(Hand, numbers), giver=Hand(giver), receiver=Hand(receiver))
    assert found == numbers - {giver, receiver}


def standing(somebody, account, **values):
    return powers(**values).standing(somebody, account)


@pytest.mark.parametrize(
    ("own", "account", "found"),
    [
        (HERE, AccountFacts(9, HERE), AccountStanding.ALONE),
        (HERE, AccountFacts(9, frozenset({LWV_THERE}), house=EVERYWHERE), AccountStanding.NONE),
        (HERE, AccountFacts(9, EVERYWHERE, house=EVERYWHERE), AccountStanding.TOGETHER),
        (EVERYWHERE, AccountFacts(9, frozenset({LWV_THERE})), AccountStanding.ALONE),
        (EVERYWHERE, AccountFacts(9, frozenset({LWV_HERE, COUNTY}), house=EVERYWHERE), AccountStanding.ALONE),
        (HERE, AccountFacts(9, house=EVERYWHERE), AccountStanding.ALONE),
        (frozenset({COUNTY}), AccountFacts(9, house=EVERYWHERE), AccountStanding.NONE),
        (HERE, AccountFacts(9, HERE, is_technical=True), AccountStanding.TOGETHER),
        (HERE, AccountFacts(9, is_technical=True), AccountStanding.NONE),
        (HERE, AccountFacts(9), AccountStanding.NONE),
        (HERE, AccountFacts(1, HERE), AccountStanding.NONE),
    ],
)
def test_given_a_registrar_when_asked_what_he_is_to_an_account_then_all_its_roles_must_be_his(own, account, found):
    assert standing(1, account, registrars={1: own}) is found


@pytest.mark.parametrize(
    ("account", "found"),
    [
        (AccountFacts(9, is_technical=True), AccountStanding.ALONE),
        (AccountFacts(9), AccountStanding.ALONE),
        (AccountFacts(9, HERE), AccountStanding.TOGETHER),
        (AccountFacts(9, HERE, is_technical=True), AccountStanding.TOGETHER),
        (AccountFacts(1, is_technical=True), AccountStanding.NONE),
    ],
)
def test_given_technik_when_asked_what_it_is_to_an_account_then_alone_only_for_its_own_kind(account, found):
    assert standing(1, account, technicians=[1]) is found


def test_given_a_role_when_somebody_confirms_then_registrars_come_before_technik_and_technik_has_both():
    held = powers({1: HERE, 2: EVERYWHERE, 3: frozenset({COUNTY})}, [7])
    assert power.circles_for_role(held, "approver", HERE) == [{1, 2}, {7}]
    assert power.circles_for_role(held, "auditor", EVERYWHERE) == [{2}, {7}]
    assert power.circles_for_role(held, "admin", frozenset()) == [{1, 2, 3, 7}]


@pytest.mark.parametrize(
    ("giver", "account", "circles"),
    [
        (1, AccountFacts(9, HERE), [{1, 2}, {7, 8}]),  # a registrar of the account: a colleague, else Technik
        (1, AccountFacts(2, EVERYWHERE), [{7, 8}]),  # half of it: Technik
        (7, AccountFacts(2, HERE), [{1}, {3}]),  # Technik: its registrar, else one of another partner
        (7, AccountFacts(1, frozenset({COUNTY})), [{3}, {1, 2}]),
        (7, AccountFacts(3, frozenset({COUNTY})), [set(), {1, 2}]),
        (7, AccountFacts(8, is_technical=True), [{1, 2, 3, 7, 8}]),
    ],
)
def test_given_something_about_an_account_when_asked_for_then_the_circles_are_these(giver, account, circles):
    held = powers({1: HERE, 2: EVERYWHERE, 3: frozenset({COUNTY})}, [7, 8])
    neighbours = HERE if COUNTY in account.partners else frozenset({COUNTY})
    assert power.circles_for_account(held, giver, account, neighbours) == circles
