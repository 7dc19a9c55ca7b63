"""Retention: due things go, a failing rule hinders no other, a restored backup is told what to forget again."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.template import engines
from django.urls import reverse

from kok import audit, erasure, health, tasks, vault
from kok.erasure import RetentionRule, declared
from kok.erasure.listing import checksum, sealed
from kok.errors import Refused
from kok.models import (
    AccountSession,
    AuditEvent,
    ErasedObject,
    ErasureRequest,
    ErasureRun,
    OutboxMessage,
    PublicHoliday,
)
from tests.builders import a_user, an_agreement, an_outbox_row
from tests.meetings.held import signed_in
from tests.roles import as_worker, by_worker, lend, on_the_database

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 1, 2, 30, tzinfo=UTC)
DAY = date(2027, 3, 1)


@pytest.fixture(autouse=True)
def listed(settings, tmp_path):
    settings.KOK_ERASURE_LIST = tmp_path / "deep" / "erasures.jsonl"
    return settings.KOK_ERASURE_LIST


@pytest.fixture(autouse=True)
def _any_table(db):
    lend(PublicHoliday._meta.db_table)


@pytest.fixture
def only(monkeypatch):
    """These rules and no others."""
    return lambda *rules: monkeypatch.setattr(declared, "_rules", {rule.slug: rule for rule in rules})


def holidays(**changes):
    """A rule about something harmless: holidays before today."""

    def due(today):
        return [str(row.pk) for row in PublicHoliday.objects.filter(day__lte=today)]

    return RetentionRule(
        **{
            "slug": "holidays", "data": "Feiertage", "keep": "bis sie vorbei sind", "mark": "proposal", "due": due,
            "erase": erasure.deleting(PublicHoliday),
        } | changes
    )  # fmt: skip


def a_holiday(day=DAY, number=None):
    return PublicHoliday.objects.create(pk=number, day=day, name="Test")


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def line(run, slug):
    return next(each for each in run.report if each["rule"] == slug)


def test_given_due_things_when_the_run_comes_then_they_go_and_report_number_and_list_tell(only, listed):
    only(holidays())
    gone, stays = a_holiday(), a_holiday(DAY + timedelta(days=1))
    run = by_worker(erasure.run, now=NOW)
    assert list(PublicHoliday.objects.all()) == [stays]
    assert line(run, "holidays")["erased"] == 1
    assert list(ErasedObject.objects.values_list("run", "rule", "object_id")) == [(run.pk, "holidays", str(gone.pk))]
    assert lines(listed) == [sealed("holidays", str(gone.pk), NOW.isoformat())]
    assert listed.stat().st_mode & 0o777 == 0o640
    told = AuditEvent.objects.get(action="erasure.run")
    assert (told.actor, told.note) == ("", "1 gelöscht, 0 von 1 Regeln nicht gelungen")


def test_given_a_day_without_a_run_when_the_next_comes_then_it_catches_up_and_a_second_finds_nothing(only):
    only(holidays())
    a_holiday(DAY - timedelta(days=9))
    assert line(by_worker(erasure.run, now=NOW), "holidays")["erased"] == 1
    assert line(by_worker(erasure.run, now=NOW), "holidays")["due"] == 0


def test_given_a_dry_run_when_it_counts_then_nothing_changes_and_nothing_is_listed(only, listed):
    only(holidays())
    a_holiday()
    run = by_worker(erasure.run, now=NOW, dry=True)
    assert (run.is_dry, line(run, "holidays")["due"], line(run, "holidays")["erased"]) == (True, 1, 0)
    assert PublicHoliday.objects.count() == 1
    assert not ErasedObject.objects.exists()
    assert not listed.exists()
    assert not AuditEvent.objects.exists()


def test_given_a_rule_that_only_reports_when_due_then_it_is_counted_and_nothing_is_erased(only):
    only(holidays(erase=None))
    a_holiday()
    assert line(by_worker(erasure.run, now=NOW), "holidays") == {
        "rule": "holidays", "due": 1, "erased": 0, "failed": "", "is_listed": True, "checksum": "",
    }  # fmt: skip
    assert PublicHoliday.objects.exists()


def _half_and_fail(ids, now):
    PublicHoliday.objects.filter(pk__in=ids).delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


def _no_due(today):
    raise RuntimeError("Erika Mustermann")


@pytest.mark.logs_errors
@pytest.mark.parametrize(
    ("broken", "kind"), [({"erase": _half_and_fail}, "DataError"), ({"due": _no_due}, "RuntimeError")]
)
def test_given_a_rule_that_fails_when_the_run_comes_then_its_work_is_undone_and_the_others_go_on(
    only, caplog, broken, kind
):
    only(holidays(slug="broken", **broken), holidays(slug="sound", due=lambda today: ["70000"]))
    a_holiday()
    a_holiday(DAY - timedelta(days=1), 70_000)
    run = by_worker(erasure.run, now=NOW)
    assert (line(run, "broken")["failed"], line(run, "broken")["erased"]) == (kind, 0)
    assert line(run, "sound")["erased"] == 1
    assert PublicHoliday.objects.count() == 1
    assert "Mustermann" not in caplog.text
    assert AuditEvent.objects.get().note == "1 gelöscht, 1 von 2 Regeln nicht gelungen"


@pytest.mark.logs_errors
def test_given_a_list_that_cannot_be_written_when_things_are_erased_then_it_is_told_and_caught_up(
    only, listed, settings, caplog
):
    only(holidays())
    first = a_holiday()
    listed.parent.write_text("kein Ordner")
    run = by_worker(erasure.run, now=NOW)
    assert (line(run, "holidays")["erased"], line(run, "holidays")["is_listed"]) == (1, False)
    assert "Die Löschliste lässt sich nicht schreiben (FileExistsError)." in caplog.messages
    listed.parent.unlink()
    second = a_holiday()
    assert line(by_worker(erasure.run, now=NOW), "holidays")["is_listed"]
    run.refresh_from_db()
    assert line(run, "holidays")["is_listed"]
    assert [each["id"] for each in lines(listed)] == [str(first.pk), str(second.pk)]


@pytest.mark.parametrize("act", [lambda: erasure.run(now=NOW), lambda: erasure.reapply([], now=NOW)])
def test_given_the_web_when_it_wants_to_erase_what_is_over_then_a_sentence_names_the_worker(only, act):
    only(holidays())
    a_holiday()
    with pytest.raises(Refused, match=r"nur die Rolle kok_worker\. Es wurde nichts geändert"):
        act()
    assert PublicHoliday.objects.exists()
    assert not ErasureRun.objects.exists()


# After a restore


def test_given_a_restored_backup_when_the_list_is_applied_then_final_things_go_whatever_their_state(only, listed):
    only(holidays(is_final=True))
    a_holiday(number=7)
    by_worker(erasure.run, now=NOW)
    a_holiday(DAY + timedelta(days=300), number=7)  # the backup knows nothing of what made it due
    run = by_worker(erasure.reapply, listed.read_text().splitlines(), now=NOW).run
    assert not PublicHoliday.objects.exists()
    assert (line(run, "holidays")["erased"], line(run, "holidays")["is_listed"]) == (1, True)
    again = by_worker(erasure.reapply, listed.read_text().splitlines(), now=NOW).run
    assert line(again, "holidays")["erased"] == 0
    assert len(lines(listed)) == 1


def test_given_a_number_that_lives_again_when_the_list_is_applied_then_only_what_is_due_goes(only, listed):
    only(holidays())
    a_holiday(number=7)
    by_worker(erasure.run, now=NOW)
    a_holiday(DAY + timedelta(days=300), number=7)
    run = by_worker(erasure.reapply, listed.read_text().splitlines(), now=NOW).run
    assert line(run, "holidays")["erased"] == 0
    assert PublicHoliday.objects.exists()


INVENTED = json.dumps({**sealed("holidays", "7", "2027-03-01"), "id": "8"})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("kein json", "nicht lesbar"),
        ("[]", "nicht lesbar"),
        ('"x"', "nicht lesbar"),
        ('{"id": "8"}', "nicht lesbar"),
        ("[" * 20_000, "nicht lesbar"),
        ('{"rule": "holidays", "id": "8", "at": "2027-03-01"}', "ohne passendes Siegel"),
        ('{"rule": "unknown", "id": "8", "at": "2027-03-01", "seal": ""}', "ohne passendes Siegel"),
        (INVENTED, "ohne passendes Siegel"),
        (json.dumps(sealed("unknown", "8", "2027-03-01")), "Die Regel „unknown“ kennt diese Anwendung nicht"),
    ],
)
def test_given_a_line_that_is_not_ours_when_the_list_is_applied_then_it_is_named_and_the_others_are_carried_out(
    only, text, why
):
    only(holidays(is_final=True))
    for number in (6, 7, 8):
        a_holiday(DAY + timedelta(days=number), number)
    ours = [json.dumps(sealed("holidays", number, "2027-03-01")) for number in ("6", "7")]
    again = by_worker(erasure.reapply, [ours[0], text, "", ours[1]], now=NOW)
    (sentence,) = again.left
    assert sentence.startswith(f"Zeile 2 der Löschliste ausgelassen: {why}")
    assert [row.pk for row in PublicHoliday.objects.all()] == [8]
    assert line(again.run, "holidays")["erased"] == 2
    assert AuditEvent.objects.get().note.endswith(", Zeilen der Löschliste ausgelassen oder nicht da")


def test_given_a_list_older_than_the_backup_when_applied_then_the_command_says_so_and_until_when_it_reaches(
    only, listed, capsys, settings
):
    settings.KOK_NOW = "2027-03-01T03:30"
    only(holidays(is_final=True))
    a_holiday(number=7)
    by_worker(erasure.run, now=NOW)
    older = listed.read_text()
    a_holiday(number=8)
    by_worker(erasure.run, now=NOW + timedelta(days=2))
    reaches = "Die Löschliste reicht bis zum {}, 03:30 Uhr.\n0 gelöscht."
    assert command(capsys, "--reapply") == (0, "Feiertage: 2 fällig, 0 gelöscht\n" + reaches.format("03.03.2027"), "")
    listed.write_text(older)
    code, out, _ = command(capsys, "--reapply")
    assert (code, out.splitlines()[2]) == (3, reaches.format("01.03.2027").splitlines()[0])
    assert "fehlen Nummern, die sie schon hatte, als die Sicherung gemacht wurde: 1." in out.splitlines()[1]
    listed.write_text("")
    assert "gemacht wurde: 2." in command(capsys, "--reapply")[1]


def test_given_neighbours_that_are_left_for_one_reason_when_told_then_one_sentence_names_them(only):
    only(holidays(is_final=True))
    listed = [INVENTED, INVENTED, "x", json.dumps(sealed("holidays", "7", "2027-03-01")), INVENTED]
    told = [sentence.split(":")[0] for sentence in by_worker(erasure.reapply, listed, now=NOW).left]
    assert told == [
        "Zeilen 1 bis 2 der Löschliste ausgelassen", "Zeile 3 der Löschliste ausgelassen",
        "Zeile 5 der Löschliste ausgelassen",
    ]  # fmt: skip


def test_given_an_act_that_erases_at_once_when_it_commits_then_it_is_listed_and_when_undone_it_is_not(
    only, listed, django_capture_on_commit_callbacks
):
    only(holidays())
    a_holiday(number=7)
    with django_capture_on_commit_callbacks() as waiting:
        assert erasure.erase_at_once("holidays", ["7"], now=NOW) == 1
    assert not listed.exists()
    assert len(waiting) == 3  # its seal gets a place, the row is saved for good, the worker is told
    for told in waiting:  # the broker is down
        told()
    assert not listed.exists(), "the web writes no list"
    by_worker(tasks.sweep)
    assert [each["id"] for each in lines(listed)] == ["7"]


def test_given_an_act_that_asks_for_erasure_when_the_worker_hears_of_it_or_sweeps_then_it_is_gone_and_listed(
    only, listed, settings
):
    settings.KOK_NOW = "2027-03-01T03:30"
    only(holidays())
    a_holiday(number=7)
    erasure.ask("holidays", ["7"])
    assert not ErasureRun.objects.exists()
    assert PublicHoliday.objects.exists()
    by_worker(tasks.erase_what_was_asked)
    assert line(ErasureRun.objects.get(), "holidays") == {
        "rule": "holidays", "due": 1, "erased": 1, "failed": "", "is_listed": True, "checksum": checksum(["7"]),
    }  # fmt: skip
    assert not ErasureRequest.objects.exists()
    assert not PublicHoliday.objects.exists()
    by_worker(tasks.sweep)
    assert [each["id"] for each in lines(listed)] == ["7"], "once"


@pytest.mark.logs_errors
def test_given_asked_erasure_that_fails_when_the_next_night_comes_then_it_is_tried_again(only, listed, settings):
    settings.KOK_NOW = NOW.isoformat()
    only(holidays(erase=_half_and_fail))
    a_holiday(number=7)
    erasure.ask("holidays", ["7"])
    by_worker(erasure.carry_out_what_was_asked, now=NOW)
    assert (ErasureRequest.objects.count(), PublicHoliday.objects.count()) == (1, 1)
    assert health.ask_erasure(NOW) == []
    (sentence,) = health.ask_erasure(NOW + timedelta(hours=1, minutes=1))
    assert sentence == "Ein Löschauftrag wartet seit einer Stunde."
    only(holidays())
    by_worker(erasure.run, now=NOW)
    assert not PublicHoliday.objects.exists()
    assert line(ErasureRun.objects.earliest("pk"), "holidays")["erased"] == 1
    assert [each["id"] for each in lines(listed)] == ["7"]
    assert health.ask_erasure(NOW + timedelta(hours=1, minutes=1)) == []


def test_given_an_act_that_asks_for_what_is_not_due_when_the_worker_hears_of_it_then_the_rule_decides(only, listed):
    only(holidays(is_final=True))
    a_holiday(number=7)
    a_holiday(DAY + timedelta(days=1), number=8)
    erasure.ask("holidays", ["7", "8"])
    by_worker(erasure.carry_out_what_was_asked, now=NOW)
    assert [row.pk for row in PublicHoliday.objects.all()] == [8]
    assert [each["id"] for each in lines(listed)] == ["7"]


@pytest.fixture
def no_key(settings):
    settings.CASE_LOG_KEY = "x"
    vault.forget_keys()
    yield
    vault.forget_keys()


def test_given_no_key_when_the_night_comes_then_nothing_is_erased_that_could_not_be_proved(only, no_key):
    only(holidays())
    a_holiday()
    with pytest.raises(Refused, match="CASE_LOG_KEY"):
        by_worker(erasure.run, now=NOW)
    assert PublicHoliday.objects.exists()


def test_given_a_worker_killed_between_two_rules_when_the_next_sweeps_then_what_was_erased_is_listed(only, listed):
    def killed(today):
        raise SystemExit

    only(holidays(), holidays(slug="next", due=killed))
    a_holiday(number=7)
    with pytest.raises(SystemExit):
        by_worker(erasure.run, now=NOW)
    assert not PublicHoliday.objects.exists()
    by_worker(erasure.carry_out_what_was_asked, now=NOW)
    assert [each["id"] for each in lines(listed)] == ["7"]


# Command, task, page


def command(capsys, *arguments):
    code = 0
    try:
        with as_worker():
            call_command("erase", *arguments)
    except SystemExit as ended:
        code = ended.code
    told = capsys.readouterr()
    return code, told.out.strip(), told.err.strip()


def test_given_the_command_when_dry_real_and_reapplied_then_it_tells_numbers(only, listed, capsys, settings):
    settings.KOK_NOW = "2027-03-01T03:30"
    only(holidays(is_final=True))
    a_holiday(number=7)
    assert command(capsys, "--dry-run") == (0, "Feiertage: 1 fällig\nProbelauf: Es wurde nichts gelöscht.", "")
    assert command(capsys) == (0, "Feiertage: 1 fällig, 1 gelöscht\n1 gelöscht.", "")
    a_holiday(number=7)
    code, out, _ = command(capsys, "--reapply", str(listed), "--json")
    assert (code, json.loads(out)["report"][0]["erased"]) == (0, 1)
    code, _, err = command(capsys, "--reapply", str(listed) + ".weg")
    assert (code, err.endswith("Es wurde nichts gelöscht."), f"{listed}.weg gibt es nicht" in err) == (1, True, True)


def test_given_no_list_of_its_own_when_nothing_was_ever_erased_then_reapply_without_a_value_ends_with_0(listed, capsys):
    code, out, err = command(capsys, "--reapply")
    assert (code, err) == (0, "")
    assert "weiß von keiner Löschung" in out
    assert str(listed) in out
    assert not ErasureRun.objects.exists()
    assert command(capsys, "--reapply", "--json")[0] == 0
    with as_worker():
        run = ErasureRun.objects.create(at=NOW)
        ErasedObject.objects.create(run=run, rule="holidays", object_id="7")
    code, out, err = command(capsys, "--reapply")
    assert (code, out) == (1, "")
    assert f"{listed} gibt es nicht" in err
    listed.parent.mkdir()
    listed.touch()
    assert command(capsys, "--reapply") == (0, "0 gelöscht.", "")


def test_given_a_list_that_was_named_when_it_is_missing_or_none_then_it_never_ends_with_0(
    capsys, tmp_path, monkeypatch
):
    (tmp_path / "leer").touch()
    assert command(capsys, "--reapply", str(tmp_path / "leer")) == (0, "0 gelöscht.", "")
    monkeypatch.chdir(tmp_path)
    for name, sentence in (("weg.jsonl", "gibt es nicht"), (".", "ist ein Ordner")):
        code, out, err = command(capsys, "--reapply", name)
        assert (code, out) == (1, ""), name
        assert sentence in err, name
        assert str(tmp_path) in err, name  # kok-manage changes the folder: the whole path shows where it looked
    (tmp_path / "fremd").write_bytes(b"\xff\xfe")
    told = "Zeile 1 der Löschliste ausgelassen: nicht lesbar.\n0 gelöscht."
    assert command(capsys, "--reapply", "fremd") == (3, told, "")


@pytest.mark.logs_errors
def test_given_a_failing_rule_when_the_command_ends_then_its_exit_code_says_so(only, capsys):
    only(holidays(due=_no_due))
    code, out, _ = command(capsys)
    assert code == 1
    assert out.startswith("Feiertage: nicht gelungen (RuntimeError). Der nächste Lauf versucht es erneut.")


def test_given_the_task_when_it_runs_then_a_run_is_there(only, settings):
    settings.KOK_NOW = "2027-03-01T03:30"
    only(holidays())
    a_holiday()
    by_worker(tasks.erase)
    assert line(ErasureRun.objects.get(), "holidays")["erased"] == 1


def test_given_an_auditor_when_he_opens_the_runs_then_rules_with_what_is_due_and_reports_stand_there(only, settings):
    settings.KOK_NOW = "2027-03-02T10:00"
    only(holidays(), holidays(slug="papers", data="Papiere", erase=None, due=lambda today: ["1", "2", "3"]))
    a_holiday()
    by_worker(erasure.run, now=NOW)
    papers = line(by_worker(erasure.run, now=NOW), "papers")
    by_worker(ErasureRun.objects.create, at=NOW, report=[papers | {"failed": "DataError"}])
    auditor = signed_in(a_user(role="auditor", partner=None, agreement=an_agreement()))
    told = " ".join(auditor.get(reverse("kok:erasure-runs")).content.decode().split())
    for words in (
        "Feiertage",
        "Die Anwendung löscht das nie von sich aus.",
        "1 gelöscht",
        "nicht gelungen",
        "DataError",
    ):
        assert words in told
    assert 'data-label="Heute fällig" class="kok-num">3<' in told


@pytest.mark.parametrize(("days", "words"), [(["2027-01-01"], "1 Tag"), (["2027-01-01", "2027-01-02"], "2 Tage")])
def test_given_a_rule_that_goes_by_days_when_an_auditor_reads_what_is_due_then_days_are_called_days(
    only, settings, days, words
):
    settings.KOK_NOW = "2027-03-02T10:00"
    only(holidays(due=lambda today: days, erase=lambda found, now: 128, is_by_day=True))
    by_worker(erasure.run, now=NOW)
    auditor = signed_in(a_user(role="auditor", partner=None, agreement=an_agreement()))
    told = " ".join(auditor.get(reverse("kok:erasure-runs")).content.decode().split())
    assert f'data-label="Heute fällig" class="kok-num">{words}<' in told
    assert f'data-label="Fällig" class="kok-num">{words}<' in told
    assert 'data-label="Gelöscht" class="kok-num">128<' in told


def test_given_a_rule_that_erases_when_an_auditor_reads_it_then_only_the_other_one_is_called_never_erased(
    only, settings, monkeypatch
):
    """As in production: the settings of the tests mark what a template cannot read, which is true in an `if`."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")
    settings.KOK_NOW = "2027-03-02T10:00"
    only(holidays(), holidays(slug="papers", data="Papiere", erase=None))
    auditor = signed_in(a_user(role="auditor", partner=None, agreement=an_agreement()))
    told = " ".join(re.sub(r"<[^>]+>", " ", auditor.get(reverse("kok:erasure-runs")).content.decode()).split())
    assert told.count("Die Anwendung löscht das nie von sich aus.") == 1
    assert "Papiere bis sie vorbei sind Die Anwendung löscht das nie von sich aus." in told


