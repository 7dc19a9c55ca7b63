"""The county's lists."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
