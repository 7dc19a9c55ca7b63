"""Pages of the installation, outside any agreement."""

from django.urls import path

from members.views import account_acts, administration, requests

app_name = "accounts"
urlpatterns = [
    path("", administration.accounts, name="list"),
    path("technik-einladen/", administration.invite, name="invite"),
    path("<int:pk>/sperren/", account_acts.close_by_technik, name="close"),
    path("<int:pk>/freigeben/", account_acts.open_by_technik, name="open"),
    path("<int:pk>/zweiter-faktor/", account_acts.factor_by_technik, name="factor"),
    path("<int:pk>/name/", administration.ask_name, name="name"),
    path("<int:pk>/technik/", administration.ask_technik, name="technik"),
    path("rollen/<int:pk>/beenden/", administration.end_technik, name="technik-end"),
    path("bestaetigen/", requests.waiting_for_technik, name="requests"),
    path("bestaetigen/<int:pk>/", requests.confirm_by_technik, name="request-confirm"),
    path("bestaetigen/<int:pk>/ablehnen/", requests.refuse_by_technik, name="request-refuse"),
    path("bestaetigen/<int:pk>/zuruecknehmen/", requests.withdraw_by_technik, name="request-withdraw"),
]
