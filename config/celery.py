"""The Celery application. Its tasks carry the brand they act in (`tenants.tasks`); JSON is the only thing it reads."""

import os
import sys

from celery import Celery
from celery.signals import celeryd_init, setup_logging
from django.conf import settings
from django.core.management.base import SystemCheckError

from config.lost_lines import expect_lost_lines

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

expect_lost_lines()
app = Celery("relais")
app.conf.update(settings.CELERY)
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logging(**_facts: object) -> None:
    """Celery replaces the logging it finds unless somebody answers this signal; Django's LOGGING is already in place."""


@celeryd_init.connect
def stop_when_wrong(**_facts: object) -> None:
    """A wrong environment stops the start of a worker with the words of the system checks.

    Celery swallows errors in signals, but not the wish to exit.
    """
    from config import checks  # not at import: this module is loaded while the apps are

    try:
        checks.stop_when_wrong()
    except SystemCheckError as error:
        sys.exit(str(error))
