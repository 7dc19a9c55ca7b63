from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Occurrences of obligations and their fulfilment, the overview, the demo: the only app that sees all."""

    name = "reporting"
    verbose_name = "Fristen und Zahlen"
