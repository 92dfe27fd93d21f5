"""Telling the member which rule was cited: an item of its own, prepared here and let out by the gate like any answer."""

from uuid import UUID

from clients.audit.actions import record
from clients.autonomy.vocabulary import ActionKind
from clients.channels.models import Channel
from clients.items.content import Content
from clients.items.models import Item
from clients.items.steps import begin_item, check_shape
from clients.moderation.access import access_case, require_moderation
from clients.moderation.models import Case, Told
from clients.moderation.rules import CaseState, checked_words
from clients.moderation.subjects import channel_of
from clients.people.actor import Actor
from tenants.errors import Conflict
from tenants.walls.scope import durable


def way_of_telling(case: Case, channel: Channel | None) -> ActionKind | None:
    """To them alone where the network knows that; else under what they wrote, while it stands. None: not over this channel."""
    if channel is None or not channel.is_open:
        return None
    kinds = channel.capabilities.kinds
    if ActionKind.DIRECT_MESSAGE in kinds and case.handle:
        return ActionKind.DIRECT_MESSAGE
    there = case.target and case.state != CaseState.GONE
    return ActionKind.ANSWER if there and ActionKind.ANSWER in kinds else None


def begin_telling(actor: Actor, *, case_id: UUID, text: str) -> Item:
    """A draft to the member, in the words given. Raises Missing('case'), Refused('not_allowed'), Conflict('cannot_tell_there'),
    Invalid('words_missing' | 'too_long', 'text')."""
    require_moderation(actor)
    words = checked_words(text, "text", most=4_000)
    with durable(actor.brand):
        case = access_case(actor, case_id, lock=True)
        kind = way_of_telling(case, channel_of(case.channel))
        if kind is None:
            raise Conflict("cannot_tell_there")
        content = Content(
            kind=kind,
            channels=(str(case.channel),),
            text=words,
            recipient=case.handle if kind is ActionKind.DIRECT_MESSAGE else "",
            target=case.target if kind is ActionKind.ANSWER else "",
        )
        check_shape(content)
        item = begin_item(actor, content)
        Told.objects.create(case=case, item=item, kind=kind, by_person=actor.somebody)
        record(actor, "moderation.telling", case, item=str(item.pk), rule=case.rule)
        return item
