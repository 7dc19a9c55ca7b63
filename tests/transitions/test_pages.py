"""What pages of the lists say, without a database: whose turn it is, how far a version is, what a button does."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from transitions.models import TransitionList, TransitionListVersion
from transitions.pages import lists
from transitions.pages.import_preview import Preview
from transitions.pages.rights import ListRights
from transitions.pages.titles import as_version, version_title
from transitions.pages.version import steps_of
from transitions.queries.listing import ListSummary
from transitions.rules.codes import VersionState

NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)
OFFICER = ListRights(draft=True, release=False, receive=False)
RELEASER = ListRights(draft=False, release=True, receive=False)
RECEIVER = ListRights(draft=False, release=False, receive=True)
PREVIEW = Preview("1.1", NOW, "Ada", (), 4, 1, 0, 0, 0, 0, 0, 0, 0)


def a_version(state: VersionState = VersionState.DRAFT, submitted_at: datetime | None = None, number: int = 1):
    of_list = TransitionList(year=2027)
    return TransitionListVersion(transition_list=of_list, state=state, submitted_at=submitted_at, number=number)


def listed(version: TransitionListVersion, open_count: int = 0) -> ListSummary:
    draft, released = (version, None) if version.is_draft else (None, version)
    return ListSummary(
        version.transition_list, version, draft, released, 3, open_count, date(2027, 4, 30), date(2027, 4, 30)
    )


@pytest.mark.parametrize(
    ("version", "open_count", "rights", "expected"),
    [
        (a_version(), 0, OFFICER, ("Entwurf", "Entwurf bearbeiten", "version")),
        (a_version(), 0, RELEASER, ("Entwurf", "Wartet auf die Fallbearbeitung", "")),
        (a_version(submitted_at=NOW), 0, RELEASER, ("vorgelegt", "Prüfen und freigeben", "release")),
        (a_version(submitted_at=NOW), 0, OFFICER, ("vorgelegt", "Wartet auf die Freigabe", "")),
        (a_version(VersionState.RELEASED), 3, RECEIVER, ("freigegeben", "Empfang bestätigen", "acknowledge")),
        (a_version(VersionState.RELEASED), 3, OFFICER, ("freigegeben", "Wartet auf die Bestätigung", "")),
        (a_version(VersionState.ACKNOWLEDGED), 3, RECEIVER, ("Empfang bestätigt", "Ergebnisse eintragen", "outcomes")),
        (a_version(VersionState.ACKNOWLEDGED), 3, OFFICER, ("Empfang bestätigt", "Nichts zu tun", "")),
        (a_version(VersionState.ACKNOWLEDGED), 0, RECEIVER, ("Empfang bestätigt", "Nichts zu tun", "")),
        (a_version(VersionState.CLOSED), 0, RECEIVER, ("abgeschlossen", "Nichts zu tun", "")),
    ],
)
def test_given_a_list_when_shown_then_it_says_whose_turn_it_is(version, open_count, rights, expected):
    standing = lists._standing(listed(version, open_count))
    assert (standing.label, *lists._next_step(standing.step, rights)) == expected


@pytest.mark.parametrize(
    ("submitted_at", "gaps", "total", "expected"),
    [
        (None, 0, 0, (0, "noch leer")),
        (None, 1, 4, (0, "eine Angabe fehlt noch")),
        (None, 2, 4, (0, "2 Angaben fehlen noch")),
        (NOW, 0, 4, (1, "wartet auf die Freigabe")),
    ],
)
def test_given_a_draft_when_its_steps_are_shown_then_one_is_current_and_says_what_it_waits_for(
    submitted_at, gaps, total, expected
):
    steps = steps_of(a_version(submitted_at=submitted_at), gaps, total)
    [(place, current)] = [(n, step) for n, step in enumerate(steps) if step["state"] == "current"]
    assert (place, current["note"]) == expected
    assert [step["state"] for step in steps[:place]] == ["done"] * place


def test_given_a_version_when_named_then_always_with_both_years():
    draft = a_version(number=2)
    assert version_title(draft) == "Übergangsliste 2027 (Schulabgänge 2028), Entwurf von Fassung 2"
    assert as_version(draft) == "Übergangsliste 2027 (Schulabgänge 2028), Fassung 2"


@pytest.mark.parametrize(
    ("counts", "take", "told"),
    [
        ({"new": 1}, "Einen Fall in den Entwurf nehmen", ""),
        ({"new": 2, "asked": 1}, "Trotzdem 2 Fälle in den Entwurf nehmen", ""),
        (
            {"new": 2, "different": 1, "same": 1},
            "2 Fälle in den Entwurf nehmen und die Abweichung übernehmen",
            "Von 4 Zeilen: 2 neu, 1 weicht vom Entwurf ab, 1 steht genauso darin.",
        ),
        (
            {"new": 0, "same": 3, "left_alone": 1},
            "",
            "Von 4 Zeilen: 0 neu, 0 weichen vom Entwurf ab, 3 stehen genauso darin, 1 bleibt dort, wie sie ist.",
        ),
    ],
)
def test_given_waiting_rows_when_shown_then_sentence_and_button_say_what_happens_to_the_draft(counts, take, told):
    preview = replace(PREVIEW, **counts)
    assert (preview.take_button, preview.told) == (take, told)
