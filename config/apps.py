"""The app `config` exists for its system checks and its commands; it has no tables."""

from django.apps import AppConfig


class Config(AppConfig):
    """Registers the checks of the environment."""

    name = "config"
    verbose_name = "Relais"

    def ready(self) -> None:
        """Importing the module registers its checks."""
        from config import checks  # noqa: F401
