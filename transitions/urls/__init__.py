"""The addresses of the transitions, below `/<agreement>/`."""

from transitions.urls import area, counts, files, imports, limits, lists, questions, receiving, requests

app_name = "transitions"
urlpatterns = [
    *counts.urlpatterns,
    *limits.urlpatterns,
    *area.urlpatterns,
    *lists.urlpatterns,
    *imports.urlpatterns,
    *receiving.urlpatterns,
    *questions.urlpatterns,
    *files.urlpatterns,
    *requests.urlpatterns,
]
