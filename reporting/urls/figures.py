"""The pages of the figures. `zahlen/<kennzahl>/` takes every word, so these come last."""

from django.urls import path

from reporting.views import figures

urlpatterns = [
    path("zahlen/", figures.figures, name="figures"),
    path("zahlen/hessen/", figures.statewide, name="statewide-figures"),
    path("zahlen/<slug:kennzahl>/", figures.series, name="figure-series"),
    path("zahlen/<slug:kennzahl>/tabelle.<slug:kind>", figures.download, name="figures-download"),
    path("zahlen/<slug:kennzahl>/blatt.pdf", figures.sheet, name="figures-sheet"),
]
