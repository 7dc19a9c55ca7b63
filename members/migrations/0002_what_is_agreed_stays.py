"""What is agreed: versions that do not overlap and stay as they were loaded."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


# Of a version only the end of the newest one moves, when a later one begins. Nobody deletes or changes what it says.
STAYS = """
CREATE FUNCTION members_version_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND upper_inf(OLD.period) AND NOT upper_inf(NEW.period) AND lower(OLD.period) = lower(NEW.period)
     AND to_jsonb(NEW) - 'period' = to_jsonb(OLD) - 'period' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'Eine geladene Fassung kann nicht geändert werden.' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER members_version_guard BEFORE UPDATE OR DELETE ON members_agreementversion
  FOR EACH ROW EXECUTE FUNCTION members_version_guard();
CREATE TRIGGER members_version_guard BEFORE UPDATE OR DELETE ON members_annexversion
  FOR EACH ROW EXECUTE FUNCTION members_version_guard();

-- Until whoever adds to the newest version has committed, no later one ends it.
CREATE FUNCTION members_content_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  is_newest boolean := false;
BEGIN
  IF TG_OP = 'INSERT' AND TG_TABLE_NAME = 'members_annexbody' THEN
    is_newest := (SELECT upper_inf(period) FROM members_annexversion WHERE id = NEW.version_id FOR SHARE);
  ELSIF TG_OP = 'INSERT' THEN
    is_newest := (SELECT upper_inf(period) FROM members_agreementversion WHERE id = NEW.version_id FOR SHARE);
  END IF;
  IF is_newest THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'Was in einer geladenen Fassung steht, bleibt.' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER members_content_guard BEFORE INSERT OR UPDATE OR DELETE ON members_clause
  FOR EACH ROW EXECUTE FUNCTION members_content_guard();
CREATE TRIGGER members_content_guard BEFORE INSERT OR UPDATE OR DELETE ON members_obligationrule
  FOR EACH ROW EXECUTE FUNCTION members_content_guard();
CREATE TRIGGER members_content_guard BEFORE INSERT OR UPDATE OR DELETE ON members_annexbody
  FOR EACH ROW EXECUTE FUNCTION members_content_guard();
"""
MOVES = """
DROP FUNCTION members_version_guard, members_content_guard CASCADE;
"""

# Every page needs the numbers of the agreement, the names of bodies and who represents a partner, of some day. They
# stand in the versions; beside the rows that every page reads anyway the database keeps what those say.
KEEPS = """
CREATE FUNCTION members_agreement_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.rules := COALESCE((
    SELECT jsonb_agg(jsonb_build_object(
      'id', id, 'number', number, 'starts_on', lower(period), 'ends_on', upper(period) - 1,
      'meetings_per_year', meetings_per_year, 'termination_months', termination_months,
      'planning_days', planning_days, 'proposal_days', proposal_days, 'notice_days', notice_days,
      'paper_days', paper_days, 'draft_days', draft_days, 'minutes_days', minutes_days,
      'objection_days', objection_days) ORDER BY lower(period))
    FROM members_agreementversion WHERE agreement_id = NEW.id), '[]');
  RETURN NEW;
END $$;
CREATE TRIGGER members_agreement_kept BEFORE INSERT OR UPDATE ON members_agreement
  FOR EACH ROW EXECUTE FUNCTION members_agreement_kept();

CREATE FUNCTION members_partner_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.agreement_id, NEW.authority_id) <> (OLD.agreement_id, OLD.authority_id) THEN
    RAISE EXCEPTION 'Wer Partner welcher Vereinbarung ist, bleibt.';
  END IF;
  NEW.organs := COALESCE((
    SELECT jsonb_agg(jsonb_build_object(
      'starts_on', lower(period), 'ends_on', upper(period) - 1, 'organ', said->>'organ') ORDER BY lower(period))
    FROM members_agreementversion version, jsonb_array_elements(version.organs) said
    WHERE agreement_id = NEW.agreement_id
      AND said->>'partner' = (SELECT slug FROM members_authority WHERE id = NEW.authority_id)), '[]');
  RETURN NEW;
END $$;
CREATE TRIGGER members_partner_kept BEFORE INSERT OR UPDATE ON members_partner
  FOR EACH ROW EXECUTE FUNCTION members_partner_kept();

CREATE FUNCTION members_body_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.agreement_id <> OLD.agreement_id THEN
    RAISE EXCEPTION 'Ein Gremium bleibt das seiner Vereinbarung.';
  END IF;
  SELECT COALESCE(jsonb_agg(jsonb_build_object(
           'starts_on', lower(version.period), 'ends_on', upper(version.period) - 1,
           'name', named.name, 'short_name', named.short_name, 'scope', named.scope) ORDER BY lower(version.period)),
           '[]'),
         COALESCE(range_merge(range_agg(version.period)), 'empty')
  INTO NEW.names, NEW.period
  FROM members_annexbody named JOIN members_annexversion version ON version.id = named.version_id
  WHERE named.body_id = NEW.id;
  RETURN NEW;
