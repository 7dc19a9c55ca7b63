"""Files of figures: read in, checked, submitted, accepted."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
