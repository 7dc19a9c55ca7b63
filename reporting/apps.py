from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Occurrences of obligations and their fulfilment, the overview, the demo: the only app that sees all."""

    name = "reporting"
    verbose_name = "Fristen und Zahlen"

    def ready(self) -> None:
        from kok import documents, erasure, health, jobs, mails, outbox, reminders, vocabulary
        from kok.access import Permission
        from kok.database import rights
        from kok.navigation import NavigationEntry, register_navigation
        from meetings.convening.queries.subjects import register_kind, register_pages
        from members.pages import leaving
        from members.queries import past
        from reporting.duties import deadlines
        from reporting.duties.actions import erasure as retention
        from reporting.duties.pages.leaving import remaining
        from reporting.duties.pages.past import fallen_due
        from reporting.duties.rules import acts as of_duties
        from reporting.figures.actions import jobs as import_jobs
        from reporting.figures.queries.import_jobs import ask_failed as failed_jobs
        from reporting.figures.rules import acts as of_figures
        from reporting.models.rights import RIGHTS
        from reporting.overview.pages import subjects
        from reporting.yearly.documents.report import render
        from reporting.yearly.pages.links import links_of
        from reporting.yearly.queries import reports as yearly_report
        from reporting.yearly.rules import acts as of_reports

        for acts in (of_duties, of_figures, of_reports):
            vocabulary.ACTS.add(acts.ACTS)
        vocabulary.MAILS.add(of_duties.MAILS)
        vocabulary.DOCUMENTS.add(of_reports.DOCUMENTS)
        rights.register(RIGHTS)
        register_navigation(
            NavigationEntry(10, "Übersicht", "reporting:overview", Permission.AGREEMENT_READ),
            NavigationEntry(40, "Fristen", "reporting:deadlines", Permission.DUTIES_READ),
            NavigationEntry(70, "Zahlen", "reporting:figures", Permission.FIGURES_READ),
        )
        documents.register(yearly_report.KIND, render)
        leaving.register(remaining)
        past.register(fallen_due)
        register_kind(yearly_report.KIND, links_of)
        register_pages(subjects.link_of)
        jobs.register(import_jobs.TASK, import_jobs.WORK)
        health.register("imports", "Einlesen von Zahlen", failed_jobs)
        erasure.register(*import_jobs.RULES, *retention.RULES)
        reminders.register(deadlines.duty_reminders)
        reminders.register(deadlines.meetings_reminders)
        mails.add(deadlines.NOTICES)
        outbox.register(deadlines.DUTY, deadlines.build_duty_mail)
        outbox.register(deadlines.MEETINGS, deadlines.build_meetings_mail)
