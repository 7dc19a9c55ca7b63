from django.apps import AppConfig


class TransitionsConfig(AppConfig):
    """Punkt 8b: the sealed list of school leavers. Nothing of it leaves this app but counts."""

    name = "transitions"
    verbose_name = "Übergänge"
