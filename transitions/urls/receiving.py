"""One case, and what the receiving unit of the LWV does."""

from django.urls import path

from transitions.views import outcomes, receiving

urlpatterns = [
    path("uebergaenge/faelle/<uuid:case>/", receiving.case, name="case"),
    path("uebergaenge/faelle/<uuid:case>/bestaetigen", receiving.confirm, name="confirm"),
    path("uebergaenge/faelle/<uuid:case>/ergebnis", receiving.outcome, name="outcome"),
    path("uebergaenge/faelle/<uuid:case>/ergebnis-zuruecknehmen", receiving.revoke, name="outcome-revoke"),
    path("uebergaenge/listen/<uuid:version>/empfang", receiving.acknowledge, name="acknowledge"),
    path("uebergaenge/listen/<uuid:version>/ergebnisse", outcomes.outcomes, name="outcomes"),
]
