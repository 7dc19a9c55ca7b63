from django.apps import AppConfig


class MembersConfig(AppConfig):
    """Who works together: agreement, partners, people, seats (Anlage 1), bodies (Anlage 2), roles."""

    name = "members"
    verbose_name = "Mitglieder und Gremien"

    def ready(self) -> None:
        from kok import barrier_office, erasure, jobs, mails, outbox, reminders, vocabulary
        from kok.access import Lookups, Permission
        from kok.database import rights
        from kok.navigation import NavigationEntry, register_navigation
        from kok.waiting import WaitingLookups
        from members import deadlines, queries
        from members.actions import lapsing, leaving, notices
        from members.actions.authorities import WORK
        from members.actions.erasure import RULES
        from members.documents import accounts, power
        from members.models.rights import RIGHTS
        from members.pages import waiting
        from members.queries.barriers import named_office
        from members.rules.acts import ACTS, DOCUMENTS, MAILS

        vocabulary.ACTS.add(ACTS)
        vocabulary.MAILS.add(MAILS)
        vocabulary.DOCUMENTS.add(DOCUMENTS)
        rights.register(RIGHTS)
        Lookups.agreement = staticmethod(queries.agreement_by_slug)
        Lookups.grants = staticmethod(queries.grants_on)
        Lookups.houses = staticmethod(queries.houses_of)
        Lookups.people = staticmethod(queries.names_in)
        Lookups.bearers = staticmethod(queries.bearers)
        Lookups.staff = staticmethod(queries.staff_of)
        WaitingLookups.technik = staticmethod(waiting.of_technik)
        WaitingLookups.own = staticmethod(waiting.own)
        barrier_office.register(named_office)
        mails.add(accounts.NOTICES | power.NOTICES)
        outbox.register("account.invited", accounts.invited)
        outbox.register("account.address", accounts.new_address)
        outbox.register("account.address-asked", accounts.address_told)
        outbox.register("account.address-changed", accounts.address_told)
        outbox.register(notices.WAITING, power.waiting)
        outbox.register(notices.TOLD, power.told)
        outbox.register(deadlines.ENDING, power.ending)
        reminders.register(deadlines.reminders_due)
        erasure.register(*RULES)
        jobs.register("kok.put_in_force", WORK)
        jobs.register(leaving.TASK, leaving.WORK)
        jobs.register(lapsing.TASK, lapsing.WORK)
        register_navigation(
            NavigationEntry(50, "Mitglieder und Gremien", "members:seats", Permission.AGREEMENT_READ),
            NavigationEntry(90, "Vereinbarung", "members:agreement", Permission.AGREEMENT_READ),
        )
