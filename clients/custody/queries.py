"""Who holds what, and what happened to it."""

from django.db.models import QuerySet

from clients.custody.models import Conversation, Holding, Offer, Turn


def turns_of(conversation: Conversation) -> QuerySet[Turn]:
    """All that was said, in order."""
    return Turn.objects.filter(conversation=conversation).order_by("number")


def history(conversation: Conversation) -> QuerySet[Holding]:
    """All that happened to it, oldest first."""
    return Holding.objects.filter(conversation=conversation).order_by("number")


def open_offer(conversation: Conversation) -> Offer | None:
    return Offer.objects.filter(conversation=conversation, closed_at=None).first()
