"""What each role may do in each table. Apps say it in one text; `manage.py migrate` gives exactly that.

Nobody but the owner makes, changes or empties tables. What may be changed by whom in which state is for the triggers to
say: they ask `kok_erases()`, which is true for the worker alone.

What the database numbers, nobody but the owner numbers: INSERT and UPDATE are given on all other columns. Who could
choose a number would take those that come next, and the application could write nothing any more.
"""

from collections.abc import Iterator

from django.db import connection, transaction
from psycopg import sql

from kok.database.roles import BACKUP, BEAT, OWNER, PROCESSES, ROLES, WEB, WORKER

LETTERS = {"S": "SELECT", "I": "INSERT", "U": "UPDATE", "D": "DELETE"}
_NEVER = ("TRUNCATE", "REFERENCES", "TRIGGER")
_WRITING = ("INSERT", "UPDATE")
_OURS = (*PROCESSES, BACKUP)

_rights: dict[str, dict[str, frozenset[str]]] = {}
_read_in_part: dict[tuple[str, str], list[str]] = {}  # the columns that a role reads where it does not read all


def register(text: str) -> None:
    """Called by apps in `ready()`: a line for each table with the rights of web, worker and beat.

    S reads, I adds, U changes, D deletes, - nothing; S(id,key) reads these columns only. The backup reads every table.
    """
    for line in text.strip().splitlines():
        table, *letters = line.split("#")[0].split()
        _rights[table] = {BACKUP: frozenset({"SELECT"})}
        for role, given in zip((WEB, WORKER, BEAT), letters, strict=True):
            of, _, columns = given.strip("-").partition("(")
            _rights[table][role] = frozenset(LETTERS[each] for each in of)
            if columns:
                _read_in_part[table, role] = columns.strip(")").split(",")


def tables() -> frozenset[str]:
    """The tables that have a line."""
    return frozenset(_rights)


def is_changed(table: str) -> bool:
    """Whether any process may change rows of this table."""
    return any(LETTERS["U"] in held for held in _rights.get(table, {}).values())


def role() -> str:
    """As whom we speak with the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def is_separate() -> bool:
    """Whether the processes sign in with roles of their own here, or everything is done by one."""
    return role() in ROLES


def may_erase() -> bool:
    """Whether the triggers let this role erase, and put seals in place of seals."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kok_erases()")
        return bool(cursor.fetchone()[0])


@transaction.atomic
def give() -> None:
    """Gives every role its rights and takes all others, as the owner; for the tables that are there now."""
    written = _written()
    database = sql.Identifier(connection.settings_dict["NAME"])
    roles = sql.SQL(", ").join(map(sql.Identifier, _OURS))
    statements = [
        sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC, {}").format(database, roles),
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, roles),
        sql.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC, {}").format(roles),
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(roles),
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {}").format(roles),
        sql.SQL("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {}").format(roles),
        sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}").format(sql.Identifier(BACKUP)),
        sql.SQL("GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(sql.Identifier(BACKUP)),
        *(
            _grant(table, columns, role)
            for table, columns in written.items()
            for role in PROCESSES
            if _rights.get(table, {}).get(role)
        ),
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        cursor.execute(_FIXED_PATHS)


def _written() -> dict[str, list[str]]:
    """The columns of every table that somebody writes: all but its number, where the database gives it."""
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        return dict(cursor.fetchall())


def _grant(table: str, columns: list[str], role: str) -> sql.Composed:
    limited = dict.fromkeys(_WRITING, columns)
    if read := _read_in_part.get((table, role)):
        limited["SELECT"] = read
    rights = (
        sql.SQL(right) + (_named(limited[right]) if right in limited else sql.SQL(""))
        for right in sorted(_rights[table][role])
    )
    return sql.SQL("GRANT {} ON {} TO {}").format(
        sql.SQL(", ").join(rights), sql.Identifier("public", table), sql.Identifier(role)
    )


def _named(columns: list[str]) -> sql.Composed:
    return sql.SQL(" ({})").format(sql.SQL(", ").join(map(sql.Identifier, columns)))


_COLUMNS = """
SELECT relname, array_agg(attname ORDER BY attnum) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped
  AND attidentity = '' GROUP BY relname
"""
# A table of the same name in a session of its own must not answer what a trigger asks.
_FIXED_PATHS = """
DO $$
DECLARE
  ours regprocedure;
BEGIN
  FOR ours IN SELECT oid FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND proowner = current_user::regrole
  LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, public, pg_temp', ours);
  END LOOP;
END $$
"""


def problems_of_roles() -> list[str]:
    """What is wrong with a role: missing, with power over the server, another one too, an owner, with own settings.

    Asked before there is any table.
    """
    return _asked(_ROLES) if is_separate() else [ONE_ROLE]


def problems() -> list[str]:
    """What is otherwise than written down, in German sentences; none when all is as it should be."""
    if not is_separate():
        return [ONE_ROLE]
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"rights": [*LETTERS.values(), *_NEVER], "ours": list(_OURS)})
        held = {
            (table, role): (frozenset(some), frozenset(whole), sorted(read.split(",")))
            for table, role, some, whole, read in cursor.fetchall()
        }
    unknown = set(connection.introspection.table_names()) - tables()
    without = [f"Für die Tabelle {table} sind keine Rechte festgelegt." for table in sorted(unknown)]
    return [*without, *_differences(held), *_asked(_ROLES), *_asked(_PLACES)]


