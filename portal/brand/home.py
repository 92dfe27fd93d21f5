"""A brand's first page: what waits, what leaves next, what went out, and whether anything is stopped."""

from dataclasses import dataclass

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.gate.models import Receipt
from clients.gate.queries import newest_receipts
from clients.items.life import ItemState
from clients.items.models import Item
from clients.items.queries import items_in, items_waiting_for_brand
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from portal.brand.inbox_handed import handed_lines
from portal.brand.insights import asked_lines
from portal.brand.rows import channel_names, item_row
from portal.pages import brand_page, render
from portal.times import when
from portal.wording import BASES, kind_word, word
from reports.making.queries import reports_waiting

SHORT = 5


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One act that went out."""

    url: str
    title: str
    kind: str
    channel: str
    basis: str
    when: str


@brand_page
def home(request: HttpRequest) -> HttpResponse:
    """The page a brand's host opens with. A department contact sees only the way to what was handed to them."""
    if not may(request.actor.role, Verb.ITEM_READ):
        quiet = {"handed": handed_lines(request.actor), "asked": asked_lines(request.actor)}
        return render(request, "brand/home_quiet.html", quiet)
    names, counts = channel_names(), _counts()
    context = {
        "figures": _figures(counts),
        "waiting": [item_row(item, names) for item in items_waiting_for_brand()[:SHORT]],
        "leaving": [item_row(item, names) for item in items_in((ItemState.CLEARED,))[:SHORT]],
        "receipts": [receipt_row(receipt) for receipt in newest_receipts(SHORT)],
        "may_create": may(request.actor.role, Verb.ITEM_CREATE),
        "reports": reports_waiting_count(request.actor),
        "first_name": request.actor.name.split(" ")[0],
    }
    return render(request, "brand/home.html", context)


def reports_waiting_count(actor: Actor) -> int:
    """How many reports wait for the brand's word, for a line on a page about other things."""
    return reports_waiting(actor).count() if may(actor.role, Verb.REPORT_READ) else 0


def receipt_row(receipt: Receipt) -> ReceiptRow:
    return ReceiptRow(
        url=reverse("receipt", args=[receipt.pk]),
        title=receipt.title or _("Untitled"),
        kind=kind_word(receipt.kind),
        channel=receipt.channel_name,
        basis=word(BASES, receipt.basis),
        when=when(receipt.sent_at),
    )


def _counts() -> dict[str, int]:
    return {row["state"]: row["n"] for row in Item.objects.order_by().values("state").annotate(n=Count("id"))}


def _figures(counts: dict[str, int]) -> list[tuple[int, str, str]]:
    def many(*states: ItemState) -> int:
        return sum(counts.get(state, 0) for state in states)

    items = reverse("items")
    return [
        (many(ItemState.WAITING, ItemState.IN_VETO), _("waiting for the brand"), reverse("approvals")),
        (many(ItemState.CLEARED, ItemState.SENDING), _("about to leave"), f"{items}?group=leaving"),
        (many(ItemState.HELD), _("held"), f"{items}?group=waiting"),
        (many(ItemState.FAILED, ItemState.UNCERTAIN), _("need somebody to look"), f"{items}?group=open"),
        (counts.get(ItemState.SENT, 0), _("sent"), reverse("receipts")),
    ]
