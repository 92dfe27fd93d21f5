"""A test over a channel: what it does on each kind, who may ask for it, and what holds it."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.utils import timezone, translation

from clients.approvals.words import HoldScope
from clients.audit.models import Entry
from clients.channels.actions import connect_channel, mark_health, revoke_channel
from clients.channels.models import Channel
from clients.channels.port import SelfTest, SendFailed
from clients.channels.queries import kinds_on_offer, self_test_of
from clients.channels.registry import connector_for
from clients.gate.actions import resume, send_test, stop, trying
from clients.gate.models import Dispatch, Receipt
from clients.people.actor import Actor
from tenants.errors import Conflict, Missing, Refused
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef, brand_scope
from tests.channels.fakes.ghost import KEY, Ghost
from tests.channels.fakes.mastodon import TOKEN, Mastodon
from tests.channels.fakes.serving import Answer, Ask, Fake, serving
from tests.channels.fakes.wordpress import PASSWORD, WordPress
from tests.channels.mailserver import Mailbox
from tests.channels.mailserver import serving as serving_mail
from tests.conftest import make_person
from tests.world import World, make_world

BEGUN, DONE = "channel_test_begun", "channel_tested"
MAIL = {"host": "127.0.0.1", "tls": "none", "from_address": "bonjour@maison.example"}
LIST = {"to": "une@lectrice.example, un@lecteur.example", "unsubscribe": "https://maison.example/quitter"}


@pytest.fixture(autouse=True)
def on_loopback(settings: Any) -> None:
    settings.ALLOW_PRIVATE_HOSTS = settings.ALLOW_PRIVATE_SMTP = True


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def smtp(mailbox: Mailbox) -> Iterator[int]:
    with serving_mail(mailbox) as port:
        yield port


@pytest.fixture
def post(world: World, smtp: int) -> Channel:
    return connect_channel(actor=world.owner, kind="email", name="Post", settings=MAIL | {"port": smtp})


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, bytes]]:
    """Whatever changes something on a fake, in order."""
    found: list[tuple[str, str, bytes]] = []
    plain = Fake.take

    def noting(fake: Fake, ask: Ask) -> Answer:
        if ask.method != "GET":
            found.append((ask.method, (ask.query.get("rest_route") or [ask.path])[0], ask.body))
        return plain(fake, ask)

    monkeypatch.setattr(Fake, "take", noting)
    return found


def log_of(brand: BrandRef) -> list[tuple[str, dict[str, Any]]]:
    with brand_scope(brand):
        found = Entry.objects.filter(verb__in=(BEGUN, DONE)).order_by("id")
        return [(entry.verb, entry.facts) for entry in found]


def refusal(actor: Actor, channel: Channel) -> str:
    with pytest.raises(Conflict) as refused:
        send_test(actor=actor, channel_id=channel.pk)
    return refused.value.code


class TestWhatItDoes:
    def test_a_mail_to_who_asks_and_to_nobody_else(self, world: World, post: Channel, mailbox: Mailbox) -> None:
        with translation.override("fr"):
            assert send_test(actor=world.owner, channel_id=post.pk) == ""
        (mail,) = mailbox.got
        assert mail.rcpt_tos == [world.people[Role.BRAND_OWNER].email]
        assert message_from_bytes(mail.content, policy=policy.default)["subject"] == "Un essai de Relais"

    def test_a_newsletters_test_goes_past_its_list(self, world: World, smtp: int, mailbox: Mailbox) -> None:
        values = MAIL | LIST | {"port": smtp}
        letter = connect_channel(actor=world.owner, kind="newsletter", name="Lettre", settings=values)
        assert send_test(actor=world.owner, channel_id=letter.pk) == ""
        assert [mail.rcpt_tos for mail in mailbox.got] == [[world.people[Role.BRAND_OWNER].email]]

    def test_a_mail_without_a_recipient_goes_to_nobody(
        self, world: World, smtp: int, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Not to the list, whatever is forgotten elsewhere."""
        values = MAIL | LIST | {"port": smtp}
        letter = connect_channel(actor=world.owner, kind="newsletter", name="Lettre", settings=values)
        plain = trying.Outbound
        monkeypatch.setattr(trying, "Outbound", lambda **values: plain(**values | {"recipient": None}))
        assert send_test(actor=world.owner, channel_id=letter.pk) == "recipient_missing" and mailbox.got == []

    @pytest.mark.parametrize(
        ("fake", "account", "made", "gone"),
        [
            (WordPress(), {"user": "editor", "password": PASSWORD}, "/wp/v2/posts", "/wp/v2/posts/"),
            (Ghost(), {"admin_key": KEY}, "/ghost/api/admin/posts/", "/ghost/api/admin/posts/"),
        ],
        ids=["wordpress", "ghost"],
    )
    def test_a_draft_is_made_and_deleted(
        self, world: World, asked: list[Any], fake: Any, account: dict[str, str], made: str, gone: str
    ) -> None:
        with serving(fake) as site:
            kind = type(fake).__name__.lower()
            blog = connect_channel(actor=world.owner, kind=kind, name="Blog", settings=account | {"site": site})
            asked.clear()
            assert send_test(actor=world.owner, channel_id=blog.pk) == ""
        assert [(method, path) for method, path, _body in asked[:1]] == [("POST", made)]
        assert b'"status":"draft"' in asked[0][2].replace(b" ", b"")
        assert [method for method, _path, _body in asked] == ["POST", "DELETE"] and asked[1][1].startswith(gone)
        assert fake.state["posts"] == {} and fake.visible == 0

    def test_what_cannot_be_deleted_is_said(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        fake = Ghost()
        with serving(fake) as site:
            settings = {"site": site, "admin_key": KEY}
            blog = connect_channel(actor=world.owner, kind="ghost", name="Blog", settings=settings)
            plain = fake.answer
            refuse = (403, {"errors": [{"message": "no"}]})
            monkeypatch.setattr(fake, "answer", lambda ask: refuse if ask.method == "DELETE" else plain(ask))
            assert send_test(actor=world.owner, channel_id=blog.pk) == "test_left_behind"
        assert len(fake.state["posts"]) == 1 and fake.visible == 0

    def test_a_message_that_only_the_account_sees(self, world: World, asked: list[Any]) -> None:
        fake = Mastodon()
        with serving(fake) as site:
            settings = {"site": site, "access_token": TOKEN}
            channel = connect_channel(actor=world.owner, kind="mastodon", name="Toots", settings=settings)
            asked.clear()
            assert send_test(actor=world.owner, channel_id=channel.pk) == ""
        assert [method for method, _path, _body in asked] == ["POST", "DELETE"]
        assert b'"direct"' in asked[0][2] and b"@" not in asked[0][2] and fake.ours == []


def test_it_is_no_act(world: World, post: Channel) -> None:
    """No item, no receipt, nothing counted: two lines in the log."""
    send_test(actor=world.owner, channel_id=post.pk)
    with brand_scope(world.brand):
        assert not Dispatch.objects.exists() and not Receipt.objects.exists()
    assert log_of(world.brand) == [(BEGUN, {"test": "mail"}), (DONE, {"test": "mail", "found": ""})]


def test_that_it_begins_is_known_whatever_happens_then(
    world: World, post: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> str:
        raise RuntimeError

    monkeypatch.setattr(trying, "_attempt", dies)
    with pytest.raises(RuntimeError):
        send_test(actor=world.owner, channel_id=post.pk)
    assert [verb for verb, _facts in log_of(world.brand)] == [BEGUN]


def test_what_fails_is_told_and_a_broken_channel_noted(world: World, post: Channel, mailbox: Mailbox) -> None:
    mailbox.refuse[world.people[Role.BRAND_OWNER].email] = "550 no such user"
    assert send_test(actor=world.owner, channel_id=post.pk) == "recipient_refused"
    assert log_of(world.brand)[-1][1]["found"] == "recipient_refused"


@pytest.mark.parametrize("role", list(Role))
def test_only_who_may_connect_channels_of_the_brand(world: World, post: Channel, mailbox: Mailbox, role: Role) -> None:
    if role in (Role.BRAND_OWNER, Role.BRAND_MANAGER):
        assert send_test(actor=world.actor(role), channel_id=post.pk) == "" and len(mailbox.got) == 1
        return
    with pytest.raises(Refused):
        send_test(actor=world.actor(role), channel_id=post.pk)
    assert mailbox.got == [] and log_of(world.brand) == []


def test_another_brands_channel_is_absent(world: World, post: Channel, real_brands: Any, mailbox: Mailbox) -> None:
    other = make_world(real_brands[1], make_person)
    with pytest.raises(Missing):
        send_test(actor=other.owner, channel_id=post.pk)
    assert mailbox.got == [] and log_of(other.brand) == [] == log_of(world.brand)


@pytest.mark.parametrize("scope", ["all", "channel", "kind", "person"])
def test_a_stop_holds_it_and_after_resuming_it_goes(world: World, post: Channel, mailbox: Mailbox, scope: str) -> None:
    owner = world.owner
    values = {"all": "", "channel": str(post.pk), "kind": "direct_message", "person": str(owner.person_id)}
    hold = stop(owner, scope=HoldScope(scope), value=values[scope])
    assert refusal(owner, post) == "stopped"
    assert mailbox.got == [] and log_of(world.brand) == []
    resume(world.owner, hold_id=hold.pk)
    assert send_test(actor=owner, channel_id=post.pk) == "" and len(mailbox.got) == 1


def test_a_stop_that_comes_after_it_began_holds_it(
    world: World, post: Channel, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the line that it begins and the brake's lock: asked once more with the lock held."""
    plain = trying.let_leave

    def stopped_first(brand: BrandRef) -> None:
        place_stop(world)
        plain(brand)

    monkeypatch.setattr(trying, "let_leave", stopped_first)
    assert refusal(world.owner, post) == "stopped" and mailbox.got == []


def place_stop(world: World) -> None:
    """From a thread of its own, as another request would."""

    def press() -> None:
        stop(world.owner, scope=HoldScope.ALL, value="")
        connections.close_all()

    thread = threading.Thread(target=press)
    thread.start()
    thread.join(10)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda w, c: revoke_channel(actor=w.owner, channel_id=c.pk), "channel_revoked"),
        (lambda w, c: mark_health(actor=w.owner, channel_id=c.pk, code="tls_missing"), "channel_not_open"),
    ],
)
def test_only_over_an_open_channel(world: World, post: Channel, mailbox: Mailbox, spoil: Any, code: str) -> None:
    spoil(world, post)
    assert refusal(world.owner, post) == code and mailbox.got == []


