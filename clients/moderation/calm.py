"""What the gate asks: whether an act would speak where it was decided to let members talk, or to answer slowly.

A place is what the decision is about: one mention, or one conversation with all that was said in it; and a mention that is part
of a conversation stands for it all.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from clients.autonomy.calm import PACED
from clients.channels.queries import called_alike, spelt
from clients.custody.models import Conversation, Turn
from clients.custody.queries import turns_called
from clients.custody.rules import spellings
from clients.gate.calm import NO_CALM, Calmness, tells
from clients.gate.models import Dispatch
from clients.gate.words import DispatchState
from clients.items.content import Content
from clients.items.models import Item
from clients.moderation.models import Calm
from clients.moderation.queries import with_hosts
from clients.moderation.rules import SLOW_GAP, CalmKind

_OUT = (DispatchState.SENT, DispatchState.UNCERTAIN)


@tells
def calm_over(item: Item, content: Content, homes: Mapping[UUID, str]) -> Mapping[UUID, Calmness]:
    """By channel. One statement where nothing is let be in this brand."""
    now = timezone.now()
    calms = list(Calm.objects.filter(ended_at=None, until__gt=now).select_related("mention"))
    if not calms:
        return {}
    talks = _talks_of(calms)
    return {channel: _calmness(calms, talks, item, content, channel, home, now) for channel, home in homes.items()}


def _calmness(
    calms: Collection[Calm],
    talks: Mapping[UUID, set[UUID]],
    item: Item,
    content: Content,
    channel: UUID,
    home: str,
    now: datetime,
) -> Calmness:
    aimed = _aimed(content, channel, home)
    here = [calm for calm in calms if talks[calm.pk] & aimed or _about(calm, content, channel)]
    if any(calm.kind == CalmKind.LET_TALK for calm in here):
        return Calmness(let_talk=True)
    if not here or content.kind not in PACED:
        return NO_CALM
    last = _last_answer(item, channel, {content.target} - {""} | _said_in(channel, aimed), content.recipient, now)
    ends = max(calm.until for calm in here)
    return Calmness(slow_until=min(last + SLOW_GAP, ends)) if last else NO_CALM


def _about(calm: Calm, content: Content, channel: UUID) -> bool:
    mention = calm.mention
    if mention is None or mention.channel != channel:
        return False
    return called_alike(channel, mention.remote_id, content.target)


def _talks_of(calms: Collection[Calm]) -> dict[UUID, set[UUID]]:
    """The conversations that each decision is about, by itself or by a mention that was heard in them."""
    mentions = {calm.mention_id for calm in calms if calm.mention_id}
    heard = list(Turn.objects.filter(mention__in=mentions).values_list("mention", "conversation"))
    return {
        calm.pk: {calm.conversation_id}
        if calm.conversation_id
        else {talk for mention, talk in heard if mention == calm.mention_id}
        for calm in calms
    }


def _aimed(content: Content, channel: UUID, home: str) -> set[UUID]:
    """The conversations that an act would speak in: by what it answers, and by whom it goes to."""
    found = turns_called(channel, [content.target]) if content.target else Turn.objects.none()
    aimed = set(found.values_list("conversation", flat=True))
    if not aimed and content.recipient:
        called = Conversation.objects.filter(channel=channel, handle__in=spellings(content.recipient, home))
        aimed = set(called.values_list("pk", flat=True))
    return with_hosts(aimed)


def _said_in(channel: UUID, talks: Collection[UUID]) -> set[str]:
    said = Turn.objects.filter(conversation__in=talks, channel=channel).exclude(remote_id="")
    return set(said.values_list("remote_id", flat=True))


def _last_answer(item: Item, channel: UUID, targets: Collection[str], recipient: str, now: datetime) -> datetime | None:
    """When something of ours left for this place last, if that is near enough to matter."""
    aims = Q(version__content__target__in=sorted(spelt(channel, targets)))
    aims |= Q(version__content__recipient=recipient) if recipient else Q()
    lately = Dispatch.objects.filter(aims, channel_id=channel, state__in=_OUT, ended_at__gt=now - SLOW_GAP)
    ours = lately.filter(item__kind__in=sorted(PACED)).exclude(item=item)
    return ours.order_by("-ended_at").values_list("ended_at", flat=True).first()
