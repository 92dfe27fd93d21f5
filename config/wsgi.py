"""The door for gunicorn. A wrong environment stops the start here with the words of the system checks."""

import os
import sys

from django.core.management.base import SystemCheckError
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from config.checks import stop_when_wrong

try:
    stop_when_wrong()
except SystemCheckError as error:
    sys.exit(str(error))

application = get_wsgi_application()
