"""Resolutions arise in Einvernehmen, get the next number of the year, and can be changed until circulation."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest

from kok import seen
from kok.errors import Refused
from kok.models import AuditEvent
from meetings.models import PartnerPosition, Resolution
from meetings.record.actions.decisions import change_resolution, record_positions, record_resolution, remove_resolution
from tests.meetings.held import NOW, Stage, a_colleague, a_held_meeting, circulated, seen_in, seen_on, signed_in
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def _partners(stage: Stage) -> dict[str, int]:
    return {partner.slug: partner.pk for partner in stage.meeting.body.agreement.partners.all()}


def _record(
    stage: Stage, item: int = 2, *, consenting: frozenset[int] | None = None, text: str = "So sei es."
) -> Resolution:
    everybody = frozenset(_partners(stage).values())
    return record_resolution(
        minutes=stage.minutes, item=stage.sections[item].item, text=text,
        consenting=everybody if consenting is None else consenting, by=stage.writer, now=NOW,
    )  # fmt: skip


@built_once
def stage():
    return a_held_meeting()


def test_given_consensus_when_recorded_then_the_number_counts_in_the_year_of_the_meeting(stage) -> None:
    assert [_record(stage, text=text).number for text in ("Eins.", "Zwei.")] == ["B-2026-01", "B-2026-02"]
    assert Resolution.objects.first().decided_on == date(2026, 11, 17)  # type: ignore[union-attr]
    assert AuditEvent.objects.filter(action="resolution.recorded", note="B-2026-01").exists()


def test_given_one_partner_does_not_consent_when_recorded_then_no_resolution_arises(stage) -> None:
    with pytest.raises(Refused, match="Ohne Einvernehmen entsteht kein Beschluss"):
        _record(stage, consenting=frozenset({_partners(stage)["wetteraukreis"]}))
    assert not Resolution.objects.exists()


def test_given_verschiedenes_when_recorded_then_it_is_refused(stage) -> None:
    item = stage.sections[3].item
    item.code = "other"
    item.save()
    with pytest.raises(Refused, match="Unter Verschiedenes wird nichts beschlossen"):
        _record(stage, item=3)


def test_given_a_draft_when_a_resolution_is_changed_and_struck_then_the_trail_knows(stage) -> None:
    resolution = _record(stage)
    everybody = frozenset(_partners(stage).values())
    change_resolution(
        minutes=stage.minutes,
        resolution=resolution,
        text="Anders.",
        consenting=everybody,
        shown=seen.mark(resolution.text),
        by=stage.writer,
        now=NOW,
    )
    resolution.refresh_from_db()
    assert (resolution.text, resolution.number) == ("Anders.", "B-2026-01")
    shown = seen.mark("Anders.")
    remove_resolution(minutes=stage.minutes, resolution=resolution, shown=shown, by=stage.writer, now=NOW)
    assert not Resolution.objects.exists()
    assert list(AuditEvent.objects.filter(action__startswith="resolution").values_list("action", flat=True))[:2] == [
        "resolution.removed", "resolution.changed",
    ]  # fmt: skip


def test_given_circulated_minutes_when_a_resolution_is_touched_then_it_is_refused(stage) -> None:
    resolution = _record(stage)
    circulated(stage)
    with pytest.raises(Refused, match="schon versandt"):
        remove_resolution(
            minutes=stage.minutes, resolution=resolution, shown=seen.mark(resolution.text), by=stage.writer, now=NOW
        )
    with pytest.raises(Refused, match="schon versandt"):
        _record(stage)


def _post(stage: Stage, path: str, data: dict[str, Any], *, htmx: bool = True) -> Any:
    return signed_in(stage.writer).post(stage.url + path, data, headers=HTMX if htmx else {})


def test_given_the_form_when_all_consent_then_the_resolution_appears_in_place(stage) -> None:
    item = stage.sections[2].item
    data = {"text": "So sei es.", "consenting": [*_partners(stage).values()]}
    answer = _post(stage, f"top/{item.pk}/beschluss/", data)
    assert answer["HX-Retarget"] == f"#ergebnisse-{item.pk}"
    fragment = answer.content.decode()
    assert "Beschluss B-2026-01" in fragment
    fresh = signed_in(stage.writer).get(stage.url).content.decode()
    said = fragment[fragment.index('<p class="kok-save"') : fragment.index("</p>") + 4]
    assert _words(fragment.replace(said, "")) in _words(fresh)


def _words(html: str) -> str:
    return " ".join(html.split())


def test_given_the_form_when_one_does_not_consent_then_422_offers_the_positions_and_keeps_the_text(stage) -> None:
    item = stage.sections[2].item
    answer = _post(stage, f"top/{item.pk}/beschluss/", {"text": "Mein Wortlaut.", "consenting": []})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Mein Wortlaut." in page
    assert f"top/{item.pk}/auffassungen/" in page


def test_given_no_javascript_when_the_form_is_used_then_it_is_a_page_and_leads_back(stage) -> None:
    item = stage.sections[2].item
    client = signed_in(stage.writer)
    assert "<html" in client.get(f"{stage.url}top/{item.pk}/beschluss/").content.decode()
    data = {"text": "So sei es.", "consenting": [*_partners(stage).values()]}
    answer = _post(stage, f"top/{item.pk}/beschluss/", data, htmx=False)
    assert answer["Location"] == f"{stage.url}#top-{item.pk}"


@pytest.mark.parametrize("act", ["", "streichen"])
def test_given_a_resolution_that_somebody_changed_when_an_old_page_is_sent_then_it_says_what_stands_there_now(
    stage, act
) -> None:
    resolution, everybody = _record(stage), frozenset(_partners(stage).values())
    client, url = signed_in(stage.writer), f"{stage.url}beschluss/{resolution.pk}/"
    old = seen_on(client, url)
    shown = seen.mark(resolution.text)
    change_resolution(
        minutes=stage.minutes, resolution=resolution, text="Andrer Wortlaut.", consenting=everybody, shown=shown,
        by=a_colleague(), now=NOW,
    )  # fmt: skip
    typed = {"text": "Mein Wortlaut.", "consenting": [*everybody], "seen": old}
    page = unescape(client.post(url + act, typed, follow=True).content.decode())
    assert re.search(r"Ida Immergrün hat am [\d.]+ um [\d:]+ Uhr diesen Beschluss geändert", page)
    assert ("Nehmen, was jetzt dort steht" in page) == (not act)
    assert "Jetzt lautet er: „Andrer Wortlaut.“ Es wurde nichts überschrieben." in page
    for words in ("wählen Sie den Knopf, der mit „Trotzdem“ beginnt.", "Trotzdem ändern</span>"):
        assert (words in page) == (not act)
    resolution.refresh_from_db()
    assert resolution.text == "Andrer Wortlaut."
    if not act:
        assert "Mein Wortlaut." in page
        again = re.search(r'name="seen" value="([^"]+)"', page)
        assert again is not None
        client.post(url, typed | {"seen": again[1]})
        resolution.refresh_from_db()
        assert resolution.text == "Mein Wortlaut."


def test_given_a_page_of_its_own_when_the_form_is_sent_then_the_browser_goes_back_and_nothing_is_swapped(stage) -> None:
    resolution = _record(stage)
    client, top = signed_in(stage.writer), f"{stage.url}top/{stage.sections[2].item.pk}"
    pages = [f"{top}/beschluss/", f"{top}/auffassungen/", f"{stage.url}beschluss/{resolution.pk}/"]
    for url in pages:
        alone, inside = (client.get(url, headers=headers).content.decode() for headers in ({}, HTMX))
        assert "<html" in alone
        assert ("hx-post" in alone, "hx-post" in inside) == (False, True), url


def test_given_an_old_page_when_it_strikes_then_the_whole_page_is_loaded_with_the_reason(stage) -> None:
    resolution = _record(stage)
    client = signed_in(stage.writer)
    url = f"{stage.url}beschluss/{resolution.pk}/streichen"
    answer = client.post(url, {"seen": "old"}, headers=HTMX)
    assert (answer.status_code, answer["HX-Redirect"], answer.content) == (204, stage.url, b"")
    assert "Es wurde nichts überschrieben." in client.get(stage.url).content.decode()


def test_given_positions_when_written_changed_and_struck_then_each_partner_has_one(stage) -> None:
    item = stage.sections[2].item
    fields = {f"position_{pk}": f"Auffassung {slug}" for slug, pk in _partners(stage).items()}
    client, url = signed_in(stage.writer), f"{stage.url}top/{item.pk}/auffassungen/"
    _post(stage, f"top/{item.pk}/auffassungen/", fields | {"seen": seen_on(client, url)})
    changed = fields | {f"position_{_partners(stage)['lwv-hessen']}": "Neu", "seen": seen_on(client, url)}
    _post(stage, f"top/{item.pk}/auffassungen/", changed)
    assert sorted(PartnerPosition.objects.values_list("text", flat=True)) == ["Auffassung wetteraukreis", "Neu"]
    _post(stage, f"top/{item.pk}/auffassungen/streichen", {"seen": changed["seen"]})
    assert PartnerPosition.objects.count() == 2, "what was changed since then stays"
    _post(stage, f"top/{item.pk}/auffassungen/streichen", {"seen": seen_on(client, url)})
    assert not PartnerPosition.objects.exists()


def test_given_a_wording_without_consent_when_the_positions_are_written_then_the_minutes_say_what_they_are_about(
    stage,
) -> None:
    item = stage.sections[2].item
    top = f"top/{item.pk}/auffassungen/"
    form = _post(stage, top, {"text": "Die Wohnung wird gebaut.", "consenting": []}).content.decode()
    assert "Die Wohnung wird gebaut.</textarea>" in form
    assert not PartnerPosition.objects.exists()
    fields = {f"position_{pk}": f"Auffassung {slug}" for slug, pk in _partners(stage).items()}
    sent = fields | {"proposal": "Die Wohnung wird gebaut.", "seen": seen_in(form)}
    _post(stage, top, sent)
    client = signed_in(stage.writer)
    for page in (stage.url, f"{stage.url}lesen/"):
        assert "Die Wohnung wird gebaut." in client.get(page).content.decode()
    assert _post(stage, top, sent | {"proposal": "Anders."}).status_code == 422, "sent from a page of before"
    _post(stage, f"{top}streichen", {"seen": seen_on(client, stage.url + top)})
    assert "Die Wohnung wird gebaut." not in client.get(stage.url).content.decode()


def test_given_positions_that_somebody_changed_when_an_old_page_is_sent_then_both_are_shown_with_who_and_when(
    stage,
) -> None:
    item = stage.sections[2].item
    partners = _partners(stage)
    old = seen_on(signed_in(stage.writer), f"{stage.url}top/{item.pk}/auffassungen/")
    record_positions(
        minutes=stage.minutes, item=item, positions={partners["lwv-hessen"]: "Nein."}, shown=old, by=a_colleague(),
        now=NOW,
    )  # fmt: skip
    mine = {f"position_{pk}": "Ja." for pk in partners.values()}
    page = unescape(_post(stage, f"top/{item.pk}/auffassungen/", mine | {"seen": old}).content.decode())
    assert re.search(r"Ida Immergrün hat am [\d.]+ um [\d:]+ Uhr die Auffassungen geändert", page)
    assert "„Nein.“" in page
    assert page.count("Ja.</textarea>") == 2
    assert [*PartnerPosition.objects.values_list("text", flat=True)] == ["Nein."]


def test_given_a_wording_when_it_is_sent_again_then_it_is_one_resolution(stage) -> None:
    assert _record(stage) == _record(stage)


def test_given_the_other_secretariat_when_it_records_positions_then_it_is_refused(stage) -> None:
    with pytest.raises(Refused, match="liegen beim Wetteraukreis"):
        record_positions(
            minutes=stage.minutes,
            item=stage.sections[2].item,
            positions={1: "x"},
            shown="",
            by=stage.other_secretariat,
            now=NOW,
        )


def test_given_an_item_of_another_meeting_when_a_resolution_is_recorded_there_then_it_does_not_exist(stage) -> None:
    assert _post(stage, "top/999999/beschluss/", {"text": "x"}).status_code == 404
