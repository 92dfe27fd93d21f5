"""The demonstration's sources, looked at by the worker: one is well, one is silent, one says less than it used to."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache

from clients.autonomy.vocabulary import EntryPoint
from clients.people.actor import process_of
from clients.sources.actions import look_at_source
from clients.sources.models import SourceHealth
from config.embedded.feeds import FEEDS
from portal import demo_sources
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.sources.conftest import Mentions
from tests.sources.serving import site
from tests.world import World


def test_the_first_look_tells_of_each_what_it_should(
    world: World, mentions: Mentions, monkeypatch: pytest.MonkeyPatch
) -> None:
    actors = {role: world.actor(role) for role in (Role.BRAND_OWNER, Role.COMMUNITY_MANAGER)}
    with site() as web:
        monkeypatch.setattr(demo_sources, "_port", lambda: urlsplit(web.url).port)
        for name, written in FEEDS.items():
            web.pages[f"/{name}.xml"] = (200, {}, written(datetime.now(UTC)).encode())
        demo_sources.make_sources(actors)
        with brand_scope(world.brand):
            watched = dict(SourceHealth.objects.filter(source__kind="feed").values_list("source__name", "source"))
        for source in watched.values():
            cache.clear()
            look_at_source(actor=process_of(world.brand, EntryPoint.WORKER, "sources"), source_id=source)
    with brand_scope(world.brand):
        told = dict(SourceHealth.objects.values_list("source__name", "trouble"))
    assert told == {
        "Avis relevés au comptoir": "",
        "La Gazette de la ville": "",
        "Le blog du quartier": "silent",
        "Avis du forum": "shape",
    }
    assert sum("Maison Aubier" in text for text in mentions.texts) >= 5
