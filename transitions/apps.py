from django.apps import AppConfig


class TransitionsConfig(AppConfig):
    """Punkt 8b: the sealed list of school leavers. Nothing of it leaves this app but counts."""

    name = "transitions"
    verbose_name = "Übergänge"

    def ready(self) -> None:
        from kok import erasure
        from kok.access import Permission
        from kok.navigation import OutsidePage, register_outside
        from transitions.actions.erasure import RULES

        erasure.register(*RULES)
        register_outside(OutsidePage(20, "Zugriffsprotokoll", "transitions-log:entries", Permission.CASES_LOG, "audit"))
