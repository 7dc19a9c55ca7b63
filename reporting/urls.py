from django.urls import path

from reporting import views

app_name = "reporting"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("fristen/", views.deadlines, name="deadlines"),
    path("fristen/<slug:code>/<int:year>/<slug:partner>/", views.duty, name="duty"),
    path("fristen/<slug:code>/<int:year>/<slug:partner>/eintragen", views.record, name="record"),
    path("fristen/<slug:code>/<int:year>/<slug:partner>/<int:pk>/zuruecknehmen", views.withdraw, name="withdraw"),
]
