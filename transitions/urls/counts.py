"""The figures that the conference may see."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
