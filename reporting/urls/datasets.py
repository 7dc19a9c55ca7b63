"""Files of figures: read in, checked, submitted, accepted."""

from django.urls import path

from reporting.views import datasets as views
from reporting.views import formats

urlpatterns = [
    path("zahlen/einlesen/", views.import_file, name="dataset-import"),
    path("zahlen/einlesen/<uuid:pk>/", views.import_job, name="import-job"),
    path("zahlen/einlesen/<uuid:pk>/maengel.csv", views.import_problems, name="import-problems"),
    path("zahlen/formate/<slug:format_id>/<str:format_version>/", formats.description, name="format"),
    path(
        "zahlen/formate/<slug:format_id>/<str:format_version>/vorlage.<slug:kind>",
        formats.template,
        name="format-template",
    ),
    path("zahlen/lieferungen/", views.datasets, name="datasets"),
    path("zahlen/lieferungen/<int:pk>/", views.dataset, name="dataset"),
    path("zahlen/lieferungen/<int:pk>/unterschiede", views.compare, name="dataset-compare"),
    path("zahlen/lieferungen/revision/<int:pk>/bemerken", views.remark, name="dataset-remark"),
    path("zahlen/lieferungen/revision/<int:pk>/abgeben", views.submit, name="dataset-submit"),
    path("zahlen/lieferungen/revision/<int:pk>/annehmen", views.accept, name="dataset-accept"),
    path("zahlen/lieferungen/revision/<int:pk>/verwerfen", views.discard, name="dataset-discard"),
]
