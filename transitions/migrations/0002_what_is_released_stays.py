"""The database keeps what was released, and the logs, as they were written.

`kok_erases()` opens the doors for the worker: it deletes, empties what is sealed, or puts a seal in place of it (a check
constraint sees to that), and changes nothing else.
"""

from django.db import migrations

GUARDS = """
CREATE FUNCTION transitions_guard_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  state text;
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.version_id, NEW.case_id) <> (OLD.version_id, OLD.case_id)
     OR TG_OP <> 'DELETE' AND NOT EXISTS (
       SELECT FROM transitions_transitionlistversion v JOIN transitions_transitioncase c USING (transition_list_id)
       WHERE v.id = NEW.version_id AND c.id = NEW.case_id) THEN
    RAISE EXCEPTION 'Ein Eintrag bleibt in seiner Übergangsliste.';
  END IF;
  -- Whoever adds to a draft holds it until the end of his transaction: so nobody releases it before he has committed,
  -- and nobody adds while it is released. Who changes or deletes an entry holds that, which a release waits for.
  IF TG_OP = 'INSERT' THEN
    SELECT v.state INTO state FROM transitions_transitionlistversion v WHERE v.id = NEW.version_id FOR SHARE;
  ELSE
    SELECT v.state INTO state FROM transitions_transitionlistversion v WHERE v.id = OLD.version_id;
  END IF;
  IF state IS NULL OR state = 'DRAFT' THEN
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'DELETE' AND kok_erases() THEN RETURN OLD; END IF;
  IF TG_OP = 'UPDATE' AND OLD.content <> '' AND (to_jsonb(NEW) - 'content') = (to_jsonb(OLD) - 'content')
     AND kok_erases() THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'Eine freigegebene Übergangsliste kann nicht geändert werden.';
END $$;
CREATE TRIGGER transitions_guard_entry BEFORE INSERT OR UPDATE OR DELETE ON transitions_caseentry
  FOR EACH ROW EXECUTE FUNCTION transitions_guard_entry();

CREATE FUNCTION transitions_guard_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state = 'DRAFT' OR kok_erases() THEN RETURN OLD; END IF;
  ELSIF NEW.transition_list_id = OLD.transition_list_id AND OLD.state = 'DRAFT'
     OR ((to_jsonb(NEW) - 'state') = (to_jsonb(OLD) - 'state') AND NEW.state <> 'DRAFT') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'Eine freigegebene Übergangsliste kann nicht geändert werden.';
END $$;
CREATE TRIGGER transitions_guard_version BEFORE UPDATE OR DELETE ON transitions_transitionlistversion
  FOR EACH ROW EXECUTE FUNCTION transitions_guard_version();

CREATE FUNCTION transitions_guard_list() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Träger, Vereinbarung und Jahr einer Übergangsliste bleiben.';
END $$;
CREATE TRIGGER transitions_guard_list BEFORE UPDATE ON transitions_transitionlist
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION transitions_guard_list();

CREATE FUNCTION transitions_guard_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.transition_list_id <> OLD.transition_list_id THEN
    RAISE EXCEPTION 'Ein Fall bleibt in seiner Übergangsliste.';
  END IF;
  IF OLD.named_at IS NULL OR kok_erases() THEN RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END IF;
  IF TG_OP = 'UPDATE' AND NEW.named_at = OLD.named_at THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'Wer einmal benannt wurde, bleibt in der Liste nachgewiesen.';
END $$;
CREATE TRIGGER transitions_guard_case BEFORE UPDATE OR DELETE ON transitions_transitioncase
  FOR EACH ROW EXECUTE FUNCTION transitions_guard_case();

CREATE FUNCTION transitions_guard_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.version_id IS NULL AND (kok_erases() OR EXISTS (
     SELECT FROM transitions_transitionlistversion WHERE id = OLD.version_id AND state = 'DRAFT'))
     AND (to_jsonb(NEW) - 'version_id') = (to_jsonb(OLD) - 'version_id') THEN RETURN NEW; END IF;
  IF TG_OP = 'DELETE' AND (kok_erases() OR NOT EXISTS (
     SELECT FROM transitions_transitioncase WHERE id = OLD.case_id AND named_at IS NOT NULL)) THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'Der Verlauf eines Falls kann nicht geändert werden.';
END $$;
CREATE TRIGGER transitions_guard_event BEFORE UPDATE OR DELETE ON transitions_caseevent
  FOR EACH ROW EXECUTE FUNCTION transitions_guard_event();

CREATE FUNCTION transitions_only_add() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND kok_erases() THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'Dieser Nachweis kann nicht geändert werden.';
END $$;
CREATE TRIGGER transitions_only_add BEFORE UPDATE OR DELETE ON transitions_transmissionreceipt
  FOR EACH ROW EXECUTE FUNCTION transitions_only_add();
CREATE TRIGGER transitions_only_add BEFORE UPDATE OR DELETE ON transitions_acknowledgement
  FOR EACH ROW EXECUTE FUNCTION transitions_only_add();

-- Looks are kept six months, acts ten years, by the clock of the database.
CREATE FUNCTION transitions_guard_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND kok_erases() AND kok_is_over(OLD.at, CASE OLD.chain WHEN 'READ' THEN 6 ELSE 120 END) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'Dieser Nachweis kann nicht geändert werden.';
END $$;
CREATE TRIGGER transitions_guard_log BEFORE UPDATE OR DELETE ON transitions_accesslogentry
  FOR EACH ROW EXECUTE FUNCTION transitions_guard_log();

CREATE FUNCTION transitions_guard_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.entries > OLD.entries
     AND (to_jsonb(NEW) - '{entries,seal,proof}'::text[]) = (to_jsonb(OLD) - '{entries,seal,proof}'::text[]) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'Dieser Nachweis kann nicht geändert werden.';
END $$;
CREATE TRIGGER transitions_guard_day BEFORE UPDATE OR DELETE ON transitions_accesslogday
  FOR EACH ROW EXECUTE FUNCTION transitions_guard_day();

CREATE TRIGGER kok_counts_up BEFORE INSERT OR UPDATE OF revision ON transitions_transitionlistversion
  FOR EACH ROW EXECUTE FUNCTION kok_counts_up('revision');

CREATE TRIGGER kok_chain_place AFTER INSERT OR UPDATE ON transitions_accesslogentry
  FOR EACH ROW EXECUTE FUNCTION kok_chain_place('transitions_accesslogentry', 'transitions_accesslogday');
CREATE TRIGGER kok_chain_day AFTER INSERT OR UPDATE ON transitions_accesslogday
  FOR EACH ROW EXECUTE FUNCTION kok_chain_day('transitions_accesslogentry');

CREATE FUNCTION transitions_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Dieser Nachweis kann nicht geleert werden.';
END $$;
CREATE TRIGGER transitions_not_emptied BEFORE TRUNCATE ON transitions_accesslogentry
  FOR EACH STATEMENT EXECUTE FUNCTION transitions_not_emptied();
CREATE TRIGGER transitions_not_emptied BEFORE TRUNCATE ON transitions_accesslogday
  FOR EACH STATEMENT EXECUTE FUNCTION transitions_not_emptied();
"""
UNGUARD = """
DROP TRIGGER transitions_not_emptied ON transitions_accesslogday;
DROP TRIGGER transitions_not_emptied ON transitions_accesslogentry;
DROP FUNCTION transitions_not_emptied();
DROP TRIGGER kok_counts_up ON transitions_transitionlistversion;
DROP TRIGGER kok_chain_day ON transitions_accesslogday;
DROP TRIGGER kok_chain_place ON transitions_accesslogentry;
DROP TRIGGER transitions_guard_day ON transitions_accesslogday;
DROP FUNCTION transitions_guard_day();
DROP TRIGGER transitions_guard_log ON transitions_accesslogentry;
DROP FUNCTION transitions_guard_log();
DROP TRIGGER transitions_only_add ON transitions_acknowledgement;
DROP TRIGGER transitions_only_add ON transitions_transmissionreceipt;
DROP FUNCTION transitions_only_add();
DROP TRIGGER transitions_guard_event ON transitions_caseevent;
DROP FUNCTION transitions_guard_event();
DROP TRIGGER transitions_guard_case ON transitions_transitioncase;
DROP FUNCTION transitions_guard_case();
DROP TRIGGER transitions_guard_list ON transitions_transitionlist;
DROP FUNCTION transitions_guard_list();
DROP TRIGGER transitions_guard_version ON transitions_transitionlistversion;
DROP FUNCTION transitions_guard_version();
DROP TRIGGER transitions_guard_entry ON transitions_caseentry;
DROP FUNCTION transitions_guard_entry();
"""


class Migration(migrations.Migration):
    dependencies = [("transitions", "0001_initial"), ("kok", "0002_guards")]

    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
