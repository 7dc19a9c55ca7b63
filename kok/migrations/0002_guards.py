"""The trail, the seals and the versions of pages cannot be changed in the database itself."""

from django.db import migrations

# Who may erase, and put a seal in place of a seal: the worker. Where one role does everything, that one: then the
# worker has no rights here.
ERASES = """
CREATE FUNCTION kok_erases() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT current_user = 'kok_worker'
    OR NOT COALESCE(has_table_privilege(to_regrole('kok_worker'), 'public.kok_auditevent', 'DELETE'), false)
$$;
"""
NOBODY_ERASES = "DROP FUNCTION kok_erases();"

# What is erased by age the worker takes away once it is over by the clock of the database, not before: what it could put
# in and take away again would leave nothing to find. The day of the end counts, as in `kok.erasure.over`.
AGE = """
CREATE FUNCTION kok_today() RETURNS date LANGUAGE sql STABLE AS $$
  SELECT (now() AT TIME ZONE 'Europe/Berlin')::date
$$;
CREATE FUNCTION kok_is_over(at timestamptz, months integer) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT (at AT TIME ZONE 'Europe/Berlin')::date <= kok_today() - make_interval(months => months)
$$;
"""
NO_AGE = "DROP FUNCTION kok_is_over(timestamptz, integer); DROP FUNCTION kok_today();"

GUARD = """
CREATE FUNCTION kok_audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND kok_erases() AND kok_is_over(OLD.at, 120) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'Das Änderungsprotokoll kann nicht geändert werden.';
END $$;
CREATE TRIGGER kok_audit_guard BEFORE UPDATE OR DELETE ON kok_auditevent
  FOR EACH ROW EXECUTE FUNCTION kok_audit_guard();
"""
UNGUARD = "DROP TRIGGER kok_audit_guard ON kok_auditevent; DROP FUNCTION kok_audit_guard();"

# A sign-in stays as it was written; the same page within the hour counts along.
SIGN_INS = """
CREATE FUNCTION kok_signin_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND kok_erases() AND kok_is_over(OLD.at, 6) THEN RETURN OLD; END IF;
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'number' = to_jsonb(OLD) - 'number' THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'Anmeldungen können nicht geändert werden.' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER kok_signin_guard BEFORE UPDATE OR DELETE ON kok_signinevent
  FOR EACH ROW EXECUTE FUNCTION kok_signin_guard();
"""
FREE_SIGN_INS = "DROP TRIGGER kok_signin_guard ON kok_signinevent; DROP FUNCTION kok_signin_guard();"

PAGES = """
CREATE FUNCTION kok_page_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.number = 1 OR EXISTS (SELECT FROM kok_statutorypage WHERE page = NEW.page AND number = NEW.number - 1) THEN
      RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Vor dieser Fassung steht keine.' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'DELETE' AND kok_erases() THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'Eine veröffentlichte Fassung kann nicht geändert werden.';
END $$;
CREATE TRIGGER kok_page_guard BEFORE INSERT OR UPDATE OR DELETE ON kok_statutorypage
  FOR EACH ROW EXECUTE FUNCTION kok_page_guard();
"""
FREE_PAGES = "DROP TRIGGER kok_page_guard ON kok_statutorypage; DROP FUNCTION kok_page_guard();"

