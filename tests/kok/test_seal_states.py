"""By SQL, without a key: the newest state of a row is the only one, wherever in its chain somebody puts its seal."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kok import account_seals, audit, chains, clock, erasure, seals
from kok.database.roles import BEAT
from kok.models import AuditEvent, Seal, User
from kok.models.sealing import sealings
from kok.models.seals import give_places
from tests.builders import PASSWORD, a_user, an_agreement, give_role
from tests.kok.test_account_seals import WRONG, by_sql, found, typed
from tests.roles import acting_as, as_owner, as_worker, on_the_database, unguarded
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
LONG_AGO = date(1900, 1, 1)
MOVE = "UPDATE kok_seal SET day = %s, position = 1 WHERE id = %s"


@built_once
def officer() -> User:
    """Whose account somebody wants to open again."""
    an_agreement()
    user = a_user(role="case-officer")
    for sealing in sealings():
        give_places(sealing.chain)
    return user


def newest_of(user: User) -> Seal:
    return Seal.objects.filter(chain=User.sealing.slug, object_id=str(user.pk)).order_by("number").last()


def test_given_a_new_password_when_its_seal_is_moved_to_the_beginning_then_the_old_one_opens_nothing(officer):
    old = officer.password
    officer.set_password("ein neues langes Passwort")
    officer.save()
    waiting = newest_of(officer)
    assert waiting.position is None
    by_sql(MOVE, LONG_AGO, waiting.pk)
    by_sql("UPDATE kok_user SET password = %s WHERE id = %s", old, officer.pk)
    assert WRONG in typed(officer, PASSWORD)[1]
    assert any(f"Konto Nr. {officer.pk}: An der Anwendung vorbei geändert (Passwort)" in each for each in found())
    assert any("01.01.1900" in each for each in found())


def test_given_a_closed_account_when_its_seal_is_moved_and_it_is_opened_by_sql_then_it_stays_shut_and_is_named(officer):
    officer.is_active = False
    officer.save()
    by_sql(MOVE, LONG_AGO, newest_of(officer).pk)
    by_sql("UPDATE kok_user SET is_active = true WHERE id = %s", officer.pk)
    officer.refresh_from_db()
    assert not account_seals.stands(officer)
    assert WRONG in typed(officer)[1]
    assert any(f"Konto Nr. {officer.pk}: An der Anwendung vorbei geändert" in each for each in found())


def test_given_a_seal_of_one_row_when_it_is_newest_by_its_number_only_then_a_moved_one_stays_the_newest(officer):
    role = give_role(a_user(), role="member")
    role.period = (LONG_AGO, date(2027, 1, 1))
    role.save()
    one, two = Seal.objects.filter(chain="roles", object_id=str(role.pk)).order_by("number")
    assert (one.number, two.number) == (1, 2)
    by_sql(MOVE, LONG_AGO, two.pk)
    give_places(type(role).sealing.chain)
    assert type(role).sealing.stands(role)


def test_given_an_erased_row_when_it_is_put_back_and_the_seal_of_its_end_is_moved_then_the_night_names_it(officer):
    role = give_role(a_user(), role="member")
    number = role.pk
    with as_worker():
        role.delete()
    gone = Seal.objects.get(chain="roles", object_id=str(number), is_gone=True)
    assert gone.number == 2
    by_sql(MOVE, LONG_AGO, gone.pk)
    with as_owner():
        by_sql(
            "INSERT INTO members_roleassignment (id, user_id, role, agreement_id, partner_id, period, by_command)"
            " VALUES (%s, %s, 'member', %s, %s, '[2022-03-01,)', true)",
            number,
            role.user_id,
            role.agreement_id,
            role.partner_id,
        )
    assert any(f"für Konto {role.user_id}" in each and "gelöscht, und nun steht" in each for each in found())


@pytest.mark.parametrize("chain", [User.sealing.slug, "roles", "trail"])
def test_given_seals_that_wait_when_the_worker_deletes_them_then_the_database_refuses(officer, chain):
    audit.record(by=None, action="test", now=clock.now())
    officer.first_name = "Anders"
    officer.save()
    give_role(a_user(), role="member")
    waiting = Seal.objects.filter(chain=chain, position=None)
    assert waiting.exists()
    with as_worker(), pytest.raises(DatabaseError, match="Siegel"), transaction.atomic():
        waiting.delete()


def test_given_a_role_when_the_worker_deletes_it_with_its_seals_then_the_seals_stay_and_the_night_says_which(officer):
    role = give_role(a_user(), role="member")
    give_places(type(role).sealing.chain)
    with as_worker():
        by_sql("DELETE FROM members_roleassignment WHERE id = %s", role.pk)
        with pytest.raises(DatabaseError, match="Siegel"), transaction.atomic():
            by_sql("DELETE FROM kok_seal WHERE chain = 'roles' AND object_id = %s", str(role.pk))
    assert any(f"Rolle Nr. {role.pk}: An der Anwendung vorbei gelöscht" in each for each in found())


def test_given_a_line_of_the_trail_whose_seal_waits_when_the_worker_moves_it_away_then_it_cannot_delete_it(officer):
    audit.record(by=None, action="test", now=clock.now())
    waiting = Seal.objects.get(chain="trail", position=None)
    with as_worker():
        by_sql(MOVE, LONG_AGO, waiting.pk)
        with pytest.raises(DatabaseError, match="Siegel"), transaction.atomic():
            waiting.delete()
    with unguarded("kok_auditevent") as cursor:
        cursor.execute("DELETE FROM kok_auditevent WHERE id = %s", [int(waiting.object_id)])
    number = waiting.object_id
    assert any(f"Änderungsprotokoll Nr. {number}: An der Anwendung vorbei gelöscht" in each for each in found())


def test_given_the_trail_after_ten_years_when_erased_then_its_seals_go_as_before():
    audit.record(by=None, action="test", now=clock.now())
    give_places(AuditEvent.sealing.chain)
    on_the_database(clock.today().replace(year=2099))
    with as_worker():
        erasure.run(now=clock.now().replace(year=2099))
    assert not Seal.objects.filter(chain="trail", at__year__lt=2099).exists()


def test_given_states_of_a_row_when_somebody_numbers_far_ahead_then_the_database_refuses(officer):
    line = newest_of(officer)
    with pytest.raises(DatabaseError, match="Vor diesem Stand"), transaction.atomic():
        by_sql(
            "INSERT INTO kok_seal (chain, object_id, number, proof, at, salt, is_gone, state, marks, seal)"
            " VALUES (%s, %s, 2147483647, '', now(), gen_random_uuid(), false, '', '', '')",
            line.chain,
            line.object_id,
        )
    assert seals.findings(clock.today()) == ()


INVENTED = """
INSERT INTO kok_seal (chain, object_id, number, proof, at, salt, is_gone, state, marks, seal)
SELECT %s, id::text, %s, 'x', now(), gen_random_uuid(), %s, 'x', '', 'x' FROM kok_user
"""


@pytest.mark.parametrize("is_gone", [False, True])
def test_given_seals_made_up_for_every_account_when_somebody_signs_in_then_he_can_and_each_is_named(officer, is_gone):
    with connection.cursor() as cursor:
        for number in (1, 2, 3):
            cursor.execute(INVENTED, [User.sealing.slug, number, is_gone])
    assert WRONG not in typed(officer)[1]
    officer.first_name = "Anders"
    officer.save()
    assert account_seals.stands(officer)
    assert newest_of(officer).number == 3
    told = f"Ein Siegel für Nr. {officer.pk} stammt nicht von der Anwendung"
    assert any(told in each for each in found())
    assert not any("An der Anwendung vorbei geändert" in each for each in found())


AHEAD = (
    """INSERT INTO kok_seal (chain, object_id, number, proof, at, salt, is_gone, state, marks, day, position, seal)
    SELECT 'trail', 'x' || n, 1, 'x', now(), gen_random_uuid(), false, 'x', '', DATE '2100-01-01' + n, 1, 'x'
    FROM generate_series(1, 300) AS n""",
    """INSERT INTO kok_sealday (chain, day, entries, seal, proof)
    SELECT 'trail', DATE '2100-01-01' + n, 1, 'x', 'x' FROM generate_series(1, 300) AS n""",
)


def looked_at(monkeypatch, officer: User, invented: int) -> tuple[int, int]:
    """Lines read, and queries sent, by a sign-in with so many more invented seals of the account."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kok_seal (chain, object_id, number, proof, at, salt, is_gone, state, marks, seal)"
            " SELECT %s, %s, number, 'x', now(), gen_random_uuid(), false, 'x', '', 'x'"
            " FROM generate_series(1, %s) AS number ORDER BY number",
            [User.sealing.slug, str(officer.pk), invented],
        )
    read = []
    is_ours = Seal.is_ours
    with monkeypatch.context() as patch, CaptureQueriesContext(connection) as sent:
        patch.setattr(Seal, "is_ours", lambda self: read.append(self.pk) or is_ours(self))
        assert WRONG not in typed(officer)[1]
        assert account_seals.stands(officer)
    return len(read), len(sent)


