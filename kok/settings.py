"""One settings file. Values come from the environment; importing it starts nothing."""

import os
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from kok import configuration
from kok.database import roles

BASE_DIR = Path(__file__).resolve().parent.parent
if wrong := configuration.problems(os.environ):
    raise ImproperlyConfigured("\n".join(wrong))
env = environ.Env()
env.escape_proxy = True  # a value that begins with $, a password perhaps, is not the name of another variable
env.ENVIRON = {name: value.replace("$", r"\$") for name, value in configuration.given(os.environ).items()}

KOK_MODE = env.str("KOK_MODE", default="demo")
PRODUCTION = KOK_MODE == "production"
KOK_VAR = Path(env.str("KOK_VAR", default=str(BASE_DIR / "var"))).absolute()
KOK_NOW = env.str("KOK_NOW", default="")
KOK_NOW_SINCE = env.float("KOK_NOW_SINCE", default=0.0)  # set by the launcher, so that all processes agree
# What was erased, by number: kept beside the backups, because a restored one has forgotten it.
KOK_CHAIN_ENDS = Path(env.str("KOK_CHAIN_ENDS", default=str(KOK_VAR / "chain-ends"))).absolute()
KOK_ERASURE_LIST = Path(env.str("KOK_ERASURE_LIST", default=str(KOK_VAR / "erasures.jsonl"))).absolute()
KOK_PUBLIC_URL = env.str("KOK_PUBLIC_URL", default="http://localhost:8000").rstrip("/")
KOK_SECURITY_CONTACT = env.str("KOK_SECURITY_CONTACT", default="")  # stands in security.txt; without it there is none
KOK_FORMATS = env.str("KOK_FORMATS", default="")  # folder of formats that replace or add to the shipped ones
KOK_BUILD = BASE_DIR / "build"

SECRET_KEY = env.str("SECRET_KEY", default=configuration.DEVELOPMENT_SECRET)
DEBUG = False
# The machine itself always may: health checks ask 127.0.0.1.
ALLOWED_HOSTS = [*configuration.listed(env.str("ALLOWED_HOSTS", default="localhost,[::1]")), "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = configuration.listed(env.str("CSRF_TRUSTED_ORIGINS", default=""))

# What is sealed in the database opens with these keys only: the newest first, made by `manage.py case_key`.
CASE_KEYS = configuration.listed(env.str("CASE_KEYS", default=""))
FACTOR_KEYS = configuration.listed(env.str("FACTOR_KEYS", default=""))  # of the second factors, in the same way
CASE_LOG_KEY = env.str("CASE_LOG_KEY", default="")
CASE_NAME_KEY = env.str("CASE_NAME_KEY", default="")  # recognises names and opens nothing

INSTALLED_APPS = [
    "kok",  # first, so that its words for forms are there before any form is
    "reporting",
    "meetings",
    "transitions",
    "members",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "django_htmx",
    "csp",
    "django_linear_migrations",
]

MIDDLEWARE = [
    "kok.middleware.health_checks",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kok.middleware.ByItself",
    "csp.middleware.CSPMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kok.same_browser.hand_over",
    "kok.middleware.no_store",
    "kok.middleware.braked",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kok.middleware.InWords",
    "kok.middleware.ReadOnlyGet",
]

ROOT_URLCONF = "kok.urls"
WSGI_APPLICATION = "kok.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["kok.template_lines.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kok.navigation.navigation",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Without DATABASE_URL the launcher in manage.py and bin/* starts the embedded server and sets the variable. Whoever
# starts without either reaches no database, rather than one that happens to bear this name.
DATABASES = {"default": env.db_url("DATABASE_URL", default="postgresql:///kok?host=/nirgends")}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)  # then people read "gleich wieder da"
# A machine that loses power says no goodbye. After a minute its turns (kok.turns) are free again, not after two hours.
# What DATABASE_URL says wins, and sockets of the own machine need none of it.
DATABASES["default"]["OPTIONS"]["options"] = " ".join(
    [
        "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3",
        roles.options_of(DATABASES["default"].get("USER", "")),
        DATABASES["default"]["OPTIONS"].get("options", ""),
    ]
).strip()
DATABASES["default"]["CONN_MAX_AGE"] = 600
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Nothing is kept in a cache: Django's unpickle what they find. Attempts and used codes are counted by kok.throttle.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

KOK_PULSE_SECONDS = 60  # how often worker and beat give a sign of life; three missing ones are silence

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=REDIS_URL)

AUTH_USER_MODEL = "kok.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "kok.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "kok.passwords.NotCommon"},
    {"NAME": "kok.passwords.NotLikeTheAccount"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "kok.accounts.ClosedSignup"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "kok.password_links.LinkKeys"  # noqa: S105  a class
ACCOUNT_FORMS = {
    "login": "kok.accounts.SignIn",
    "change_password": "kok.account_forms.ChangePassword",
    "reset_password": "kok.account_forms.ResetPassword",
    "reset_password_from_key": "kok.account_forms.NewPassword",
    "set_password": "kok.account_forms.FirstPassword",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_UNIQUE_EMAIL = False  # a mailbox of an office may serve two accounts
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
PASSWORD_RESET_TIMEOUT = 7 * 24 * 60 * 60  # an invited person may be on leave
KOK_RESET_LINK_SECONDS = 24 * 60 * 60  # who has a password sits before the page when he asks for another
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False  # kok.throttle counts, in forms and adapter of our own
MFA_ADAPTER = "kok.accounts.SecondFactor"
MFA_FORMS = {
    "authenticate": "kok.account_forms.Authenticate",
    "reauthenticate": "kok.account_forms.Reauthenticate",
    "activate_totp": "kok.account_forms.NewApp",
    "add_webauthn": "kok.factor_forms.NewKey",
    "authenticate_webauthn": "kok.factor_forms.KeyAtSignIn",
    "reauthenticate_webauthn": "kok.factor_forms.KeyAgain",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True  # whoever comes later sees how many are left, not which
MFA_TOTP_ISSUER = "Kooperationskonferenz"

# Uploads stay in memory: a file with names must never lie on a disk, not for a moment. What is larger does not arrive.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
# 20 MB of figures with what the form adds; every form says its own limit, and `kok.sheets` holds it.
FILE_UPLOAD_MAX_MEMORY_SIZE = 20_500_000

CSRF_FAILURE_VIEW = "kok.troubles.open_too_long"
SESSION_ENGINE = "kok.sessions"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
# For this host only: what other names below it do, and a list in browsers, is for the owner of the domain to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # else all share the address of the proxy, and one guesser locks out everybody

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "font-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "de"
USE_I18N = True  # Django's and allauth's own messages in German; our text is literal
TIME_ZONE = "Europe/Berlin"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = KOK_BUILD / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("kern", BASE_DIR / "node_modules" / "@kern-ux" / "native" / "dist"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "kern"

KOK_MAIL_IN_FILES = not env.str("EMAIL_URL", default="")  # which a page for demo use shows
if not KOK_MAIL_IN_FILES:
    globals().update(env.email_url("EMAIL_URL"))
    if globals()["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
        EMAIL_BACKEND = "kok.mail_server.Backend"  # the same, with patience
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(KOK_VAR / "mail")
EMAIL_TIMEOUT = 20  # seconds; for the answer to a message see kok/mail_server.py
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Kooperationskonferenz <kok@example.org>")

LOGGING_CONFIG = "kok.logs.configure"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "kok.logs.Plain"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "multiprocessing": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        **{name: {"level": "ERROR"} for name in ("fontTools", "py.warnings", "weasyprint")},  # they quote documents
    },
}
