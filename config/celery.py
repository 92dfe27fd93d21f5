"""The Celery application. Its tasks carry the brand they act in (`tenants.tasks`); JSON is the only thing it reads."""

import os

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("relais")
app.conf.update(settings.CELERY)
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logging(**_facts: object) -> None:
    """Celery replaces the logging it finds unless somebody answers this signal; Django's LOGGING is already in place."""
