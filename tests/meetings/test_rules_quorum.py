"""Who must be there so that a meeting can decide (finding 15)."""

import pytest

from meetings.record.rules.quorum import Attendee, quorum

COUNTY, LWV = PARTNERS = ("Wetteraukreis", "LWV Hessen")


def there(partner, *, has_seat=True, is_present=True):
    return Attendee(partner, has_seat, is_present)


@pytest.mark.parametrize(
    ("attendees", "is_quorate", "absent"),
    [
        ([there(COUNTY), there(LWV)], True, ()),
        ([there(COUNTY)] * 4, False, (LWV,)),
        ([there(COUNTY), there(LWV, is_present=False)], False, (LWV,)),
        ([there(COUNTY), there(LWV, has_seat=False)], False, (LWV,)),
        ([there(COUNTY), there(LWV, is_present=False), there(LWV)], True, ()),
        ([], False, PARTNERS),
    ],
)
def test_given_attendance_when_asked_then_both_partners_must_be_represented(attendees, is_quorate, absent):
    found = quorum(PARTNERS, attendees, is_conference=True)
    assert (found.is_quorate, found.absent) == (is_quorate, absent)


def test_given_attendance_when_minuted_then_the_finding_names_the_partners():
    both = [there(COUNTY), there(LWV)]
    assert quorum(PARTNERS, both, is_conference=True).sentence == (
        "Das Gremium ist beschlussfähig. Vertreten sind: Wetteraukreis, LWV Hessen."
    )
    assert quorum(PARTNERS, both[:1], is_conference=True).sentence == (
        "Das Gremium ist nicht beschlussfähig. Nicht vertreten: LWV Hessen."
    )


def test_given_another_body_when_asked_then_there_is_no_rule():
    found = quorum(PARTNERS, [], is_conference=False)
    assert found.is_quorate is None
    assert "regelt für dieses Gremium nicht" in found.sentence
