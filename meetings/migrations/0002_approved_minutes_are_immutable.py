"""Approved minutes cannot be changed by any path: the database has the last word."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION meetings_minutes_approved(minutes bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM meetings_minutes WHERE id = minutes AND state = 'APPROVED')
$$;
CREATE FUNCTION meetings_item_approved(item bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT 1 FROM meetings_agendaitem i JOIN meetings_minutes m ON m.meeting_id = i.meeting_id
    WHERE i.id = item AND m.state = 'APPROVED')
$$;
CREATE FUNCTION meetings_refuse() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Das Protokoll ist genehmigt und kann nicht mehr geändert werden.' USING ERRCODE = 'check_violation';
END $$;
CREATE FUNCTION meetings_guard_minutes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'APPROVED' THEN PERFORM meetings_refuse(); END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE FUNCTION meetings_guard_section() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF meetings_minutes_approved(COALESCE(OLD.minutes_id, NEW.minutes_id)) THEN PERFORM meetings_refuse(); END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE FUNCTION meetings_guard_item_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF meetings_item_approved(COALESCE(OLD.item_id, NEW.item_id)) THEN PERFORM meetings_refuse(); END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE FUNCTION meetings_guard_meeting_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM meetings_minutes
             WHERE meeting_id = COALESCE(OLD.meeting_id, NEW.meeting_id) AND state = 'APPROVED')
  THEN PERFORM meetings_refuse(); END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER minutes_immutable BEFORE UPDATE OR DELETE ON meetings_minutes
  FOR EACH ROW EXECUTE FUNCTION meetings_guard_minutes();
CREATE TRIGGER section_immutable BEFORE INSERT OR UPDATE OR DELETE ON meetings_minutessection
  FOR EACH ROW EXECUTE FUNCTION meetings_guard_section();
CREATE TRIGGER resolution_immutable BEFORE INSERT OR UPDATE OR DELETE ON meetings_resolution
  FOR EACH ROW EXECUTE FUNCTION meetings_guard_item_part();
CREATE TRIGGER position_immutable BEFORE INSERT OR UPDATE OR DELETE ON meetings_partnerposition
  FOR EACH ROW EXECUTE FUNCTION meetings_guard_item_part();
CREATE TRIGGER attendance_immutable BEFORE INSERT OR UPDATE OR DELETE ON meetings_attendance
  FOR EACH ROW EXECUTE FUNCTION meetings_guard_meeting_part();
CREATE TRIGGER agenda_immutable BEFORE INSERT OR UPDATE OR DELETE ON meetings_agendaitem
  FOR EACH ROW EXECUTE FUNCTION meetings_guard_meeting_part();
"""
BACKWARD = """
DROP FUNCTION meetings_guard_minutes, meetings_guard_section, meetings_guard_item_part, meetings_guard_meeting_part,
  meetings_refuse, meetings_item_approved, meetings_minutes_approved CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
