"""The settings of the test run: the ones of the product in the mode `test`, with a quick password hasher."""

import os

os.environ["MODE"] = "test"

from config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False
CELERY = {**CELERY, "task_always_eager": False, "broker_url": "memory://"}  # noqa: F405

# Django's test client puts the key of a session that it makes into the cookie; tests of config.sessions name the product's own.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
_STOCK = {"config.sessions.SessionMiddleware": "django.contrib.sessions.middleware.SessionMiddleware"}
MIDDLEWARE = [_STOCK.get(name, name) for name in MIDDLEWARE]  # noqa: F405

# Readings through a key are written at once, and no key is slowed down: tests of either say so themselves.
API_LEDGER_SECONDS = 0
API_REQUESTS_A_MINUTE = 0
