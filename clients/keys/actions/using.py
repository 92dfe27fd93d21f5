"""What is written down of the use of keys: minutes of a day, new networks, wrong secrets. Not each request."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.steps import tally
from clients.keys.models import Key, KeyNetwork
from clients.keys.queries import MISSES
from clients.keys.rules import MOST_MISSES, MOST_TOLD_IN_A_DAY, NOTED_EACH, network_of
from clients.keys.steps import tell
from clients.people.actor import process_of
from tenants.ids import uuid7
from tenants.walls.scope import BrandRef, durable

A_DAY = timedelta(days=1)
# One statement: of many requests within a minute, in many processes, the first one writes.
_MINUTE = """
    INSERT INTO keys_keyday AS kept (id, key_id, day, minutes, last_at) VALUES (%s, %s, %s, 1, %s)
    ON CONFLICT (key_id, day) DO UPDATE SET minutes = kept.minutes + 1, last_at = excluded.last_at
    WHERE kept.last_at <= %s"""


def note_use(brand: BrandRef, *, key_id: UUID, ip: str) -> None:
    """A key was used, from there. At most one write a minute; a network that is new has a line, and a letter is written."""
    now = timezone.now()
    network = network_of(ip)
    with durable(brand):
        with connection.cursor() as cursor:
            cursor.execute(_MINUTE, [uuid7(), key_id, now.date(), now, now - NOTED_EACH])
        if network and not KeyNetwork.objects.filter(key_id=key_id, network=network).exists():
            _note_network(brand, key_id, network, now)


def _note_network(brand: BrandRef, key_id: UUID, network: str, now: datetime) -> None:
    """Once, whoever else sees it at the same moment. Of very many in one day only the first are told by letter."""
    made = KeyNetwork.objects.bulk_create([KeyNetwork(key_id=key_id, network=network, at=now)], ignore_conflicts=True)
    if not KeyNetwork.objects.filter(pk=made[0].pk).exists():
        return
    record(process_of(brand, EntryPoint.API, "door"), "key.new_network", Key.objects.get(pk=key_id), network=network)
    if KeyNetwork.objects.filter(key_id=key_id, at__gt=now - A_DAY).count() <= MOST_TOLD_IN_A_DAY:
        tell(key_id, "network", network=network)


def note_miss(brand: BrandRef, *, about: str, since: datetime) -> None:
    """One more wrong secret of an address (a keyed digest of it) in this minute; at the last one the log is told, once."""
    with durable(brand):
        if tally(MISSES, about, since) == MOST_MISSES:
            record(process_of(brand, EntryPoint.API, "door"), "key.guessed", None)
