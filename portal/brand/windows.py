"""Until when the brand can say no: the sentence about a veto window, on a card and on an item's page."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from clients.approvals.models import VetoWindow
from clients.approvals.queries import windows_of
from clients.autonomy.vocabulary import WindowState
from clients.items.life import ItemState
from clients.items.models import Item
from portal.times import when


def window_sentences(items: Iterable[Item]) -> dict[UUID, str]:
    """For each item whose window is announced or open: what it amounts to now. One query, whatever the items."""
    digests = {item.pk: item.version.digest for item in items if item.version and item.state in _WITH_A_WINDOW}
    rows = windows_of(digests) if digests else []
    return {row.item_id: _sentence(row) for row in rows}


_WITH_A_WINDOW = frozenset({ItemState.SUBMITTED, ItemState.IN_VETO})


def _sentence(window: VetoWindow) -> str:
    if window.state == WindowState.OPEN and window.closes_at:
        return _("Goes out %(moment)s, unless the brand says no before.") % {"moment": when(window.closes_at)}
    return _("The window opens when the notice has reached somebody of the brand.")
