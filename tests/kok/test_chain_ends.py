"""The ends of the chains: to a file every night, to the auditors every week, compared from there."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse

from kok import audit, chain_ends, clock, erasure, outbox, reminders
from kok.models import AuditEvent, OutboxMessage, Seal, SealDay
from kok.models.sealing import sealings
from kok.models.seals import give_places
from tests.builders import a_user, an_agreement
from tests.meetings.held import signed_in
from tests.roles import as_administrator, by_worker, on_the_database
from tests.transitions.checking import checked

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 3, 0, tzinfo=UTC)  # a Wednesday
TODAY = date(2027, 3, 10)
CHECK = "transitions-log:check"


@pytest.fixture(autouse=True)
def file(settings, tmp_path) -> Path:
    settings.KOK_NOW = NOW.isoformat()
    settings.KOK_CHAIN_ENDS = tmp_path / "ends"
    return tmp_path / "ends" / chain_ends.FILE


def night(settings: Any, day: int = 0) -> tuple[str, ...]:
    """What the inspection of that night says."""
    settings.KOK_NOW = (NOW + timedelta(days=day)).isoformat()
    return tuple(chain_ends.findings(clock.today()))


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def in_place() -> None:
    for sealing in sealings():
        give_places(sealing.chain)


def cut_off(last: int) -> None:
    """The trail loses its newest lines and everything that says so, as somebody does who copied the table before."""
    with as_administrator(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for event in AuditEvent.objects.order_by("-pk")[:last]:
            cursor.execute("DELETE FROM kok_seal WHERE chain = 'trail' AND object_id = %s", [str(event.pk)])
            cursor.execute("DELETE FROM kok_auditevent WHERE id = %s", [event.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")


def kept() -> list[SealDay]:
    return list(SealDay.objects.filter(chain="trail"))


def put_back(days: list[SealDay]) -> None:
    with as_administrator(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM kok_sealday WHERE chain = 'trail'")
        SealDay.objects.bulk_create(days)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_given_a_night_when_the_ends_are_written_then_every_chain_stands_in_one_line_and_names_nobody(file, settings):
    an_agreement()
    user = a_user(role="member")
    assert night(settings) == ()
    assert night(settings, 1) == ()
    first, second = lines(file)
    assert [first["number"], second["number"]] == [1, 2]
    assert {end["chain"] for end in first["ends"]} == {
        "trail", "roles", "accounts", "authorities", "agreements", "partners", "bodies", "annexes", "annex-bodies",
        "people", "seats", "seat-assignments",
        "agreement-versions", "clauses", "obligations",
    }  # fmt: skip
    assert all(re.fullmatch("[0-9a-f]{64}", end["seal"]) for end in first["ends"])
    assert user.username not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o640
    assert AuditEvent.objects.filter(action="chain-ends.written").count() == 2


def test_given_lines_cut_off_with_all_their_seals_when_the_night_comes_then_the_file_tells(file, settings):
    audit.record(by=None, action="test", now=NOW)
    in_place()
    before = kept()
    audit.record(by=None, action="role.given", now=NOW)
    assert night(settings) == ()
    cut_off(2)
    put_back(before)
    told = night(settings, 1)
    assert any(
        "abgeschnitten oder geändert" in each and each.startswith("Siegel (Änderungsprotokoll)") for each in told
    )
    assert chain_ends.LONG.format(last=1, written=0) in told


@pytest.mark.parametrize("is_shortened", [True, False])
def test_given_a_restored_backup_when_the_file_is_cut_to_what_it_knows_then_it_fits_again_and_else_never(
    file, settings, is_shortened
):
    audit.record(by=None, action="test", now=NOW)
    assert night(settings) == ()
    backup = transaction.savepoint()
    for day in (1, 2):
        audit.record(by=None, action="role.given", now=NOW + timedelta(days=day))
        assert night(settings, day) == ()
    transaction.savepoint_rollback(backup)
    assert chain_ends.LONG.format(last=3, written=1) in chain_ends.compare(TODAY).findings
    if is_shortened:
        file.write_text("".join(file.read_text().splitlines(keepends=True)[:1]))
        assert chain_ends.compare(TODAY).findings == ()
    found = [night(settings, day) for day in (3, 4)]
    assert all(not each if is_shortened else "ist nicht mehr da" in each[-1] for each in found)


def test_given_a_missing_file_when_the_night_comes_then_that_is_a_finding_and_it_is_begun_again(file, settings):
    assert night(settings) == ()
    file.unlink()
    assert night(settings, 1) == (chain_ends.MISSING,)
    assert night(settings, 2) == (chain_ends.BEGINS_LATE.format(first=2),)


def test_given_a_shortened_file_when_the_night_comes_then_that_is_a_finding(file, settings):
    for day in range(3):
        assert night(settings, day) == ()
    whole = file.read_text().splitlines(keepends=True)
    file.write_text("".join(whole[:2]))
    assert night(settings, 3) == (chain_ends.SHORT.format(last=2, written=3),)


@pytest.mark.parametrize("text", ["kein JSON\n", "{}\n", "[]\n", '{"number": 1, "at": "gestern", "ends": []}\n'])
def test_given_a_line_that_is_none_when_the_night_comes_then_it_is_named(file, settings, text):
    assert night(settings) == ()
    file.write_text(text + file.read_text())
    assert night(settings, 1) == (chain_ends.BAD_LINE.format(line=1),)


def test_given_a_line_taken_out_of_the_middle_when_the_night_comes_then_its_place_is_named(file, settings):
    for day in range(3):
        night(settings, day)
    whole = file.read_text().splitlines(keepends=True)
    file.write_text(whole[0] + whole[2])
    assert night(settings, 3) == (chain_ends.BAD_LINE.format(line=2),)


def test_given_a_folder_that_cannot_be_written_when_the_night_comes_then_that_is_a_finding_and_no_crash(file, settings):
    settings.KOK_CHAIN_ENDS.write_text("eine Datei, wo der Ordner sein soll")
    assert chain_ends.UNWRITABLE in night(settings)
    assert not AuditEvent.objects.filter(action="chain-ends.written").exists()


def test_given_ends_of_a_day_that_went_on_when_its_lines_are_erased_then_the_file_still_fits(file, settings):
    assert night(settings) == ()
    audit.record(by=None, action="test", now=NOW + timedelta(hours=2))
    in_place()
    settings.KOK_NOW = NOW.replace(year=2037, month=4).isoformat()
    on_the_database(date(2037, 4, 10))
    by_worker(erasure.run, now=NOW.replace(year=2037, month=4))
    assert not Seal.objects.filter(chain="trail", day=TODAY).exists()
    assert [each for each in chain_ends.compare(date(2037, 4, 10)).findings if "Zeile 1 vom" in each] == []


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2027, 3, 7), date(2027, 3, 1)),  # Sunday: still the week before
        (date(2027, 3, 8), date(2027, 3, 8)),
        (date(2027, 3, 10), date(2027, 3, 8)),
        (date(2027, 3, 29), None),  # Ostermontag
        (date(2027, 3, 30), date(2027, 3, 30)),
    ],
)
def test_given_a_week_when_it_begins_then_every_auditor_gets_one_mail_from_its_first_workday_on(day, first):
    an_agreement()
    auditor = a_user(role="auditor")
    a_user(role="member")
    told = [(each.due_on, each.to) for each in reminders.due_on(day) if each.kind == chain_ends.MAIL]
    assert told == ([(first, auditor.email)] if first else [])


def test_given_the_mail_when_it_is_pasted_into_the_page_then_what_is_cut_off_is_named(settings):
    agreement = an_agreement()
    auditor = a_user(role="auditor", partner=None, agreement=agreement)
    audit.record(by=None, action="test", now=NOW)
    in_place()
    before = kept()
    audit.record(by=None, action="test", now=NOW)
    in_place()
    reminders.queue(today=TODAY, now=NOW)
    reminders.queue(today=TODAY + timedelta(days=1), now=NOW)
    outbox.deliver_kind(chain_ends.MAIL, now=clock.now())
    (sent,) = mail.outbox
    assert (sent.to, OutboxMessage.objects.filter(kind=chain_ends.MAIL).count()) == ([auditor.email], 1)
    assert sent.subject == "KoK: Enden der Ketten, Woche vom 10.03.2027"
    client = signed_in(auditor)
    page = checked(client, sent.body)
    assert "Alle Siegel passen." in page
    assert f"mit {len(re.findall('[0-9a-f]{64}', sent.body))} Siegeln der Nachricht" in page
    cut_off(1 + AuditEvent.objects.filter(action="access-log.checked").count())
    put_back(before)
    page = checked(client, sent.body)
    assert "aus der Nachricht steht in keiner Kette mehr" in page


def test_given_the_page_when_it_is_checked_then_ends_are_whole_the_file_is_named_and_the_trail_says_who(settings):
    agreement = an_agreement()
    auditor = a_user(role="auditor", partner=None, agreement=agreement)
    night(settings)
    page = checked(signed_in(auditor))
    assert "Datei außerhalb der Datenbank, zuletzt geschrieben am" in page
    assert all(end.seal in page for end in chain_ends.present())
    assert "Notieren" not in page
    assert AuditEvent.objects.get(action="access-log.checked").actor_id == auditor.pk


def test_given_a_text_without_a_seal_when_it_is_compared_then_a_sentence_says_what_to_do():
    auditor = a_user(role="auditor", partner=None, agreement=an_agreement())
    page = signed_in(auditor).post(reverse(CHECK), {"nachricht": "Guten Tag"}).content.decode()
    assert "In diesem Text steht kein Siegel. Fügen Sie die ganze Nachricht ein." in page
    assert "Guten Tag" in page


def test_given_the_command_when_the_ends_fit_then_it_prints_what_the_page_shows_and_else_ends_with_1(
    settings, capsys, tmp_path
):
    auditor = a_user(role="auditor", partner=None, agreement=an_agreement())
    in_place()
    before = kept()
    audit.record(by=None, action="test", now=NOW)
    night(settings)
    call_command("check_seals")
    out = capsys.readouterr().out
    assert out.startswith("Alle Siegel passen.")
    page = checked(signed_in(auditor))
    assert all(end.seal in page and end.seal in out for end in chain_ends.present())
    saved = tmp_path / "nachricht.txt"
    saved.write_text("\n".join(end.seal for end in chain_ends.present()))
    cut_off(3)
    put_back(before)
    with pytest.raises(SystemExit):
        call_command("check_seals", "--json", "--mail", str(saved))
    found = json.loads(capsys.readouterr().out)["findings"]
    assert any("aus der Nachricht steht in keiner Kette mehr" in each for each in found)
    assert any("abgeschnitten oder geändert" in each for each in found)
