"""The trail and the versions of pages cannot be changed in the database itself."""

from django.db import migrations

GUARD = """
CREATE FUNCTION kok_audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('kok.erasure', true) = 'on' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'Das Änderungsprotokoll kann nicht geändert werden.';
END $$;
CREATE TRIGGER kok_audit_guard BEFORE UPDATE OR DELETE ON kok_auditevent
  FOR EACH ROW EXECUTE FUNCTION kok_audit_guard();
"""
UNGUARD = "DROP TRIGGER kok_audit_guard ON kok_auditevent; DROP FUNCTION kok_audit_guard();"

PAGES = """
CREATE FUNCTION kok_page_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('kok.erasure', true) = 'on' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'Eine veröffentlichte Fassung kann nicht geändert werden.';
END $$;
CREATE TRIGGER kok_page_guard BEFORE UPDATE OR DELETE ON kok_statutorypage
  FOR EACH ROW EXECUTE FUNCTION kok_page_guard();
"""
FREE_PAGES = "DROP TRIGGER kok_page_guard ON kok_statutorypage; DROP FUNCTION kok_page_guard();"


class Migration(migrations.Migration):
    dependencies = [("kok", "0001_initial")]

    operations = [
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunSQL(PAGES, FREE_PAGES),
    ]
