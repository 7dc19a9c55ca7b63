"""The access log."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
