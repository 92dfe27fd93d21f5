"""A post that is out, opened in the composer to be corrected or deleted: with the words that stand there now."""

from dataclasses import replace
from uuid import UUID

from django.http import QueryDict

from clients.autonomy.vocabulary import ActionKind
from clients.gate.queries import newest_correction, post_out
from clients.items.access import access_item
from clients.people.actor import Actor
from portal.brand.composing import Draft
from portal.brand.rows import shown_content
from tenants.errors import Missing

UPON_OURS = {str(ActionKind.CORRECT), str(ActionKind.DELETE)}


def draft_upon(actor: Actor, asked: QueryDict) -> Draft:
    """What the composer opens with. A thread is corrected post by post: what the act is about is its first.

    Raises Missing('item') and Missing('dispatch').
    """
    item, channel = access_item(actor, _id(asked.get("of", ""))), asked.get("channel", "")
    kind, target = asked.get("kind", ""), asked.get("target", "")
    post = post_out(item.pk, _id(channel), target) if kind in UPON_OURS else None
    if post is None:
        raise Missing("dispatch")
    content = shown_content((newest_correction(post) or post).version)
    draft = Draft(
        of=str(item.pk),
        kind=kind,
        channels=(channel,),
        target=target,
        title=content.title,
        sensitivity=str(content.sensitivity),
        topic=content.topic,
    )
    if kind != ActionKind.CORRECT:
        return draft
    return replace(draft, text=content.text_for(channel), link=content.link, media=content.media)


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise Missing("dispatch") from None
