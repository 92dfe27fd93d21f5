"""Insights: what the community taught, whose word is owed, what the brand decided. Asking a department is for the page."""

from uuid import UUID

from api.inputs import Choice, Flag, Id, Input, Maybe, Moment, Text
from api.resource import ID, Act, Body, Field, Resource, Rows
from api.resources.filtering import WORDS, equal, since, until
from clients.disclosure.rules import InfoClass
from clients.insights import actions
from clients.insights.models import Insight, Released
from clients.insights.rules import LONGEST_NAME, LONGEST_NOTE, LONGEST_TEXT, LONGEST_TITLE, Decision, State
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.vocabulary import Side

WRITE = "insights:write"
WORDED = (
    Input("title", Text(LONGEST_TITLE, 1), required=True),
    Input("text", Text(LONGEST_TEXT), default=""),
    Input("theme", Text(LONGEST_NAME), default=""),
)
FROM = (
    Input("mention_id", Maybe(Id()), about="The mention that it comes from ..."),
    Input("conversation_id", Maybe(Id()), about="... or the conversation."),
    Input("wants_word", Flag(), default=False, about="Its author asked to hear what comes of it."),
)
CLASS = Input("info_class", Maybe(Choice(InfoClass)))


def rows(actor: Actor) -> Rows:
    """Those that the actor may read."""
    require(actor, Verb.INSIGHT_READ)
    return Insight.objects.readable_by(actor)


def told(actor: Actor) -> Rows:
    """What the brand let out for the list, in the words it released; whatever else an insight says is not reached from here."""
    require(actor, Verb.INSIGHT_READ)
    return Released.objects.all()


def _note(actor: Actor, of: UUID | None, body: Body) -> Insight:
    info_class = InfoClass(body["info_class"]) if body["info_class"] else None
    return actions.note_insight(actor, **body | {"info_class": info_class})


def _edit(actor: Actor, of: UUID | None, body: Body) -> Insight:
    return actions.edit_insight(actor, insight_id=of, **body)  # type: ignore[arg-type]  # a row has an id


def _add(actor: Actor, of: UUID | None, body: Body) -> None:
    actions.add_to_insight(actor, insight_id=of, **body)  # type: ignore[arg-type]


def _decide(actor: Actor, of: UUID | None, body: Body) -> Insight:
    return actions.decide_insight(actor, insight_id=of, **body)  # type: ignore[arg-type]


def _close(actor: Actor, of: UUID | None, body: Body) -> Insight:
    return actions.close_insight(actor, insight_id=of, note=body["note"])  # type: ignore[arg-type]


def _reopen(actor: Actor, of: UUID | None, body: Body) -> Insight:
    return actions.reopen_insight(actor, insight_id=of)  # type: ignore[arg-type]


DECISION = (Input("decision", Choice(Decision), required=True), Input("why", Text(LONGEST_NOTE), default=""))
RESOURCES = (
    Resource(
        name="insights",
        kind="insights.insight",
        missing="insight",
        rows=rows,
        class_column="info_class",
        etag=("title", "text", "state", "decision", "why", "due_at", "theme_id", "department_id", "closed_at"),
        table=Insight,
        fields=(
            ID,
            Field("title", WORDS),
            Field("text", WORDS),
            Field("theme", Maybe(WORDS), ("theme__name",)),
            Field("department", Maybe(WORDS), ("department__key",)),
            Field("state", Choice(State)),
            Field("due_at", Maybe(Moment()), about="By when a word is owed."),
            Field("decision", Choice(("", *map(str, Decision)))),
            Field("why", WORDS),
            Field("decided_at", Maybe(Moment())),
            Field("decided_by", WORDS, ("decided_name",)),
            Field("by_name", WORDS),
            Field("side", Choice(Side)),
            Field("created_at", Moment()),
            Field("closed_at", Maybe(Moment())),
            Field("info_class", Choice(InfoClass)),
        ),
        filters=(
            equal("state", Choice(State)),
            equal("theme", Text(LONGEST_NAME), "theme__name"),
            equal("department", Text(LONGEST_NAME), "department__key"),
            since("created_at"),
            until("created_at"),
        ),
        create=Act("create", _note, WRITE, (*WORDED, *FROM, CLASS), status=201, once=True),
        replace=Act("replace", _edit, WRITE, WORDED, matched=True, about="Other words, another theme."),
        acts=(
            Act("add", _add, WRITE, FROM, about="Another voice that says the same."),
            Act("decide", _decide, WRITE, DECISION, about="The brand's word."),
            Act(
                "close",
                _close,
                WRITE,
                (Input("note", Text(LONGEST_NOTE), default=""),),
                about="Nothing more comes of it.",
            ),
            Act("reopen", _reopen, WRITE, about="Take it up again, from the beginning."),
        ),
        about="What the community taught, handed to the brand's departments and closed back to the member.",
    ),
    Resource(
        name="you-said-we-did",
        kind="insights.released",
        scope="insights",
        missing="insight",
        rows=told,
        order=("-at", "-id"),
        fields=(
            ID,
            Field("insight", Id(), ("insight_id",)),
            Field("theme", Maybe(WORDS), ("insight__theme__name",)),
            Field("you_said", WORDS, ("said",)),
            Field("we_did", WORDS, ("did",)),
            Field("decision", Choice(("", *map(str, Decision))), ("insight__decision",)),
            Field("at", Moment()),
        ),
        filters=(equal("theme", Text(LONGEST_NAME), "insight__theme__name"), since("at"), until("at")),
        about="What the brand released for the list 'you said, we did', in words of its own.",
    ),
)
