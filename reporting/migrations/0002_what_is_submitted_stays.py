"""The database keeps submitted figures as they were submitted, only the acceptance is added; and the Jahresbericht.

The values are guarded once per statement, not once per row: an import stores a hundred thousand of them at once.
"""

from django.db import migrations

GUARDS = """
CREATE FUNCTION reporting_refuse() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Eine abgegebene Datenlieferung kann nicht geändert werden.' USING ERRCODE = 'check_violation';
END $$;

CREATE FUNCTION reporting_guard_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'VALIDATED' THEN RETURN COALESCE(NEW, OLD); END IF;
  IF TG_OP = 'UPDATE' AND OLD.state = 'SUBMITTED' AND NEW.state = 'ACCEPTED'
     AND to_jsonb(NEW) - '{state,accepted_at,accepted_by_id}'::text[]
       = to_jsonb(OLD) - '{state,accepted_at,accepted_by_id}'::text[] THEN
    RETURN NEW;
  END IF;
  PERFORM reporting_refuse();
  RETURN NULL;
END $$;
CREATE TRIGGER revision_immutable BEFORE UPDATE OR DELETE ON reporting_datasetrevision
  FOR EACH ROW EXECUTE FUNCTION reporting_guard_revision();

CREATE FUNCTION reporting_guard_dataset() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM reporting_datasetrevision WHERE dataset_id = OLD.id AND state <> 'VALIDATED') THEN
    PERFORM reporting_refuse();
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER dataset_immutable BEFORE UPDATE ON reporting_dataset
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION reporting_guard_dataset();
CREATE TRIGGER dataset_stays BEFORE DELETE ON reporting_dataset
  FOR EACH ROW EXECUTE FUNCTION reporting_guard_dataset();

-- Whoever submits writes the dataset as it is: so he waits for whoever is changing it, and who began in REPEATABLE READ
-- before, when perhaps no delivery was there that could be locked, changes it no more.
CREATE FUNCTION reporting_hold_dataset() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE reporting_dataset SET reference_date = reference_date WHERE id = NEW.dataset_id;
  RETURN NULL;
END $$;
CREATE TRIGGER submission_holds_dataset AFTER INSERT OR UPDATE OF state ON reporting_datasetrevision
  FOR EACH ROW WHEN (NEW.state <> 'VALIDATED') EXECUTE FUNCTION reporting_hold_dataset();

CREATE FUNCTION reporting_guard_cells() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Until whoever writes values has committed, nobody submits the delivery.
  PERFORM FROM reporting_datasetrevision WHERE id IN (SELECT DISTINCT revision_id FROM touched) FOR SHARE;
  IF EXISTS (SELECT 1 FROM reporting_datasetrevision
             WHERE state <> 'VALIDATED' AND id IN (SELECT DISTINCT revision_id FROM touched)) THEN
    PERFORM reporting_refuse();
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER cells_only_before_submission AFTER INSERT ON reporting_datacell
  REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION reporting_guard_cells();
CREATE TRIGGER cells_moved_only_before_submission AFTER UPDATE ON reporting_datacell
  REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION reporting_guard_cells();
CREATE TRIGGER cells_changed_only_before_submission AFTER UPDATE ON reporting_datacell
  REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION reporting_guard_cells();
CREATE TRIGGER cells_deleted_only_before_submission AFTER DELETE ON reporting_datacell
  REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION reporting_guard_cells();

-- The facts of a version are frozen: its file is drawn from them.
CREATE FUNCTION reporting_guard_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Eine Fassung des Jahresberichts bleibt, wie sie ist.' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER report_immutable BEFORE UPDATE OR DELETE ON reporting_yearlyreport
  FOR EACH ROW EXECUTE FUNCTION reporting_guard_report();
"""
UNGUARD = """
DROP FUNCTION reporting_guard_report CASCADE;
DROP FUNCTION reporting_guard_cells, reporting_hold_dataset, reporting_guard_dataset, reporting_guard_revision,
  reporting_refuse CASCADE;
"""


# An index entry for each of a hundred thousand values takes longer than storing them; nothing looks for one by its key.
NO_KEY = "ALTER TABLE reporting_datacell DROP CONSTRAINT reporting_datacell_pkey;"
KEY = "ALTER TABLE reporting_datacell ADD PRIMARY KEY (revision_id, row);"


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial")]

    operations = [migrations.RunSQL(GUARDS, UNGUARD), migrations.RunSQL(NO_KEY, KEY)]
