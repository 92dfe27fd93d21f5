"""Who holds what, what happened to it, what waits for whom, and who stands in for whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from clients.channels.models import Channel
from clients.channels.naming import tail_of
from clients.channels.queries import kinds_by_tail
from clients.custody.models import TAIL, Conversation, Holding, Offer, StandIn, Turn
from clients.custody.rules import CHANGES_HANDS, GIVES, Asker, Holder, Situation, State, Step, spellings
from clients.disclosure.rules import InfoClass, may_read, strictness
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from tenants.models import BrandPerson
from tenants.vocabulary import Role, Side

# What an act is aimed at, by the turn it answers: a split repeats turns in the conversation they went to, so the last holds.
_BY_TARGET = """
    SELECT held.id, said.channel, held.holder_side, held.merged_into_id, ARRAY[own.handle, held.handle]
    FROM custody_turn said
    JOIN custody_conversation own ON own.id = said.conversation_id
    JOIN custody_conversation held ON held.id = COALESCE(own.merged_into_id, own.id)
    WHERE said.id IN (
        SELECT id FROM custody_turn
        WHERE (channel, remote_id) IN (SELECT * FROM unnest(%(channels)s::uuid[], %(names)s::text[]))
        UNION ALL
        SELECT one.id FROM unnest(%(channels)s::uuid[], %(names)s::text[]) AS aim(channel, name)
        JOIN channels_channel there ON there.id = aim.channel AND there.kind = ANY(%(by_tail)s)
        JOIN custody_turn one ON one.channel = aim.channel AND one.remote_id <> ''
            AND split_part(one.remote_id, '_', -1) = split_part(aim.name, '_', -1)
    )
      AND NOT EXISTS (SELECT FROM custody_turn again WHERE again.of_id = said.id)
"""
# ... and by whom it goes to: what is going on with them there.
_BY_HANDLE = """
    SELECT held.id, own.channel, held.holder_side, held.merged_into_id, ARRAY[own.handle]
    FROM custody_conversation own
    JOIN custody_conversation held ON held.id = COALESCE(own.merged_into_id, own.id)
    WHERE (own.channel, own.handle) IN (SELECT * FROM unnest(%(channels)s::uuid[], %(names)s::text[])) AND held.state <> 'closed'
