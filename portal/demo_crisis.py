"""For the demonstration: three weeks of numbers with a brand's rhythm, a rule, and a false alarm that people have dealt with."""

import random
from datetime import timedelta
from math import pi, sin

from django.utils import timezone

from clients.crisis.actions import (
    declare_crisis,
    end_crisis,
    set_crisis_rule,
    take_crisis,
    write_crisis_note,
    write_review,
)
from clients.crisis.rules import AlertKind
from clients.crisis.steps import Found, count_all, note_sources
from clients.disclosure.rules import InfoClass
from clients.people.actor import Actor
from tenants.vocabulary import Role
from tenants.walls.scope import durable

HOURS = 21 * 24
SHARED = InfoClass.SHARED


def make_crisis(actors: dict[Role, Actor]) -> None:
    """Made-up numbers; the words are those of people."""
    owner, manager, agency = (actors[r] for r in (Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.COMMUNITY_MANAGER))
    _numbers(owner)
    set_crisis_rule(owner, after=0, by_itself=[AlertKind.SLOW], call_minutes=20)
    crisis = declare_crisis(
        manager, text="Un client parle d’un corps étranger dans une brioche.", topic="hygiène", info_class=SHARED
    )
    take_crisis(manager, crisis_id=crisis.pk)
    write_crisis_note(agency, crisis_id=crisis.pk, text="Réponse d’attente publiée, rien d’autre ne part.")
    write_crisis_note(
        manager, crisis_id=crisis.pk, text="Fournil contrôlé : rien. On rappelle le client.", is_decision=True
    )
    end_crisis(owner, crisis_id=crisis.pk, text="Le client a retrouvé une coquille de noix.", info_class=SHARED)
    write_review(agency, crisis_id=crisis.pk, text="Appeler le fournil avant de répondre.")


def _numbers(actor: Actor) -> None:
    made, now, found = random.Random(11), timezone.now(), []  # noqa: S311 - made up, and no secret
    with durable(actor.brand):
        for back in range(HOURS, 0, -1):
            hour = now - timedelta(hours=back)
            local = timezone.localtime(hour)
            rate = 0.3 + 5 * max(0.0, sin(pi * (local.hour - 6) / 17)) * (0.5 if local.weekday() == 6 else 1.0)
            total = max(0, round(made.gauss(rate, rate**0.5)))
            found.append(Found(hour, (), total, sum(made.random() < 0.1 for _ in range(total))))
            note_sources(hour, 3, 0)
        count_all(found)
