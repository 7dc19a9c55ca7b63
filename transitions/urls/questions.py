"""Questions of the receiving unit and answers of the county."""

from django.urls import path

from transitions.views import questions

urlpatterns = [
    path("uebergaenge/rueckfragen/", questions.register, name="questions"),
    path("uebergaenge/rueckfragen/<uuid:pk>", questions.answer, name="question-answer"),
    path("uebergaenge/faelle/<uuid:case>/nachfragen", questions.ask, name="question-ask"),
]
