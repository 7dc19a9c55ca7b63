"""Printing and encrypted files."""

from django.urls import path

from transitions.views import files

urlpatterns = [
    path("uebergaenge/listen/<uuid:version>/drucken", files.printed, name="print"),
    path("uebergaenge/listen/<uuid:version>/ausgeben", files.export, name="export"),
    path("uebergaenge/faelle/<uuid:case>/auskunft", files.case_export, name="case-export"),
]
