"""Asking for acts upon one thing: hide, show again, delete, ban. The gate alone says what leaves, and when."""

from collections.abc import Collection
from uuid import UUID

from django.utils import timezone

from clients.autonomy.vocabulary import ActionKind
from clients.channels.media import clean_picture
from clients.items.life import ItemState
from clients.moderation.access import access_case, access_subject, require_moderation
from clients.moderation.models import Act, Case
from clients.moderation.queries import UNDER_WAY
from clients.moderation.rules import UNHIDE, checked_words, require_askable
from clients.moderation.steps import (
    SLOWLY,
    SOON,
    ask_for,
    case_about,
    cite,
    reckon,
    rule_cited,
    standing_now,
)
from clients.moderation.subjects import channel_of, takes
from clients.outbox.registry import Later
from clients.people.access import require_process
from clients.people.actor import Actor
from tenants.walls.scope import durable

LEAVES = frozenset({ItemState.CLEARED, ItemState.SENDING})


def ask_acts(
    actor: Actor,
    *,
    acts: Collection[str],
    rule: str,
    why: str = "",
    mention_id: UUID | None = None,
    turn_id: UUID | None = None,
    picture: bytes = b"",
    declared: str = "",
) -> list[Act]:
    """One or more acts upon a mention or a turn, by one house rule; what is hidden now may be deleted with the same press.

    `picture`: what the thing showed, where somebody kept it. Raises Missing('mention' | 'turn'), Refused('not_allowed'),
    Invalid('unknown_rule', 'rule'), Invalid('media_...', 'media'), Conflict('nothing_to_moderate') and what
    `rules.require_askable` does.
    """
    require_moderation(actor)
    words = checked_words(why, "why", needed=False)
    cleaned = clean_picture(picture, declared) if picture else None
    with durable(actor.brand):
        subject = access_subject(actor, mention_id=mention_id, turn_id=turn_id)
        cited = rule_cited(actor, rule)
        case = case_about(actor, subject, cited, cleaned)
        reckon(actor, case)
        possible = takes(channel_of(case.channel), case.target, case.handle)
        wanted: list[ActionKind] = [ActionKind(act) for act in acts if act in set(ActionKind)]
        ordered = require_askable(wanted, standing_now(case), possible, urgent=bool(cited.urgent))
        cite(case, cited)
        return [ask_for(actor, case, act, rule=str(cited.number), why=words) for act in ordered]


def show_again(actor: Actor, *, case_id: UUID, why: str = "") -> Act:
    """What was hidden is shown again. It cites no rule. Raises Missing('case'), Conflict as `rules.require_askable`."""
    require_moderation(actor)
    words = checked_words(why, "why", needed=False)
    with durable(actor.brand):
        return unhide_locked(actor, access_case(actor, case_id, lock=True), words)


def unhide_locked(actor: Actor, case: Case, why: str) -> Act:
    """The same for a locked case. Needs an open transaction."""
    reckon(actor, case)
    possible = takes(channel_of(case.channel), case.target, case.handle)
    require_askable([UNHIDE], standing_now(case), possible, urgent=False)
    return ask_for(actor, case, UNHIDE, rule="", why=why)


def follow_act(actor: Actor, *, act_id: UUID) -> None:
    """For a worker: whether an act has left, and how its case stands then. Raises Refused('not_allowed'), `Later`."""
    require_process(actor)
    with durable(actor.brand):
        case = Case.objects.select_for_update(of=("self",)).filter(acts=act_id).first()
        if case is None:
            return
        reckon(actor, case)
        state = Act.objects.values_list("item__state", flat=True).get(pk=act_id)
    if state in UNDER_WAY or state == ItemState.FAILED:
        raise Later(timezone.now() + (SOON if state in LEAVES else SLOWLY))
