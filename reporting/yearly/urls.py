"""The Jahresbericht."""

from django.urls import path

from reporting.yearly import views

urlpatterns = [
    path("zahlen/jahresbericht/", views.reports, name="yearly-reports"),
    path("zahlen/jahresbericht/erstellen", views.make, name="yearly-report-make"),
    path("zahlen/jahresbericht/<int:year>/<int:version>/", views.report, name="yearly-report"),
    path("zahlen/jahresbericht/<int:year>/<int:version>/tagesordnung", views.present, name="yearly-report-present"),
    path("zahlen/jahresbericht/<int:year>/<int:version>/pdf", views.file, name="yearly-report-pdf"),
    path("zahlen/jahresbericht/<int:year>/<int:version>/pdf/stand", views.file_state, name="yearly-report-pdf-state"),
    path("zahlen/jahresbericht/<int:year>/<int:version>/pdf/erneut", views.retry_file, name="yearly-report-pdf-retry"),
]
