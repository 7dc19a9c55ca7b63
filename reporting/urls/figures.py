"""The pages of the figures. `zahlen/<kennzahl>/` takes every word, so these come last."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
