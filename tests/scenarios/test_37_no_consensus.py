"""Scenario 37: without consensus of the partners there is no resolution, and no majority counts (finding 15)."""

import pytest

from kok.errors import Refused
from meetings.record.rules.consensus import check_resolution, disagreeing


def test_37_given_partners_that_disagree_when_resolved_then_no_resolution_arises_and_positions_are_recorded():
    partners = ("wetteraukreis", "lwv-hessen")
    positions = {"wetteraukreis": True, "lwv-hessen": False}  # by partner: four seats against three are no majority
    with pytest.raises(Refused) as refused:
        check_resolution(positions, partners)
    assert refused.value.sentence == (
        "Ohne Einvernehmen entsteht kein Beschluss. Halten Sie die Auffassungen aller Partner fest."
    )
    assert disagreeing(positions, partners) == ("lwv-hessen",)
