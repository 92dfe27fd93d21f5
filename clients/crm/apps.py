"""Customer systems as a Django application of the brand's schema."""

from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "clients.crm"
    label = "crm"

    def ready(self) -> None:
        """What is looked after once a day, and what follows the class of another row."""
        from clients.crm import tasks  # noqa: F401
        from clients.crm.steps.copies import follow
        from clients.disclosure.steps import followed_by

        followed_by(follow)