def test_given_any_number_of_seals_made_up_when_somebody_signs_in_then_as_few_lines_are_read(officer, monkeypatch):
    for name in "abcde":
        officer.first_name = name
        officer.save()
    few, many = looked_at(monkeypatch, officer, 20), looked_at(monkeypatch, officer, 2000)
    assert few == many
    assert many[0] < 30
    officer.first_name = "zuletzt"
    officer.save()
    assert account_seals.stands(officer)


def test_given_a_hundred_years_of_days_made_up_when_something_is_done_then_few_are_looked_at(monkeypatch):
    audit.record(by=None, action="test", now=clock.now())
    give_places(AuditEvent.sealing.chain)
    with connection.cursor() as cursor:
        for statement in AHEAD:
            cursor.execute(statement)
    looked = []
    is_ours = chains.is_ours
    monkeypatch.setattr(chains, "is_ours", lambda day: looked.append(day.day) or is_ours(day))
    audit.record(by=None, action="test", now=clock.now())
    give_places(AuditEvent.sealing.chain)
    assert AuditEvent.objects.count() == Seal.objects.filter(chain="trail", day=clock.today()).count() == 2
    assert len(looked) < 20


def test_given_the_role_of_beat_when_it_makes_up_seals_of_accounts_then_the_database_refuses(officer):
    with acting_as(BEAT):
        with pytest.raises(DatabaseError, match="Zeitplan"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(INVENTED, [User.sealing.slug, 1, False])
        audit.record(by=None, action="test", now=clock.now())
    give_places(AuditEvent.sealing.chain)
    assert Seal.objects.filter(chain="trail").exclude(position=None).exists()
