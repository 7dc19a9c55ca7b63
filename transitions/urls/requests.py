"""Requests of the people concerned."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