def _asked(statement: str) -> list[str]:
    named = {"web": WEB, "worker": WORKER, "beat": BEAT, "backup": BACKUP}
    with connection.cursor() as cursor:
        cursor.execute(statement, {"roles": list(ROLES), "ours": list(_OURS), **named})
        return [sentence for (sentence,) in cursor.fetchall()]


def _differences(held: dict[tuple[str, str], tuple[frozenset[str], frozenset[str], list[str]]]) -> Iterator[str]:
    for table, role in sorted(held):
        some, whole, read = held[table, role]
        wanted = _rights.get(table, {}).get(role, frozenset())
        if columns := _read_in_part.get((table, role)):
            if read != sorted(columns):
                yield f"Die Rolle {role} liest in der Tabelle {table} andere Spalten als {', '.join(columns)}."
            whole |= {"SELECT"}
        if more := some - wanted:
            yield f"Die Rolle {role} darf in der Tabelle {table} zu viel: {', '.join(sorted(more))}."
        if less := wanted - whole:
            yield f"Der Rolle {role} fehlt in der Tabelle {table}: {', '.join(sorted(less))}."


ONE_ROLE = (
    f"Alles läuft unter einer einzigen Rolle der Datenbank. Geben Sie jedem Prozess seine eigene ({WEB}, {WORKER}, "
    f"{BEAT}), und rufen Sie manage.py migrate als {OWNER} auf. Die Rollen macht das SQL aus manage.py database_roles."
)

