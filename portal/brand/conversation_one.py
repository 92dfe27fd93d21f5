"""One conversation, whole: what was said, who holds it since when, what is noted beside it, and what one may do now."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.conversations.queries import (
    labels,
    labels_on,
    others_looking,
    replies_of,
    sketches_open_to,
    split_from,
)
from clients.conversations.rules import IN_MACROS
from clients.conversations.steps import look_at
from clients.custody.access import access_conversation, steps_open_to, words_beside
from clients.custody.models import Conversation, Holding, Offer, Turn
from clients.custody.queries import asker, open_offer, readable_conversations, situation_of
from clients.custody.rules import LapseTo, Step, Voice, after, why_not
from clients.people.actor import Actor
from clients.people.queries import people_of_brand
from clients.people.rules import Verb, may
from portal.brand.conversation_beside import beside_of, macros_of, notes_of
from portal.brand.conversation_long import steps_of, turns_of
from portal.brand.conversation_promise import due_of
from portal.brand.conversation_rows import Around, around_of, conversation_rows, held_by
from portal.brand.crm_beside import beside_conversation as tickets_beside
from portal.brand.inbox import moments
from portal.brand.moderation_marks import beside_conversation
from portal.pages import brand_page, render
from portal.times import when
from portal.wording import ITEM_STATES, ROLES, SIDES, badge, word
from portal.wording.conversations import ERRORS, MACRO_STEPS, SAYS, STEPS
from tenants.vocabulary import Side

OF_DEPARTMENTS = frozenset({Step.ACCEPT, Step.DECLINE, Step.RETURN, Step.PASS})
"""What somebody may do with a conversation who was handed that one and reads no other."""


@brand_page
def conversation(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """One conversation. Whoever works here is seen to be here: the next one who opens it is told."""
    actor = request.actor
    found = access_conversation(actor, conversation_id)
    inside = may(actor.role, Verb.CONVERSATION_READ)
    around = around_of([found.pk])
    if may(actor.role, Verb.CONVERSATION_HOLD):
        look_at(actor, found)
    turns, earlier_turns = turns_of(request, found)
    steps, earlier_steps = steps_of(request, found)
    context: dict[str, Any] = {
        "row": conversation_rows(actor, [found])[0],
        "conversation": found,
        "earlier_turns": earlier_turns,
        "earlier_steps": earlier_steps,
        "history": [_line(step, words_beside(actor, step), around) for step in steps],
        "present": [one.person_name for one in others_looking(actor, found, timezone.now())],
        "inside": inside,
        "may_work": may(actor.role, Verb.CONVERSATION_HOLD),
        "typed": request.POST,
        "merged_into": found.merged_into,
    }
    context |= _doing(actor, found, around)
    context |= _apart(found, turns, context["may_now"])
    if inside:
        context |= beside_of(request, found) | notes_of(request, found) | _at_hand(actor, found, around)
        context |= due_of(actor, found) | {"split_from": _readable(actor, split_from(found))}
        context |= beside_conversation(actor, found) | tickets_beside(actor, found)
    return render(request, "brand/conversation.html", context)


def _doing(actor: Actor, found: Conversation, around: Around) -> dict[str, Any]:
    """Who may do what now: the same table that the acts themselves ask."""
    it, who = situation_of(found), asker(actor, timezone.now())
    holds = may(actor.role, Verb.CONVERSATION_HOLD)
    open_to = frozenset(Step) if holds else OF_DEPARTMENTS & _handed(actor)
    may_now = {
        str(step)
        for step in open_to
        if step is not Step.OPEN and after(found.state, step) and not why_not(step, who, it)
    }
    if not may(actor.role, Verb.CONVERSATION_LOCK):
        may_now -= {Step.LOCK, Step.UNLOCK}
    may_now -= {str(Step.UNLOCK if not found.locked else Step.LOCK)}
    if found.holder_person == actor.person_id:
        may_now -= {Step.TAKE}
    offer = open_offer(found)
    if offer is not None:
        may_now -= {Step.PASS}
    why = why_not(Step.TAKE_BACK, who, it) if found.holder_side != actor.side else ""
    return {
        "may_now": may_now,
        "offer": _offer(offer, _words_of(actor, found, offer), around) if offer else None,
        "why_not_back": ERRORS.get(why, "") if holds else "",
        "sides": [(str(side), _("the whole side: %(side)s") % {"side": word(SIDES, side)}) for side in Side],
        "people": [
            (f"{p.side}:{p.person_id}", f"{p.name} · {word(ROLES, p.role)}")
            for p in people_of_brand()
            if p.person_id != actor.person_id
        ],
        "moments": moments(timezone.localtime()),
        "lapses": [
            (str(LapseTo.GIVER), _("it stays here")),
            (str(LapseTo.SIDE), _("it goes to their side all the same")),
        ],
    }


def _apart(found: Conversation, turns: list[Turn], may_now: set[str]) -> dict[str, Any]:
    """Each thing that the member said, one of several, may be split off by who holds it."""
    theirs = [turn for turn in turns if turn.voice == Voice.MEMBER and turn.conversation_id == found.pk]
    may_part = Step.SPLIT in may_now and found.merged_into_id is None and len(theirs) > 1
    parted = {turn.pk for turn in theirs} if may_part else set()
    return {"may_part": may_part, "turns": [_turn(turn, may_part=turn.pk in parted) for turn in turns]}


def _readable(actor: Actor, other: Conversation | None) -> Conversation | None:
    """Where it came from, for who may read that."""
    return readable_conversations(actor).filter(pk=other.pk).first() if other else None


def _handed(actor: Actor) -> frozenset[Step]:
    return OF_DEPARTMENTS if may(actor.role, Verb.CONVERSATION_HELD) else frozenset()


def _at_hand(actor: Actor, found: Conversation, around: Around) -> dict[str, Any]:
    """Words on their way, and items that speak here."""
    drafts, known = list(sketches_open_to(actor, found)), list(labels(actor))
    mine = next((one for one in drafts if one.person_id == actor.person_id), None)
    reply = f"{reverse('item_new')}?reply={found.pk}"
    return {
        "sketch": mine,
        "sketches": [
            {"who": one.person_name, "text": one.text, "at": when(one.at), "side": word(SIDES, one.side)}
            for one in drafts
            if one.person_id != actor.person_id
        ],
        "replies": [
            {
                "url": reverse("item", args=[reply.item_id]),
                "title": reply.item.title,
                "says": word(SAYS, reply.kind),
                "state": badge(ITEM_STATES, reply.item.state),
                "who": reply.item.author_name,
            }
            for reply in replies_of(found)[:10]
        ],
        "saved": macros_of(actor, known, around),
        "macro_steps": [(str(step), word(MACRO_STEPS, step)) for step in IN_MACROS],
        "labels_known": [(label.pk, label.name) for label in known],
        "reply_url": reply,
        "label_list": [(label.pk, label.name) for label in labels_on([found.pk]).get(found.pk, ())],
        "all_labels": [label.name for label in known],
    }


def _turn(turn: Turn, *, may_part: bool) -> dict[str, Any]:
    ours = turn.voice != "member"
    return {
        "id": turn.pk,
        "may_part": may_part,
        "ours": ours,
        "who": turn.author or (word(SIDES, turn.voice) if ours else turn.author_handle) or _("somebody"),
        "side": word(SIDES, turn.voice) if ours else "",
        "says": word(SAYS, turn.kind),
        "text": turn.text,
        "at": when(turn.at),
        "mention": reverse("mention", args=[turn.mention]) if turn.mention else "",
        "item": reverse("item", args=[turn.item]) if turn.item else "",
        "moderate": "" if ours or not turn.remote_id else reverse("turn_moderate", args=[turn.pk]),
    }


def _line(step: Holding, words: str, around: Around) -> dict[str, Any]:
    moved = (step.was_side, step.was_person, step.was_team) != (step.now_side, step.now_person, step.now_team)
    return {
        "at": when(step.at),
        "who": step.by_name if step.by_person else _("Relais"),
        "did": word(STEPS, step.step),
        "note": words,
        "now": held_by(around.names, step.now_side, step.now_person, step.now_team) if moved else "",
    }


def _words_of(actor: Actor, found: Conversation, offer: Offer) -> str:
    passed = steps_open_to(actor, found).filter(pk=offer.passed_id).first()
    return words_beside(actor, passed) if passed else ""


def _offer(offer: Offer, words: str, around: Around) -> dict[str, Any]:
    return {
        "to": held_by(around.names, offer.to_side, offer.to_person, offer.to_team),
        "by": offer.by_name,
        "note": words,
        "until": when(offer.accept_by),
        "then": _("Otherwise it goes to their side.")
        if offer.lapse_to == LapseTo.SIDE
        else _("Otherwise it stays here."),
    }
