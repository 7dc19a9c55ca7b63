from django.apps import AppConfig


class KokConfig(AppConfig):
    """The kernel. It knows no committee and no case; apps register what they bring."""

    name = "kok"
    verbose_name = "Kern"

    def ready(self) -> None:
        from kok import celery, checks, erasure, forms, health, inspections, outbox, second_factor  # noqa: F401  the wiring of the tasks; the system checks
        from kok.access import Permission
        from kok.navigation import OutsidePage, register_outside

        forms.speak_plainly()
        erasure.register(*erasure.KERNEL)
        health.register("broker", "Broker", health.ask_broker)
        outbox.register(inspections.MAIL, inspections.build_mail)
        register_outside(
            OutsidePage(10, "Änderungsprotokoll", "kok:audit", Permission.AUDIT_READ, "audit"),
            OutsidePage(30, "Löschläufe", "kok:erasure-runs", Permission.AUDIT_READ, "audit"),
            OutsidePage(40, "Aufträge", "kok:jobs", Permission.JOBS_MANAGE),
        )
