"""The pages of sources in a real browser, with a source of each state."""

import os
import re

from clients.disclosure.rules import InfoClass
from clients.sources.actions import add_source, make_secret, pause_source
from clients.sources.models import SourceHealth
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.browser.conftest import Look
from tests.world import World


def test_pages_of_sources(world: World, site: str, look: Look) -> None:
    brand = re.sub("//", f"//{world.brand.slug}.", site)
    given = {
        "feed": {"url": "https://journal.example/rubriques/gastronomie-et-artisanat/feed.xml"},
        "webhook": {"keep": "all"},
        "table": {"keep": "matching"},
        "hand": {"what": "phone"},
    }
    made = {
        kind: add_source(
            actor=world.owner, kind=kind, name=f"Source {kind}", settings=settings, info_class=InfoClass.SHARED
        )
        for kind, settings in given.items()
    }
    box = {"host": "imap.example", "user": "ecoute", "folder": "INBOX", "tls": "implicit", "port": "993"}
    waiting = add_source(
        actor=world.actor(Role.AGENCY_MANAGER), kind="mailbox", name="Boîte de l’accueil", settings=box
    )
    paused = add_source(actor=world.owner, kind="feed", name="Le blog", settings=given["feed"])
    pause_source(actor=world.owner, source_id=paused.pk)
    make_secret(actor=world.owner, source_id=made["webhook"].pk)
    with brand_scope(world.brand):
        trouble = {"trouble": "silent", "moments": [n * 90_000 for n in range(9)], "found": 12}
        SourceHealth.objects.filter(source=made["feed"]).update(**trouble)
    paths = ["/sources/", "/sources/new/feed", "/sources/new/mailbox", "/sources/new/mastodon"]
    paths += [f"/sources/{source.pk}/" for source in (*made.values(), waiting, paused)]
    paths += [f"/sources/{made['table'].pk}/table", f"/sources/{made['hand'].pk}/write"]
    urls = [brand + path for path in paths]
    assert look(world.people[Role.BRAND_OWNER], urls, pictures=os.environ.get("PICTURES", "")) == {}
