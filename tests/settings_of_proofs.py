"""The settings of processes that a proof starts: those of the tests, with its stand-ins and its broker."""

import os

from config.addresses import broker_address
from tests.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.stand_ins.StandIns"]  # noqa: F405
CELERY = {**CELERY, "broker_url": broker_address(os.environ.get("BROKER_URL", ""))}  # noqa: F405
