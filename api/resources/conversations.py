"""Conversations, what was said in them, and who held them step by step; and moving one from hand to hand.

Every act is the page's own: exactly one side holds a conversation, and passing on is an offer until somebody accepts.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from api.inputs import Anything, Choice, Flag, Id, Input, Maybe, Moment, Text
from api.resource import ID, Act, Body, Field, Filter, Resource, Rows
from api.resources.filtering import NUMBER, WORD, WORDS, equal, since, until
from clients.autonomy.vocabulary import Sensitivity
from clients.custody import actions
from clients.custody.access import readable_steps, readable_turns, reading_verb
from clients.custody.models import Conversation
from clients.custody.queries import readable_conversations
from clients.custody.rules import LONGEST_NOTE, LONGEST_TEAM, Holder, LapseTo, Medium, State, Step, TurnKind, Voice
from clients.disclosure.rules import InfoClass
from clients.people.access import require
from clients.people.actor import Actor
from tenants.vocabulary import Side

WRITE = "conversations:write"
NOTE = Input("note", Text(LONGEST_NOTE), default="", about="For the people who read its history.")
UNTIL = Input("until", Moment(), required=True)


def rows(actor: Actor) -> Rows:
    """What the actor may read: insiders by its class, a department contact what was handed to them."""
    require(actor, reading_verb(actor))
    return readable_conversations(actor)


def _moved(action: Callable[..., Any], *names: str) -> Callable[[Actor, UUID | None, Body], None]:
    """One step of one conversation, with these names of the body."""

    def run(actor: Actor, of: UUID | None, body: Body) -> None:
        action(actor, conversation_id=of, **{name: body[name] for name in names})

    return run


def _pass_on(actor: Actor, of: UUID | None, body: Body) -> None:
    assert of is not None
    to = Holder(Side(body["to_side"]), body["to_person"], body["to_team"])
    lapse = LapseTo(body["lapse_to"])
    actions.pass_on(actor, conversation_id=of, to=to, note=body["note"], accept_by=body["accept_by"], lapse_to=lapse)


OFFERED = (
    Input("to_side", Choice(Side), required=True),
    Input("to_person", Maybe(Id()), about="One person of that side."),
    Input("to_team", Text(LONGEST_TEAM), default="", about="Or a team of it."),
    Input("note", Text(LONGEST_NOTE, 1), required=True),
    Input("accept_by", Maybe(Moment())),
    Input("lapse_to", Choice(LapseTo), default=str(LapseTo.GIVER), about="Where it goes when nobody answers in time."),
)
REASON = Input("reason", Text(LONGEST_NOTE, 1), required=True)
ACTS = (
    Act("take", _moved(actions.take), WRITE, about="I have it, within the side that holds."),
    Act("let-go", _moved(actions.let_go, "team"), WRITE, (Input("team", Text(LONGEST_TEAM), default=""),)),
    Act(
        "take-back",
        _moved(actions.take_back, "note"),
        WRITE,
        (NOTE,),
        about="From the other side, into one's own hands.",
    ),
    Act("give-back", _moved(actions.give_back, "note"), WRITE, (NOTE,), about="To whoever it came from."),
    Act("pass-on", _pass_on, WRITE, OFFERED, about="Offer it: whoever offers still holds until it is accepted."),
    Act("accept", _moved(actions.accept), WRITE, about="Take what was offered."),
    Act("decline", _moved(actions.decline, "reason"), WRITE, (REASON,), about="Say no to an offer, and why."),
    Act("withdraw", _moved(actions.withdraw), WRITE, about="Take back an offer that nobody has answered."),
    Act("lock", _moved(actions.lock, "note"), WRITE, (NOTE,), about="The agency may not take it back."),
    Act("unlock", _moved(actions.unlock, "note"), WRITE, (NOTE,)),
    Act("wait-for-member", _moved(actions.wait_for_member, "note"), WRITE, (NOTE,), about="It is with the member."),
    Act(
        "snooze",
        _moved(actions.snooze, "until", "note"),
        WRITE,
        (UNTIL, NOTE),
        about="Out of the inbox until a moment.",
    ),
    Act("wake", _moved(actions.wake), WRITE, about="Back into the inbox before its time."),
    Act("close", _moved(actions.close, "note"), WRITE, (NOTE,), about="Nothing is left to say."),
    Act("reopen", _moved(actions.reopen, "note"), WRITE, (NOTE,)),
)

CONVERSATIONS = Resource(
    name="conversations",
    kind="custody.conversation",
    missing="conversation",
    rows=rows,
    order=("-last_said_at", "-id"),
    class_column="info_class",
    etag=(
        "state",
        "until",
        "holder_side",
        "holder_person",
        "holder_team",
        "held_since",
        "locked",
        "last_said_at",
        "member",
    ),
    table=Conversation,
    fields=(
        ID,
        Field("channel", Maybe(Id())),
        Field("medium", Choice(Medium)),
        Field("title", WORDS),
        Field("language", WORDS),
        Field("topic", WORDS),
        Field("sensitivity", Choice(Sensitivity)),
        Field("priority", Anything({"type": "integer", "minimum": 0, "maximum": 100})),
        Field("state", Choice(State)),
        Field("until", Maybe(Moment()), about="Of a snooze."),
        Field("member", Maybe(Id())),
        Field("member_name", WORDS),
        Field("handle", WORDS),
        Field("holder_side", Choice(Side)),
        Field("holder_person", Maybe(Id())),
        Field("holder_team", WORDS),
        Field("held_since", Moment()),
        Field("locked", Flag(), about="The agency may not take it back."),
        Field("opened_at", Moment()),
        Field("closed_at", Maybe(Moment())),
        Field("merged_into", Maybe(Id()), ("merged_into_id",)),
        Field("last_said_at", Moment()),
        Field("info_class", Choice(InfoClass)),
    ),
    filters=(
        equal("state", Choice(State)),
        equal("holder_side", Choice(Side)),
        equal("holder_person", Id()),
        equal("channel", Id()),
        equal("medium", Choice(Medium)),
        equal("member", Id()),
        equal("handle", WORD),
        since("last_said_at"),
        until("last_said_at"),
    ),
    acts=ACTS,
    about="What is said with one member in one thread, and which side holds it now.",
)


def _in_conversations(
    name: str,
    *,
    kind: str,
    missing: str,
    rows: Callable[[Actor], Rows],
    fields: tuple[Field, ...],
    by: Filter,
    about: str,
) -> Resource:
    """What conversations are made of, a row at a time and in its order; read with its conversation, and as strictly."""
    return Resource(
        name=name,
        scope="conversations",
        kind=kind,
        missing=missing,
        rows=rows,
        order=("-at", "-id"),
        class_column="conversation__info_class",
        fields=(
            ID,
            Field("conversation", Id(), ("conversation_id",), always=True),
            Field("number", NUMBER),
            *fields,
            Field("at", Moment()),
        ),
        filters=(equal("conversation", Id(), "conversation_id"), by, since("at"), until("at")),
        about=about,
    )


TURNS = _in_conversations(
    "turns",
    kind="custody.turn",
    missing="turn",
    rows=readable_turns,
    fields=(
        Field("voice", Choice(Voice)),
        Field("kind", Choice(TurnKind)),
        Field("text", WORDS),
        Field("author", WORDS),
        Field("author_handle", WORDS),
        Field("channel", Maybe(Id())),
        Field("mention", Maybe(Id())),
        Field("item", Maybe(Id())),
        Field("seen_at", Moment()),
    ),
    by=equal("voice", Choice(Voice)),
    about="One thing that was said in a conversation, by the member or by us.",
)
STEPS = _in_conversations(
    "custody-steps",
    kind="custody.holding",
    missing="conversation",
    rows=readable_steps,
    fields=(
        Field("step", Choice(Step)),
        Field("was_side", Choice(("", *map(str, Side)))),
        Field("was_person", Maybe(Id())),
        Field("was_team", WORDS),
        Field("now_side", Choice(Side)),
        Field("now_person", Maybe(Id())),
        Field("now_team", WORDS),
        Field("now_state", Choice(State)),
        Field("note", WORDS, ("told_note",), about="As far as it was written for the side of the key."),
        Field("by_person", Maybe(Id())),
        Field("by_name", WORDS),
    ),
    by=equal("step", Choice(Step)),
    about="Every step of every conversation: whose hands it left, and into whose it came.",
)

RESOURCES = (CONVERSATIONS, TURNS, STEPS)
