"""Mentions: what was said outside, what it was taken for, and what became of it; and saying what becomes of it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from api.inputs import Anything, Choice, Id, Input, Maybe, Moment, Text
from api.resource import ID, Act, Body, Field, Resource, Rows
from api.resources.filtering import WORD, WORDS, equal, listed, since, until
from clients.autonomy.vocabulary import Sensitivity
from clients.disclosure.rules import InfoClass
from clients.mentions.models import Mention
from clients.mentions.rules import MentionKind, MentionState, Outcome, SortedBy
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from clients.triage import actions
from clients.triage.rules import NoReply

WRITE = "mentions:write"
NOTE = Input("words", Text(1_000), default="", about="For the people who read its history.")
HOLDER = Input(
    "seen_holder", Text(36), default="", about="Whose hands it is in, if you were shown that and go on all the same."
)


def rows(actor: Actor) -> Rows:
    """Those that the actor may read; copies too."""
    require(actor, Verb.MENTION_READ)
    return Mention.objects.readable_by(actor)


def _ruled(action: Callable[..., Any], *names: str) -> Callable[[Actor, UUID | None, Body], None]:
    """One action upon one mention, with these names of the body."""

    def run(actor: Actor, of: UUID | None, body: Body) -> None:
        action(actor, mention_id=of, **{name: body[name] for name in names})

    return run


ACTS = (
    Act("hold", _ruled(actions.hold_mention, "seen_holder"), WRITE, (HOLDER,), about="I have it: others are warned."),
    Act("let-go", _ruled(actions.let_mention_go), WRITE, about="Nobody has it any longer."),
    Act(
        "snooze",
        _ruled(actions.snooze_mention, "until", "seen_holder"),
        WRITE,
        (Input("until", Moment(), required=True), HOLDER),
        about="Out of the inbox until a moment.",
    ),
    Act(
        "dismiss",
        _ruled(actions.dismiss_mention, "reason", "words", "seen_holder"),
        WRITE,
        (Input("reason", Choice(NoReply), required=True), NOTE, HOLDER),
        about="No reply is needed, and why.",
    ),
    Act(
        "mark-wrong",
        _ruled(actions.mark_mention_wrong, "words", "seen_holder"),
        WRITE,
        (NOTE, HOLDER),
        about="It is not about this brand.",
    ),
    Act("reopen", _ruled(actions.reopen_mention, "words"), WRITE, (NOTE,), about="Take up again what had its outcome."),
    Act("undo", _ruled(actions.undo_ruling), WRITE, about="Take one's own last step back, within ten minutes."),
    Act(
        "merge",
        _ruled(actions.merge_mention, "into_id", "seen_holder"),
        WRITE,
        (Input("into_id", Id(), required=True), HOLDER),
        about="Make it a copy of another.",
    ),
    Act("split", _ruled(actions.split_mention), WRITE, about="It stands on its own again."),
    Act(
        "hand",
        _ruled(actions.hand_mention, "to_person", "note", "seen_holder"),
        WRITE,
        (Input("to_person", Id(), required=True), Input("note", Text(1_000), required=True), HOLDER),
        about="Offer its conversation to one person, with a note; they get a letter.",
    ),
)

RESOURCES = (
    Resource(
        name="mentions",
        kind="mentions.mention",
        missing="mention",
        rows=rows,
        order=("-found_at", "-id"),
        class_column="info_class",
        etag=("state", "outcome", "kind", "held_by", "snoozed_until", "copy_of_id", "priority"),
        table=Mention,
        fields=(
            ID,
            Field("medium", WORDS),
            Field("source", Id()),
            Field("title", WORDS),
            Field("text", WORDS),
            Field("author", WORDS),
            Field("author_handle", WORDS),
            Field("url", WORDS),
            Field("language", WORDS),
            Field("published_at", Maybe(Moment())),
            Field("found_at", Moment()),
            Field("channel", Maybe(Id())),
            Field("kind", Choice(MentionKind)),
            Field("sorted_by", Choice(SortedBy), about="Who said what kind it is."),
            Field("sensitivity", Choice(Sensitivity)),
            Field("priority", Anything({"type": "integer", "minimum": 0, "maximum": 100})),
            Field("matched", listed(WORDS), about="Keys of the watch list."),
            Field("state", Choice(MentionState)),
            Field("outcome", Choice(("", *map(str, Outcome)))),
            Field("snoozed_until", Maybe(Moment())),
            Field("held_by", Maybe(Id())),
            Field("copy_of", Maybe(Id()), ("copy_of_id",)),
            Field("info_class", Choice(InfoClass)),
        ),
        filters=(
            equal("state", Choice(MentionState)),
            equal("outcome", Choice(Outcome)),
            equal("kind", Choice(MentionKind)),
            equal("language", WORD),
            equal("sensitivity", Choice(Sensitivity)),
            equal("source", Id()),
            equal("held_by", Id()),
            equal("copy_of", Id(), "copy_of_id"),
            since("found_at"),
            until("found_at"),
        ),
        acts=ACTS,
        about="What was found outside. Its words never change; what people decide about it does.",
    ),
)