# Erased by age are the seals of the trail and of sign-ins only, those with a place in their chain, as its day says. The
# states of a row are numbered one upon the other, so that no number is there behind which none is left. Beat tells the trail of
# a silence, and nothing else; others give its line a place.
SEALS = """
CREATE FUNCTION kok_seal_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user = 'kok_beat' AND (NEW.chain <> 'trail' OR NEW.position IS NOT NULL) THEN
    RAISE EXCEPTION 'Der Zeitplan schreibt nur ins Änderungsprotokoll.' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.number = 1 OR EXISTS (
      SELECT FROM kok_seal WHERE chain = NEW.chain AND object_id = NEW.object_id AND number = NEW.number - 1
    ) THEN
      NEW.transaction := pg_current_xact_id()::text::bigint;
      RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Vor diesem Stand der Zeile steht nichts.' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'DELETE' AND OLD.chain IN ('trail', 'sign-ins') AND kok_erases() AND EXISTS (
    SELECT FROM kok_sealday WHERE chain = OLD.chain AND day = OLD.day AND entries >= OLD.position
  ) THEN
    RETURN OLD;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.position IS NULL AND NEW.position IS NOT NULL
     AND (to_jsonb(NEW) - '{day,position,seal}'::text[]) = (to_jsonb(OLD) - '{day,position,seal}'::text[]) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'Ein Siegel kann nicht geändert werden.';
END $$;
CREATE TRIGGER kok_seal_guard BEFORE INSERT OR UPDATE OR DELETE ON kok_seal
  FOR EACH ROW EXECUTE FUNCTION kok_seal_guard();

CREATE FUNCTION kok_sealday_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN RETURN NEW; END IF;
  IF TG_OP = 'UPDATE' AND NEW.entries > OLD.entries
     AND (to_jsonb(NEW) - '{entries,seal,proof}'::text[]) = (to_jsonb(OLD) - '{entries,seal,proof}'::text[]) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'Ein Tagessiegel kann nicht geändert werden.';
END $$;
CREATE TRIGGER kok_sealday_guard BEFORE INSERT OR UPDATE OR DELETE ON kok_sealday
  FOR EACH ROW EXECUTE FUNCTION kok_sealday_guard();
"""
# Who was sent what stays. It begins as a mail that waits or as a promise; only the worker, who delivers, says what became of
# it and cuts addresses down; others put back or let go what failed.
DISPATCHES = """
CREATE FUNCTION kok_dispatch_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  fate text[] := ARRAY['result', 'sent_at', 'reason'];
BEGIN
  IF TG_OP = 'INSERT' AND (NEW.result IN ('WAITING', 'PROMISED') OR NEW.way IN ('LETTER', 'NONE')) THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' AND kok_erases() THEN RETURN OLD; END IF;
  IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - fate = to_jsonb(NEW) - fate AND (
       (OLD.result = 'WAITING' AND kok_erases())
       OR (OLD.result = 'FAILED' AND OLD.way = 'MAIL' AND NEW.result IN ('WAITING', 'OBSOLETE'))) THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - 'address' = to_jsonb(NEW) - 'address' AND kok_erases()
     AND NEW.address = split_part(OLD.address, '@', 2) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'Wer was erhielt, kann nicht geändert werden.' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER kok_dispatch_guard BEFORE INSERT OR UPDATE OR DELETE ON kok_dispatch
  FOR EACH ROW EXECUTE FUNCTION kok_dispatch_guard();
"""
FREE_DISPATCHES = "DROP TRIGGER kok_dispatch_guard ON kok_dispatch; DROP FUNCTION kok_dispatch_guard();"

# A file that is there stays, with its state and its checksum, for everybody: nobody has another one drawn in its place.
DOCUMENTS = """
CREATE FUNCTION kok_document_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Eine fertige Datei bleibt, wie sie ist.' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER kok_document_guard BEFORE UPDATE ON kok_document FOR EACH ROW
  WHEN ((OLD.state = 'DONE' OR OLD.sha256 <> '') AND OLD.* IS DISTINCT FROM NEW.*)
  EXECUTE FUNCTION kok_document_guard();
"""
FREE_DOCUMENTS = "DROP TRIGGER kok_document_guard ON kok_document; DROP FUNCTION kok_document_guard();"

