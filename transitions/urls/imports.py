"""Files that are read in."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