# What a role may do anywhere in a table, a single column or its number included, and what it may do all over it but in
# its number.
_HELD = """
WITH columns AS NOT MATERIALIZED (
  SELECT attrelid, attnum, attname, attidentity <> '' AS is_number FROM pg_attribute
  WHERE attnum > 0 AND NOT attisdropped
), held AS (
  SELECT relname, role, tables.oid, each, has_table_privilege(role, tables.oid, each) AS in_table,
    each IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') AS has_columns, each IN ('INSERT', 'UPDATE') AS writes
  FROM pg_class AS tables, unnest(%(ours)s::text[]) AS role, unnest(%(rights)s::text[]) AS each
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
), seen AS (
  SELECT relname, role, each, in_table OR has_columns AND has_any_column_privilege(role, oid, each) AS is_some,
    in_table OR writes AND NOT EXISTS (SELECT FROM columns WHERE attrelid = oid AND NOT is_number
      AND NOT has_column_privilege(role, oid, attnum, each)) AS is_whole,
    writes AND EXISTS (SELECT FROM columns WHERE attrelid = oid AND is_number
      AND has_column_privilege(role, oid, attnum, each)) AS is_numbering,
    (SELECT string_agg(attname, ',') FROM columns WHERE each = 'SELECT' AND attrelid = oid
      AND has_column_privilege(role, oid, attnum, each)) AS read
  FROM held
)
SELECT relname, role,
  coalesce(array_agg(each) FILTER (WHERE is_some), '{}')
    || coalesce(array_agg(each || ' (Nummer)') FILTER (WHERE is_numbering), '{}'),
  coalesce(array_agg(each) FILTER (WHERE is_whole), '{}'),
  coalesce(max(read), '')
FROM seen GROUP BY relname, role
"""
_ROLES = """
SELECT format('Die Rolle %%s fehlt. Das SQL, das sie anlegt, zeigt manage.py database_roles.', role)
FROM unnest(%(roles)s::text[]) AS role WHERE to_regrole(role) IS NULL
UNION ALL
SELECT format('Die Rolle %%s hat Macht über den Server.', rolname) FROM pg_roles WHERE rolname = ANY(%(roles)s)
  AND (rolsuper OR rolcreaterole OR rolreplication OR rolbypassrls OR rolname = ANY(%(ours)s) AND rolcreatedb)
UNION ALL
SELECT format('Die Rolle %%s handelt auch als %%s.', member::regrole, roleid::regrole) FROM pg_auth_members
WHERE member::regrole::text = ANY(%(roles)s)
UNION ALL
SELECT format('Die Rolle %%s besitzt etwas in der Datenbank.', refobjid::regrole) FROM pg_shdepend
WHERE deptype = 'o' AND dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
  AND refclassid = 'pg_authid'::regclass AND refobjid::regrole::text = ANY(%(ours)s) GROUP BY refobjid
UNION ALL
SELECT format('Die Rolle %%s beginnt mit einer fremden Einstellung: %%s.', setrole::regrole, setting)
FROM pg_db_role_setting, unnest(setconfig) AS setting
WHERE setrole <> 0 AND setrole::regrole::text = ANY(%(roles)s)
  AND setting <> 'log_min_messages=log'
  AND (setting <> 'temp_file_limit=256MB' OR setrole::regrole::text <> ALL(%(ours)s))
  AND (setrole::regrole::text, setting) NOT IN (
    (%(web)s, 'lock_timeout=10s'), (%(worker)s, 'lock_timeout=5s'), (%(beat)s, 'lock_timeout=5s'),
    (%(backup)s, 'lock_timeout=5min'))
UNION ALL
SELECT format('Der Rolle %%s fehlt eine Einstellung: %%s.', role, setting) FROM (
  SELECT role, 'log_min_messages=log' FROM unnest(%(roles)s::text[]) AS role
  UNION ALL SELECT role, 'temp_file_limit=256MB' FROM unnest(%(ours)s::text[]) AS role
  UNION ALL VALUES (%(web)s, 'lock_timeout=10s'), (%(worker)s, 'lock_timeout=5s'), (%(beat)s, 'lock_timeout=5s'),
    (%(backup)s, 'lock_timeout=5min')
) AS wanted (role, setting)
WHERE to_regrole(role) IS NOT NULL AND NOT EXISTS (
  SELECT FROM pg_db_role_setting WHERE setrole = to_regrole(role) AND setdatabase = 0 AND setting = ANY(setconfig))
"""
_PLACES = """
SELECT format('Die Rolle %%s darf alle Verbindungen zur Datenbank belegen.', rolname) FROM pg_roles
WHERE rolname = ANY(%(roles)s) AND rolconnlimit < 0
UNION ALL
SELECT format('Ein Wächter der Tabelle %%s ist abgeschaltet (%%s).', tgrelid::regclass, tgname) FROM pg_trigger
WHERE NOT tgisinternal AND tgenabled NOT IN ('O', 'A')
UNION ALL
SELECT format('Die Rolle %%s darf Sperren nehmen, die alle anderen aufhalten.', role)
FROM unnest(%(ours)s::text[]) AS role WHERE EXISTS (SELECT FROM pg_proc
  WHERE pronamespace = 'pg_catalog'::regnamespace AND proname LIKE '%%advisory%%'
    AND has_function_privilege(role, oid, 'EXECUTE')
    AND (role NOT IN (%(web)s, %(worker)s)
      OR oid NOT IN ('pg_try_advisory_lock(bigint)'::regprocedure, 'pg_advisory_unlock(bigint)'::regprocedure)))
UNION ALL
SELECT format('Die Rolle %%s darf die Zählung %%s verstellen.', role, relname)
FROM pg_class AS numbers, unnest(%(ours)s::text[]) AS role
WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
  AND (has_sequence_privilege(role, numbers.oid, 'USAGE') OR has_sequence_privilege(role, numbers.oid, 'UPDATE'))
UNION ALL
SELECT format('Die Rolle %%s darf im Schema %%s etwas anlegen.', role, nspname)
FROM pg_namespace, unnest(%(ours)s::text[]) AS role
WHERE has_schema_privilege(role, pg_namespace.oid, 'CREATE')
UNION ALL
SELECT format('Die Rolle %%s darf in der Datenbank etwas anlegen.', role) FROM unnest(%(ours)s::text[]) AS role
WHERE has_database_privilege(role, current_database(), 'CREATE')
   OR has_database_privilege(role, current_database(), 'TEMPORARY')
"""
