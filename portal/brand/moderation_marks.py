"""What moderation adds to the page of a mention or of a conversation: the case, and what was decided to be let be."""

from typing import Any

from django.db.models import Q
from django.urls import reverse

from clients.custody.models import Conversation
from clients.items.models import Item
from clients.mentions.models import Mention
from clients.moderation.access import may_end
from clients.moderation.models import Calm
from clients.moderation.queries import calm_now, case_called, readable_cases
from clients.moderation.rules import ACTS, CalmKind
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from portal.times import when
from portal.wording import badge, word
from portal.wording.moderation import CALM_HINTS, CALMS, CASE_STATES


def beside_mention(actor: Actor, mention: Mention) -> dict[str, Any]:
    """For the page of one mention."""
    other = case_called(mention.channel, mention.remote_id, mention.info_class, mention.named)
    case = readable_cases(actor).filter(Q(mention=mention) | Q(pk=other and other.pk)).first()
    return calm_of(actor, mention=mention) | {
        "case": (reverse("moderation_case", args=[case.pk]), badge(CASE_STATES, case.state)) if case else None,
        "moderate_url": reverse("mention_moderate", args=[mention.pk]) if mention.channel else "",
        "calm_url": reverse("mention_calm", args=[mention.pk]),
    }


def beside_conversation(actor: Actor, conversation: Conversation) -> dict[str, Any]:
    """For the page of one conversation; each turn has its own sheet."""
    calm_url = reverse("conversation_calm", args=[conversation.pk])
    return calm_of(actor, conversation=conversation) | {"calm_url": calm_url}


def case_of_item(actor: Actor, item: Item) -> str:
    """Where the case stands that an item acts upon; '' for any other item. It asks nothing of items that take nothing down."""
    if item.kind not in ACTS:
        return ""
    case = readable_cases(actor).filter(acts__item=item).first()
    return reverse("moderation_case", args=[case.pk]) if case else ""


def calm_of(actor: Actor, **about: Any) -> dict[str, Any]:
    """What holds for one mention or conversation now, and the choice to decide it: for the page that shows the thing."""
    return {
        "calms": [_calm(actor, calm) for calm in calm_now(**about)],
        "calm_choices": [(str(kind), str(CALMS[kind]), str(CALM_HINTS[kind])) for kind in CalmKind],
        "may_moderate": may(actor.role, Verb.MENTION_TRIAGE) and may(actor.role, Verb.ITEM_SUBMIT),
    }


def _calm(actor: Actor, calm: Calm) -> dict[str, str]:
    return {
        "word": word(CALMS, calm.kind),
        "reason": calm.reason,
        "until": when(calm.until),
        "who": calm.by_name,
        "end_url": reverse("calm_end", args=[calm.pk]) if may_end(actor, calm) else "",
    }