# What the kernel keeps


def a_mail(key, state, **moments):
    return an_outbox_row(
        kind="x", key=key, to="a@example.org", next_try_at=NOW, state=state, **{"created_at": NOW} | moments
    )


def a_session(name, expires_at):
    return AccountSession.objects.create(key_hash=name, data="", began_at=NOW, used_at=NOW, expires_at=expires_at)


def test_given_mails_sessions_and_trail_when_their_time_is_over_then_they_go_and_the_young_stay():
    old, young = datetime(2026, 3, 1, 20, tzinfo=UTC), datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # in Hessen the 2nd
    for name, moment in (("old", old), ("young", young)):
        a_mail(f"sent-{name}", "SENT", sent_at=moment)
        a_mail(f"failed-{name}", "FAILED", created_at=moment)
        a_mail(f"queued-{name}", "QUEUED", created_at=moment)
    a_session("old", NOW - timedelta(days=1))
    a_session("young", NOW - timedelta(minutes=1))
    audit.record(by=None, action="test.before", now=datetime(2017, 3, 1, 12, tzinfo=UTC))
    audit.record(by=None, action="test.after", now=datetime(2017, 3, 2, 12, tzinfo=UTC))
    on_the_database(NOW.date())
    by_worker(erasure.run, now=NOW)
    assert set(OutboxMessage.objects.values_list("key", flat=True)) == {
        "sent-young", "failed-young", "queued-old", "queued-young",
    }  # fmt: skip
    assert list(AccountSession.objects.values_list("key_hash", flat=True)) == ["young"]
    assert set(AuditEvent.objects.values_list("action", flat=True)) == {"test.after", "erasure.run"}
    assert "old" not in [each.object_id for each in ErasedObject.objects.filter(rule="sessions")]


def test_given_the_rules_when_read_then_each_says_what_how_long_and_whence_in_words():
    rules = erasure.rules()
    assert len(rules) > 15
    assert {rule.mark for rule in rules} <= {"found", "own", "proposal"}
    assert all(rule.data and rule.keep for rule in rules)
    assert [rule.slug for rule in rules if rule.erase is None] == ["minutes", "dispatches"]
