"""What the receiving unit of the LWV sees and does."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
