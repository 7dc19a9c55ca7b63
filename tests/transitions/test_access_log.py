"""The access log: two chains that only grow, a check that finds every change, a page for auditors only."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from kok import chain_ends, erasure, vault
from kok.chain_walk import CHANGED, DAY_CHANGED, DAY_ENDS_ELSEWHERE, DAY_GONE, FIRST_CHANGED, NO_DAY_SEAL, OTHER_KEY
from kok.models import OutboxMessage, User
from tests.builders import OTHER_COUNTY, a_second_agreement, a_user, an_agreement
from tests.meetings.held import signed_in
from tests.roles import as_owner, as_worker, by_worker, on_the_database, unguarded
from tests.transitions.checking import checked
from tests.transitions.world import NOW, a_draft, case_data, people, released
from tests.worlds import built_once
from transitions.actions.log import record_access
from transitions.inspections import NOT_THERE
from transitions.models import AccessLogDay, AccessLogEntry, CaseEvent, TransitionCase
from transitions.queries.access import Access
from transitions.queries.log_check import NOT_IN_LOG, check_log
from transitions.rules.codes import EntryReason, LogAction
from transitions.rules.retention import reads_expired

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 17, 11, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)


def an_access(agreement=None, role="case-officer"):
    agreement = agreement or an_agreement()
    user = a_user(role=role, partner=agreement.slug, agreement=agreement)
    return Access(user, agreement, EntryReason.PREPARE)


@built_once
def by():
    return an_access()


def look(by, at=NOON, action=LogAction.VIEW_LIST, ref=""):
    case = SimpleNamespace(case_ref=ref, transition_list=SimpleNamespace(year=2027)) if ref else None
    record_access(by=by, action=action, case=case, now=at)


@built_once
def three_days(by):
    """Three lines of reading on each of three days, and one act on the second."""
    for day in range(3):
        for line in range(3):
            look(by, NOON + timedelta(days=day, minutes=line), ref=f"UE-2027-AB{day}{line}")
    look(by, NOON + timedelta(days=1), LogAction.RELEASE)


@contextmanager
def without_triggers():
    """Somebody who owns the database but has no key: triggers do not stop him."""
    with unguarded("transitions_accesslogentry", "transitions_accesslogday") as cursor:
        yield cursor


def by_hand(statement, *values):
    with without_triggers() as cursor:
        cursor.execute(statement, values)


def found(today=TODAY):
    return [(each.chain.code, each.day.day, each.position, each.sentence) for each in check_log(today).findings]


def test_given_looks_and_acts_when_checked_then_both_chains_hold_and_their_ends_are_told(by, three_days):
    check = check_log(TODAY)
    assert (check.is_intact, check.lines, check.days, check.is_other_key) == (True, 10, 4, False)
    assert [(end.chain.code, end.day.day, end.position) for end in check.ends] == [("READ", 19, 3), ("ACT", 18, 1)]


@pytest.mark.parametrize("column", ["actor", "role", "agreement", "reason", "case_ref", "version", "action", "request"])
def test_given_a_line_when_a_word_of_it_is_changed_then_day_and_position_are_named(by, three_days, column):
    by_hand(f"UPDATE transitions_accesslogentry SET {column} = 'X' WHERE day = '2026-11-18' AND position = 2")
    assert found() == [("READ", 18, 2, CHANGED)]


@pytest.mark.parametrize(
    "change",
    ["at = at + interval '1 microsecond'", "actor_id = actor_id + 1", "list_year = 2026", "seal = repeat('a', 64)"],
)
def test_given_a_line_when_moment_number_year_or_seal_is_changed_then_the_check_finds_it(by, three_days, change):
    by_hand(
        f"UPDATE transitions_accesslogentry SET {change} WHERE day = '2026-11-18' AND position = 2 AND chain = 'READ'"
    )
    assert ("READ", 18, 2, CHANGED) in found()


@pytest.mark.parametrize("position", [1, 2, 3])
def test_given_a_day_when_one_line_is_removed_then_its_place_is_named(by, three_days, position):
    by_hand(
        "DELETE FROM transitions_accesslogentry WHERE day = '2026-11-18' AND chain='READ' AND position = %s", position
    )
    assert ("READ", 18, position, "Diese Zeile fehlt.") in found()


def test_given_the_last_line_removed_and_the_day_adjusted_when_checked_then_the_next_day_shows_it(by, three_days):
    by_hand("DELETE FROM transitions_accesslogentry WHERE day = '2026-11-18' AND chain = 'READ' AND position = 3")
    last = AccessLogEntry.objects.get(day="2026-11-18", chain="READ", position=2)
    by_hand(
        "UPDATE transitions_accesslogday SET entries = 2, seal = %s WHERE day = '2026-11-18' AND chain = 'READ'",
        last.seal,
    )
    assert found() == [("READ", 18, None, DAY_CHANGED), ("READ", 19, 1, FIRST_CHANGED)]


def test_given_two_lines_when_they_change_places_then_both_are_named(by, three_days):
    for old, new in ((1, 9), (2, 1), (9, 2)):
        by_hand(
            "UPDATE transitions_accesslogentry SET position = %s WHERE day = '2026-11-18' AND chain = 'READ' "
            "AND position = %s", new, old,
        )  # fmt: skip
    assert [(place[1], place[2]) for place in found()] == [(18, 1), (18, 2), (18, 3)]


def test_given_a_line_when_one_is_inserted_after_it_then_it_is_named(by, three_days):
    columns = "chain, day, at, actor, role, agreement, action, reason, version, case_ref, request, seal"
    by_hand(
        f"INSERT INTO transitions_accesslogentry (position, {columns}) SELECT 4, {columns} "
        "FROM transitions_accesslogentry WHERE day = '2026-11-18' AND chain = 'READ' AND position = 3"
    )
    assert ("READ", 18, 4, CHANGED) in found()


def test_given_a_day_when_its_lines_or_all_of_it_are_deleted_then_it_is_found(by, three_days):
    by_hand("DELETE FROM transitions_accesslogentry WHERE day = '2026-11-18' AND chain = 'READ'")
    assert found() == [("READ", 18, None, DAY_GONE)]
    by_hand("DELETE FROM transitions_accesslogday WHERE day = '2026-11-18' AND chain = 'READ'")
    assert found() == [("READ", 19, None, DAY_CHANGED), ("READ", 19, 1, FIRST_CHANGED)]


def test_given_a_day_when_only_its_seal_is_deleted_then_it_is_found(by, three_days):
    by_hand("DELETE FROM transitions_accesslogday WHERE day = '2026-11-19' AND chain = 'READ'")
    assert ("READ", 19, None, NO_DAY_SEAL) in found()


def test_given_the_last_day_when_its_seal_is_changed_then_it_is_found_before_a_line_hangs_on_it(by, three_days):
    by_hand("UPDATE transitions_accesslogday SET seal = repeat('a', 64) WHERE day = '2026-11-19' AND chain = 'READ'")
    assert found() == [("READ", 19, None, DAY_CHANGED), ("READ", 19, None, DAY_ENDS_ELSEWHERE)]


COLUMNS = "chain, at, actor, role, agreement, action, reason, version, case_ref, request, seal"


def copied(position, day="2026-11-18"):
    """A line that somebody puts in by hand, a copy of a true one."""
    by_hand("ALTER TABLE transitions_accesslogentry DROP CONSTRAINT IF EXISTS access_log_position_from_one")
    by_hand("ALTER TABLE transitions_accesslogentry DROP CONSTRAINT IF EXISTS access_log_position_once")
    by_hand(
        f"INSERT INTO transitions_accesslogentry (position, day, {COLUMNS}) SELECT %s, %s, {COLUMNS} "
        "FROM transitions_accesslogentry WHERE day = '2026-11-18' AND chain = 'READ' AND position = 2", position, day,
    )  # fmt: skip


@pytest.mark.parametrize("position", [0, 1, 2])
def test_given_a_day_when_a_line_is_put_in_at_nought_or_beside_another_then_it_is_named(by, three_days, position):
    copied(position)
    assert ("READ", 18, position, FIRST_CHANGED if position == 1 else CHANGED) in found()


def test_given_a_line_at_nought_when_the_application_is_asked_then_the_database_refuses_it(by):
    look(by)
    line = AccessLogEntry.objects.get()
    line.pk, line.position = None, 0
    with pytest.raises(DatabaseError, match="access_log_position_from_one"), transaction.atomic():
        line.save(force_insert=True)


def test_given_a_day_when_a_line_is_put_in_far_behind_then_the_gap_is_one_finding(by, three_days):
    copied(900_000_000)
    assert ("READ", 18, 4, "Die Zeilen 4 bis 899999999 fehlen.") in found()


def test_given_the_first_days_when_they_are_cut_off_then_the_next_one_shows_it(by, three_days):
    by_hand("DELETE FROM transitions_accesslogentry WHERE day < '2026-11-19' AND chain = 'READ'")
    by_hand("DELETE FROM transitions_accesslogday WHERE day < '2026-11-19' AND chain = 'READ'")
    assert found() == [("READ", 19, None, DAY_CHANGED), ("READ", 19, 1, FIRST_CHANGED)]


def test_given_the_first_days_cut_off_when_an_old_day_is_made_up_for_them_then_it_is_found(by, three_days):
    by_hand("DELETE FROM transitions_accesslogentry WHERE day < '2026-11-19' AND chain = 'READ'")
    last = AccessLogDay.objects.get(day="2026-11-18", chain="READ")
    by_hand("DELETE FROM transitions_accesslogday WHERE day < '2026-11-19' AND chain = 'READ'")
    with without_triggers():
        AccessLogDay.objects.create(chain="READ", day=date(2025, 1, 2), entries=9, seal=last.seal, proof=last.proof)
    assert [(place.day, place.sentence) for place in check_log(TODAY).findings] == [
        (date(2025, 1, 2), DAY_CHANGED),
    ]


@pytest.mark.parametrize("column", ["entries = entries + 1", "day = day - 365"])
def test_given_the_seal_of_a_day_when_its_count_or_date_is_changed_then_it_is_found(by, three_days, column):
    by_hand("DELETE FROM transitions_accesslogentry WHERE day = '2026-11-17' AND chain = 'READ'")
    by_hand(f"UPDATE transitions_accesslogday SET {column} WHERE day = '2026-11-17' AND chain = 'READ'")
    assert DAY_CHANGED in [place.sentence for place in check_log(TODAY).findings]


EMPTIED = "TRUNCATE transitions_accesslogentry, transitions_accesslogday"
OPENED_UNTOLD = "Eine Fassung wurde angelegt, und das steht nicht im Protokoll: Zeilen wurden entfernt."


def test_given_a_list_that_was_released_when_the_log_is_emptied_then_version_and_receipt_tell():
    an_agreement()
    receipt = released(a_draft(people(1)))
    assert check_log(TODAY).is_intact
    by_hand(EMPTIED)
    assert [place.sentence for place in check_log(receipt.released_at.date()).findings] == [
        OPENED_UNTOLD,
        f"Die Freigabe mit der Quittung {receipt.number} steht nicht im Protokoll: Zeilen wurden entfernt.",
        NOT_IN_LOG.format(number=CaseEvent.objects.get().pk),
    ]


def test_given_a_draft_when_the_log_is_emptied_then_it_tells():
    an_agreement()
    draft = a_draft(people(1))
    assert check_log(TODAY).is_intact
    by_hand(EMPTIED)
    assert [(place.day, place.sentence) for place in check_log(TODAY).findings] == [
        (draft.opened_at.date(), OPENED_UNTOLD)
    ]


@pytest.mark.parametrize("table", ["transitions_accesslogentry", "transitions_accesslogday"])
def test_given_a_line_when_the_log_is_emptied_then_the_database_refuses(by, table):
    look(by)
    with as_owner(), pytest.raises(DatabaseError, match="kann nicht geleert werden"), transaction.atomic():
        connection.cursor().execute(f"TRUNCATE {table}")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM transitions_accesslogday",
        "UPDATE transitions_accesslogday SET proof = ''",
        "UPDATE transitions_accesslogday SET entries = 0",
        "UPDATE transitions_accesslogday SET entries = entries + 1, day = day - 1",
    ],
)
def test_given_a_day_when_somebody_changes_or_deletes_it_then_the_database_refuses(by, statement):
    look(by)
    with (
        as_owner(),
        pytest.raises(DatabaseError, match="Nachweis"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_given_a_clock_set_back_over_midnight_when_the_log_goes_on_then_the_chain_holds(by):
    for moment in (NOON, NOON - timedelta(days=1), NOON - timedelta(hours=13), NOON + timedelta(minutes=1)):
        look(by, moment)
    assert list(AccessLogEntry.objects.order_by("pk").values_list("day", "position")) == [
        (date(2026, 11, 17), position) for position in (1, 2, 3, 4)
    ]
    assert check_log(TODAY).is_intact


def test_given_a_line_when_somebody_changes_or_deletes_it_then_the_database_refuses(by):
    look(by)
    for statement in ("UPDATE transitions_accesslogentry SET actor = ''", "DELETE FROM transitions_accesslogentry"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("chain", "last"),
    [("READ", date(2027, 5, 17)), ("ACT", date(2036, 11, 17))],
)
def test_given_a_line_when_the_worker_deletes_it_then_the_database_allows_it_once_its_period_is_over(by, chain, last):
    look(by, action=LogAction.VIEW_LIST if chain == "READ" else LogAction.RELEASE)
    with as_worker():
        on_the_database(last - timedelta(days=1))
        by_worker(erasure.run, now=datetime(2050, 1, 1, tzinfo=UTC))
        with pytest.raises(DatabaseError, match="Nachweis"), transaction.atomic():
            AccessLogEntry.objects.all().delete()
        on_the_database(last)
        AccessLogEntry.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_given_two_writers_at_once_when_both_write_then_the_chain_has_all_lines_in_order():
    by = an_access()

    def write(number):
        try:
            for line in range(10):
                look(by, NOON + timedelta(seconds=number * 100 + line))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert list(AccessLogEntry.objects.order_by("position").values_list("position", flat=True)) == [*range(1, 41)]
    assert check_log(TODAY).is_intact


# Keys


@pytest.fixture
def log_key(settings):
    """Another key for the log than the one it was written with."""

    def use(key):
        settings.CASE_KEYS, settings.CASE_LOG_KEY = [vault.new_key()], key
        vault.forget_keys()

    yield use
    vault.forget_keys()


@pytest.mark.parametrize("key", ["", "kein Schlüssel", "ab" * 8])
def test_given_no_key_when_somebody_looks_then_nothing_is_written_and_the_check_says_so(by, log_key, key, capsys):
    look(by)
    log_key(key)
    with pytest.raises(vault.KeyLost):
        look(by)
    assert AccessLogEntry.objects.count() == 1
    assert command(capsys)[0] == 1
    assert "CASE_LOG_KEY fehlt" in command(capsys)[2]


def test_given_another_key_when_checked_then_the_key_is_named_and_not_every_line(by, three_days, log_key, capsys):
    chain_ends.findings(TODAY)
    OutboxMessage.objects.create(kind="x", key="x", created_at=NOW, next_try_at=NOW)
    log_key("cd" * 32)
    assert check_log(TODAY).is_other_key
    code, out, _ = command(capsys, "--json")
    assert (code, json.loads(out)["findings"]) == (1, [OTHER_KEY])


# Command and retention


def command(capsys, *arguments):
    code = 0
    try:
        call_command("check_seals", *arguments)
    except SystemExit as ended:
        code = ended.code
    told = capsys.readouterr()
    return code, told.out, told.err


def test_given_the_command_when_the_log_holds_then_0_and_when_a_line_was_changed_then_1_and_its_place(
    by, three_days, capsys, settings
):
    settings.KOK_NOW = "2026-11-20T08:00"
    code, out, _ = command(capsys)
    assert (code, out.splitlines()[0]) == (0, "Alle Siegel passen.")
    by_hand("UPDATE transitions_accesslogentry SET actor = 'niemand' WHERE day = '2026-11-18' AND chain = 'ACT'")
    code, out, _ = command(capsys)
    assert code == 1
    told = f"Zugriffsprotokoll, Handeln am 18.11.2026, Zeile 1: {FIRST_CHANGED}"
    assert told in out
    assert "10 Zeilen des Zugriffsprotokolls an 4 Tagen geprüft; an 0 Tagen" in out
    code, out, _ = command(capsys, "--json")
    assert (code, told in json.loads(out)["findings"]) == (1, True)


CUT = (
    "DELETE FROM transitions_accesslogentry WHERE day = '2026-11-19'",
    "DELETE FROM transitions_accesslogday WHERE day = '2026-11-19'",
)


def test_given_the_newest_lines_cut_off_when_compared_with_an_earlier_mail_then_it_is_found(
    by, three_days, capsys, settings, tmp_path
):
    settings.KOK_NOW = "2026-11-20T08:00"
    ends = [end.seal for end in check_log(TODAY).ends]
    mail = tmp_path / "nachricht.txt"
    mail.write_text("\n".join(ends))
    look(by, NOON + timedelta(days=2, hours=1))
    assert command(capsys, "--mail", str(mail))[0] == 0, "a later line does not hide the earlier end"
    for statement in CUT:
        by_hand(statement)
    assert command(capsys)[0] == 0, "without the mail it cannot be seen"
    code, out, _ = command(capsys, "--json", "--mail", str(mail))
    told = json.loads(out)
    assert (code, told["valid"], told["findings"]) == (1, False, [NOT_THERE.format(seal=ends[0])])


def test_given_an_earlier_end_when_its_lines_are_deleted_after_their_period_then_the_day_still_shows_it(by, three_days):
    ends = [end.seal for end in check_log(TODAY).ends]
    on_the_database(date(2036, 12, 1))
    by_worker(erasure.run, now=datetime(2036, 12, 1, 12, tzinfo=UTC))
    assert not AccessLogEntry.objects.exists()
    assert chain_ends.unknown(ends) == []


def test_given_something_else_than_a_mail_when_compared_then_the_command_says_so(tmp_path, capsys):
    other = tmp_path / "andere.txt"
    other.write_text("kein Siegel")
    code, out, said = command(capsys, "--mail", str(other))
    assert (code, out) == (1, "")
    assert said.strip() == f"In {other} steht kein Siegel. Es wurde nichts geprüft."


@pytest.mark.parametrize(
    ("day", "last_kept"),
    [
        (date(2026, 11, 17), date(2027, 5, 17)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
    ],
)
def test_given_reads_when_six_calendar_months_are_over_then_they_expire_the_day_after(day, last_kept):
    assert not reads_expired(day, last_kept)
    assert reads_expired(day, last_kept + timedelta(days=1))


def test_given_expired_reads_when_erased_then_whole_days_go_acts_stay_and_the_check_is_content(by, three_days):
    now = datetime(2027, 5, 19, 1, 30, tzinfo=UTC)  # 17.11. and 18.11. are over, 19.11. is not
    on_the_database(now.date())
    by_worker(erasure.run, now=now)
    left = AccessLogEntry.objects.order_by("chain", "day", "position").values_list("chain", "day", "position")
    assert [(chain, day.day, position) for chain, day, position in left] == [
        ("ACT", 18, 1), ("READ", 19, 1), ("READ", 19, 2), ("READ", 19, 3),
    ]  # fmt: skip
    check = check_log(date(2027, 5, 19))
    assert (check.is_intact, check.deleted_days, check.lines) == (True, 2, 4)
    by_hand("DELETE FROM transitions_accesslogentry WHERE day = '2026-11-19' AND chain = 'READ'")
    assert found(date(2027, 5, 19)) == [("READ", 19, None, DAY_GONE)]


def test_given_acts_when_ten_years_are_over_then_they_go(by, three_days):
    on_the_database(date(2036, 11, 19))
    by_worker(erasure.run, now=datetime(2036, 11, 18, 12, tzinfo=UTC))
    assert AccessLogEntry.objects.filter(chain="ACT").exists()
    by_worker(erasure.run, now=datetime(2036, 11, 19, 12, tzinfo=UTC))
    assert not AccessLogEntry.objects.exists()
    assert check_log(date(2036, 11, 19)).is_intact


# The page


ENTRIES, CHECK, DOWNLOAD = (f"transitions-log:{name}" for name in ("entries", "check", "download"))


def page(user, query="", name=ENTRIES):
    return signed_in(user).get(reverse(name) + query)


def refs(response):
    return [entry.case_ref for entry in response.context["page"]]


def test_given_auditors_when_they_open_the_log_then_each_sees_his_agreement_and_one_of_an_authority_all_of_its(by):
    other = an_access(a_second_agreement())
    look(by, ref="UE-2027-HERE")
    look(other, ref="UE-2027-GONE")
    here = a_user(role="auditor", partner=None, agreement=by.agreement)
    everywhere = a_user(role="auditor", partner="lwv-hessen", everywhere=True)
    assert refs(page(here)) == ["UE-2027-HERE"]
    assert {entry.agreement for entry in page(everywhere).context["page"]} == {OTHER_COUNTY, "wetteraukreis"}
    assert "UE-2027-GONE" not in page(here, name=DOWNLOAD).content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?von=2026-11-18&bis=18.11.2026", 4),
        ("?fall=ue-2027-ab01", 1),
        ("?fall=ue+2027+ab01", 1),
        ("?vorgang=RELEASE", 1),
        ("?jahr=2027", 9),
        ("?jahr=unsinn&von=gestern", 10),
        ("?konto=1000000", 10),
    ],
)
def test_given_filters_in_the_address_when_opened_then_only_these_lines_stand_there(by, three_days, query, expected):
    auditor = a_user(role="auditor", partner=None, agreement=by.agreement)
    assert len(refs(page(auditor, query))) == expected
    assert len(page(auditor, query, DOWNLOAD).content.decode("utf-8-sig").splitlines()) == expected + 1


def test_given_an_account_when_filtered_then_its_number_and_no_name_stands_in_the_address(by):
    look(by)
    look(an_access(by.agreement), ref="UE-2027-OTHR")
    auditor = a_user(role="auditor", partner=None, agreement=by.agreement)
    response = page(auditor, f"?konto={by.user.pk}")
    assert refs(response) == [""]
    assert f'<option value="{by.user.pk}" selected' in response.content.decode()
    assert f'value="{by.user.username}"' not in response.content.decode()


def test_given_many_lines_when_paged_then_the_filters_stay(by):
    for number in range(60):
        look(by, NOON + timedelta(seconds=number), ref="UE-2027-MANY")
    auditor = a_user(role="auditor", partner=None, agreement=by.agreement)
    response = page(auditor, "?fall=UE-2027-MANY&seite=2")
    assert len(refs(response)) == 10
    assert "fall=UE-2027-MANY&amp;seite=1" in response.content.decode()


def test_given_the_page_when_not_checked_now_then_nothing_claims_that_the_log_holds(by, three_days):
    auditor = signed_in(a_user(role="auditor", partner=None, agreement=by.agreement))
    assert "Alle Siegel passen" not in auditor.get(reverse(ENTRIES)).content.decode()
    assert "Alle Siegel passen" in checked(auditor)
    by_hand("UPDATE transitions_accesslogentry SET actor = 'niemand' WHERE day = '2026-11-18' AND chain = 'ACT'")
    told = checked(auditor)
    assert "Alle Siegel passen" not in told
    assert "18.11.2026" in told
    assert FIRST_CHANGED in told
    assert "Alle Siegel passen" not in auditor.get(reverse(ENTRIES)).content.decode()


@pytest.mark.logs_errors
def test_given_no_key_when_an_auditor_checks_then_the_page_says_so(by, log_key):
    look(by)
    auditor = signed_in(a_user(role="auditor", partner=None, agreement=by.agreement))
    log_key("")
    assert "Der Schlüssel des Zugriffsprotokolls fehlt" in auditor.post(reverse(CHECK)).content.decode()


def test_given_an_auditor_when_he_opens_the_trail_then_tabs_and_menu_lead_to_all_three_pages():
    auditor = signed_in(a_user(role="auditor", partner=None, agreement=an_agreement()))
    for name in ("kok:audit", "kok:erasure-runs", ENTRIES):
        told = auditor.get(reverse(name)).content.decode()
        for other in ("kok:audit", "kok:erasure-runs", ENTRIES):
            assert told.count(f'href="{reverse(other)}"') >= 2


def test_given_a_line_when_the_log_opens_then_it_names_the_person_the_second_and_what_its_place_means(by):
    look(by, NOON + timedelta(seconds=7), ref="UE-2027-HERE")
    User.objects.filter(pk=by.user.pk).update(first_name="Mira", last_name="Stein")
    auditor = a_user(role="auditor", partner=None, agreement=by.agreement)
    told = page(auditor).content.decode()
    assert f"Mira Stein<small>{by.user.username}, Fallbearbeitung</small>" in told
    assert f"Mira Stein ({by.user.username})</option>" in told
    assert "Di 17.11.2026, 12:00:07 Uhr" in told
    assert "„Nummer“ zählt die Einträge" in told
    assert "<small>Wetteraukreis</small>" in told


def test_given_a_case_that_was_never_transmitted_when_the_other_house_reads_the_log_then_it_reads_no_fallzeichen(
    by, settings
):
    settings.KOK_NOW = NOW.isoformat()
    draft = a_draft([case_data()], now=NOW)
    kept, gone = draft.entries.get().case.case_ref, "UE-2027-GONE"
    look(by, ref=gone)
    own = a_user(role="auditor", partner=by.agreement.slug, agreement=by.agreement)
    other = a_user(role="auditor", partner="lwv-hessen", agreement=by.agreement)
    assert {kept, gone} <= set(refs(page(own)))
    for name in (ENTRIES, DOWNLOAD):
        told = page(other, name=name).content.decode()
        assert (kept in told, gone in told) == (False, False)
    for ref in (kept, gone):  # nor does he learn anything by looking for one that he was told of
        assert refs(page(other, f"?fall={ref}")) == []
        assert ref in refs(page(own, f"?fall={ref}"))
        assert page(other, f"?fall={ref}", DOWNLOAD).content.decode().count("\n") == 1
    released(draft, now=NOW)
    assert kept in refs(page(other, f"?fall={kept}"))
    assert (kept in refs(page(other)), gone in refs(page(other))) == (True, False)


def test_given_a_case_when_looked_for_then_also_who_saw_its_whole_list_while_it_stood_there(by, settings):
    settings.KOK_NOW = (NOW + timedelta(days=1)).isoformat()
    receipt = released(a_draft([case_data()], by=by, now=NOW), now=NOW)
    case, version = receipt.version.entries.get().case, receipt.version
    before, while_there, gone = (NOW - timedelta(minutes=1), NOW + timedelta(minutes=1), NOW + timedelta(hours=2))
    receiver = an_access(by.agreement, "case-receiver")
    for reader, at in ((by, before), (by, while_there), (receiver, while_there), (receiver, gone)):
        record_access(by=reader, action=LogAction.VIEW_LIST, version=version, now=at)
    look(by, while_there, LogAction.VIEW_LIST)  # another list
    TransitionCase.objects.filter(pk=case.pk).update(erased_at=NOW + timedelta(hours=1))
    for house in (by.agreement.slug, "lwv-hessen"):
        auditor = a_user(role="auditor", partner=house, agreement=by.agreement)
        told = page(auditor, f"?fall={case.case_ref}")
        looks = [each for each in told.context["page"] if each.action == LogAction.VIEW_LIST]
        assert {(each.actor_id, each.at) for each in looks} == {
            (by.user.pk, while_there), (receiver.user.pk, while_there),
        }  # fmt: skip
        assert "Darum stehen hier auch die Zeilen" in told.content.decode()
        assert "Darum stehen hier auch" not in page(auditor).content.decode()


def test_given_the_line_of_an_account_that_is_erased_when_the_log_opens_then_its_sign_in_name_stands_there(by):
    look(by, ref="UE-2027-HERE")
    auditor = a_user(role="auditor", partner=None, agreement=by.agreement)
    gone = by.user.pk
    with as_worker():
        by.user.role_assignments.all().delete()
    with as_owner():
        by.user.delete()
    assert not User.objects.filter(pk=gone).exists()
    assert re.search(rf'<td data-label="Konto">{by.user.username}<small>', page(auditor).content.decode())