"""
# INVARIANT: in the order in which a merge locks the two, or each would wait for the other.
_KEPT = " ORDER BY held.id FOR KEY SHARE OF held"


@dataclass(frozen=True, slots=True)
class Held:
    """A conversation that an act would speak in, the side that holds it, and what the member is called there."""

    conversation: UUID
    channel: UUID
    side: Side
    handles: frozenset[str] = field(default=frozenset(), compare=False)


def holder_for(channel: UUID, target: str, recipient: str) -> Held | None:
    """Who holds the conversation that an act on this channel would speak in; None where there is none.

    `target`: the remote id of what it answers; `recipient`: the handle it goes to, as the channel calls it.
    """
    aimed, going = held_where({channel: ""}, target, recipient)
    return next(iter([*aimed, *going]), None)


def held_where(
    homes: Mapping[UUID, str], target: str, recipient: str, *, lock: bool = False
) -> tuple[list[Held], list[Held]]:
    """The same on several channels: by what the act is aimed at, and by whom it goes to. One query for each that is named.

    `homes`: of each channel the host whose members are called there with or without it (`rules.spellings`), '' for none.
    INVARIANT: what an act is aimed at tells whom it reaches only where that very member speaks in it: some networks send by
    the one, some by the other. So the second is spared where the first found the recipient's own conversation, else never.
    `lock`: until the transaction ends nobody else comes to hold them (`access.lock_to_move` waits), and what is read is what
    stands once the lock is there. What is said, read and noted meanwhile does not wait.
    """
    called = {channel: spellings(recipient, home) for channel, home in homes.items()}
    aimed = _held(_BY_TARGET, [(channel, target) for channel in homes] if target else [], lock)
    theirs = {held.channel for held in aimed if called[held.channel] & held.handles}
    going = [(channel, handle) for channel in homes if channel not in theirs for handle in sorted(called[channel])]
    return aimed, _held(_BY_HANDLE, going, lock)


def _held(asked: str, aims: Sequence[tuple[UUID, str]], lock: bool) -> list[Held]:
    if not aims:
        return []
    with connection.cursor() as cursor:
        channels, names = (list(each) for each in zip(*aims, strict=True))
        aimed = {"channels": channels, "names": names, "by_tail": kinds_by_tail()}
        cursor.execute(asked + _KEPT if lock else asked, aimed)
        rows = cursor.fetchall()
    if any(merged for _, _, _, merged, _ in rows):  # while we waited for the lock
        return _held(asked, aims, lock)
    return [Held(pk, channel, Side(side), frozenset(handles)) for pk, channel, side, _, handles in rows]


def holder_of(conversation: Conversation) -> Holder:
    return Holder(Side(conversation.holder_side), conversation.holder_person, conversation.holder_team)


def standing_turns() -> QuerySet[Turn]:
    """What was said, each where it stands now: what was split off stands where it went, and no more where it was."""
    return Turn.objects.filter(~Exists(Turn.objects.filter(of=OuterRef("pk"))))


def turns_of(conversation: Conversation) -> QuerySet[Turn]:
    """All that was said, in order."""
    return Turn.objects.filter(conversation=conversation).order_by("number")


def turns_called(channel: UUID | None, remote_ids: Iterable[str]) -> QuerySet[Turn]:
    """What was said over a channel under one of these names, or under the other that its network has for the same thing."""
    names = {name for name in remote_ids if name}
    two = Exists(Channel.objects.filter(pk=channel or UUID(int=0), kind__in=kinds_by_tail()))
    tails = {tail_of(name) for name in names} - {""}
    called = Q(remote_id__in=names) | (Q(two) & Q(tail__in=tails))
    return Turn.objects.alias(tail=TAIL).filter(called, channel=channel).exclude(remote_id="")


def before_in_thread(channel: UUID, target: str) -> tuple[str, ...]:
    """Remote ids of what a message goes back to, by what each names as the one it answers: the first of the thread first."""
    aimed = turns_called(channel, [target]).order_by("-seen_at").first()
    if aimed is None:
        return ()
    said = Turn.objects.filter(conversation=aimed.conversation_id).exclude(remote_id="")
    before, chain, at = dict(said.values_list("remote_id", "in_reply_to")), list[str](), aimed.remote_id
    while (at := before.get(at, "")) and at not in chain and at != aimed.remote_id:
        chain.append(at)
    return tuple(reversed(chain))


def history(conversation: Conversation) -> QuerySet[Holding]:
    """All that happened to it, oldest first."""
    return Holding.objects.filter(conversation=conversation).order_by("number")


def open_offer(conversation: Conversation) -> Offer | None:
    return Offer.objects.filter(conversation=conversation, closed_at=None).first()


def open_offers(ids: Iterable[UUID]) -> dict[UUID, Offer]:
    """What is offered of these conversations, by conversation. One query."""
    return {offer.conversation_id: offer for offer in Offer.objects.filter(conversation__in=list(ids), closed_at=None)}


def readable_conversations(actor: Actor) -> QuerySet[Conversation]:
    """What `actor` may read: insiders by its class, everybody else just what was handed to them.

    The same answer as `access.access_conversation` gives for each.
    """
    if may(actor.role, Verb.CONVERSATION_READ):
        found: QuerySet[Conversation] = Conversation.objects.readable_by(actor)
        return found
    if not may(actor.role, Verb.CONVERSATION_HELD):
        return Conversation.objects.none()
    offered = Offer.objects.filter(to_person=actor.somebody, closed_at=None).values("conversation")
    mine = Q(holder_person=actor.somebody) | Q(pk__in=offered)
    plain: QuerySet[Conversation] = Conversation.objects.filter(mine, holder_side__in=list(Side))
    return plain.filter(info_class__in=[c for c in InfoClass if strictness(c) <= strictness(InfoClass.SHARED)])


def offered_to(actor: Actor, now: datetime) -> QuerySet[Offer]:
    """What waits for this person to accept or decline it, soonest deadline first: offered to them or to all of their side."""
    hands = {actor.somebody, *away_for(actor.somebody, now)}
    mine = Offer.objects.filter(closed_at=None, to_side=str(actor.side)).filter(
        Q(to_person=None) | Q(to_person__in=hands)
    )
    readable = readable_conversations(actor).values("pk")
    return mine.filter(conversation__in=readable).select_related("conversation").order_by("accept_by", "id")


def held_by(person: UUID, side: Side) -> QuerySet[Conversation]:
    """All that one person holds and that is not closed."""
    held: QuerySet[Conversation] = Conversation.objects.filter(holder_person=person, holder_side=side)
    return held.exclude(state=State.CLOSED).order_by("pk")


def situation_of(conversation: Conversation) -> Situation:
    """What the guards of `rules.WHO` ask about. Two queries."""
    rows, offer = _changes(conversation), open_offer(conversation)
    return Situation(
        holder=holder_of(conversation),
        locked=conversation.locked,
        agency_held=any(Side.AGENCY in {row.was_side, row.now_side} for row in rows),
        offered=Holder(Side(offer.to_side), offer.to_person, offer.to_team) if offer else None,
        given_by=_was(given) if (given := _gave(rows)) else None,
    )


def given_by(conversation: Conversation) -> Holding | None:
    """The step by which it came into the hands of those who hold it, unless they gave it back since."""
    return _gave(_changes(conversation))


def asker(actor: Actor, now: datetime) -> Asker:
    """Who acts, as the guards ask; with whom they stand in for at this moment."""
    if actor.side is None:
        return Asker(None)
    return Asker(actor.side, actor.person_id, away_for(actor.somebody, now))


def away_for(deputy: UUID, now: datetime) -> frozenset[UUID]:
    """For whom this person stands in now."""
    return frozenset(_away(now).filter(deputy=deputy).values_list("person", flat=True))


def stand_in_for(person: UUID, now: datetime) -> StandIn | None:
    """Who takes what comes to this person now, if they are away."""
    return _away(now).filter(person=person).order_by("-since").first()


def stand_ins(side: Side, now: datetime) -> QuerySet[StandIn]:
    """Absences of one side that are not over, the soonest first."""
    return StandIn.objects.filter(side=side, ended_at=None, until__gt=now).order_by("since", "id")


def still_with_deputy(absence: StandIn) -> list[Conversation]:
    """What came into the deputy's hands because of an absence and has not left them since. Locked."""
    newest = Holding.objects.filter(conversation=OuterRef("pk"), step__in=CHANGES_HANDS).order_by("-number")
    held = held_by(absence.deputy, Side(absence.side)).annotate(why=Subquery(newest.values("reason")[:1]))
    return list(held.filter(why=str(absence.pk)).select_for_update(no_key=True, of=("self",)))


