"""Files that are read in."""

from django.urls import path, re_path

from transitions.views import imports as views

urlpatterns = [
    path("uebergaenge/listen/<uuid:version>/datei", views.import_file, name="import"),
    path("uebergaenge/listen/<uuid:version>/datei/uebernehmen", views.take_over, name="import-take-over"),
    path("uebergaenge/listen/<uuid:version>/datei/verwerfen", views.discard, name="import-discard"),
    re_path(r"^uebergaenge/vorlage\.(?P<kind>csv|xlsx)$", views.template_file, name="import-template"),
]
