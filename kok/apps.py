from django.apps import AppConfig


class KokConfig(AppConfig):
    """The kernel. It knows no committee and no case; apps register what they bring."""

    name = "kok"
    verbose_name = "Kern"

    def ready(self) -> None:
        from kok import celery, checks, forms  # noqa: F401  the wiring of the tasks; the system checks

        forms.speak_plainly()
