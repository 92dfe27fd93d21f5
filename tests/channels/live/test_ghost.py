"""The connector against a real Ghost: the whole contract, a spoilt line before it, and what only Ghost says."""

import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from clients.channels.delivery import Port
from clients.channels.ghost.connector import GhostConnector
from clients.channels.ghost.site import Site
from clients.channels.port import MediaFile, Outbound, SentState
from clients.channels.registry import connector_for
from clients.channels.secret import Secrets
from tests.channels.contract import Effects, HostileContract, SendingContract, deliver, prepared, quick
from tests.channels.fakes.ghost import KEY, Ghost
from tests.channels.fakes.serving import serving
from tests.channels.hostile import Hostile, standing_before
from tests.channels.live.pictures import TITLE, WORDS, photographed, sailing_boat, shows_the_boat
from tests.channels.live.sites import brought_up
from tests.systems import ghost

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def site() -> Iterator[ghost.Site]:
    with brought_up(ghost) as running:
        yield running


@pytest.fixture
def port() -> Port:
    return connector_for("ghost")


@pytest.fixture
def outbound(outbound: Outbound, site: ghost.Site) -> Outbound:
    return replace(
        outbound,
        title="Le port & <b>la</b> marée",
        settings={"site": site.url, "tags": "port, mer"},
        secret=Secrets({"admin_key": site.key}),
    )


@pytest.fixture
def effects(outbound: Outbound, site: ghost.Site) -> Effects:
    """Published posts more than before this test."""
    there = _admin(outbound, site)

    def seen() -> int:
        found = there.ask("posts/", filter="status:published", limit="1")
        return int(found["meta"]["pagination"]["total"])

    before = seen()
    return lambda: seen() - before


def _admin(outbound: Outbound, site: ghost.Site) -> Site:
    return Site({"site": site.url}, outbound.secret, time.monotonic() + 600)


def _edit(there: Site, name: str, **said: Any) -> None:
    found = there.post_there(f"posts/{name}/")
    assert found is not None
    there.tell("PUT", f"posts/{name}/", {**said, "updated_at": found["updated_at"]}, effect=True)


class TestContract(SendingContract):
    kind = "ghost"


class TestHostile(HostileContract):
    @pytest.fixture
    def hostile(self, site: ghost.Site) -> Iterator[Hostile]:
        with standing_before(site.url) as hostile:
            yield hostile

    @pytest.fixture
    def port(self) -> Port:
        return quick(GhostConnector(), 3.0)

    @pytest.fixture
    def outbound(self, outbound: Outbound, hostile: Hostile) -> Outbound:
        return replace(outbound, settings={**outbound.settings, "site": hostile.url})


def test_what_is_shown_is_what_was_written(port: Port, outbound: Outbound, picture: MediaFile) -> None:
    text = "Bonjour à **toutes**\nligne deux\n\n- un\n- deux\n\n<script>alert(1)</script>"
    sent = deliver(port, replace(outbound, text=text, link="https://example.org/a", media=(picture,)))
    page = urllib.request.urlopen(sent.url, timeout=20).read().decode()
    assert "<strong>toutes</strong>" in page and "alert(1)" in page and "<script>alert(1)" not in page
    assert 'href="https://example.org/a' in page and 'alt="A red square"' in page
    assert "Le port & <b>la</b> marée" in unescape(page) and "<h1><b>" not in page


def test_a_reader_sees_it(port: Port, outbound: Outbound) -> None:
    sent = deliver(port, replace(outbound, title=TITLE, text=WORDS, media=(sailing_boat(),)))
    assert shows_the_boat(photographed(sent.url, "ghost"))


def test_it_is_read_as_we_wrote_it(port: Port, outbound: Outbound) -> None:
    text = (
        "# Titre\n\nBonjour **à** _tous_, voir https://example.org.\n\n> cité `x`\n\n1. un\n2. deux\n\n```\nx <b>\n```"
    )
    sent = deliver(port, replace(outbound, text=text))
    assert port.look(replace(outbound, text=text, target=sent.remote_id)).state is SentState.PUBLISHED


