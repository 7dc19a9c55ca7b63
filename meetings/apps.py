from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Secretariat, meetings, agenda, minutes, resolutions, action items."""

    name = "meetings"
    verbose_name = "Sitzungen"
