"""Three pages."""

from django.urls import path

from tests.benchmarks.floor import views

urlpatterns = [
    path("meeting/<int:pk>/", views.meeting),
    path("meetings/<int:count>/", views.meetings),
    path("overview/<slug:slug>/<str:day>/", views.overview),
]
