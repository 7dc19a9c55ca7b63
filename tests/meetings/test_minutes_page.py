"""The page of the minutes: saving by htmx and without, conflicts, a lost session, size and number of queries."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from meetings.models import MinutesSection
from meetings.record.actions.decisions import record_resolution
from meetings.record.actions.tasks import record_task
from tests.builders import a_user
from tests.meetings.held import NOW, Stage, a_held_meeting, circulated, signed_in, write
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
QUERIES = 12  # S2; it takes session, user, roles; head of the meeting 2; text 3, earlier tasks


def _post(client: Client, stage: Stage, section: MinutesSection, text: str, revision: int, **more: Any) -> Any:
    data = {"text": text, "result": "", "revision": revision} | more.pop("data", {})
    return client.post(f"{stage.url}abschnitt/{section.pk}", data, headers=more.pop("headers", HTMX))


@built_once
def stage():
    return a_held_meeting()


def test_given_a_draft_when_the_writer_opens_it_then_every_item_has_a_field(stage) -> None:
    page = signed_in(stage.writer).get(stage.url).content.decode()
    assert page.count("<textarea") == 4
    assert "TOP 3 Planung" in page


def test_given_typing_when_saved_by_htmx_then_the_answer_says_when_and_brings_the_new_revision(stage) -> None:
    answer = _post(signed_in(stage.writer), stage, stage.sections[0], "Text.", 0)
    assert answer.status_code == 200
    assert "Gespeichert" in answer.content.decode()
    assert 'name="revision" value="1"' in answer.content.decode()


def test_given_typing_when_saved_then_nothing_of_the_page_around_the_text_is_read(
    stage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client, section = signed_in(stage.writer), stage.sections[0]
    with django_assert_num_queries(9):  # session, user, roles; the section, locked; text and revision, in a savepoint
        _post(client, stage, section, "Text.", 0)


def test_given_windows_line_ends_when_saved_then_they_are_stored_as_one_character(stage) -> None:
    _post(signed_in(stage.writer), stage, stage.sections[0], "a\r\nb", 0)
    assert stage.sections[0].text == "a\nb"


@pytest.mark.parametrize("headers", [HTMX, {}])
@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200b", "\u00ad", "\0"])
def test_given_a_sign_that_nobody_sees_when_a_section_is_saved_then_it_is_refused_and_what_was_typed_stays(
    stage, sign: str, headers: dict[str, str]
) -> None:
    answer = _post(signed_in(stage.writer), stage, stage.sections[0], f"zahlt {sign}000.01 Euro", 0, headers=headers)
    assert answer.status_code == 422
    assert f"(U+{ord(sign):04X}). Löschen Sie es, oder tippen Sie die Angabe neu." in answer.content.decode()
    assert stage.sections[0].text == ""
    if not headers:
        assert f"zahlt {sign}000.01 Euro" in answer.content.decode()


def test_given_no_javascript_when_saved_then_one_is_led_back_to_the_item(stage) -> None:
    section = stage.sections[0]
    answer = _post(signed_in(stage.writer), stage, section, "Text.", 0, headers={})
    assert answer.status_code == 302
    assert answer["Location"] == f"{stage.url}#top-{section.item_id}"


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_given_two_writers_when_the_second_saves_then_409_shows_both_texts(stage, headers: dict[str, str]) -> None:
    section = stage.sections[0]
    write(stage, section, "Von der einen.")
    colleague = signed_in(a_user(role="secretariat"))
    answer = _post(colleague, stage, section, "Von der anderen.", 0, headers=headers)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Von der einen." in shown
    assert 'name="over" value="1"' in shown
    assert ("Von der anderen." in shown) is not bool(headers)  # htmx leaves the field alone
    assert stage.sections[0].text == "Von der einen."


def test_given_a_conflict_when_mine_is_chosen_then_it_is_saved(stage) -> None:
    section = stage.sections[0]
    write(stage, section, "Theirs.")
    answer = _post(signed_in(stage.writer), stage, section, "Mine.", 0, data={"over": "1"})
    assert answer.status_code == 200
    assert stage.sections[0].text == "Mine."


def test_given_a_conflict_when_theirs_is_taken_then_the_form_comes_back_with_their_text(stage) -> None:
    section = stage.sections[0]
    write(stage, section, "Theirs.")
    answer = _post(signed_in(stage.writer), stage, section, "Mine.", 0, data={"take": "1"})
    assert answer["HX-Retarget"] == f"#abschnitt-{section.pk}"
    assert "Theirs.</textarea>" in answer.content.decode()
    assert section.revisions.filter(text="Mine.").exists()


def test_given_minutes_sent_out_meanwhile_when_a_section_is_saved_then_it_says_so_and_the_text_is_not_lost(
    stage,
) -> None:
    section = stage.sections[0]
    circulated(stage)
    answer = _post(signed_in(stage.writer), stage, section, "Zu spät.", 0)
    assert answer.status_code == 409
    assert "schon versandt" in answer.content.decode()


def test_given_a_lost_session_when_saved_then_the_answer_is_the_sign_in_page_and_nothing_is_written(stage) -> None:
    answer = _post(Client(), stage, stage.sections[0], "Text.", 0)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/konto/login/")
    assert stage.sections[0].text == ""


@pytest.mark.parametrize("who", ["member", "other_secretariat"])
def test_given_a_draft_when_somebody_else_opens_the_tab_then_there_is_no_field(stage, who: str) -> None:
    write(stage, stage.sections[0], "Noch geheim.")
    page = signed_in(getattr(stage, who)).get(stage.url).content.decode()
    assert "<textarea" not in page
    assert ("Noch geheim." in page) is (who == "other_secretariat")


@pytest.mark.parametrize(
    "path", ["lesen/", "fassung/1/", "fassung/1/pdf", "fassung/1/pdf/stand", "zurueck/", "versenden/", "genehmigen/"]
)
def test_given_a_draft_when_a_member_asks_for_a_part_of_it_then_it_does_not_exist(stage, path: str) -> None:
    assert signed_in(stage.member).get(stage.url + path).status_code in (403, 404)
    assert signed_in(stage.member).get(stage.url + "lesen/").status_code == 404


def _filled(items: int) -> Stage:
    """As many items as asked for, with text, a resolution and a task each, and twelve people."""
    stage = a_held_meeting(items=tuple(f"Punkt {n} mit einem Titel von üblicher Länge" for n in range(items)))
    everybody = frozenset(partner.pk for partner in stage.minutes.meeting.body.agreement.partners.all())
    for section in stage.sections:
        write(stage, section, "Der Sachstand ist beraten. " * 6, result="NOTED")
        record_resolution(
            minutes=stage.minutes, item=section.item, text="Die Konferenz beschließt es so.", consenting=everybody,
            by=stage.writer, now=NOW,
        )  # fmt: skip
        record_task(
            minutes=stage.minutes,
            item=section.item,
            what="Zahlen vorlegen",
            who="Fachplanung",
            by=stage.writer,
            now=NOW,
        )
    return stage


@pytest.mark.parametrize("items", [10, 100])
def test_given_any_number_of_items_when_the_page_is_opened_then_the_queries_stay_the_same(
    items: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    stage = _filled(items)
    client = signed_in(stage.writer)
    with django_assert_max_num_queries(QUERIES) as counted:
        page = client.get(stage.url)
    assert page.status_code == 200
    assert len(counted) == 9
    if items == 10:
        assert len(page.content) <= 60_000


def test_given_a_section_when_it_is_saved_by_htmx_then_a_fresh_page_shows_the_same_words(stage) -> None:
    client = signed_in(stage.writer)
    fragment = _post(client, stage, stage.sections[0], "Text.", 0).content.decode()
    assert fragment.strip() in client.get(stage.url).content.decode()


def test_given_versions_when_one_is_restored_then_it_is_in_the_field_again(stage) -> None:
    section = stage.sections[0]
    write(stage, section, "Früher.")
    write(stage, section, "Später.")
    client = signed_in(stage.writer)
    assert "Früher." in client.get(f"{stage.url}abschnitt/{section.pk}/fassungen/").content.decode()
    client.post(f"{stage.url}abschnitt/{section.pk}/fassungen/1", {"seen": "2"})
    assert stage.sections[0].text == "Früher."


def test_given_the_header_when_two_change_different_fields_then_both_changes_stay(stage) -> None:
    shown = {"chair_name": "", "taker_name": "", "began_at": "10:00", "ended_at": ""}
    initial = {f"initial-{name}": value for name, value in shown.items()}
    client = signed_in(stage.writer)
    client.post(f"{stage.url}angaben", shown | initial | {"chair_name": "Antonia Abel"})
    client.post(f"{stage.url}angaben", shown | initial | {"ended_at": "12:30"})
    stage.minutes.refresh_from_db()
    assert (stage.minutes.chair_name, f"{stage.minutes.ended_at:%H:%M}") == ("Antonia Abel", "12:30")


def test_given_an_end_before_the_beginning_when_saved_then_a_sentence_says_so(stage) -> None:
    answer = signed_in(stage.writer).post(f"{stage.url}angaben", {"began_at": "10:00", "ended_at": "09:00"})
    assert "Das Ende der Sitzung liegt vor ihrem Beginn" in answer.content.decode()
