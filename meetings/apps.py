from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Secretariat, meetings, agenda, minutes, resolutions, action items."""

    name = "meetings"
    verbose_name = "Sitzungen"

    def ready(self) -> None:
        """Tells the kernel which mails and documents come from here, and what stands in the navigation."""
        from kok import documents, erasure, inspections, mails, outbox, text_checks, vocabulary
        from kok.access import Permission
        from kok.database import rights
        from kok.navigation import NavigationEntry, register_navigation
        from meetings.convening.actions import erasure as erasure_of_invitations
        from meetings.convening.documents import agenda, mails_invitation
        from meetings.convening.queries.outgoing import WORDS, source_of
        from meetings.convening.rules import acts as acts_of_convening
        from meetings.desk.pages.ending import hanging
        from meetings.desk.pages.leaving import noted_as_present, remaining
        from meetings.models.rights import RIGHTS
        from meetings.record.actions import erasure as erasure_of_minutes
        from meetings.record.documents import mails_minutes, minutes
        from meetings.record.inspections import INSPECTIONS
        from meetings.record.queries.readiness import text_for_check
        from meetings.record.rules import acts as acts_of_record
        from members.pages import leaving
        from members.queries import bodies
        from members.queries.leaving import register_recorder

        for words in (acts_of_convening, acts_of_record):
            vocabulary.ACTS.add(words.ACTS)
            vocabulary.MAILS.add(words.MAILS)
            vocabulary.DOCUMENTS.add(words.DOCUMENTS)
        rights.register(RIGHTS)
        register_navigation(NavigationEntry(20, "Sitzungen", "meetings:list", Permission.MEETING_READ))
        erasure.register(*erasure_of_minutes.RULES, *erasure_of_invitations.RULES)
        inspections.register(*INSPECTIONS)
        bodies.register(hanging)
        leaving.register(remaining)
        register_recorder(noted_as_present)
        documents.register("agenda", agenda.render)
        mails.add(mails_invitation.NOTICES | mails_minutes.NOTICES)
        outbox.register("invitation", mails_invitation.invitation)
        outbox.register("invitation.ended", mails_invitation.ended)
        outbox.register("cancellation", mails_invitation.cancellation)
        for kind in WORDS:
            text_checks.register_source(kind, source_of(kind))

        register_navigation(NavigationEntry(30, "Aufgaben", "meetings:tasks", Permission.MEETING_READ))
        documents.register("minutes", minutes.render)
        text_checks.register_source("minutes", text_for_check)
        outbox.register("minutes.circulated", mails_minutes.circulated)
        outbox.register("minutes.taken_back", mails_minutes.ended)
        outbox.register("minutes.withheld", mails_minutes.ended)
        outbox.register("minutes.approved", mails_minutes.approved)
        outbox.register("minutes.file", mails_minutes.file)
        outbox.register("minutes.remarked", mails_minutes.remarked)
        outbox.register("minutes.remark_answered", mails_minutes.remark_answered)
