"""Pages of the installation, outside any agreement."""

from django.urls import path

from members.views import administration

app_name = "accounts"
urlpatterns = [
    path("", administration.accounts, name="list"),
    path("<int:pk>/sperren/", administration.close, name="close"),
    path("<int:pk>/freigeben/", administration.open_again, name="open"),
]
