"""Approved minutes and what was circulated cannot be changed by any path: the database has the last word."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION meetings_refuse() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Das Protokoll ist genehmigt und kann nicht mehr geändert werden.' USING ERRCODE = 'check_violation';
END $$;
CREATE FUNCTION meetings_guard_minutes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.state = 'APPROVED' THEN PERFORM meetings_refuse(); END IF;
  IF TG_OP <> 'DELETE' AND NEW.state <> 'DRAFT' THEN
    PERFORM FROM meetings_minutesversion
      WHERE minutes_id = NEW.id AND number = NEW.version AND taken_back_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'Zu einem versandten Protokoll gehört die Fassung, die gilt.' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.state = 'APPROVED' AND EXISTS (
    SELECT 1 FROM members_partner p
      JOIN members_body b ON b.agreement_id = p.agreement_id JOIN meetings_meeting m ON m.body_id = b.id
    WHERE m.id = NEW.meeting_id AND NOT EXISTS (
      SELECT 1 FROM meetings_minutesapproval a JOIN meetings_minutesversion v ON v.id = a.version_id
      WHERE v.minutes_id = NEW.id AND v.number = NEW.version AND a.partner_id = p.id))
  THEN
    RAISE EXCEPTION 'Das Protokoll ist erst genehmigt, wenn jeder Partner die Fassung genehmigt hat.'
      USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND ((NEW.meeting_id, NEW.owner_id) <> (OLD.meeting_id, OLD.owner_id)
     OR NEW.circulated_at <> OLD.circulated_at
     OR (OLD.circulated_at IS NOT NULL AND NEW.circulated_at IS NULL)
     OR CASE WHEN OLD.state = 'CIRCULATED' AND NEW.state = 'DRAFT'
          THEN NEW.version <> OLD.version + 1 OR EXISTS (
            SELECT 1 FROM meetings_minutesversion
            WHERE minutes_id = NEW.id AND number = OLD.version AND taken_back_at IS NULL)
          ELSE NEW.version <> OLD.version END)
  THEN
    RAISE EXCEPTION 'Ein Protokoll geht nur mit seinen Fassungen weiter.' USING ERRCODE = 'check_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE FUNCTION meetings_refuse_version() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Eine versandte Fassung bleibt, wie sie war.' USING ERRCODE = 'check_violation';
END $$;
CREATE FUNCTION meetings_guard_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  marks text[] := ARRAY['taken_back_at', 'taken_back_by_id', 'reason', 'is_withheld'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.taken_back_at IS NOT NULL
       OR NEW.sha256 <> encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') THEN
      PERFORM meetings_refuse_version();
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.taken_back_at IS NOT NULL AND NEW.content = '' AND kok_erases()
     AND to_jsonb(OLD) - 'content' = to_jsonb(NEW) - 'content' THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.taken_back_at IS NOT NULL AND NOT OLD.is_withheld AND NEW.is_withheld
     AND to_jsonb(OLD) - 'is_withheld' = to_jsonb(NEW) - 'is_withheld' THEN
    RETURN NEW;
  END IF;
  PERFORM meetings_hold(ARRAY(SELECT meeting_id FROM meetings_minutes WHERE id = OLD.minutes_id));
  IF TG_OP = 'DELETE' OR OLD.taken_back_at IS NOT NULL OR NEW.taken_back_at IS NULL
     OR to_jsonb(OLD) - marks <> to_jsonb(NEW) - marks THEN
    PERFORM meetings_refuse_version();
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION meetings_guard_approval() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  taken_back timestamptz;
BEGIN
  PERFORM meetings_hold(ARRAY(
    SELECT meeting_id FROM meetings_minutes m JOIN meetings_minutesversion v ON v.minutes_id = m.id
    WHERE v.id IN (OLD.version_id, NEW.version_id)));
  SELECT taken_back_at INTO taken_back FROM meetings_minutesversion WHERE id = NEW.version_id FOR SHARE;
  IF TG_OP <> 'INSERT' OR taken_back IS NOT NULL THEN
    RAISE EXCEPTION 'Eine Genehmigung gilt der Fassung, die versandt ist, und bleibt.' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
-- What was sent stays as it was: the file is drawn from it. It is withheld once, and then the worker empties its words.
CREATE FUNCTION meetings_guard_round() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  marks text[] := ARRAY['withheld_at', 'withheld_by_id', 'withheld_reason'];
BEGIN
  IF OLD.withheld_at IS NULL AND to_jsonb(OLD) - marks = to_jsonb(NEW) - marks THEN RETURN NEW; END IF;
  IF OLD.withheld_at IS NOT NULL AND NEW.agenda = '[]' AND NEW.urgency_reason = '' AND kok_erases()
     AND to_jsonb(OLD) - 'agenda' - 'urgency_reason' = to_jsonb(NEW) - 'agenda' - 'urgency_reason' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'Wer zu welcher Sitzung was versandt hat, bleibt.' USING ERRCODE = 'check_violation';
END $$;
-- Who keeps minutes, and whose meeting it was, say who takes back, withholds and approves.
CREATE FUNCTION meetings_guard_meeting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.body_id <> OLD.body_id THEN
    RAISE EXCEPTION 'Eine Sitzung bleibt die ihres Gremiums.' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
-- Until whoever writes something of a meeting has committed, nobody approves its minutes; and who began in REPEATABLE READ
-- before the approval is refused. Minutes that are begun only now cannot be locked: the meeting speaks for them, as the
-- approval closes it. Asked of a row that moves are both places. Minutes come first, as in the approval.
CREATE FUNCTION meetings_hold(meetings bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM meetings_minutes WHERE meeting_id = ANY (meetings) FOR SHARE;
  PERFORM FROM meetings_meeting WHERE id = ANY (meetings) FOR SHARE;
  IF EXISTS (SELECT FROM meetings_minutes WHERE meeting_id = ANY (meetings) AND state = 'APPROVED') THEN
    PERFORM meetings_refuse();
  END IF;
END $$;
CREATE FUNCTION meetings_guard_section() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM meetings_hold(ARRAY(SELECT meeting_id FROM meetings_minutes WHERE id IN (OLD.minutes_id, NEW.minutes_id)));
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE FUNCTION meetings_guard_item_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Nor does the item move meanwhile.
  PERFORM FROM meetings_agendaitem WHERE id IN (OLD.item_id, NEW.item_id) FOR SHARE;
  PERFORM meetings_hold(ARRAY(SELECT meeting_id FROM meetings_agendaitem WHERE id IN (OLD.item_id, NEW.item_id)));
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE FUNCTION meetings_guard_meeting_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM meetings_hold(ARRAY[OLD.meeting_id, NEW.meeting_id]);
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER minutes_immutable BEFORE INSERT OR UPDATE OR DELETE ON meetings_minutes
  FOR EACH ROW EXECUTE FUNCTION meetings_guard_minutes();
CREATE TRIGGER version_immutable BEFORE INSERT OR UPDATE OR DELETE ON meetings_minutesversion
  FOR EACH ROW EXECUTE FUNCTION meetings_guard_version();
CREATE TRIGGER approval_immutable BEFORE INSERT OR UPDATE OR DELETE ON meetings_minutesapproval
  FOR EACH ROW EXECUTE FUNCTION meetings_guard_approval();
CREATE TRIGGER round_stays BEFORE UPDATE ON meetings_invitationround
  FOR EACH ROW EXECUTE FUNCTION meetings_guard_round();
CREATE TRIGGER meeting_stays BEFORE UPDATE ON meetings_meeting
  FOR EACH ROW EXECUTE FUNCTION meetings_guard_meeting();
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
CREATE TRIGGER revision_counts_up BEFORE INSERT OR UPDATE OF revision ON meetings_meeting
  FOR EACH ROW EXECUTE FUNCTION kok_counts_up('revision');
CREATE FUNCTION meetings_round_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.calendar_sequence <= NEW.round_no AND (NEW.round_no = 1 OR EXISTS (
    SELECT FROM meetings_invitationround WHERE meeting_id = NEW.meeting_id AND round_no = NEW.round_no - 1
  )) THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'Vor diesem Versand steht keiner.' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER round_counts_up BEFORE INSERT OR UPDATE OF round_no, calendar_sequence ON meetings_invitationround
  FOR EACH ROW EXECUTE FUNCTION meetings_round_follows();
CREATE TRIGGER revision_counts_up BEFORE INSERT OR UPDATE OF revision ON meetings_minutessection
  FOR EACH ROW EXECUTE FUNCTION kok_counts_up('revision');
-- A revision is what the section says: nobody puts the next one there before, and whoever writes goes on.
CREATE FUNCTION meetings_revision_is_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM meetings_minutessection
    WHERE (id, revision, text, result) = (NEW.section_id, NEW.revision, NEW.text, NEW.result) FOR SHARE;
  IF FOUND THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'Eine Textfassung hält fest, was im Abschnitt steht.' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER revision_is_written AFTER INSERT OR UPDATE OF section_id, revision, text, result
  ON meetings_sectionrevision FOR EACH ROW EXECUTE FUNCTION meetings_revision_is_written();
"""
BACKWARD = """
DROP TRIGGER revision_is_written ON meetings_sectionrevision;
DROP FUNCTION meetings_revision_is_written();
DROP TRIGGER revision_counts_up ON meetings_minutessection;
DROP TRIGGER round_counts_up ON meetings_invitationround;
DROP FUNCTION meetings_round_follows();
DROP TRIGGER revision_counts_up ON meetings_meeting;
DROP FUNCTION meetings_guard_approval, meetings_guard_version, meetings_refuse_version, meetings_guard_minutes,
  meetings_guard_round, meetings_guard_meeting, meetings_guard_section, meetings_guard_item_part,
  meetings_guard_meeting_part, meetings_hold, meetings_refuse CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial"), ("kok", "0002_guards")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
