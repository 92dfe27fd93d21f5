"""Demo data for a machine of one's own: an agency, three brands, their people, and a day's work. Says the logins."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.demo import LOGINS, PASSWORD, make_demo


class Command(BaseCommand):
    help = "Make the demo agency and brands where they are not there yet (never in production)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("demo: not in production: it makes people whose password everybody knows.")
        make_demo()
        self.stdout.write(f"Mot de passe / password: {PASSWORD}")
        for address, who in LOGINS:
            self.stdout.write(f"  {address:<28} {who}")
