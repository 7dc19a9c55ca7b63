"""A section is saved under its revision: nothing is lost, nobody overwrites what he has not seen."""

import pytest

from kok.errors import Refused
from meetings.models import MinutesSection, SectionRevision
from meetings.record.actions.minutes import Conflict, restore_revision, save_section, take_theirs
from tests.builders import a_user
from tests.meetings.held import NOW, a_held_meeting, circulated, write
from tests.worlds import built_once

pytestmark = pytest.mark.django_db


def _texts(section: MinutesSection) -> list[str]:
    return list(SectionRevision.objects.filter(section=section).order_by("revision").values_list("text", flat=True))


def _save(section: MinutesSection, text: str, *, revision: int, by: object, result: str = "") -> MinutesSection:
    return save_section(section=section, text=text, result=result, revision=revision, by=by, now=NOW)  # type: ignore[arg-type]


@built_once
def stage():
    return a_held_meeting()


def test_given_a_draft_when_a_section_is_saved_twice_then_both_texts_are_kept(stage) -> None:
    section = stage.sections[0]
    _save(section, "Erst.", revision=0, by=stage.writer)
    saved = _save(section, "Dann.", revision=1, by=stage.writer, result="NOTED")
    assert (saved.text, saved.result, saved.revision, saved.changed_by) == ("Dann.", "NOTED", 2, stage.writer)
    assert _texts(section) == ["Erst.", "Dann."]


def test_given_a_saved_text_when_it_comes_again_then_nothing_changes(stage) -> None:
    section = stage.sections[0]
    _save(section, "Einmal.", revision=0, by=stage.writer)
    again = _save(section, "Einmal.", revision=0, by=stage.writer)
    assert again.revision == 1
    assert _texts(section) == ["Einmal."]


def test_given_two_writers_when_the_second_saves_an_old_revision_then_he_is_told_and_nothing_is_overwritten(
    stage,
) -> None:
    colleague = a_user(role="secretariat")
    section = stage.sections[0]
    _save(section, "Von der einen.", revision=0, by=stage.writer)
    with pytest.raises(Conflict, match="Ihr Text ist nicht verloren") as conflict:
        _save(section, "Von der anderen.", revision=0, by=colleague)
    assert conflict.value.saved.text == "Von der einen."
    assert conflict.value.saved.changed_by == stage.writer
    section.refresh_from_db()
    assert section.text == "Von der einen."


def test_given_a_conflict_when_mine_is_chosen_then_it_is_a_new_revision_over_theirs(stage) -> None:
    section = stage.sections[0]
    _save(section, "Theirs.", revision=0, by=stage.writer)
    saved = _save(section, "Mine.", revision=1, by=stage.writer)
    assert (saved.text, saved.revision) == ("Mine.", 2)
    assert _texts(section) == ["Theirs.", "Mine."]


def test_given_a_conflict_when_theirs_is_taken_then_mine_is_kept_among_the_revisions(stage) -> None:
    section = stage.sections[0]
    _save(section, "Theirs.", revision=0, by=stage.writer, result="NOTED")
    taken = take_theirs(section=section, text="Mine.", result="", revision=1, by=stage.writer, now=NOW)
    assert (taken.text, taken.result, taken.revision) == ("Theirs.", "NOTED", 3)
    assert _texts(section) == ["Theirs.", "Mine.", "Theirs."]


def test_given_a_conflict_when_the_section_moved_on_meanwhile_then_the_choice_is_asked_again(stage) -> None:
    section = stage.sections[0]
    _save(section, "Eins.", revision=0, by=stage.writer)
    _save(section, "Zwei.", revision=1, by=stage.writer)
    with pytest.raises(Conflict):
        take_theirs(section=section, text="Mine.", result="", revision=1, by=stage.writer, now=NOW)
    assert _texts(section) == ["Eins.", "Zwei."]


def test_given_an_earlier_text_when_it_is_restored_then_it_is_the_newest_revision(stage) -> None:
    section = stage.sections[0]
    _save(section, "Früher.", revision=0, by=stage.writer, result="NOTED")
    _save(section, "Später.", revision=1, by=stage.writer)
    restored = restore_revision(section=section, old=1, revision=2, by=stage.writer, now=NOW)
    assert (restored.text, restored.result, restored.revision) == ("Früher.", "NOTED", 3)


def test_given_the_other_partners_draft_when_his_secretariat_saves_then_it_is_refused(stage) -> None:
    with pytest.raises(Refused, match="Leitung und Protokoll dieser Sitzung liegen beim Wetteraukreis"):
        _save(stage.sections[0], "Fremd.", revision=0, by=stage.other_secretariat)


def test_given_circulated_minutes_when_a_section_is_saved_then_it_is_refused() -> None:
    stage = circulated(a_held_meeting())
    section = stage.sections[0]
    with pytest.raises(Refused, match="schon versandt"):
        write(stage, section, "Zu spät.")
    section.refresh_from_db()
    assert section.text == "Text zu Begrüßung."


@pytest.mark.parametrize("text", ["„Zitat“ 👩🏽‍🦽 Ü", "<b>fett</b>", "- eins\n  - zwei\n\n\tdrei", "x" * 20_000])
def test_given_any_text_an_editor_can_give_when_it_is_saved_then_it_comes_back_as_it_was(stage, text: str) -> None:
    section = stage.sections[0]
    _save(section, text, revision=0, by=stage.writer)
    section.refresh_from_db()
    assert section.text == text
