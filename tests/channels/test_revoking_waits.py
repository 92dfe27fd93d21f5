"""Revoking a channel waits for the acts on their way, so that nothing leaves over it once the revocation has committed."""

import threading
from uuid import UUID

import pytest
from django.db import connections
from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.channels.actions import connect_channel, mark_health, revoke_channel
from clients.channels.models import Channel
from clients.outbox.brake import let_leave
from clients.people.access import actor_for
from clients.people.actor import Actor
from tenants.brandref import BrandRef
from tenants.vocabulary import Role
from tenants.walls.scope import durable
from tests.conftest import make_member


def _closing(how: str, actor: Actor, channel_id: UUID) -> None:
    try:
        if how == "revoke":
            revoke_channel(actor=actor, channel_id=channel_id)
        else:
            mark_health(actor=actor, channel_id=channel_id, code="credentials_refused")
    finally:
        connections.close_all()


@pytest.mark.parametrize("how", ["revoke", "break"])
def test_a_channel_closes_only_when_what_is_leaving_has_left(real_brands: tuple[BrandRef, BrandRef], how: str) -> None:
    brand = real_brands[0]
    actor = actor_for(make_member(brand, Role.BRAND_OWNER).person, brand, EntryPoint.PAGE, stepped_up_at=timezone.now())
    channel = connect_channel(actor=actor, kind="memory", name="Mur")
    closing = threading.Thread(target=_closing, args=(how, actor, channel.pk))
    with durable(brand):
        let_leave(brand)
        closing.start()
        closing.join(0.3)
        assert closing.is_alive() and Channel.objects.get(pk=channel.pk).is_open
    closing.join(5)
    with durable(brand):
        assert not Channel.objects.get(pk=channel.pk).is_open