END $$;
CREATE TRIGGER members_body_kept BEFORE INSERT OR UPDATE ON members_body
  FOR EACH ROW EXECUTE FUNCTION members_body_kept();

CREATE FUNCTION members_version_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE members_agreement SET rules = rules WHERE id = NEW.agreement_id;
  UPDATE members_partner SET organs = organs WHERE agreement_id = NEW.agreement_id;
  RETURN NULL;
END $$;
CREATE TRIGGER members_version_kept AFTER INSERT OR UPDATE ON members_agreementversion
  FOR EACH ROW EXECUTE FUNCTION members_version_kept();

CREATE FUNCTION members_annex_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE members_body SET names = names WHERE id IN (SELECT body_id FROM members_annexbody WHERE version_id = NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER members_annex_kept AFTER UPDATE ON members_annexversion
  FOR EACH ROW EXECUTE FUNCTION members_annex_kept();

CREATE FUNCTION members_annexbody_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE members_body SET names = names WHERE id = NEW.body_id;
  RETURN NULL;
END $$;
CREATE TRIGGER members_annexbody_kept AFTER INSERT ON members_annexbody
  FOR EACH ROW EXECUTE FUNCTION members_annexbody_kept();
"""
FORGETS = """
DROP FUNCTION members_agreement_kept, members_partner_kept, members_body_kept, members_version_kept,
  members_annex_kept, members_annexbody_kept CASCADE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='AgreementVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='Fassung')),
                ('period', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='gilt')),
                ('signed_on', models.DateField(null=True, verbose_name='unterzeichnet am')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='Anlass')),
                ('title', models.CharField(max_length=200, verbose_name='Titel')),
                ('legal_basis', models.JSONField(default=list, verbose_name='Rechtsgrundlagen')),
                ('organs', models.JSONField(default=list, verbose_name='Partner und wer sie vertritt')),
                ('signatories', models.JSONField(default=list, verbose_name='Unterzeichnende')),
                ('preamble', models.TextField(verbose_name='Präambel')),
                ('preamble_note', models.TextField(blank=True, verbose_name='Lesehinweis zur Präambel')),
                ('meetings_per_year', models.PositiveSmallIntegerField(verbose_name='Sitzungen im Jahr')),
                ('termination_months', models.PositiveSmallIntegerField(verbose_name='Kündigungsfrist in Monaten')),
                ('planning_days', models.PositiveSmallIntegerField(verbose_name='Termin steht fest, Tage vor der Sitzung')),
                ('proposal_days', models.PositiveSmallIntegerField(verbose_name='Punkte vorschlagen, Tage vor der Sitzung')),
                ('notice_days', models.PositiveSmallIntegerField(verbose_name='Ladungsfrist in Tagen')),
                ('paper_days', models.PositiveSmallIntegerField(verbose_name='Unterlagen liegen vor, Tage vor der Sitzung')),
                ('draft_days', models.PositiveSmallIntegerField(verbose_name='Entwurf des Protokolls, Tage nach der Sitzung')),
                ('minutes_days', models.PositiveSmallIntegerField(verbose_name='Protokollfrist in Tagen')),
                ('objection_days', models.PositiveSmallIntegerField(verbose_name='Einwendungen, Tage nach dem Versand')),
                ('agreed_periods', models.JSONField(default=list, verbose_name='Fristen, die vereinbart sind, mit ihrem Punkt')),
                ('loaded_at', models.DateTimeField(verbose_name='geladen')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='versions', to='members.agreement')),
            ],
            options={
                'verbose_name': 'Fassung der Vereinbarung',
                'verbose_name_plural': 'Fassungen der Vereinbarung',
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('agreement', 'number'), name='agreement_version_once'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('agreement', '='), ('period', '&&')], name='agreement_one_version_a_day'), models.CheckConstraint(condition=models.Q(('period__isempty', False), ('period__startswith__isnull', False)), name='agreement_version_begins'), models.CheckConstraint(condition=models.Q(('number', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='agreement_version_has_its_reason'), models.CheckConstraint(condition=models.Q(('draft_days__lte', 366), ('meetings_per_year__lte', 52), ('minutes_days__lte', 366), ('notice_days__lte', 366), ('objection_days__lte', 366), ('paper_days__lte', 366), ('planning_days__lte', 366), ('proposal_days__lte', 366), ('termination_months__lte', 12)), name='agreement_version_numbers_possible')],
            },
        ),
        migrations.CreateModel(
            name='AnnexVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('annex', models.CharField(max_length=5, verbose_name='Anlage')),
                ('number', models.PositiveSmallIntegerField(verbose_name='Fassung')),
                ('period', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='gilt')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='Anlass')),
                ('heading', models.CharField(max_length=200, verbose_name='Überschrift')),
                ('reading_note', models.TextField(blank=True, verbose_name='Lesehinweis')),
                ('seats', models.JSONField(default=list, verbose_name='Teilnehmende, wie gedruckt')),
                ('loaded_at', models.DateTimeField(verbose_name='geladen')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='annexes', to='members.agreement')),
            ],
            options={
                'verbose_name': 'Fassung einer Anlage',
                'verbose_name_plural': 'Fassungen der Anlagen',
                'ordering': ['annex', 'number'],
                'constraints': [models.UniqueConstraint(fields=('agreement', 'annex', 'number'), name='annex_version_once'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('agreement', '='), ('annex', '='), ('period', '&&')], name='annex_one_version_a_day'), models.CheckConstraint(condition=models.Q(('period__isempty', False), ('period__startswith__isnull', False)), name='annex_version_begins'), models.CheckConstraint(condition=models.Q(('number', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='annex_version_has_its_reason')],
            },
        ),
        migrations.CreateModel(
            name='AnnexBody',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='Reihenfolge')),
                ('name', models.CharField(max_length=200, verbose_name='Name')),
                ('short_name', models.CharField(max_length=60, verbose_name='Kurzname im Text')),
                ('scope', models.CharField(choices=[('CROSS', 'zielgruppenübergreifend'), ('SPECIFIC', 'zielgruppenspezifisch')], default='CROSS', max_length=10, verbose_name='Zielgruppe')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='named', to='members.body')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='bodies', to='members.annexversion')),
            ],
            options={
                'verbose_name': 'Gremium in einer Anlage',
                'verbose_name_plural': 'Gremien in den Anlagen',
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('version', 'body'), name='annex_body_once')],
            },
        ),
        migrations.CreateModel(
            name='Clause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='Reihenfolge')),
                ('number', models.CharField(max_length=5, verbose_name='Punkt')),
                ('heading', models.CharField(blank=True, max_length=200, verbose_name='Überschrift')),
                ('text', models.TextField(verbose_name='Text')),
                ('reading_note', models.TextField(blank=True, verbose_name='Lesehinweis')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='clauses', to='members.agreementversion')),
            ],
            options={
                'verbose_name': 'Punkt',
                'verbose_name_plural': 'Punkte',
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('version', 'number'), name='clause_once')],
            },
        ),
        migrations.CreateModel(
            name='ObligationRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=10, verbose_name='Kennung')),
                ('clause', models.CharField(max_length=5, verbose_name='Punkt')),
                ('title', models.CharField(max_length=200, verbose_name='Pflicht')),
                ('strength', models.CharField(max_length=10, verbose_name='Verbindlichkeit')),
                ('recurrence', models.CharField(max_length=30, verbose_name='Wiederkehr')),
                ('debtors', django.contrib.postgres.fields.ArrayField(base_field=models.SlugField(), default=list, size=None, verbose_name='Verpflichtete')),
                ('creditor', models.CharField(blank=True, max_length=100, verbose_name='Empfänger')),
                ('responsible_role', models.SlugField(verbose_name='zuständige Rolle')),
                ('month', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='Monat')),
                ('day', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='Tag')),
                ('reference', models.CharField(blank=True, max_length=40, verbose_name='Bezug')),
                ('channel', models.CharField(blank=True, max_length=20, verbose_name='Weg')),
                ('policy', models.CharField(blank=True, max_length=20, verbose_name='Fristregel')),
                ('first_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='erstes Jahr')),
                ('last_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='letztes Jahr')),
                ('nil_expected_from', models.DateField(blank=True, null=True, verbose_name='Nullmeldung erwartet ab Stichtag')),
                ('note', models.TextField(blank=True, verbose_name='Hinweis')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='obligation_rules', to='members.agreementversion')),
            ],
            options={
                'verbose_name': 'Pflicht',
                'verbose_name_plural': 'Pflichten',
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(fields=('version', 'code'), name='obligation_code_once'), models.CheckConstraint(condition=models.Q(models.Q(('day__isnull', True), ('month__isnull', True)), models.Q(('day__range', (1, 28)), ('month__range', (1, 12))), models.Q(('day__in', (29, 30)), ('month__in', (1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12))), models.Q(('day', 31), ('month__in', (1, 3, 5, 7, 8, 10, 12))), _connector='OR'), name='obligation_on_a_day_of_every_year'), models.CheckConstraint(condition=models.Q(models.Q(('day__isnull', False), ('first_year__isnull', False), ('first_year__range', (2000, 2100)), ('month__isnull', False), ('recurrence', 'YEARLY'), models.Q(('policy', ''), _negated=True), models.Q(('last_year__isnull', True), models.Q(('last_year__gte', models.F('first_year')), ('last_year__lte', 2100)), _connector='OR')), models.Q(models.Q(('recurrence', 'YEARLY'), _negated=True), ('day__isnull', True), ('first_year__isnull', True), ('last_year__isnull', True), ('month__isnull', True)), _connector='OR'), name='obligation_of_every_year_says_when')],
            },
        ),
        migrations.RunSQL(STAYS, MOVES),
        migrations.RunSQL(KEEPS, FORGETS),
    ]
