"""A long conversation, a stretch at a time: what was said and done last, and the way to what was before."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from clients.conversations.queries import said_before
from clients.custody.access import steps_open_to
from clients.custody.models import Conversation, Holding, Turn

A_STRETCH = 200


def turns_of(request: HttpRequest, found: Conversation) -> tuple[list[Turn], str]:
    """What was said last, or before one turn, in order; and the address of what was said earlier, '' where nothing was."""
    rows = list(said_before(found, _uuid(request.GET.get("turn", "")))[: A_STRETCH + 1])
    stretch = rows[:A_STRETCH][::-1]
    return stretch, _address(found, "turn", stretch[0].pk if len(rows) > A_STRETCH else None)


def steps_of(request: HttpRequest, found: Conversation) -> tuple[list[Holding], str]:
    """What was done last, or before one step, the newest first; and the address of earlier steps."""
    asked, before = steps_open_to(request.actor, found).reverse(), _number(request.GET.get("step", ""))
    rows = list((asked.filter(number__lt=before) if before else asked)[: A_STRETCH + 1])
    stretch = rows[:A_STRETCH]
    return stretch, _address(found, "step", stretch[-1].number if len(rows) > A_STRETCH else None)


def _address(found: Conversation, name: str, first: UUID | int | None) -> str:
    return f"{reverse('conversation', args=[found.pk])}?{urlencode({name: first})}" if first else ""


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _number(typed: str) -> int | None:
    try:
        return int(typed)
    except ValueError:
        return None
