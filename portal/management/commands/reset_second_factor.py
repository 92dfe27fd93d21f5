"""`manage.py reset_second_factor <address> --because "..."`: a lost second factor is taken away, and everybody concerned is told.

The last way, after recovery codes: docs/recipes/a-lost-second-factor.md says how an operator makes sure of whom they speak with.
"""

from argparse import ArgumentParser
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from clients.autonomy.vocabulary import EntryPoint
from clients.people.actions import tell_factor_taken
from clients.people.actor import process_of
from portal.links import hub_url
from portal.mail import Delivery, Letter, post
from tenants.ending import end_sessions
from tenants.hub_log import note
from tenants.models import Person
from tenants.pointers import places_of
from tenants.walls.scope import hub_scope

LEAST = 10


class Command(BaseCommand):
    help = "Take a person's second factors away, end their sessions, write it down in every brand of theirs, and tell them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", help="the person's e-mail address")
        parser.add_argument("--because", required=True, help="how you made sure that it is them: the brands read it")

    def handle(self, *args: Any, **options: Any) -> None:
        because = options["because"].strip()
        if len(because) < LEAST:
            raise CommandError("--because: say how you made sure that it is them")
        person = Person.objects.filter(email=options["address"].strip().lower(), is_active=True).first()
        if person is None:
            raise CommandError(f"nobody has the address {options['address']}")
        # The brands first: what they are not told does not happen.
        for place in places_of(person.pk):
            told = process_of(place.brand, EntryPoint.COMMAND, "reset_second_factor")
            tell_factor_taken(actor=told, person_id=person.pk, because=because)
        taken = _take_away(person)
        ended = end_sessions(person, why="factor_reset")
        if _tell(person) is not Delivery.DELIVERED:
            self.stderr.write("The letter could not be handed to the mail server: tell them yourself.")
        self.stdout.write(f"{person.email}: {taken} second factors taken away, {ended} sessions ended")


def _take_away(person: Person) -> int:
    with hub_scope():
        kinds = sorted(Authenticator.objects.filter(user=person).values_list("type", flat=True))
        Authenticator.objects.filter(user=person).delete()
        note("factor_reset", person_id=person.pk, factors=kinds, why="command")
    return len(kinds)


def _tell(person: Person) -> Delivery:
    with translation.override(person.language):
        letter = Letter(
            _("Your second factor was taken away"),
            (
                _("An operator of this installation has removed your second factors and ended all your sessions."),
                _(
                    "If you asked for it, sign in and set up a new one. If you did not, answer whoever runs Relais at once."
                ),
            ),
            _("Set up a second factor"),
            hub_url("mfa_index"),
        )
        return post(letter, person.email, person.language)
