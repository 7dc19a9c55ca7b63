"""What was stored as a second factor before is sealed: a dump of the database must not be enough to make a code."""

from django.db import migrations

from kok import vault

SECRETS = ("secret", "seed")


def _rewrite(change, is_due):
    def run(apps, schema_editor):
        for factor in apps.get_model("mfa", "Authenticator").objects.all():
            due = {name: factor.data[name] for name in SECRETS if name in factor.data and is_due(factor.data[name])}
            factor.data |= {name: change(text) for name, text in due.items()}
            factor.save(update_fields=["data"])

    return run


def _is_sealed(text):
    return text.startswith(vault.TOKEN_START)


class Migration(migrations.Migration):
    dependencies = [("kok", "0002_audit_guard_and_cache"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [
        migrations.RunPython(
            _rewrite(vault.seal_text, lambda text: not _is_sealed(text)), _rewrite(vault.unseal_text, _is_sealed)
        ),
    ]
