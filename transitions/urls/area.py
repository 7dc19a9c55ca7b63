"""The door of the sealed area."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
