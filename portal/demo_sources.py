"""For the demonstration: where the bakery watches. One source is well, one has fallen silent, one says less than it used to.

The feeds are this machine's own (`config.embedded.feeds`), and looked at by the worker as any others are; what is made up is that
they have been watched for three weeks.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.rules import InfoClass
from clients.people.actor import Actor, process_of
from clients.sources import steps
from clients.sources.actions import add_source, bring_table
from clients.sources.models import Source
from clients.sources.port import Found
from tenants.vocabulary import Role
from tenants.walls.scope import durable

WATCHED = timedelta(days=21)
WHOLE = frozenset({"entries", "title", "text", "date"})
FEEDS = (
    ("La Gazette de la ville", "gazette", timedelta(hours=6), timedelta()),
    ("Le blog du quartier", "quartier", timedelta(days=1), timedelta(days=4)),
    ("Avis du forum", "avis", timedelta(days=1), timedelta()),
)
REVIEWS = """date;auteur;texte
2026-11-18;Odile;Très bon accueil, et le pain de seigle est parfait.
2026-11-19;Bastien;Un quart d’heure d’attente samedi, c’est long.
"""


def make_sources(actors: Mapping[Role, Actor]) -> None:
    owner, agent = actors[Role.BRAND_OWNER], actors[Role.COMMUNITY_MANAGER]
    table = add_source(actor=owner, kind="table", name="Avis relevés au comptoir", info_class=InfoClass.SHARED)
    bring_table(actor=agent, source_id=table.pk, data=REVIEWS.encode())
    for name, page, rhythm, silence in FEEDS:
        url = f"http://127.0.0.1:{_port()}/{page}.xml"
        source = add_source(actor=owner, kind="feed", name=name, settings={"url": url}, info_class=InfoClass.SHARED)
        _remember(source, owner, rhythm, timezone.now() - silence)


def _port() -> int:
    """Where `make run` serves them; it leaves the port in its state folder."""
    file = Path(settings.STATE_DIR) / "feeds"
    return int(file.read_text()) if file.exists() else 8070


def _remember(source: Source, owner: Actor, rhythm: timedelta, until: datetime) -> None:
    worker = process_of(owner.brand, EntryPoint.WORKER, "sources")
    signs = [until - n * rhythm for n in range(1, WATCHED // rhythm)]
    with durable(owner.brand):
        health = steps.health_of(source)
        health.watched_from = timezone.now() - WATCHED
        health.save(update_fields=("watched_from",))
        steps.note_success(worker, source, Found(shape=WHOLE), new=0, signs=signs)
