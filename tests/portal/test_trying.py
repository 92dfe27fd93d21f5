"""'Send a test' on the page of the channels: said beforehand, offered only where there is one, and only to who may ask for it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from clients.channels.actions import connect_channel, mark_health
from clients.channels.models import Channel
from tenants.vocabulary import Role
from tests.channels.mailserver import Mailbox, serving
from tests.portal.conftest import Browse
from tests.portal.test_lists import queries_of
from tests.world import World

MAIL = {"host": "127.0.0.1", "tls": "none", "from_address": "bonjour@maison.example"}
SENTENCE = "Sends a short mail over this channel to your own address."
BUTTON = "Send a test"


@pytest.fixture
def mailbox(settings: Any) -> Mailbox:
    settings.ALLOW_PRIVATE_SMTP = True
    return Mailbox()


@pytest.fixture
def smtp(mailbox: Mailbox) -> Iterator[int]:
    with serving(mailbox) as port:
        yield port


@pytest.fixture
def post(world: World, smtp: int) -> Channel:
    return connect_channel(actor=world.owner, kind="email", name="Post", settings=MAIL | {"port": smtp})


def page_of(client: Client) -> str:
    return client.get("/channels/").content.decode()


def test_it_is_said_what_it_does_and_one_press_does_it(
    world: World, post: Channel, browse: Browse, mailbox: Mailbox
) -> None:
    client = browse(world.people[Role.BRAND_MANAGER], world.brand)
    page = page_of(client)
    assert page.count(BUTTON) == 1 and SENTENCE in page
    answer = client.post(f"/channels/{post.pk}/test")
    assert answer.status_code == 303 and "The test went through." in page_of(client)
    assert [mail.rcpt_tos for mail in mailbox.got] == [[world.people[Role.BRAND_MANAGER].email]]
    again = client.post(f"/channels/{post.pk}/test")
    assert again.status_code == 409 and "Please wait a minute." in again.content.decode() and len(mailbox.got) == 1


def test_what_fails_is_told_in_words(world: World, post: Channel, browse: Browse, mailbox: Mailbox) -> None:
    mailbox.refuse[world.people[Role.BRAND_OWNER].email] = "550 no"
    client = browse(world.people[Role.BRAND_OWNER], world.brand)
    client.post(f"/channels/{post.pk}/test")
    assert "The server refused every recipient." in page_of(client)


@pytest.mark.parametrize("role", [Role.COMMUNITY_MANAGER, Role.AGENCY_OWNER, Role.APPROVER])
def test_nobody_else_is_offered_one_or_gets_one(
    world: World, post: Channel, browse: Browse, mailbox: Mailbox, role: Role
) -> None:
    client = browse(world.people[role], world.brand)
    assert BUTTON not in page_of(client)
    assert client.post(f"/channels/{post.pk}/test").status_code in (403, 404) and mailbox.got == []


def test_another_brands_channel_is_absent(
    world: World, other: World, post: Channel, browse: Browse, mailbox: Mailbox
) -> None:
    there = browse(other.people[Role.BRAND_OWNER], other.brand)
    assert there.post(f"/channels/{post.pk}/test").status_code == 404
    assert "Post" not in page_of(there) and mailbox.got == []


def test_a_channel_that_is_broken_offers_none(world: World, post: Channel, browse: Browse) -> None:
    mark_health(actor=world.owner, channel_id=post.pk, code="tls_missing")
    assert BUTTON not in page_of(browse(world.people[Role.BRAND_OWNER], world.brand))


def test_the_page_asks_no_more_for_more_channels(world: World, other: World, smtp: int, browse: Browse) -> None:
    client = browse(world.people[Role.BRAND_OWNER], world.brand)
    first, _page = queries_of(client, "/channels/")
    for n in range(3):
        connect_channel(actor=world.owner, kind="email", name=f"Post {n}", settings=MAIL | {"port": smtp})
    more, page = queries_of(client, "/channels/")
    assert more == first and page.count(BUTTON) == 3 and "SECRET" not in page
