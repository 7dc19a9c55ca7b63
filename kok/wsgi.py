"""The door for gunicorn."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from kok.database.roles import WEB, not_the_role_of
from kok.frames import in_one_chunk

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kok.settings")

try:
    application = in_one_chunk(get_wsgi_application())
    wrong = not_the_role_of(WEB, settings.DATABASES["default"].get("USER", "")) if settings.PRODUCTION else ""
except ImproperlyConfigured as refused:
    wrong = str(refused)
if wrong:
    sys.stderr.write(f"{wrong}\n")
    sys.exit(4)  # gunicorn's "App failed to load": it ends instead of starting the worker again and again