# Places follow one upon the other, and a day grows by exactly the lines that are there behind its last end: nobody puts a
# line, or a day, so far ahead that there is no number left behind it. The lines are counted, not only the last one looked
# for: else a line and a day that one statement puts far ahead would speak for each other. The arguments are the tables of
# the lines and of the days.
PLACES = """
CREATE FUNCTION kok_chain_place() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  has_place boolean;
BEGIN
  IF NEW.position IS NULL OR NEW.position = 1 THEN RETURN NULL; END IF;
  EXECUTE format(
    'SELECT EXISTS (SELECT FROM %1$I WHERE chain = $1 AND day = $2 AND position = $3)'
    ' OR EXISTS (SELECT FROM %2$I WHERE chain = $1 AND day = $2 AND entries >= $3)', TG_ARGV[0], TG_ARGV[1]
  ) INTO has_place USING NEW.chain, NEW.day, NEW.position - 1;
  IF has_place THEN RETURN NULL; END IF;
  RAISE EXCEPTION 'Vor dieser Stelle der Kette steht nichts.' USING ERRCODE = 'check_violation';
END $$;

CREATE FUNCTION kok_chain_day() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  told bigint := 0;
  lines bigint;
BEGIN
  IF TG_OP = 'UPDATE' THEN told := OLD.entries; END IF;
  EXECUTE format('SELECT count(*) FROM %I WHERE chain = $1 AND day = $2 AND position > $3 AND position <= $4', TG_ARGV[0])
    INTO lines USING NEW.chain, NEW.day, told, NEW.entries;
  IF lines > 0 AND lines = NEW.entries - told THEN RETURN NULL; END IF;
  RAISE EXCEPTION 'So viele Zeilen hat dieser Tag der Kette nicht.' USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER kok_chain_place AFTER INSERT OR UPDATE ON kok_seal
  FOR EACH ROW EXECUTE FUNCTION kok_chain_place('kok_seal', 'kok_sealday');
CREATE TRIGGER kok_chain_day AFTER INSERT OR UPDATE ON kok_sealday
  FOR EACH ROW EXECUTE FUNCTION kok_chain_day('kok_seal');
"""
FREE_PLACES = """
DROP TRIGGER kok_chain_day ON kok_sealday; DROP FUNCTION kok_chain_day();
DROP TRIGGER kok_chain_place ON kok_seal; DROP FUNCTION kok_chain_place();
"""
FREE_SEALS = """
DROP TRIGGER kok_sealday_guard ON kok_sealday; DROP FUNCTION kok_sealday_guard();
DROP TRIGGER kok_seal_guard ON kok_seal; DROP FUNCTION kok_seal_guard();
"""

# Every change of a sealed row, with the transaction and whose it was. It runs as the owner of the table: nobody else adds a
# line. The arguments are the chain and the key of the row; `kok.journal` makes a trigger for each sealed table.
JOURNAL = """
CREATE FUNCTION kok_journal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  key text;
BEGIN
  EXECUTE format('SELECT ($1).%I::text', TG_ARGV[1]) INTO key USING CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  INSERT INTO kok_rowchange (chain, object_id, transaction, role, at)
    VALUES (TG_ARGV[0], key, pg_current_xact_id()::text::bigint,
      COALESCE(NULLIF(current_setting('role'), 'none'), session_user), clock_timestamp());
  RETURN NULL;
END $$;

CREATE FUNCTION kok_rowchange_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND kok_erases() AND OLD.at < now() - interval '40 days' THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'Was geändert wurde, bleibt aufgeschrieben.' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER kok_rowchange_guard BEFORE UPDATE OR DELETE ON kok_rowchange
  FOR EACH ROW EXECUTE FUNCTION kok_rowchange_guard();
"""
NO_JOURNAL = """
DROP TRIGGER kok_rowchange_guard ON kok_rowchange; DROP FUNCTION kok_rowchange_guard();
DROP FUNCTION kok_journal();
"""