def test_a_network_that_wants_quiet_has_it(world: World, post: Channel, mailbox: Mailbox) -> None:
    with brand_scope(world.brand):
        Channel.objects.filter(pk=post.pk).update(quiet_until=timezone.now() + timedelta(minutes=5))
    assert refusal(world.owner, post) == "too_many_requests" and mailbox.got == []


def test_once_a_minute(world: World, post: Channel, mailbox: Mailbox) -> None:
    send_test(actor=world.owner, channel_id=post.pk)
    assert refusal(world.owner, post) == "tested_just_now" and len(mailbox.got) == 1
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert send_test(actor=world.owner, channel_id=post.pk) == ""


def test_where_there_is_nothing_harmless_there_is_no_test(world: World) -> None:
    assert refusal(world.owner, world.wall) == "cannot_test"
    with pytest.raises(SendFailed, match="cannot_test"):
        connector_for("memory").self_test(None)
    declared = {kind: self_test_of(kind) for kind in kinds_on_offer() if self_test_of(kind)}
    assert declared == {
        "email": SelfTest.MAIL,
        "newsletter": SelfTest.MAIL,
        "wordpress": SelfTest.DRAFT,
        "ghost": SelfTest.DRAFT,
        "mastodon": SelfTest.MESSAGE,
    }
