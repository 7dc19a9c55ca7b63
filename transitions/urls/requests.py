"""Requests of the people concerned."""

from django.urls import path

from transitions.views import person_search, requests

urlpatterns = [
    path("uebergaenge/anfragen/", requests.register, name="requests"),
    path("uebergaenge/anfragen/neu", requests.create, name="request-new"),
    path("uebergaenge/anfragen/<uuid:pk>", requests.detail, name="request"),
    path("uebergaenge/anfragen/<uuid:pk>/ergaenzen", requests.complete, name="request-complete"),
    path("uebergaenge/anfragen/<uuid:pk>/beantworten", requests.answer, name="request-answer"),
    path("uebergaenge/anfragen/<uuid:pk>/verlaengern", requests.extend, name="request-extend"),
    path("uebergaenge/anfragen/<uuid:pk>/aufheben", requests.lift, name="request-lift"),
    path("uebergaenge/anfragen/<uuid:pk>/berichtigen", requests.correct, name="request-correct"),
    path("uebergaenge/anfragen/<uuid:pk>/suchen", person_search.search, name="request-search"),
]
