"""The addresses of the rooms, below `/<agreement>/`. `zahlen/<kennzahl>/` takes every word, so figures come last."""

from reporting.duties import urls as duties
from reporting.figures import urls as figures
from reporting.overview import urls as overview
from reporting.yearly import urls as yearly

app_name = "reporting"
urlpatterns = [
    *overview.urlpatterns,
    *duties.urlpatterns,
    *yearly.urlpatterns,
    *figures.urlpatterns,
]
