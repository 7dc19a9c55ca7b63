"""The first and the last value that each column takes, written by web into every row: pages, night and mails go on."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from kok import clock, erasure, health, inspections, outbox, reminders
from kok.database import bounds, rights
from kok.database.roles import WEB
from tests.builders import a_user, an_agreement
from tests.meetings.held import an_invited_meeting, signed_in
from tests.roles import as_owner, as_worker
from tests.transitions.world import a_draft, an_access, people, released

pytestmark = [pytest.mark.django_db, pytest.mark.logs_errors]
COLUMNS = """
SELECT relname, attname, typname FROM pg_attribute
JOIN pg_class ON pg_class.oid = attrelid JOIN pg_type ON pg_type.oid = atttypid
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
  AND has_column_privilege(%s, pg_class.oid, attnum, 'UPDATE')
  AND NOT EXISTS (
    SELECT FROM pg_constraint WHERE conrelid = attrelid AND attnum = ANY(conkey) AND contype IN ('p', 'f'))
ORDER BY relname, attnum
"""
EXTREMES = {
    "int2": ("0", "1900", "2200"),
    "int4": ("0", "1000000000"),
    "int8": ("0", "9223372036854775807"),
    "date": ("1900-01-01", "2199-12-31"),
    "timestamptz": ("1900-01-01", "2199-12-31"),
    "time": ("00:00", "23:59:59.999999"),
    "numeric": ("-99999999999999", "99999999999999"),
    "daterange": ("[1900-01-01,1900-01-02)", "[2199-12-30,)", "(,)"),
    "_int8": ("{}", "{9223372036854775807}"),
    "_varchar": ("{}",),
}


def written(place: int) -> int:
    """Into how many columns web could write the first, second or third of these values."""
    done = 0
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS, [WEB])
        for table, column, kind in cursor.fetchall():
            values: Any = EXTREMES.get(kind, ())
            if place < len(values) and rights.tables() >= {table}:
                try:
                    with transaction.atomic():
                        cursor.execute(f"UPDATE {table} SET {column} = %s", [values[place]])
                        done += bool(cursor.rowcount)
                        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                except DatabaseError:
                    continue
    return done


# One value of each kind that Python reads, and those that it does not.
KINDS = {
    "date": ("2027-03-10", "infinity", "-infinity", "12000-01-01", "0044-03-15 BC"),
    "timestamptz": ("2027-03-10", "infinity", "12000-01-01"),
    "daterange": ("[2027-03-10,)", "[2027-03-10,infinity)", "[-infinity,2027-03-10)"),
    "time": ("23:59", "24:00"),
    "numeric": ("12.5", "NaN", "Infinity", "-Infinity", "1e31"),
    "int2": ("14", "-1", "2201", "32767"),
    "jsonb": (
        '[{"a": [1, 2.5, null]}]',
        f"{'[' * 21}{']' * 21}",
        f"{'[' * 3000}{']' * 3000}",
        "[1e5000]",
        '{"a": -1e19}',
        f'"{"a" * bounds.MOST}"',
    ),
    "text": ("ä" * (bounds.MOST_OF_TEXT // 2), "a" * (bounds.MOST_OF_TEXT + 1)),
    "varchar": ("a", "a" * (bounds.MOST_OF_TEXT + 1)),
    "bytea": ("a", "a" * (bounds.MOST_OF_FILE + 1)),
    "bigint[]": ("{1,2}", "{{1,2},{3,4}}", "[5:6]={1,2}", "{NULL}"),
    "varchar[]": ("{}", "{{a},{b}}", "{NULL}", f"{{{','.join('a' * (bounds.MOST_OF_ARRAY + 1))}}}"),
}


@pytest.mark.parametrize(("kind", "values"), KINDS.items(), ids=KINDS)
def test_given_a_column_of_a_kind_when_bounded_then_it_takes_what_python_reads_and_nothing_else(kind, values):
    good, *bad = values
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE example (value {kind})")
        bounds.give()
        cursor.execute("INSERT INTO example VALUES (%s)", [good])
        for each in bad:
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute("INSERT INTO example VALUES (%s)", [each])


@pytest.mark.parametrize("value", ["0", "1899", "2201"])
def test_given_a_year_when_no_day_lies_in_it_then_the_database_refuses(value):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE example (list_year smallint, meetings_per_year smallint)")
        bounds.give()
        cursor.execute("INSERT INTO example VALUES (2027, 2)")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("INSERT INTO example VALUES (%s, 2)", [value])


@pytest.mark.parametrize("place", [0, 1, 2])
def test_given_extreme_values_in_all_rows_when_pages_the_night_and_mails_come_then_none_breaks(place):
    agreement = an_agreement()
    released(a_draft(people(2), by=an_access()))
    an_invited_meeting()
    member, technik = (signed_in(a_user(role=role)) for role in ("secretariat", "admin"))
    assert written(place) > 3
    now = clock.now()
    broken = []
    for client, address in (
        (member, reverse("kok:start")),
        (member, reverse("reporting:overview", args=[agreement.slug])),
        (member, reverse("reporting:deadlines", args=[agreement.slug])),
        (technik, reverse("kok:jobs")),
    ):
        client.raise_request_exception = False
        if client.get(address).status_code >= 500:
            broken.append(address)
    with as_worker():
        broken += [each.slug for each in inspections._inspections if "nicht gelungen" in " ".join(_looked(each))]
        for act in (
            lambda: reminders.queue(today=now.date(), now=now),
            lambda: outbox.deliver(now=now),
            lambda: erasure.preview(now.date()),
            lambda: health.states(now),
        ):
            try:
                with transaction.atomic():
                    act()
            except Exception as error:  # noqa: BLE001  all that breaks is named
                broken.append(repr(error))
    assert broken == []


def _looked(inspection: inspections.Inspection) -> list[str]:
    with transaction.atomic():
        return list(inspections._look(inspection, clock.today()))