def person_here(person: UUID, side: Side | str) -> BrandPerson | None:
    """Somebody with a live place on this side of the brand."""
    return BrandPerson.objects.filter(live=True, person_id=person, side=side).first()


def may_receive(person: BrandPerson, conversation: Conversation) -> bool:
    """Whether a conversation may come into this person's hands.

    INVARIANT: a pass opens one conversation to one department contact, and never what only the brand or named people read.
    """
    role, side = Role(person.role), Side(person.side)
    if may(role, Verb.CONVERSATION_HOLD):
        return may_read(side, role, person.person_id, conversation.info_class, conversation.named)
    return role is Role.DEPARTMENT_CONTACT and strictness(conversation.info_class) <= strictness(InfoClass.SHARED)


def opened_to_department(conversation: Conversation) -> bool:
    """Whether a department contact reads it, who was handed this one and reads no other."""
    offer = open_offer(conversation)
    hands = [
        (conversation.holder_person, conversation.holder_side),
        *([(offer.to_person, offer.to_side)] if offer else []),
    ]
    found = [person_here(person, side) for person, side in hands if person]
    return any(Role(person.role) is Role.DEPARTMENT_CONTACT for person in found if person)


def side_may_receive(side: Side, conversation: Conversation) -> bool:
    """Whether a side as a whole may read it: the agency nothing that names people or is the brand's alone."""
    return side is Side.BRAND or strictness(conversation.info_class) <= strictness(InfoClass.SHARED)


def _changes(conversation: Conversation) -> list[Holding]:
    steps = Holding.objects.filter(conversation=conversation, step__in=[Step.OPEN, *CHANGES_HANDS])
    return list(steps.order_by("number"))


def _gave(rows: list[Holding]) -> Holding | None:
    given = next((row for row in reversed(rows) if row.step in GIVES and _was(row) != _now(row)), None)
    if given is None or any(row.of_id == given.pk for row in rows if row.step == Step.RETURN):
        return None
    return given


def _away(now: datetime) -> QuerySet[StandIn]:
    return StandIn.objects.filter(ended_at=None, since__lte=now, until__gt=now)


def _was(row: Holding) -> Holder:
    return Holder(Side(row.was_side), row.was_person, row.was_team)


def _now(row: Holding) -> Holder:
    return Holder(Side(row.now_side), row.now_person, row.now_team)
