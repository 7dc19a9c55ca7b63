"""Where everybody begins."""

from django.urls import path

from reporting.overview import views

urlpatterns = [
    path("", views.overview, name="overview"),
]
