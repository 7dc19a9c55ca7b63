"""What the own account may do: `/konto/rollen/`."""

from django.urls import path

from members.views import own

app_name = "own"
urlpatterns = [path("", own.roles, name="roles")]
