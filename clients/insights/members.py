"""Who may be told what came of an insight: per voice its member, whether they still wait for an answer, and what they allow."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q

from clients.community.models import Member
from clients.conversations.queries import conversations_of_mentions
from clients.custody.models import Conversation, Turn
from clients.custody.rules import TurnKind, Voice, plain_handle
from clients.insights.models import Closing, Insight, InsightSource
from clients.insights.queries import closings_of, sources_of
from clients.insights.rules import why_not_told
from clients.items.life import ItemState
from clients.items.models import Item

LOST = frozenset({ItemState.WITHDRAWN})
"""What such an item said, nobody heard and nobody will."""


@dataclass(frozen=True, slots=True)
class Tellable:
    """One voice under an insight. `why_not`: the code of the refusal; '' where its author may be told.

    `who` is the same for the same member, whichever way they spoke; None for whom nobody knows.
    """

    source: InsightSource
    conversation: Conversation | None
    who: str | None
    item: Item | None
    why_not: str


def tellables(insight: Insight) -> list[Tellable]:
    """Every voice under it. The same number of queries however many there are."""
    sources = list(sources_of(insight))
    talks = _talks(sources)
    told = _told(closings_of(insight))
    answered = _answered({talk.pk for talk in talks.values()})
    consents = _consents(talks.values())
    heard = {who for one in sources if one.pk in told and (who := _who(one, talks.get(one.pk)))}
    found = []
    for one in sources:
        talk, item = talks.get(one.pk), told.get(one.pk)
        who = _who(one, talk)
        consent = consents.get(talk.member, "") if talk and talk.member else ""
        why = why_not_told(answered=bool(talk and talk.pk in answered), consent=consent, wants_word=one.wants_word)
        twice = "already_told" if item else "told_elsewhere" if who in heard else ""
        found.append(Tellable(one, talk, who, item, twice or why))
    return found


def _talks(sources: Sequence[InsightSource]) -> dict[UUID, Conversation]:
    """By voice: its conversation as it is now, where there is one."""
    by_mention = conversations_of_mentions([one.mention_id for one in sources if one.mention_id])
    rows = Conversation.objects.select_related("merged_into").filter(pk__in=list(by_mention.values()))
    known = {row.pk: row for row in rows}
    found = {}
    for one in sources:
        talk = one.conversation or (known.get(by_mention[one.mention_id]) if one.mention_id in by_mention else None)
        if talk is not None:
            found[one.pk] = talk.merged_into or talk
    return found


def _told(closings: Collection[Closing]) -> dict[UUID, Item]:
    """By voice: the item that tells, but for those that nobody heard."""
    return {one.source_id: one.item for one in closings if one.item.state not in LOST}


def _answered(ids: Collection[UUID]) -> set[UUID]:
    """Conversations in which we answered after the member had spoken last."""
    parts = Q(conversation__in=ids) | Q(conversation__merged_into__in=ids)
    turns = Turn.objects.filter(parts).order_by().values_list("conversation", "conversation__merged_into")
    theirs = turns.annotate(
        said=Max("at", filter=Q(voice=Voice.MEMBER)),
        ours=Max("at", filter=~Q(voice=Voice.MEMBER) & Q(kind=TurnKind.ANSWER)),
    )
    said: dict[UUID, datetime] = {}
    ours: dict[UUID, datetime] = {}
    for own, into, member, answer in theirs:
        for moments, moment in ((said, member), (ours, answer)):
            talk = into or own
            if moment is not None:
                moments[talk] = max(moment, moments.get(talk, moment))
    return {talk for talk, moment in ours.items() if talk not in said or moment >= said[talk]}


def _consents(talks: Collection[Conversation]) -> dict[UUID, str]:
    wanted = {talk.member for talk in talks if talk.member}
    return dict(Member.objects.filter(pk__in=wanted).values_list("pk", "consent"))


def _who(source: InsightSource, talk: Conversation | None) -> str | None:
    if talk is not None:
        return str(talk.member) if talk.member else f"{talk.channel}:{talk.handle}" if talk.handle else None
    mention = source.mention
    return f"{mention.channel}:{plain_handle(mention.author_handle)}" if mention and mention.author_handle else None
