-- The roles of the application, made by an administrator of the server. May be run again, and is run once more in the
-- database of the application: what is taken from everybody at the end is taken in the database in which it is run.
-- What each may do in which table is given by `manage.py migrate`, as kok_owner.
--   kok_owner   owns the database, makes and changes the tables
--   kok_web     what people do in their browsers
--   kok_worker  what is done for them; the only one that erases and puts seals in place of seals
--   kok_beat    the schedule
--   kok_backup  reads everything
DO $$
DECLARE
  role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['kok_owner', 'kok_web', 'kok_worker', 'kok_beat', 'kok_backup'] LOOP
    IF to_regrole(role) IS NULL THEN
      EXECUTE format('CREATE ROLE %I', role);
    END IF;
    EXECUTE format('ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', role);
    -- An error can quote what somebody wrote; the application logs its kind itself.
    EXECUTE format('ALTER ROLE %I SET log_min_messages = ''log''', role);
  END LOOP;
  -- Nobody takes the connections of all others: together fewer than the 97 that PostgreSQL gives as it is installed.
  ALTER ROLE kok_web CONNECTION LIMIT 60;
  ALTER ROLE kok_worker CONNECTION LIMIT 16;
  ALTER ROLE kok_beat CONNECTION LIMIT 6;
  ALTER ROLE kok_owner CONNECTION LIMIT 6;
  ALTER ROLE kok_backup CONNECTION LIMIT 6;
  -- Whoever holds a lock for long makes people wait, who then read "gleich wieder da" instead.
  ALTER ROLE kok_web SET lock_timeout = '10s';
  -- And makes the night fail, which is told, instead of hang, which is not.
  ALTER ROLE kok_worker SET lock_timeout = '5s';
  ALTER ROLE kok_beat SET lock_timeout = '5s';
  -- A backup that fails is told; one that waits is missed by nobody before the day when it is needed.
  ALTER ROLE kok_backup SET lock_timeout = '5min';
  -- What a statement cannot sort in memory goes to the disk, as long as the statement runs.
  FOREACH role IN ARRAY ARRAY['kok_web', 'kok_worker', 'kok_beat', 'kok_backup'] LOOP
    EXECUTE format('ALTER ROLE %I SET temp_file_limit = ''256MB''', role);
  END LOOP;
END $$;
-- A role that only reads fills no disk by another database of this server, nor by large objects or messages in the log of
-- changes. And it stops nobody: some thousand locks of a session fill the place that the server has for those of all.
DO $$
DECLARE
  what text;
BEGIN
  FOR what IN SELECT datname FROM pg_database WHERE datname IN ('postgres', 'template1') LOOP
    EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', what);
  END LOOP;
  FOR what IN SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
    AND proname IN ('lo_creat', 'lo_create', 'lo_from_bytea', 'lo_import', 'pg_logical_emit_message')
    OR pronamespace = 'pg_catalog'::regnamespace AND proname LIKE '%advisory%' LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', what);
  END LOOP;
  -- Whose turn it is (kok/turns.py).
  GRANT EXECUTE ON FUNCTION pg_try_advisory_lock(bigint), pg_advisory_unlock(bigint) TO kok_web, kok_worker;
END $$;
