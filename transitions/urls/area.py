"""The door of the sealed area."""

from django.urls import path

from transitions.views import area

urlpatterns = [
    path("uebergaenge/eintreten", area.enter, name="enter"),
    path("uebergaenge/weiter", area.stay_on, name="stay-on"),
    path("uebergaenge/verlassen", area.leave, name="leave"),
]
