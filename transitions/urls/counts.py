"""The figures that the conference may see."""

from django.urls import path

from transitions.views import counts

urlpatterns = [path("uebergaenge/", counts.counts, name="counts")]
