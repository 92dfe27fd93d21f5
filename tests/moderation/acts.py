"""What each action of moderation is given, where every action's line in the log is looked at: (given, who may, who may not)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.moderation.actions import ask_acts, begin_raid, decide_calm, follow_act, record_appeal
from clients.moderation.models import Act
from clients.people.actor import process_of
from tenants.models import Membership
from tenants.vocabulary import Role
from tests.moderation.conftest import comment, manager, publish_rules, work
from tests.world import World

WORDS = "Un texte que le journal ne doit jamais contenir"
OWNER, AUDITOR, CM = Role.BRAND_OWNER, Role.AUDITOR, Role.COMMUNITY_MANAGER
Given = dict[str, Any]


def asked(world: World) -> Given:
    publish_rules(world)
    return {"mention_id": comment(world, WORDS).pk, "acts": ["hide"], "rule": "1", "why": WORDS}


def _hidden(world: World) -> Act:
    (act,) = ask_acts(manager(world), **asked(world))
    work(world)
    follow_act(process_of(world.brand, EntryPoint.WORKER, "moderation"), act_id=act.pk)
    return act


def hidden(world: World) -> Given:
    return {"case_id": _hidden(world).case_id}


def appealed(world: World) -> Given:
    to = world.people[OWNER].pk
    appeal = record_appeal(manager(world), case_id=_hidden(world).case_id, words=WORDS, to_person=to)
    return {"appeal_id": appeal.pk, "verdict": "undone", "answer": WORDS}


def left(world: World) -> Given:
    """An appeal whose addressee has left, and somebody else who may answer it."""
    appeal = record_appeal(
        manager(world), case_id=_hidden(world).case_id, words=WORDS, to_person=world.people[OWNER].pk
    )
    Membership.objects.filter(person=world.people[OWNER]).update(ended_at=timezone.now())
    return {"appeal_id": appeal.pk, "to_person": world.people[Role.AGENCY_MANAGER].pk}


def wave(world: World) -> Given:
    publish_rules(world)
    return {"mention_ids": [comment(world, WORDS).pk], "rule": "1", "why": WORDS}


def calm(world: World) -> Given:
    end = timezone.now() + timedelta(days=1)
    return {"kind": "slow", "reason": WORDS, "until": end, "mention_id": comment(world, WORDS).pk}


GIVEN: dict[str, tuple[Callable[[World], Given], Role, Role]] = {
    "ask_acts": (asked, OWNER, AUDITOR),
    "show_again": (hidden, OWNER, AUDITOR),
    "begin_telling": (lambda w: hidden(w) | {"text": WORDS}, CM, AUDITOR),
    "record_appeal": (lambda w: hidden(w) | {"words": WORDS, "to_person": w.people[OWNER].pk}, CM, AUDITOR),
    "decide_appeal": (appealed, OWNER, Role.BRAND_MANAGER),
    "give_appeal": (left, CM, AUDITOR),
    "begin_raid": (wave, CM, AUDITOR),
    "undo_raid": (lambda w: {"raid_id": begin_raid(w.cm, **wave(w)).pk}, CM, AUDITOR),
    "decide_calm": (calm, CM, AUDITOR),
    "end_calm": (lambda w: {"calm_id": decide_calm(w.cm, **calm(w)).pk}, OWNER, AUDITOR),
}
BY_THE_HOUSE = frozenset({"follow_act", "ask_cooled_again"})
"""Played in `tests.moderation`."""