def test_a_draft_that_somebody_edited_goes_out_as_approved(port: Port, outbound: Outbound, site: ghost.Site) -> None:
    ready = prepared(port, outbound)
    _edit(_admin(outbound, site), ready.draft, title="Tout autre chose")
    sent = port.send(ready)
    assert port.look(replace(outbound, target=sent.remote_id)).state is SentState.PUBLISHED


def test_a_change_in_the_same_moment_is_read_again(
    port: Port, outbound: Outbound, site: ghost.Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ghost itself answers 409 to the first try: the moment we name is an old one."""
    ready, asked = prepared(port, outbound), []
    true = Site.post_there

    def stale(self: Site, route: str) -> Any:
        found = true(self, route)
        asked.append(route)
        return {**found, "updated_at": "2020-01-01T00:00:00.000Z"} if found and len(asked) == 1 else found

    monkeypatch.setattr(Site, "post_there", stale)
    assert port.send(ready).state is SentState.PUBLISHED and len(asked) == 2


def test_what_others_do_to_a_post_is_told(port: Port, outbound: Outbound, site: ghost.Site) -> None:
    sent = deliver(port, outbound)
    looking, there = replace(outbound, target=sent.remote_id), _admin(outbound, site)
    _edit(there, sent.remote_id, html="<p>Autre</p>")
    assert port.look(looking).state is SentState.EDITED
    _edit(there, sent.remote_id, status="draft")
    assert port.look(looking).state is SentState.GONE
    _edit(there, sent.remote_id, status="scheduled", published_at="2099-01-01T00:00:00.000Z")
    assert port.look(looking).state is SentState.SCHEDULED


def test_the_fake_of_the_default_suite_answers_like_the_real_one(outbound: Outbound, site: ghost.Site) -> None:
    with serving(Ghost()) as url:
        ours = _walk(url, KEY)
    theirs = _walk(site.url, site.key)
    differing = [(mine, real) for mine, real in zip(ours, theirs, strict=True) if mine != real]
    assert not differing


def _walk(url: str, key: str) -> list[tuple[Any, ...]]:
    """Status, Ghost's kind of error and the state of what was answered, step by step."""
    told: list[tuple[Any, ...]] = []

    def step(method: str, route: str, said: dict[str, Any] | None = None, key: str = key) -> dict[str, Any]:
        there = Site({"site": url}, Secrets({"admin_key": key}), time.monotonic() + 30)
        more: dict[str, Any] = {} if said is None else {"json": {"posts": [said]}, "params": {"source": "html"}}
        reply = there._call(method, route, **more)
        found = reply.fields() if reply.body else {}
        error, post = (found.get("errors") or [{}])[0], (found.get("posts") or [{}])[0]
        plain = [(name, post.get(name)) for name in ("status", "slug", "title")] if said is not None else None
        told.append((method, route.partition("/")[0], reply.status, error.get("type"), plain))
        return dict(post)

    words = {"title": "Un titre", "html": "<p>Un</p>", "status": "draft", "slug": "like-1"}
    step("GET", "posts/", key=f"{key[:24]}:{'0' * 64}")
    step("GET", "posts/", key=f"{'0' * 24}:{key[25:]}")
    step("GET", "posts/slug/like-1/")
    first = step("POST", "posts/", words)
    second = step("POST", "posts/", words)
    step("POST", "posts/", {**words, "title": ""})
    step("GET", "posts/slug/like-1/")
    old = "2020-01-01T00:00:00.000Z"
    step("PUT", f"posts/{first['id']}/", {"status": "published", "updated_at": old})
    step("PUT", f"posts/{first['id']}/", {"status": "published", "updated_at": first["updated_at"]})
    for name in (first["id"], first["id"], second["id"]):
        step("DELETE", f"posts/{name}/")
    step("PUT", f"posts/{first['id']}/", {"status": "published", "updated_at": old})
    step("GET", f"posts/{first['id']}/")
    return told
