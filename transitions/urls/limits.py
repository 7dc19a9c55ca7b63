"""The age limit and who is responsible."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
