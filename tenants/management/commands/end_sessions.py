"""`manage.py end_sessions <address>`: a person is signed out everywhere; `--all`: everybody is."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.ending import end_all_sessions, end_sessions
from tenants.models import Person


class Command(BaseCommand):
    help = "Sign one person, or everybody, out of every browser. Nobody's places, passwords or second factors change."

    def add_arguments(self, parser: ArgumentParser) -> None:
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("address", nargs="?", help="the person's e-mail address")
        who.add_argument("--all", action="store_true", help="everybody")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["all"]:
            self.stdout.write(f"{end_all_sessions(why='command')} sessions ended, of everybody")
            return
        person = Person.objects.filter(email=options["address"].strip().lower()).first()
        if person is None:
            raise CommandError(f"nobody has the address {options['address']}")
        self.stdout.write(f"{end_sessions(person, why='command')} sessions of {person.email} ended")
