from django.apps import AppConfig


class KokConfig(AppConfig):
    """The kernel. It knows no committee and no case; apps register what they bring."""

    name = "kok"
    verbose_name = "Kern"

    def ready(self) -> None:
        from kok import forms

        forms.speak_plainly()  # before anything is imported that brings forms with it, as allauth does
        from kok import (  # noqa: F401  the wiring of the tasks; the system checks
            account_mails,
            account_seals,
            barriers,
            celery,
            chain_ends,
            checks,
            documents,
            erasure,
            erasure_rules,
            health,
            inspections,
            jobs,
            mail_proof,
            mails,
            operators,
            outbox,
            outbox_check,
            pulses,
            reminders,
            seals,
            second_factor,
            statutory,
            text_checks,
            vocabulary,
        )
        from kok.access import Permission
        from kok.acts import ACTS, MAILS
        from kok.database import rights
        from kok.models.rights import RIGHTS
        from kok.navigation import OutsidePage, register_outside

        vocabulary.ACTS.add(ACTS)
        vocabulary.MAILS.add(MAILS)
        rights.register(RIGHTS)
        erasure.register(*erasure_rules.RULES, *statutory.RULES, *barriers.RULES)
        inspections.register(inspections.RIGHTS)
        health.register("broker", "Broker", health.ask_broker)
        health.register("worker", pulses.TITLES[pulses.WORKER], pulses.ask(pulses.WORKER))
        health.register("beat", pulses.TITLES[pulses.BEAT], pulses.ask(pulses.BEAT))
        health.register("messages", "Nachrichten", health.ask_messages)
        health.register("documents", "Dokumente", health.ask_documents)
        health.register("inspections", "Nächtliche Prüfungen", health.ask_inspections)
        health.register("erasure", "Löschlauf", health.ask_erasure)
        health.register("statutory_pages", "Seiten der Fußzeile", statutory.ask)
        inspections.register(
            inspections.Inspection(
                "seals", "Siegel von Konten, Rollen, Listen, Protokollen und weiteren Zeilen", seals.findings
            ),
            inspections.Inspection("outbox", "Nachrichten gegen ihre Siegel", outbox_check.findings),
            inspections.Inspection("documents", "Dokumente gegen ihre Prüfsummen", documents.findings),
            inspections.Inspection("erasure", "Löschläufe gegen ihre Nummern", erasure.findings),
            inspections.Inspection("chain-ends", "Enden der Ketten gegen die Datei", chain_ends.findings),
        )
        for each in (account_mails, mail_proof, inspections, pulses, chain_ends, barriers):
            mails.add(each.NOTICES)
        outbox.register(chain_ends.MAIL, chain_ends.build_mail)
        jobs.register(text_checks.TASK, text_checks.WORK)
        outbox.register(account_mails.RESET, account_mails.reset)
        outbox.register(account_mails.CHANGED, account_mails.changed)
        outbox.register(mail_proof.CODE, mail_proof.build_mail)
        outbox.register(inspections.MAIL, operators.build_mail)
        outbox.register(pulses.MAIL, operators.build_mail)
        outbox.register(barriers.REPORTED, barriers.build_mail)
        outbox.register(barriers.REMINDER, barriers.build_mail)
        outbox.register(barriers.NAMED, barriers.build_named)
        reminders.register(barriers.reminders_due)
        reminders.register(chain_ends.due)
        register_outside(
            OutsidePage(10, "Änderungsprotokoll", "kok:audit", Permission.AUDIT_READ, "audit"),
            OutsidePage(15, "Anmeldungen", "kok:sign-ins", Permission.AUDIT_READ, "audit"),
            OutsidePage(30, "Löschläufe", "kok:erasure-runs", Permission.AUDIT_READ, "audit"),
            OutsidePage(40, "Aufträge", "kok:jobs", Permission.JOBS_MANAGE, "operation"),
            OutsidePage(42, "Seiten", "kok:pages", Permission.JOBS_MANAGE, "operation"),
            OutsidePage(44, "Barrieren", "kok:barriers", Permission.JOBS_MANAGE, "operation"),
        )
