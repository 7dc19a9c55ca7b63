from django.apps import AppConfig


class TransitionsConfig(AppConfig):
    """Punkt 8b: the sealed list of school leavers. Nothing of it leaves this app but counts."""

    name = "transitions"
    verbose_name = "Übergänge"

    def ready(self) -> None:
        from kok import chains, erasure, inspections, jobs, mails, outbox, reminders, text_checks, vocabulary
        from kok.access import Permission
        from kok.database import rights
        from kok.navigation import NavigationEntry, OutsidePage, register_navigation, register_outside
        from members.pages import leaving
        from transitions import deadlines
        from transitions.actions import checking
        from transitions.actions.erasure import RULES
        from transitions.actions.name_questions import answer
        from transitions.documents import mails as case_mails
        from transitions.documents import name_limit
        from transitions.inspections import INSPECTIONS
        from transitions.models.rights import RIGHTS
        from transitions.pages.leaving import remaining
        from transitions.queries import log_check
        from transitions.rules.acts import ACTS, MAILS

        vocabulary.ACTS.add(ACTS)
        vocabulary.MAILS.add(MAILS)
        rights.register(RIGHTS)
        erasure.register(*RULES)
        chains.register(log_check.READ, log_check.ACT)
        leaving.register(remaining)
        inspections.register(*INSPECTIONS)
        jobs.register(checking.TASK, checking.WORK)
        for each in (case_mails, name_limit, deadlines):
            mails.add(each.NOTICES)
        for kind in case_mails.KINDS:
            outbox.register(kind, case_mails.build)
        outbox.register(name_limit.NAME_LIMIT, name_limit.build)
        text_checks.register_judge(answer)
        reminders.register(deadlines.subject_request_reminders)
        outbox.register(deadlines.SUBJECT_REQUEST, deadlines.build_subject_request_mail)
        reminders.register(deadlines.outcome_reminders)
        outbox.register(deadlines.OUTCOMES, deadlines.build_outcomes_mail)
        register_navigation(NavigationEntry(60, "Übergänge", "transitions:counts", Permission.CASES_COUNT))
        register_outside(OutsidePage(20, "Zugriffsprotokoll", "transitions-log:entries", Permission.CASES_LOG, "audit"))
