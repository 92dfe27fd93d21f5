"""The page of 50 approvals: its template beside f-strings that write the same list, and its number of queries at 1, 10 and 50.

Timed is what becomes of 50 rows once they are read: cards made and page drawn, within real requests of somebody signed
in. The peer is what people usually write: a template that asks `{% url %}` four times a row. The limit escapes and
joins strings. Neither draws icons, forms and the frame of the page, which ours does.
"""

import statistics
import time
from collections.abc import Callable
from html import escape
from typing import Any
from unittest.mock import patch
from uuid import UUID

from django.db import connection
from django.template import engines
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import set_urlconf
from django.utils import translation

from clients.items.queries import items_waiting_for_brand
from portal import pages
from portal.brand import approvals
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.bench._measuring import Series, interleaved
from tests.proof._pages import host_of, signed_in
from tests.proof._scene import scene
from tests.world import World

ROUNDS = {"small": 40, "full": 400}
SIZES = (1, 10, 50)
TEXT = "Des fraises du Périgord dès samedi matin, à l'étal & en ligne. Venez les goûter avec <nous> ! " * 2

WHY = "La charte demande l’accord de la marque pour chaque élément."

USUAL = """<ol>{% for card in cards %}<li><h2><a href="{% url 'item' card.id %}">{{ card.title }}</a></h2><p>{{ card.meta }}</p>
<p>{{ card.text }}</p><p>{{ card.why }}</p><p>{{ card.state }}</p>
<form method="post" action="{% url 'approve' card.id %}"><input type="hidden" name="digest" value="{{ card.digest }}">
<button>Approve</button></form><a href="{% url 'approve_edited' card.id %}">Edit</a>
<form method="post" action="{% url 'ask_change' card.id %}"><textarea name="comment"></textarea></form></li>{% endfor %}</ol>"""


def run(scale: str) -> dict[str, Any]:
    """Render times at 50 cards, and the counts of queries."""
    world = scene(level=2)
    client = signed_in(world.people[Role.APPROVER], host_of(world))
    queries = {size: _queries(world, client, size) for size in SIZES}
    page = _Page(client)
    page.ask()
    usual = engines["django"].from_string(USUAL)
    contenders: dict[str, Callable[[], Any]] = {
        "ours": page.ask,
        "peer": lambda: _in_brand_urls(lambda: usual.render({"cards": page.cards})),
        "limit": lambda: _f_strings(page.cards),
    }
    interleaved(contenders, 3, alias=None)
    found = interleaved(contenders, ROUNDS[scale], alias=None)
    return _figures(found, queries, page)


def _figures(found: dict[str, Series], queries: dict[int, int], page: "_Page") -> dict[str, Any]:
    figures = {name: series.figures() for name, series in found.items()}
    ours = figures["ours"]["client_cpu_ms"]
    return {
        "name": "page of 50 approvals: render",
        "unit": "milliseconds a page",
        **figures,
        "ratios": {
            "ours_to_limit_cpu": round(ours / figures["limit"]["client_cpu_ms"], 1),
            "ours_to_peer_cpu": round(ours / figures["peer"]["client_cpu_ms"], 2),
        },
        "queries": queries,
        "template_alone_cpu_ms": round(statistics.median(page.drawn), 2),
        "whole_request_cpu_ms": round(statistics.median(page.whole), 2),
        "kilobytes": round(page.size / 1024, 1),
        "goals": {"render_within_4_ms": ours <= 4, "fixed_query_count": len(set(queries.values())) == 1},
        "notes": f"{len(page.cards)} cards, in French as people see them; wall and CPU of the web process only",
    }


def _queries(world: World, client: Client, size: int) -> int:
    """How many queries the page takes when `size` items wait. Asked twice: what a process keeps is kept by then."""
    waiting = len(_waiting(world))
    for number in range(waiting, size):
        world.submitted(f"{number} {TEXT}", title=f"Fraises {number}")
    client.get("/approvals/")
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/approvals/")
    assert answer.status_code == 200, answer.status_code
    return len(asked)


def _waiting(world: World) -> list[Any]:
    with brand_scope(world.brand):
        return list(items_waiting_for_brand())


class _Page:
    """Asks for the page; what it took is measured inside the request, where its walls are open: cards made, page drawn."""

    def __init__(self, client: Client) -> None:
        self.client, self.size = client, 0
        self.cards: list[dict[str, Any]] = []
        self.whole: list[float] = []
        self.drawn: list[float] = []
        self._took: list[tuple[float, float]] = []

    def ask(self) -> tuple[float, float, None]:
        """(wall, CPU, None) of making the cards and drawing the page, in milliseconds."""
        self._took.clear()
        began = time.process_time()
        make, draw = self._timed(approvals.cards_of), self._timed(pages.draw)
        with patch.object(approvals, "cards_of", make), patch.object(pages, "draw", draw):
            answer = self.client.get("/approvals/", headers={"accept-language": "fr"})
        self.whole.append((time.process_time() - began) * 1000)
        assert answer.status_code == 200, answer.status_code
        self.size = len(answer.content)
        self.drawn.append(self._took[-1][1])
        return sum(wall for wall, _ in self._took), sum(cpu for _, cpu in self._took), None

    def _timed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **more: Any) -> Any:
            wall, cpu = time.perf_counter(), time.process_time()
            result = function(*args, **more)
            self._took.append(((time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000))
            if isinstance(result, list):
                self.cards = [_plain(card) for card in result]
            return result

        return timed


def _plain(card: Any) -> dict[str, Any]:
    """What peer and limit draw of a card: the same words, not yet put into any markup."""
    return {
        "id": UUID(card.id),
        "title": card.title,
        "meta": card.meta,
        "text": TEXT,
        "why": WHY,
        "state": "En attente de la marque",
        "digest": card.digest,
        "url": card.url,
        "here": card.here,
    }


def _in_brand_urls(render: Callable[[], str]) -> str:
    set_urlconf("portal.urls_brand")
    try:
        with translation.override("fr"):
            return render()
    finally:
        set_urlconf(None)


def _f_strings(cards: list[dict[str, Any]]) -> str:
    rows = [
        f'<li><h2><a href="{card["url"]}">{escape(card["title"])}</a></h2><p>{escape(card["meta"])}</p>'
        f"<p>{escape(card['text'])}</p><p>{escape(card['why'])}</p><p>{escape(card['state'])}</p>"
        f'<form method="post" action="{card["here"]}approve"><input type="hidden" name="digest" value="{card["digest"]}">'
        f'<button>Approve</button></form><a href="{card["here"]}edited">Edit</a>'
        f'<form method="post" action="{card["here"]}change"><textarea name="comment"></textarea></form></li>'
        for card in cards
    ]
    return f"<ol>{''.join(rows)}</ol>"
