"""What the pages show of the gate: why, receipts, what is under way."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from clients.autonomy.vocabulary import ActionKind
from clients.gate.models import DecisionRecord, Dispatch, Receipt, Sighting
from clients.gate.words import DispatchState, Stage
from clients.items.life import ItemState
from clients.items.models import Item


def decisions_on(item_id: UUID) -> QuerySet[DecisionRecord]:
    """Every answer about one item, oldest first: the 'why' of the page."""
    return DecisionRecord.objects.filter(item_id=item_id).order_by("at", "id")


def submissions_since(moment: datetime) -> QuerySet[DecisionRecord]:
    """The first answers since `moment`: what a proposed charter is tried on."""
    return DecisionRecord.objects.filter(stage=Stage.SUBMIT, at__gte=moment).order_by("at", "id")


def newest_receipts(limit: int = 50) -> QuerySet[Receipt]:
    return Receipt.objects.order_by("-sent_at", "-id")[:limit]


def dispatches_of(item_id: UUID) -> QuerySet[Dispatch]:
    return Dispatch.objects.filter(item=item_id).order_by("due_at", "id")


def held_items() -> list[UUID]:
    """Held items, oldest moment first."""
    return list(Item.objects.filter(state=ItemState.HELD).order_by("not_before", "id").values_list("id", flat=True))


def sightings_of(dispatch_id: UUID) -> QuerySet[Sighting]:
    """What was seen of one post, newest first."""
    return Sighting.objects.filter(dispatch=dispatch_id).order_by("-at", "-id")


def post_out(item_id: UUID, channel_id: UUID, remote_id: str) -> Dispatch | None:
    """The act by which a post of this item stands on a channel."""
    sent = Dispatch.objects.select_related("item", "version").filter(item=item_id, channel_id=channel_id)
    return sent.filter(state=DispatchState.SENT, remote_id=remote_id).exclude(remote_id="").first()


def newest_correction(post: Dispatch) -> Dispatch | None:
    """The last of our acts that gave a post of ours other words, if any did: its words are those that stand there."""
    corrections = Dispatch.objects.select_related("version").filter(
        channel_id=post.channel_id,
        state=DispatchState.SENT,
        version__content__kind=str(ActionKind.CORRECT),
        version__content__target=post.remote_id,
    )
    return corrections.order_by("-ended_at").first()


def newest_sighting(dispatch: Dispatch) -> Sighting:
    """How its post fared when it was last looked at; before any look, what the network answered to the act."""
    return newest_sightings([dispatch])[dispatch.pk]


def newest_sightings(dispatches: Iterable[Dispatch]) -> dict[UUID, Sighting]:
    """The same of several acts, by their ids. One query."""
    asked = list(dispatches)
    newest = Sighting.objects.filter(dispatch__in=asked).order_by("dispatch", "-at", "-id").distinct("dispatch")
    unseen = {one.pk: Sighting(dispatch=one, state=one.remote_state, url=one.url) for one in asked}
    return unseen | {sighting.dispatch_id: sighting for sighting in newest}
