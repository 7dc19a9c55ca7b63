"""All addresses. Apps are included by name, so that the kernel imports none of them."""

from django.urls import include, path

from kok import views

kernel = (
    [
        path("", views.start, name="start"),
        path("healthz", views.healthz, name="healthz"),
        path("vorfuehrung/mail/", views.demo_mail, name="demo-mail"),
        path("verwaltung/auftraege/", views.jobs, name="jobs"),
        path("verwaltung/auftraege/<int:pk>/erneut", views.retry_message, name="retry-message"),
        path("pruefung/", views.audit_trail, name="audit"),
        path("seite/<slug:name>/", views.page, name="page"),
    ],
    "kok",
)

urlpatterns = [
    path("", include(kernel)),
    path("konto/", include("allauth.urls")),
    path("<slug:agreement>/", include("reporting.urls")),
    path("<slug:agreement>/", include("members.urls")),
    path("<slug:agreement>/", include("meetings.urls")),
]
