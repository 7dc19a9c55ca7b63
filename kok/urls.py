"""All addresses. Apps are included by name, so that the kernel imports none of them."""

from allauth.account.urls import urlpatterns as account_patterns
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as key
from django.urls import include, path

from kok import account_views, audit_views, barrier_views, factor_views, page_views, views
from kok.entrances import APP_OFF, APP_ON, CONFIRM_AGAIN, KEY_OFF, NEW_CODES, in_our_words
from kok.mail_proof import proven_by_mail
from kok.second_factor import confirmed_first, proven_first, showing_noted
from kok.third_party import THIRD_PARTY

# Of allauth only the pages that the access table names; addresses are maintained by the registrar, not here.
accounts = [
    path("signup/", account_views.no_sign_up, name="account_signup"),
    *(in_our_words(pattern) for pattern in account_patterns if pattern.name in THIRD_PARTY),
]

second_factor = [
    path("", factor.index, name="mfa_index"),
    path("authenticate/", factor.authenticate, name="mfa_authenticate"),
    path("reauthenticate/", CONFIRM_AGAIN.on(factor.reauthenticate), name="mfa_reauthenticate"),
    path("totp/activate/", proven_by_mail(confirmed_first(APP_ON.on(app.activate_totp))), name="mfa_activate_totp"),
    path("totp/deactivate/", proven_first(APP_OFF.on(app.deactivate_totp)), name="mfa_deactivate_totp"),
    path("webauthn/", key.list_webauthn, name="mfa_list_webauthn"),
    path("webauthn/add/", proven_by_mail(confirmed_first(key.add_webauthn)), name="mfa_add_webauthn"),
    path("webauthn/reauthenticate/", CONFIRM_AGAIN.on(key.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path(
        "webauthn/keys/<int:pk>/remove/", confirmed_first(KEY_OFF.on(key.remove_webauthn)), name="mfa_remove_webauthn"
    ),
    path("recovery-codes/", proven_first(showing_noted(codes.view_recovery_codes)), name="mfa_view_recovery_codes"),
    path(
        "recovery-codes/generate/",
        confirmed_first(NEW_CODES.on(codes.generate_recovery_codes)),
        name="mfa_generate_recovery_codes",
    ),
    path("recovery-codes/download/", proven_first(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
]

kernel = (
    [
        path("", views.start, name="start"),
        path("health/live", views.live, name="live"),
        path("health/ready", views.ready, name="ready"),
        path(".well-known/security.txt", views.security_txt, name="security-txt"),
        path("konto/zweiter-faktor/fehlt/", factor_views.factor, name="factor"),
        path("konto/zweiter-faktor/postfach/", factor_views.prove_mail, name="prove-mail"),
        path("vorfuehrung/mail/", views.demo_mail, name="demo-mail"),
        path("vorfuehrung/code/", views.demo_code, name="demo-code"),
        path("verwaltung/auftraege/", views.jobs, name="jobs"),
        path("verwaltung/auftraege/<int:pk>/erneut", views.retry_message, name="retry-message"),
        path("verwaltung/auftraege/<int:pk>/erledigt", views.dismiss_message, name="dismiss-message"),
        path("pruefung/", audit_views.audit_trail, name="audit"),
        path("pruefung/aenderungen.<slug:kind>", audit_views.download_trail, name="audit-download"),
        path("pruefung/anmeldungen/", audit_views.sign_ins, name="sign-ins"),
        path("pruefung/anmeldungen.<slug:kind>", audit_views.download_sign_ins, name="sign-ins-download"),
        path("pruefung/loeschlaeufe/", audit_views.erasure_runs, name="erasure-runs"),
        path("seite/<slug:name>/", page_views.page, name="page"),
        path("verwaltung/seiten/", page_views.pages, name="pages"),
        path("verwaltung/seiten/<slug:name>/", page_views.edit_page, name="page-edit"),
        path("verwaltung/seiten/<slug:name>/fassungen/", page_views.page_versions, name="page-versions"),
        path("verwaltung/seiten/<slug:name>/fassungen/<int:number>/", page_views.page_version, name="page-version"),
        path("konto/geraete/", account_views.devices, name="devices"),
        path("konto/geraete/abmelden", account_views.end_other_devices, name="devices-end"),
        path("konto/geraete/<int:pk>/abmelden", account_views.end_device, name="device-end"),
        path("barriere-melden/", barrier_views.report_barrier, name="barrier-report"),
        path("barriere-melden/danke/", barrier_views.barrier_reported, name="barrier-reported"),
        path("verwaltung/barrieren/", barrier_views.reported_barriers, name="barriers"),
        path("verwaltung/barrieren/<int:pk>/", barrier_views.answer_barrier, name="barrier"),
        path("verwaltung/barrieren/<int:pk>/kein-anliegen/", barrier_views.set_barrier_aside, name="barrier-aside"),
    ],
    "kok",
)

# Only these see what fails outside of views too.
handler400 = "kok.outage.bad_request"
handler403 = "kok.account_views.refused"
handler404 = "kok.account_views.not_found"
handler429 = "kok.troubles.too_many"
handler500 = "kok.outage.server_error"

urlpatterns = [
    path("", include(kernel)),
    path("konto/", include(accounts)),
    path("konto/adresse/", include("members.urls.address")),
    path("konto/rollen/", include("members.urls.own")),
    path("konto/zweiter-faktor/", include(second_factor)),
    path("verwaltung/konten/", include("members.urls.administration")),
    path("verwaltung/barrieren/stelle/", include("members.urls.barriers")),
    path("pruefung/zugriffe/", include("transitions.urls.log")),
    path("<slug:agreement>/", include("reporting.urls")),
    path("<slug:agreement>/", include("members.urls")),
    path("<slug:agreement>/", include("meetings.urls")),
    path("<slug:agreement>/", include("transitions.urls")),
]
