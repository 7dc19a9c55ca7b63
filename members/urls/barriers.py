"""Who answers reported barriers: `/verwaltung/barrieren/stelle/`."""

from django.urls import path

from members.views import barriers

app_name = "barrier-office"
urlpatterns = [path("", barriers.name_office, name="name")]
