"""The door for gunicorn. A wrong environment stops the start here with the words of the system checks."""

import os
import sys

from django.core.management.base import SystemCheckError
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from config.checks import stop_when_wrong

# What gunicorn understands as "this application cannot be loaded": any other status makes it try for ever.
GIVE_UP = 4

try:
    stop_when_wrong()
except SystemCheckError as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(GIVE_UP)

application = get_wsgi_application()
