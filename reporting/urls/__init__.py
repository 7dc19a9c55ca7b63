"""The addresses of the overview, the deadlines and the figures, below `/<agreement>/`."""

from reporting.urls import datasets, duties, figures, reports

app_name = "reporting"
urlpatterns = [
    *duties.urlpatterns,
    *datasets.urlpatterns,
    *reports.urlpatterns,
    *figures.urlpatterns,
]
