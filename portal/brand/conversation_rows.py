"""Conversations ready to draw, a page of them in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.channels.queries import channels_of_brand
from clients.conversations.queries import labels_on, next_due
from clients.conversations.rules import DUE_SOON
from clients.custody.models import Conversation, Offer
from clients.custody.queries import open_offers
from clients.people.actor import Actor
from clients.people.queries import people_of_brand
from portal.brand.inbox_rows import headed
from portal.brand.rows import sensitivity_word
from portal.times import when
from portal.wording import SIDES, Badge, badge, word
from portal.wording.conversations import DUE, MEDIUMS, STATES


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """One line of the inbox of conversations."""

    id: UUID
    url: str
    step_url: str
    title: str
    state: Badge
    is_open: bool
    sensitivity: str
    by: str
    where: str
    language: str
    said: str
    holder: str
    mine: bool
    my_side: bool
    since: str
    locked: bool
    offered: str
    until: str
    labels: tuple[str, ...]
    due: Badge | None


@dataclass(frozen=True, slots=True)
class Around:
    """What a page of conversations needs besides them, asked for once."""

    names: dict[UUID, str] = field(default_factory=dict)
    channels: dict[UUID, str] = field(default_factory=dict)
    labels: dict[UUID, tuple[str, ...]] = field(default_factory=dict)
    offers: dict[UUID, Offer] = field(default_factory=dict)
    due: dict[UUID, datetime] = field(default_factory=dict)


def conversation_rows(actor: Actor, found: Sequence[Conversation]) -> list[ConversationRow]:
    around = around_of([one.pk for one in found])
    return [_row(actor, one, around) for one in found]


def around_of(ids: Sequence[UUID]) -> Around:
    return Around(
        names={person.person_id: person.name for person in people_of_brand()},
        channels=dict(channels_of_brand(revoked=True).values_list("pk", "name")),
        labels={pk: tuple(label.name for label in some) for pk, some in labels_on(ids).items()},
        offers=open_offers(ids),
        due=next_due(ids),
    )


def held_by(names: dict[UUID, str], side: str, person: UUID | None, team: str) -> str:
    """A side, and within it a person or a team."""
    whole = word(SIDES, side)
    if person:
        return f"{names.get(person, _('somebody'))} · {whole}"
    return f"{team} · {whole}" if team else whole


def talked_with(conversation: Conversation) -> str:
    """Whom one talks with. A name that turns the direction of writing turns it for itself alone (U+2068, U+2069)."""
    name = conversation.member_name or conversation.handle
    return f"\u2068{name}\u2069" if name else _("somebody")


def where_of(conversation: Conversation, channels: dict[UUID, str]) -> str:
    name = channels.get(conversation.channel, "") if conversation.channel else ""
    how = word(MEDIUMS, conversation.medium)
    return f"{how} · {name}" if name else how


def _row(actor: Actor, one: Conversation, around: Around) -> ConversationRow:
    offer = around.offers.get(one.pk)
    return ConversationRow(
        id=one.pk,
        url=reverse("conversation", args=[one.pk]),
        step_url=reverse("conversation_step", args=[one.pk]),
        title=headed(one.title, ""),
        state=badge(STATES, one.state),
        is_open=one.state != "closed",
        sensitivity=sensitivity_word(one.sensitivity),
        by=talked_with(one),
        where=where_of(one, around.channels),
        language=one.language,
        said=when(one.last_said_at),
        holder=held_by(around.names, one.holder_side, one.holder_person, one.holder_team),
        mine=one.holder_person == actor.person_id,
        my_side=one.holder_side == actor.side,
        since=when(one.held_since),
        locked=one.locked,
        offered=held_by(around.names, offer.to_side, offer.to_person, offer.to_team) if offer else "",
        until=when(_ahead(one.until)),
        labels=around.labels.get(one.pk, ()),
        due=_due(around.due.get(one.pk)),
    )


def _due(moment: datetime | None) -> Badge | None:
    """Said only where it presses: what runs quietly needs no word."""
    now = timezone.now()
    if moment is None or moment > now + DUE_SOON:
        return None
    return badge(DUE, "late" if moment < now else "warned")


def _ahead(moment: datetime | None) -> datetime | None:
    return moment if moment and moment > timezone.now() else None
