"""A mail of ours comes back: it is told in the trail of its act, once, in its own brand, and changes nothing else."""

import hashlib
import io
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from clients.audit.models import Entry, Private
from clients.channels.models import Channel
from clients.gate.actions import approve_item
from clients.gate.actions.bouncing import note_bounce
from clients.gate.models import Dispatch, Receipt
from clients.outbox.models import OutboxRow
from tenants.walls.scope import BrandRef, brand_scope, durable
from tests.world import World

ID = "<0123456789abcdef0123456789abcdef01234567@example.org>"
REPORT = f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.example.com
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; jo@example.net
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: {ID}
--b--
"""


@pytest.fixture
def sent(world: World) -> Dispatch:
    """A mail that has left under this name."""
    item = world.submitted("La lettre")
    assert item.version is not None
    approve_item(world.approver, item_id=item.pk, seen_digest=item.version.digest)
    world.run_outbox()
    with durable(world.brand):
        Dispatch.objects.filter(item=item).update(remote_id=ID)
        Channel.objects.filter(pk=world.wall.pk).update(kind="newsletter")
        return Dispatch.objects.get(item=item)


def noted(brand: BrandRef) -> list[dict[str, Any]]:
    with brand_scope(brand):
        return list(Entry.objects.filter(verb="act.bounced").values_list("facts", flat=True))


def piped(monkeypatch: pytest.MonkeyPatch, mail: str, **options: Any) -> str:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(mail.encode())))
    said = io.StringIO()
    call_command("bounce", stdout=said, **options)
    return said.getvalue().strip()


def everything(brand: BrandRef) -> list[Any]:
    """All that a bounce could wrongly touch."""
    with brand_scope(brand):
        return [list(model.objects.order_by("pk").values()) for model in (Dispatch, Receipt, OutboxRow)]


def test_it_is_told_once_and_changes_nothing_else(world: World, sent: Dispatch) -> None:
    before = everything(world.brand)
    for _ in range(2):
        assert note_bounce(world.brand, message_id=ID, recipient="jo@example.net", status="5.1.1", permanent=True)
    assert noted(world.brand) == [
        {
            "dispatch": str(sent.id),
            "status": "5.1.1",
            "permanent": True,
        }
    ]
    with brand_scope(world.brand):
        beside = Private.objects.get(pk__in=Entry.objects.filter(verb="act.bounced").values("pk"))
        assert beside.data["recipient"] == hashlib.sha256(b"jo@example.net").hexdigest()
    assert everything(world.brand) == before
    note_bounce(world.brand, message_id=ID, recipient="li@example.net", status="4.2.2", permanent=False)
    assert len(noted(world.brand)) == 2


def test_a_mail_that_is_not_ours_is_not_noted(
    world: World, sent: Dispatch, real_brands: tuple[BrandRef, BrandRef]
) -> None:
    told = {"recipient": "jo@example.net", "status": "5.1.1", "permanent": True}
    assert not note_bounce(world.brand, message_id="<another@example.org>", **told)
    assert not note_bounce(world.brand, message_id="", **told)
    assert not note_bounce(real_brands[1], message_id=ID, **told), "the other brand's mail"
    assert noted(world.brand) == noted(real_brands[1]) == []


@pytest.mark.parametrize(
    ("kind", "comes_back"),
    [("newsletter", True), ("email", True), ("memory", False), ("webhook", False), ("mastodon", False)],
)
def test_only_a_mail_comes_back(world: World, sent: Dispatch, kind: str, comes_back: bool) -> None:
    with durable(world.brand):
        Channel.objects.filter(pk=world.wall.pk).update(kind=kind)
    told = {"recipient": "jo@example.net", "status": "5.1.1", "permanent": True}
    assert note_bounce(world.brand, message_id=ID, **told) is comes_back
    assert len(noted(world.brand)) == comes_back


def test_the_act_of_a_mail_is_found_by_an_index(world: World, sent: Dispatch) -> None:
    """A server may pipe thousands of mails: none of them may read every act that ever left."""
    with durable(world.brand), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT id FROM gate_dispatch WHERE remote_id = %s AND state = 'sent'", [ID])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "dispatch_by_remote_id" in plan


def test_a_servers_pipe_finds_the_brand(
    world: World, sent: Dispatch, real_brands: tuple[BrandRef, BrandRef], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert piped(monkeypatch, REPORT) == "1 bounces read, 1 noted"
    assert len(noted(world.brand)) == 1 and noted(real_brands[1]) == []
    assert piped(monkeypatch, REPORT, brand=real_brands[1].slug) == "1 bounces read, 0 noted"


@pytest.mark.parametrize("mail", ["", "Subject: hello\n\nHello\n", REPORT.replace("failed", "delayed")])
def test_whatever_comes_in_the_pipe_ends_well(world: World, monkeypatch: pytest.MonkeyPatch, mail: str) -> None:
    assert piped(monkeypatch, mail) == "0 bounces read, 0 noted"
