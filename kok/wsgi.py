"""The door for gunicorn."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kok.settings")

try:
    application = get_wsgi_application()
except ImproperlyConfigured as refused:
    sys.stderr.write(f"{refused}\n")
    sys.exit(4)  # gunicorn's "App failed to load": it ends instead of starting the worker again and again
