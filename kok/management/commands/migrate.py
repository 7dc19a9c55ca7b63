"""Django's `migrate`, then bounds of columns, the journal of sealed rows and rights of roles: `manage.py migrate`."""

import sys

from django.conf import settings
from django.core.management.commands import migrate

from kok import journal
from kok.database import bounds, rights
from kok.database.roles import OWNER


class Command(migrate.Command):
    """Runs as the owner of the database. In production it changes nothing unless everybody has a role of his own."""

    def handle(self, *args: object, **options: object) -> None:
        """Exit code 2 when a role is missing, has power over the server or does the work of another."""
        is_separate = rights.is_separate()
        problems = rights.problems_of_roles() if settings.PRODUCTION or is_separate else []
        if is_separate and rights.role() != OWNER:
            problems = [f"Tabellen macht und ändert nur die Rolle {OWNER}. Nennen Sie sie in DATABASE_OWNER_URL."]
        if problems:
            self.stderr.write("\n".join(problems))
            sys.exit(2)
        super().handle(*args, **options)
        if options["plan"] or options["check_unapplied"]:
            return
        bounds.give()
        journal.give()
        if is_separate:
            rights.give()
