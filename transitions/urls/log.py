"""The access log, outside every agreement: `/pruefung/zugriffe/`."""

from django.urls import path

from transitions.views import log

app_name = "transitions-log"
urlpatterns = [
    path("", log.entries, name="entries"),
    path("pruefen", log.check, name="check"),
    path("pruefen/<uuid:pk>/", log.checked, name="checked"),
    path("herunterladen", log.download, name="download"),
]
