"""The deadlines of a year, and one duty with its entries."""

from django.urls import path

from reporting.duties import views

urlpatterns = [
    path("fristen/", views.deadlines, name="deadlines"),
    path("fristen/<slug:code>/<int:year>/<slug:partner>/", views.duty, name="duty"),
    path("fristen/<slug:code>/<int:year>/<slug:partner>/eintragen", views.record, name="record"),
    path("fristen/<slug:code>/<int:year>/<slug:partner>/<int:pk>/zuruecknehmen", views.withdraw, name="withdraw"),
]
