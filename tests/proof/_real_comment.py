"""A comment on a real WordPress that is hidden on Friday and deleted on Monday: our source reads it, the site's own chief looks.

The clock is moved for our side alone: the site lives in its own time.
"""

import base64
import json
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from django.core.cache import cache

from clients.autonomy.vocabulary import EntryPoint
from clients.channels.actions import connect_channel
from clients.gate.models import Receipt
from clients.mentions.models import Mention
from clients.moderation.actions import ask_acts
from clients.moderation.models import Case
from clients.people.actor import process_of
from clients.sources.actions import add_source, look_at_source
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.moderation.conftest import approve
from tests.proof._scene import due_rows, work_off
from tests.systems import wordpress
from tests.world import World

PARIS = ZoneInfo("Europe/Paris")
FRIDAY = datetime(2026, 11, 20, 15, tzinfo=PARIS)
SUNDAY = datetime(2026, 11, 22, 20, tzinfo=PARIS)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=PARIS)
WORK = ("gate.send", "gate.morning", "moderation.follow")
WANTED = ["approved", "hold", "hold", "trash"]


@dataclass(frozen=True, slots=True)
class Told:
    """`seen`: the comment's state before, on Friday, on Sunday, on Monday."""

    version: str
    seen: list[str]
    receipts: int
    state: str


def hidden_then_deleted(world: World) -> Told:
    """The comment that every new WordPress has. The house rules are in force already."""
    wordpress.install()
    with wordpress.running() as site:
        seen = [_status(site)]
        with time_machine.travel(FRIDAY) as clock:
            mention = _heard(world, site)
            asker = world.actor(Role.BRAND_MANAGER)
            hide, delete = ask_acts(asker, mention_id=mention.pk, acts=["hide", "delete"], rule="1")
            approve(world, delete)
            for moment in (FRIDAY + timedelta(minutes=1), SUNDAY, MONDAY + timedelta(seconds=1)):
                clock.move_to(moment)
                work(world)
                seen.append(_status(site))
            clock.move_to(MONDAY + timedelta(minutes=20))
            work(world)
        with brand_scope(world.brand):
            receipts = Receipt.objects.filter(item_id__in=(hide.item_id, delete.item_id)).count()
            state = Case.objects.get(mention=mention.pk).state
        return Told(site.version, seen, receipts, str(state))


def work(world: World) -> None:
    """What is due by our clock, as relay and workers would do it."""
    for _round in range(3):
        work_off(world, due_rows(world, *WORK))


def _heard(world: World, site: wordpress.Site) -> Mention:
    account = {"site": site.url, "user": "editor", "password": site.passwords["editor"]}
    channel = connect_channel(actor=world.owner, kind="wordpress", name="Le site", settings=account)
    source = add_source(actor=world.owner, kind="wordpress", name="Commentaires", settings={}, channel_id=channel.pk)
    cache.clear()
    look_at_source(actor=process_of(world.brand, EntryPoint.WORKER, "sources"), source_id=source.pk)
    with brand_scope(world.brand):
        return Mention.objects.get(source=source.pk, remote_id="comment-1")


def _status(site: wordpress.Site) -> str:
    """Past the connector, as the site's own chief sees it."""
    token = base64.b64encode(f"chief:{site.passwords['chief']}".encode()).decode()
    address = f"{site.url}/?rest_route=/wp/v2/comments/1&context=edit"
    asked = urllib.request.Request(address, headers={"Authorization": f"Basic {token}"})
    with urllib.request.urlopen(asked, timeout=20) as reply:
        found: dict[str, Any] = json.loads(reply.read())
    return str(found["status"])
