"""The age limit and who is responsible."""

from django.urls import path

from transitions.views import limits

urlpatterns = [
    path("uebergaenge/regelaltersgrenze", limits.age_limit, name="age-limit"),
    path("uebergaenge/zustaendigkeit", limits.responsibility, name="responsibility"),
]
