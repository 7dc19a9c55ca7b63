"""The page of the minutes: saving by htmx and without, conflicts, a lost session, size and number of queries."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from meetings.models import MinutesSection
from meetings.record.actions.decisions import record_resolution
from meetings.record.actions.tasks import record_task
from tests.builders import a_user
from tests.meetings.held import (
    NOW,
    Stage,
    a_colleague,
    a_held_meeting,
    circulated,
    seen_in,
    seen_on,
    signed_in,
    typed,
    write,
)
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
QUERIES = 12  # S2; it takes session, user, roles; head of the meeting 2; text 3, earlier tasks


def _post(client: Client, stage: Stage, section: MinutesSection, text: str, revision: int, **more: Any) -> Any:
    choice = {f"{section.pk}-{name}": value for name, value in more.items()}
    sent = typed(section, text, revision=revision) | choice
    return client.post(f"{stage.url}abschnitt/{section.pk}", sent, headers=HTMX)


def _send_all(client: Client, stage: Stage, *sent: dict[str, object], **more: str) -> Any:
    """Any button of the page without JavaScript: it sends every field."""
    everything: dict[str, Any] = {}
    for each in (*(typed(section, section.text) for section in stage.sections), *sent, more):
        everything |= each
    return client.post(f"{stage.url}speichern", everything)


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
    assert f'name="{stage.sections[0].pk}-revision" value="1"' in answer.content.decode()


def test_given_typing_when_saved_then_nothing_of_the_page_around_the_text_is_read(
    stage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client, section = signed_in(stage.writer), stage.sections[0]
    with django_assert_num_queries(9):  # session, user, roles; the section, locked; text and revision, in a savepoint
        _post(client, stage, section, "Text.", 0)


def test_given_windows_line_ends_when_saved_then_they_are_stored_as_one_character(stage) -> None:
    _post(signed_in(stage.writer), stage, stage.sections[0], "a\r\nb", 0)
    assert stage.sections[0].text == "a\nb"


@pytest.mark.parametrize("is_htmx", [True, False])
@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200b", "\u00ad", "\0"])
def test_given_a_sign_that_nobody_sees_when_a_section_is_saved_then_it_is_refused_and_what_was_typed_stays(
    stage, sign: str, is_htmx: bool
) -> None:
    section, text = stage.sections[0], f"zahlt {sign}000.01 Euro"
    client = signed_in(stage.writer)
    answer = _post(client, stage, section, text, 0) if is_htmx else _send_all(client, stage, typed(section, text))
    assert answer.status_code == (422 if is_htmx else 409)
    assert f"(U+{ord(sign):04X}). Löschen Sie es, oder tippen Sie die Angabe neu." in answer.content.decode()
    assert stage.sections[0].text == ""
    if not is_htmx:
        assert text in answer.content.decode()


def test_given_no_javascript_when_saved_then_one_is_led_back_to_the_item(stage) -> None:
    section = stage.sections[1]
    answer = _send_all(signed_in(stage.writer), stage, typed(section, "Text."), save=str(section.pk))
    assert answer.status_code == 302
    assert answer["Location"] == f"{stage.url}#top-{section.item_id}"


def test_given_no_javascript_when_two_texts_are_typed_and_one_is_saved_then_both_are(stage) -> None:
    first, second = stage.sections[:2]
    client = signed_in(stage.writer)
    page = client.get(stage.url).content.decode()
    fields = [f'name="{first.pk}-text" form="alle"', f'name="{second.pk}-text" form="alle"', 'name="chair_name"']
    assert all(field in page for field in fields)
    sent = (
        typed(first, "Eins."),
        typed(second, "Zwei."),
        {"chair_name": "Antonia Abel", "seen": seen_on(client, stage.url)},
    )
    answer = _send_all(client, stage, *sent, save=str(first.pk))
    assert answer["Location"] == f"{stage.url}#top-{first.item_id}"
    assert [section.text for section in stage.sections[:2]] == ["Eins.", "Zwei."]
    stage.minutes.refresh_from_db()
    assert stage.minutes.chair_name == "Antonia Abel"
    assert "Gespeichert: TOP 1 und TOP 2." in client.get(stage.url).content.decode()


def test_given_no_javascript_when_one_text_of_two_is_in_conflict_then_it_is_shown_again_and_the_other_is_saved(
    stage,
) -> None:
    first, second, third = stage.sections[:3]
    write(stage, first, "Von der einen.")
    write(stage, third, "Nebenan.")
    client = signed_in(a_user(role="secretariat"))
    old = typed(first, "Von der anderen.", revision=0), typed(second, "Auch das."), typed(third, "", revision=0)
    answer = _send_all(client, stage, *old, save=str(first.pk))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Von der einen." in page
    assert "Von der anderen.</textarea>" in page
    assert "Nebenan." not in page  # where nothing was typed nobody is asked
    assert [section.text for section in stage.sections[:3]] == ["Von der einen.", "Auch das.", "Nebenan."]
    chosen = typed(first, "Von der anderen.", revision=0) | {f"{first.pk}-over": "1"}
    client.post(f"{stage.url}speichern", chosen)
    assert stage.sections[0].text == "Von der anderen."


def test_given_two_writers_when_the_second_saves_then_409_shows_both_texts(stage) -> None:
    section = stage.sections[0]
    write(stage, section, "Von der einen.")
    answer = _post(signed_in(a_user(role="secretariat")), stage, section, "Von der anderen.", 0)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Von der einen." in shown
    assert f'name="{section.pk}-over" value="1"' in shown
    assert "Von der anderen." not in shown  # the field is left alone
    assert stage.sections[0].text == "Von der einen."


def test_given_somebody_else_who_signed_in_meanwhile_when_the_page_of_the_first_saves_then_nothing_is_written(
    stage,
) -> None:
    section, other = stage.sections[0], signed_in(a_user(role="secretariat"))
    headers = HTMX | {"Kok-Account": str(stage.writer.pk)}
    for path in (f"abschnitt/{section.pk}", "angaben", f"top/{section.item_id}/beschluss/"):
        assert other.post(stage.url + path, typed(section, "Fremd."), headers=headers).status_code == 403
    assert stage.sections[0].text == ""


def test_given_a_conflict_when_mine_is_chosen_then_it_is_saved(stage) -> None:
    section = stage.sections[0]
    write(stage, section, "Theirs.")
    answer = _post(signed_in(stage.writer), stage, section, "Mine.", 0, over="1")
    assert answer.status_code == 200
    assert stage.sections[0].text == "Mine."


def test_given_a_conflict_when_theirs_is_taken_then_the_form_comes_back_with_their_text(stage) -> None:
    section = stage.sections[0]
    write(stage, section, "Theirs.")
    answer = _post(signed_in(stage.writer), stage, section, "Mine.", 0, take="1")
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
    client = signed_in(stage.writer)
    shown = _header(client, stage)
    client.post(f"{stage.url}angaben", shown | {"chair_name": "Antonia Abel"})
    client.post(f"{stage.url}angaben", shown | {"ended_at": "12:30"})
    stage.minutes.refresh_from_db()
    assert (stage.minutes.chair_name, f"{stage.minutes.ended_at:%H:%M}") == ("Antonia Abel", "12:30")


def _header(client: Client, stage: Stage) -> dict[str, str]:
    """What a page that was just opened sends of the head of the minutes."""
    values = {"chair_name": "", "taker_name": stage.minutes.taker_name, "began_at": "10:30", "ended_at": ""}
    return values | {"seen": seen_on(client, stage.url)}


def test_given_the_header_when_two_change_the_same_then_the_second_sees_both_and_who_and_chooses(stage) -> None:
    client = signed_in(stage.writer)
    other = signed_in(a_colleague())
    shown = _header(client, stage)
    other.post(f"{stage.url}angaben", shown | {"chair_name": "Antonia Abel", "ended_at": "12:00"})
    answer = client.post(f"{stage.url}angaben", shown | {"chair_name": "Bernd Busch"}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert re.search(r"Ida Immergrün hat am [\d.]+ um [\d:]+ Uhr diese Angaben geändert", page)
    assert "Leitung: „Antonia Abel“" in page
    assert "12:00" not in page  # which this person did not touch
    stage.minutes.refresh_from_db()
    assert stage.minutes.chair_name == "Antonia Abel"
    again = {"chair_name": "Bernd Busch", "ended_at": "12:00", "seen": seen_in(page)}
    client.post(f"{stage.url}angaben", shown | again)
    stage.minutes.refresh_from_db()
    assert stage.minutes.chair_name == "Bernd Busch"


def test_given_no_javascript_when_the_header_is_in_conflict_then_it_is_shown_again_with_what_was_typed(stage) -> None:
    client = signed_in(stage.writer)
    shown = _header(client, stage)
    signed_in(a_user(role="secretariat")).post(f"{stage.url}angaben", shown | {"chair_name": "Antonia Abel"})
    page = client.post(f"{stage.url}speichern", shown | {"chair_name": "Bernd Busch"}).content.decode()
    assert 'value="Bernd Busch"' in page
    assert "„Antonia Abel“" in page
    client.post(f"{stage.url}speichern", shown | {"chair_name": "Bernd Busch", "seen": seen_in(page)})
    stage.minutes.refresh_from_db()
    assert stage.minutes.chair_name == "Bernd Busch"


def test_given_an_end_before_the_beginning_when_saved_then_a_sentence_says_so(stage) -> None:
    client = signed_in(stage.writer)
    answer = client.post(f"{stage.url}angaben", _header(client, stage) | {"ended_at": "09:00"})
    assert "Das Ende der Sitzung liegt vor ihrem Beginn" in answer.content.decode()
