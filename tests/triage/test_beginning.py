"""Where the brand says so, what is written to it alone begins a conversation by itself; bulk mail and the rest never do."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from clients.conversations.actions import let_begin
from clients.conversations.models import BeginsItself
from clients.custody.models import Conversation, Holding
from clients.disclosure.rules import InfoClass
from clients.mentions.actions import take_in
from clients.mentions.normal import once
from clients.mentions.raw import RawMention
from clients.service.models import Clock
from clients.sources.mails import read_mail
from clients.triage.actions import go_on
from tenants.errors import Invalid, Refused
from tenants.ids import uuid7
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope
from tests.triage.conftest import SOURCE
from tests.triage.test_conversing import mention, raw, standing
from tests.world import World

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MAIL = b"From: Lea <lea@example.org>\r\nSubject: Samedi\r\nMessage-ID: <1@example.org>\r\n%s\r\nOuverts ?\r\n"


def arrives(world: World, *raws: RawMention, info_class: InfoClass = InfoClass.SHARED) -> int:
    """Over the source of these tests; how many turns it made."""
    take_in(world.brand, SOURCE, "mailbox", raws, all_kept=True, info_class=info_class)
    return go_on(world.brand, source=SOURCE, said=once(raws))


def to_us(world: World, number: str, *, bulk: bool = False, direct: bool = True) -> RawMention:
    return replace(raw(world, number, f"Message {number}"), direct=direct, bulk=bulk)


def held(world: World) -> list[tuple[str, object]]:
    with brand_scope(world.brand):
        return list(Conversation.objects.order_by("opened_at").values_list("holder_side", "holder_person"))


def test_off_until_the_brand_says_so_and_off_again(world: World, other: World) -> None:
    assert arrives(world, to_us(world, "1")) == 0
    let_begin(world.owner, source_id=SOURCE, side="agency")
    let_begin(other.owner, source_id=uuid7(), side="brand")
    assert arrives(other, to_us(other, "1")) == 0
    assert arrives(world, to_us(world, "2"), to_us(world, "3", bulk=True), to_us(world, "4", direct=False)) == 1
    assert arrives(world, to_us(world, "2")) == 0
    assert held(world) == [("agency", None)]
    assert standing(world.brand, mention(world, "2")) == ("done", "handed")
    assert standing(world.brand, mention(world, "3")) == ("open", "")
    with brand_scope(world.brand):
        assert Holding.objects.get().by_person is None
        assert Clock.objects.filter(stopped_at=None).count() == 2
    let_begin(world.owner, source_id=SOURCE, side="brand")
    assert arrives(world, to_us(world, "5")) == 1
    assert held(world)[1:] == [("brand", None)]
    let_begin(world.owner, source_id=SOURCE, side="")
    assert arrives(world, to_us(world, "6")) == 0


def test_what_the_brand_keeps_is_never_in_the_agencys_hands(world: World) -> None:
    let_begin(world.owner, source_id=SOURCE, side="agency")
    assert arrives(world, to_us(world, "1"), info_class=InfoClass.BRAND) == 1
    assert held(world) == [("brand", None)]


@pytest.mark.parametrize("role", [Role.AGENCY_MANAGER, Role.COMMUNITY_MANAGER, Role.APPROVER, Role.AUDITOR])
def test_the_switch_is_the_heads_of_the_brand(world: World, role: Role) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        let_begin(world.actor(role), source_id=SOURCE, side="brand")
    with pytest.raises(Invalid, match="unknown_choice"):
        let_begin(world.owner, source_id=SOURCE, side="nobody")
    let_begin(world.owner, source_id=SOURCE, side=Side.BRAND)
    with brand_scope(world.brand):
        assert BeginsItself.objects.get().side == Side.BRAND


@pytest.mark.parametrize(
    ("head", "bulk"),
    [
        (b"", False),
        (b"Auto-Submitted: no\r\n", False),
        (b"Precedence: first-class\r\n", False),
        (b"List-Id: Nouvelles <nouvelles.example.org>\r\n", True),
        (b"List-Unsubscribe: <mailto:stop@example.org>\r\n", True),
        (b"Precedence: Bulk\r\n", True),
        (b"Auto-Submitted: auto-replied\r\n", True),
        (b"Return-Path: <>\r\n", True),
        (b"Content-Type: multipart/report; boundary=x\r\n", True),
    ],
)
def test_a_mail_says_of_itself_whether_it_goes_to_many(head: bytes, bulk: bool) -> None:
    assert read_mail(MAIL % head, now=NOW).bulk is bulk
