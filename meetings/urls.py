from django.urls import include, path

app_name = "meetings"
urlpatterns = [
    path("", include("meetings.convening.urls")),
    path("", include("meetings.record.urls")),
    path("", include("meetings.desk.urls")),
]
