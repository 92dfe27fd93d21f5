"""A worker killed at any point (promise 6): one effect where a repeat is harmless, and where it is not, a person is asked."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from PIL import Image

from clients.autonomy.vocabulary import ActionKind
from clients.channels.actions import connect_channel
from clients.gate.actions import resolve_uncertain, stop, submit_item
from clients.gate.models import Dispatch, Receipt
from clients.items.actions import add_media
from clients.items.content import MediaRef
from clients.items.models import Item
from tenants.errors import Conflict
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.channels.mailserver import Mailbox, serving
from tests.gate.killing import POINTS, killed_at, row_of
from tests.world import World


@pytest.fixture
def post(world: World, settings: Any) -> Iterator[tuple[Mailbox, str]]:
    """A mail server, and the id of the channel that leads to it."""
    settings.ALLOW_PRIVATE_SMTP = True
    mailbox = Mailbox()
    with serving(mailbox) as port:
        where = {"host": "127.0.0.1", "port": port, "tls": "none", "from_address": "marque@maison.example"}
        yield mailbox, str(connect_channel(actor=world.owner, kind="email", name="Post", settings=where).pk)


def mail(world: World, channel: str, **more: Any) -> Item:
    return world.submitted(
        "Merci !", kind=ActionKind.ANSWER, channels=(channel,), title="Réponse", recipient="membre@example.org", **more
    )


def receipts(world: World) -> int:
    with brand_scope(world.brand):
        return Receipt.objects.count()


def dispatch_of(world: World, item: Item) -> Dispatch:
    with brand_scope(world.brand):
        return Dispatch.objects.exclude(state="cancelled").get(item=item)


@pytest.mark.parametrize("point", POINTS)
def test_with_a_key_the_network_knows_there_is_exactly_one_post(world: World, point: str) -> None:
    world.charter(6)
    item = world.submitted("Une fois.")
    killed_at(point, world.brand, row_of(world.brand, "gate.send"))
    assert receipts(world) == (1 if point == "after_commit" else 0)
    assert world.on_the_wall() == ([] if point == "before_call" else ["Une fois."])
    world.run_outbox("gate.send")
    world.run_outbox("gate.send")
    assert (world.on_the_wall(), receipts(world), world.state_of(item)) == (["Une fois."], 1, "sent")


@pytest.mark.parametrize(("point", "state"), [("before_call", "held"), ("after_call", "sent")])
def test_a_stop_after_the_crash_is_obeyed_and_what_had_left_is_found(world: World, point: str, state: str) -> None:
    world.charter(6)
    item = world.submitted("Une fois.")
    killed_at(point, world.brand, row_of(world.brand, "gate.send"))
    stop(world.owner)
    world.run_outbox("gate.send")
    # Whoever is killed before the call may for all we know have been killed during it: a 'no' counts when it is over.
    assert world.state_of(item) == ("sent" if state == "sent" else "sending")
    with time_machine.travel(timezone.now() + timedelta(seconds=40)):
        world.run_outbox("gate.send")
    posts = ["Une fois."] if state == "sent" else []
    assert (world.on_the_wall(), receipts(world), world.state_of(item)) == (posts, len(posts), state)


@pytest.mark.parametrize(
    ("point", "state"), [("before_call", "uncertain"), ("after_call", "uncertain"), ("after_commit", "sent")]
)
def test_mail_is_never_sent_twice_by_itself(world: World, post: tuple[Mailbox, str], point: str, state: str) -> None:
    mailbox, channel = post
    world.charter(6)
    item = mail(world, channel)
    killed_at(point, world.brand, row_of(world.brand, "gate.send"))
    arrived = len(mailbox.got)
    assert arrived == (0 if point == "before_call" else 1)
    world.run_outbox("gate.send")
    world.run_outbox("gate.send")
    assert (world.state_of(item), len(mailbox.got), receipts(world)) == (state, arrived, 1 if state == "sent" else 0)


def test_a_mail_whose_picture_was_altered_is_not_sent_and_not_in_doubt(
    world: World, post: tuple[Mailbox, str], settings: Any, tmp_path: Path
) -> None:
    mailbox, channel = post
    settings.MEDIA_ROOT = str(tmp_path)
    out = BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, format="PNG")
    world.charter(6)
    medium = add_media(world.cm, data=out.getvalue(), declared="image/png")
    item = mail(world, channel, media=(MediaRef(medium.digest, "Un carré"),))
    stored = tmp_path / str(world.brand.id) / str(medium.pk)
    kept = stored.read_bytes()
    stored.write_bytes(b"autre")
    world.run_outbox("gate.send")
    assert (world.state_of(item), mailbox.got) == ("failed", [])
    stored.write_bytes(kept)
    assert item.version is not None
    submit_item(world.cm, item_id=item.pk, seen_digest=item.version.digest)
    world.run_outbox("gate.send")
    assert (world.state_of(item), len(mailbox.got), receipts(world)) == ("sent", 1, 1)


@pytest.mark.parametrize("done", [True, False])
def test_a_person_says_what_became_of_it(world: World, post: tuple[Mailbox, str], done: bool) -> None:
    mailbox, channel = post
    world.charter(6)
    item = mail(world, channel)
    killed_at("after_call" if done else "before_call", world.brand, row_of(world.brand, "gate.send"))
    world.run_outbox("gate.send")
    doubtful = dispatch_of(world, item)
    resolve_uncertain(world.cm, dispatch_id=doubtful.pk, done=done)
    with pytest.raises(Conflict):
        resolve_uncertain(world.actor(Role.AGENCY_MANAGER), dispatch_id=doubtful.pk, done=not done)
    assert (world.state_of(item), receipts(world)) == (("sent", 1) if done else ("failed", 0))
    if not done:
        assert item.version is not None
        submit_item(world.cm, item_id=item.pk, seen_digest=item.version.digest)
        world.run_outbox("gate.send")
        assert (world.state_of(item), receipts(world)) == ("sent", 1)
    assert len(mailbox.got) == 1
