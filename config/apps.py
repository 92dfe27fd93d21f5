"""The app `config` exists for its system checks and its commands; it has no tables."""

from django.apps import AppConfig


class Config(AppConfig):
    """Registers the checks of the environment, and makes our Celery application the one that tasks belong to."""

    name = "config"
    verbose_name = "Relais"

    def ready(self) -> None:
        """Importing the modules is all there is to do, but for the words: two doors, and one set of sentences for both."""
        from api import problems
        from api.resources import webhooks
        from config import celery, checks  # noqa: F401
        from portal.wording import error_sentence

        problems.say_with(error_sentence)
        webhooks.register()
