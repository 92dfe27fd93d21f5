"""The settings of the test run: the ones of the product in the mode `test`, with a quick password hasher."""

import os

os.environ["MODE"] = "test"

from config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False
CELERY = {**CELERY, "task_always_eager": False, "broker_url": "memory://"}  # noqa: F405