# What counts changes goes up by one with each, from 0 or 1: nobody puts it where it cannot be counted on. The argument is the
# column.
COUNTERS = """
CREATE FUNCTION kok_counts_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was bigint := 0;
BEGIN
  IF TG_OP = 'UPDATE' THEN was := (to_jsonb(OLD) ->> TG_ARGV[0])::bigint; END IF;
  IF (to_jsonb(NEW) ->> TG_ARGV[0])::bigint - was NOT IN (0, 1) THEN
    RAISE EXCEPTION 'Hier wird nur um eins weitergezählt.' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER kok_counts_up BEFORE INSERT OR UPDATE OF number ON kok_signinevent
  FOR EACH ROW EXECUTE FUNCTION kok_counts_up('number');
"""
UNCOUNTED = "DROP TRIGGER kok_counts_up ON kok_signinevent; DROP FUNCTION kok_counts_up();"

# Who writes as web past the application does not set back what he was counted for. A counter goes up by tries within its
# window, which ends when it ended, and begins anew when that is over; where only failures count (`kok.throttle`), one try
# is given back at a time. A code that was used stays so for its hour. By the clock of the database, by which the
# application counts too.
ATTEMPTS = """
CREATE FUNCTION kok_window(kind text) RETURNS interval LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN kind IN ('password', 'code', 'password-device', 'code-device', 'network') THEN interval '5 minutes'
    WHEN kind IN ('reset', 'reset-network', 'mail-code') THEN interval '10 minutes'
    ELSE interval '1 hour' END
$$;
CREATE FUNCTION kok_attempts_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  gives_back boolean := NEW.kind IN ('password', 'code', 'password-device', 'code-device', 'network');
  longest timestamptz := clock_timestamp() + kok_window(NEW.kind) + interval '30 seconds';
BEGIN
  IF kok_erases() THEN RETURN NEW; END IF;
  IF TG_OP = 'UPDATE' AND NEW.kind = OLD.kind AND NEW.subject = OLD.subject AND NEW.ends_at = OLD.ends_at
     AND (NEW.number >= OLD.number OR gives_back AND NEW.number = OLD.number - 1) THEN RETURN NEW; END IF;
  IF NEW.ends_at <= longest AND (TG_OP = 'INSERT' OR NEW.kind = OLD.kind AND NEW.subject = OLD.subject
     AND (OLD.ends_at <= clock_timestamp() OR OLD.ends_at > longest)) THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'Versuche werden nicht zurückgesetzt.' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER kok_attempts_guard BEFORE INSERT OR UPDATE ON kok_attempts
  FOR EACH ROW EXECUTE FUNCTION kok_attempts_guard();

CREATE FUNCTION kok_usedcode_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF kok_erases() OR NEW.user_id = OLD.user_id AND NEW.code_hash = OLD.code_hash
     AND OLD.used_at < clock_timestamp() - interval '1 hour' THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'Ein benutzter Code bleibt benutzt.' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER kok_usedcode_guard BEFORE UPDATE ON kok_usedcode
  FOR EACH ROW EXECUTE FUNCTION kok_usedcode_guard();
"""
FREE_ATTEMPTS = """
DROP TRIGGER kok_usedcode_guard ON kok_usedcode; DROP FUNCTION kok_usedcode_guard();
DROP TRIGGER kok_attempts_guard ON kok_attempts; DROP FUNCTION kok_attempts_guard(); DROP FUNCTION kok_window(text);
"""


class Migration(migrations.Migration):
    dependencies = [("kok", "0001_initial")]

    operations = [
        migrations.RunSQL(ERASES, NOBODY_ERASES),
        migrations.RunSQL(AGE, NO_AGE),
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunSQL(SIGN_INS, FREE_SIGN_INS),
        migrations.RunSQL(PAGES, FREE_PAGES),
        migrations.RunSQL(SEALS, FREE_SEALS),
        migrations.RunSQL(DISPATCHES, FREE_DISPATCHES),
        migrations.RunSQL(DOCUMENTS, FREE_DOCUMENTS),
        migrations.RunSQL(PLACES, FREE_PLACES),
        migrations.RunSQL(COUNTERS, UNCOUNTED),
        migrations.RunSQL(ATTEMPTS, FREE_ATTEMPTS),
        migrations.RunSQL(JOURNAL, NO_JOURNAL),
    ]
