"""Files of figures: read in, checked, submitted, accepted. Then the figures themselves.

`zahlen/<kennzahl>/` takes every word, so these come last.
"""

from django.urls import path

from reporting.figures.views import datasets as views
from reporting.figures.views import figures, formats

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
    path(
        "zahlen/lieferungen/revision/<int:pk>/abgeben", views.take_step, {"step": views.SUBMIT}, name="dataset-submit"
    ),
    path(
        "zahlen/lieferungen/revision/<int:pk>/annehmen", views.take_step, {"step": views.ACCEPT}, name="dataset-accept"
    ),
    path(
        "zahlen/lieferungen/revision/<int:pk>/verwerfen",
        views.take_step,
        {"step": views.DISCARD},
        name="dataset-discard",
    ),
    path("zahlen/", figures.figures, name="figures"),
    path("zahlen/hessen/", figures.statewide, name="statewide-figures"),
    path("zahlen/<slug:kennzahl>/", figures.series, name="figure-series"),
    path("zahlen/<slug:kennzahl>/tabelle.<slug:kind>", figures.download, name="figures-download"),
    path("zahlen/<slug:kennzahl>/blatt.pdf", figures.sheet, name="figures-sheet"),
]
