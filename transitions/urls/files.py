"""Printing and encrypted files."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
