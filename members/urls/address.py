"""The address of the own account: `/konto/adresse/`."""

from django.urls import path

from members.views import addresses

app_name = "address"
urlpatterns = [
    path("", addresses.own, name="own"),
    path("zuruecknehmen/", addresses.withdraw_own, name="withdraw"),
    path("<int:pk>/<str:key>/", addresses.confirm, name="confirm"),
]
