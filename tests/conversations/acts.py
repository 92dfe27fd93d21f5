"""What the test of every action gives to those of conversations: see `tests/audit/test_every_action.py`."""

from collections.abc import Callable
from typing import Any

from clients.autonomy.vocabulary import ActionKind
from clients.conversations.actions import (
    Talk,
    keep_view,
    note_beside,
    open_from_mention,
    put_label,
    save_reply,
)
from clients.conversations.models import Heard
from clients.custody.models import Turn
from clients.custody.rules import Medium
from clients.disclosure.rules import InfoClass
from tenants.ids import uuid7
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.triage.conftest import said
from tests.world import World

CM, CONTACT = Role.COMMUNITY_MANAGER, Role.DEPARTMENT_CONTACT
WORDS = "GEHEIM in a conversation"
Given = dict[str, Any]


def talk(world: World) -> Given:
    mention = said(world.brand, WORDS, channel=world.wall.pk, remote_id="1")
    return {"conversation_id": open_from_mention(world.cm, mention_id=mention.pk).pk}


def two_said(world: World) -> Given:
    """A conversation in which the member said two things, and the second."""
    one = talk(world)
    mention = said(world.brand, WORDS, channel=world.wall.pk, remote_id="2")
    with brand_scope(world.brand):
        Heard.objects.create(mention=mention, in_reply_to="1", references=["1"])
    open_from_mention(world.cm, mention_id=mention.pk)
    with brand_scope(world.brand):
        return one | {"turn_id": Turn.objects.get(remote_id="2").pk}


def labelled(world: World) -> Given:
    one = talk(world)
    return one | {"label_id": put_label(world.cm, **one, name=WORDS).pk}


def noted(world: World) -> Given:
    note = note_beside(world.cm, **talk(world), text=WORDS, info_class=InfoClass.SHARED)
    return {"note_id": note.pk, "info_class": InfoClass.NAMED}


def ready(world: World) -> Given:
    return {"reply_id": save_reply(world.cm, name=WORDS, text=WORDS).pk}


def with_label(world: World) -> Given:
    """Words that bring a label, for another conversation than the one it was made on."""
    label = labelled(world)["label_id"]
    saved = save_reply(world.cm, name=WORDS, text=WORDS, labels=[label])
    other = said(world.brand, WORDS, channel=world.wall.pk, remote_id="2")
    return {"conversation_id": open_from_mention(world.cm, mention_id=other.pk).pk, "reply_id": saved.pk}


def view(world: World) -> Given:
    return {"view_id": keep_view(world.cm, name=WORDS, filters={}).pk}


def mentioned(world: World) -> Given:
    return {"mention_id": said(world.brand, WORDS).pk}


def answered(world: World) -> Given:
    return talk(world) | {"content": world.content(WORDS, kind=ActionKind.ANSWER)}


GIVEN: dict[str, tuple[Callable[[World], Given], Role] | tuple[Callable[[World], Given], Role, Role]] = {
    "open_from_mention": (mentioned, CM),
    "take_up": (mentioned, CM),
    "note_talk": (lambda _world: {"talk": Talk(Medium.PHONE, WORDS)}, CM),
    "begin_reply": (answered, CM),
    "note_beside": (lambda world: talk(world) | {"text": WORDS}, CM),
    "classify_note_beside": (noted, CM),
    "split_off": (two_said, CM),
    "let_begin": (lambda _world: {"source_id": uuid7(), "side": "brand"}, Role.BRAND_OWNER, CM),
    "put_label": (lambda world: talk(world) | {"name": WORDS}, CM),
    "take_label_off": (labelled, CM),
    "keep_sketch": (lambda world: talk(world) | {"text": WORDS, "shared": True}, CM),
    "save_reply": (lambda _world: {"name": WORDS, "text": WORDS}, CM),
    "drop_reply": (ready, CM),
    "use_reply": (with_label, CM),
    "keep_view": (lambda _world: {"name": WORDS, "filters": {}}, CM, CONTACT),
    "forget_view": (view, CM),
}
BY_THE_HOUSE = {"follow_reply"}
