"""Letters about a channel: to the heads of the brand, in their language, once, and only while they are true."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.channels.actions import connect_invited, invite_to_connect, mark_health, revoke_channel
from clients.channels.actions.checking import warn_of_end
from clients.channels.models import Channel
from clients.channels.steps import LETTER
from clients.people.actor import process_of
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.world import World

HEADS = {Role.BRAND_OWNER, Role.BRAND_MANAGER}


def letters(world: World) -> list[mail.EmailMessage]:
    world.run_outbox(LETTER)
    return mail.outbox


def test_broken(world: World) -> None:
    mark_health(actor=world.owner, channel_id=world.wall.pk, code="credentials_refused")
    found = letters(world)
    assert {letter.to[0] for letter in found} == {world.people[role].email for role in HEADS} and len(found) == 2
    assert all(world.wall.name in letter.subject and "/channels/" in str(letter.body) for letter in found)


def test_what_is_mended_by_then_is_not_mailed(world: World) -> None:
    mark_health(actor=world.owner, channel_id=world.wall.pk, code="credentials_refused")
    mark_health(actor=world.owner, channel_id=world.wall.pk)
    assert letters(world) == []


def test_nor_is_what_has_ended(world: World) -> None:
    mark_health(actor=world.owner, channel_id=world.wall.pk, code="credentials_refused")
    revoke_channel(actor=world.owner, channel_id=world.wall.pk)
    assert letters(world) == []


@pytest.mark.parametrize(("left", "mailed"), [(7, 2), (8, 0), (-1, 0)])
def test_ending(world: World, left: int, mailed: int) -> None:
    with brand_scope(world.brand):
        Channel.objects.filter(pk=world.wall.pk).update(expires_at=timezone.now() + timedelta(days=left))
    worker = process_of(world.brand, EntryPoint.WORKER, "channels")
    warn_of_end(actor=worker, channel_id=world.wall.pk, days=7)
    assert len(letters(world)) == mailed


def test_waiting_for_a_yes(world: World) -> None:
    asked = invite_to_connect(actor=world.owner, kind="memory", name="Deuxième mur")
    assert letters(world) == []
    connect_invited(actor=world.actor(Role.AGENCY_OWNER), channel_id=asked.pk)
    assert len(letters(world)) == 2 and "Deuxième mur" in mail.outbox[0].subject
