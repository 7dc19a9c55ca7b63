"""No process of production works in the role of another, nor in one that does everything."""

import subprocess
from pathlib import Path

import psycopg
import pytest

from kok import configuration
from kok.database.roles import OWNER, PROCESSES, WORKER, address
from kok.embedded import Services
from tests.kok.test_configuration import DOORS, SOUND, run


def _named(role: str) -> dict[str, str]:
    return {**SOUND, "DATABASE_URL": f"postgresql://{role}:geheim@127.0.0.1:9/kok"}


@pytest.mark.parametrize("role", ["kok", "postgres", "kok_backup", ""])
def test_given_one_role_for_everything_when_production_reads_its_settings_then_a_sentence_says_what_to_do(
    role: str,
) -> None:
    [sentence] = configuration.problems({**SOUND, "DATABASE_URL": f"postgresql://{role}@datenbank.example.org/kok"})
    assert sentence.startswith("DATABASE_URL nennt keine der Rollen kok_web, kok_worker, kok_beat, kok_owner.")
    assert "manage.py database_roles" in sentence
    assert configuration.problems({**SOUND, "KOK_MODE": "demo", "DATABASE_URL": f"postgresql://{role}@b/kok"}) == []


def test_given_the_owner_alone_when_production_reads_its_settings_then_who_migrates_needs_no_other_role() -> None:
    rest = {name: value for name, value in SOUND.items() if name != "DATABASE_URL"}
    assert configuration.problems({**rest, "DATABASE_OWNER_URL": "postgresql://kok_owner:x@b/kok"}) == []
    [sentence] = configuration.problems({**rest, "DATABASE_OWNER_URL": "postgresql://kok_web:x@b/kok"})
    assert sentence.startswith("DATABASE_OWNER_URL nennt keine der Rollen kok_owner.")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("door", "own"), [("gunicorn", "kok_web"), ("gunicorn without preload", "kok_web"), ("worker", WORKER),
                      ("beat", "kok_beat")],
)  # fmt: skip
def test_given_the_role_of_another_when_a_process_starts_then_it_ends_with_the_sentence(
    door: str, own: str, tmp_path: Path
) -> None:
    more = ("--schedule", tmp_path / "beat") if door == "beat" else ()  # else it lies about in the working directory
    for role in {*PROCESSES, OWNER} - {own}:
        done = run(*DOORS[door], *map(str, more), **_named(role))
        assert done.returncode in (2, 3, 4), done.stderr
        assert f"Dieser Prozess meldet sich an der Datenbank nicht als {own} an." in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_given_a_database_of_production_when_migrated_then_only_by_its_owner_and_only_with_roles_without_power(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with Services(tmp_path_factory.mktemp("roles"), fsync=False) as services:
        server = services.start_database()

        def migrate(**named: str) -> subprocess.CompletedProcess[str]:
            return run("manage.py", "migrate", "--no-input", "--verbosity", "0", **SOUND | named)

        wrong = migrate(DATABASE_URL=address(server, WORKER))
        assert (wrong.returncode, wrong.stderr.strip()) == (
            2, "Tabellen macht und ändert nur die Rolle kok_owner. Nennen Sie sie in DATABASE_OWNER_URL.",
        )  # fmt: skip
        with psycopg.connect(server, autocommit=True) as administrator:
            administrator.execute("ALTER ROLE kok_web SUPERUSER")
            mighty = migrate(DATABASE_URL="", DATABASE_OWNER_URL=address(server, OWNER))
            assert (mighty.returncode, mighty.stderr.strip()) == (2, "Die Rolle kok_web hat Macht über den Server.")
            administrator.execute("ALTER ROLE kok_web NOSUPERUSER")
            tables = administrator.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
            assert tables == (0,), "nothing was changed"
            done = migrate(DATABASE_URL="", DATABASE_OWNER_URL=address(server, OWNER))
            assert done.returncode == 0, done.stderr
            owners = administrator.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
            assert owners.fetchall() == [(OWNER,)]
