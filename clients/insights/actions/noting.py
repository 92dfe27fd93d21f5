"""Writing down what the community taught, putting further voices under it, and who may read it."""

from collections.abc import Collection
from uuid import UUID

from clients.audit.actions import record
from clients.disclosure.access import can_read
from clients.disclosure.rules import InfoClass, strictest
from clients.disclosure.steps import people_named, reclassify
from clients.insights.access import access_insight
from clients.insights.models import Insight, InsightSource
from clients.insights.queries import open_asking, sources_of
from clients.insights.rules import LONGEST_TEXT, LONGEST_TITLE, Step, checked_line, checked_words
from clients.insights.steps import Origin, holds_class, move, origin_of, put_under, theme_named
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid
from tenants.walls.scope import durable


def note_insight(
    actor: Actor,
    *,
    title: str,
    text: str = "",
    mention_id: UUID | None = None,
    conversation_id: UUID | None = None,
    theme: str = "",
    info_class: InfoClass | None = None,
    wants_word: bool = False,
) -> Insight:
    """An insight from something that was said. `wants_word`: its author asked to hear what comes of it.

    It is kept as strictly as what was said, or more so. Raises Refused('not_allowed'), Missing('mention' | 'conversation'),
    Conflict('kept_more_strictly' | 'too_many_themes'), Invalid('nothing_chosen', 'source'), Invalid('unknown_class', 'class'),
    and what `rules.checked_line` and `rules.checked_words` do.
    """
    require(actor, Verb.INSIGHT_WRITE)
    name = checked_line(title, LONGEST_TITLE, "title")
    words = checked_words(text, LONGEST_TEXT, "text")
    with durable(actor.brand):
        origin = origin_of(actor, mention_id, conversation_id)
        insight = Insight(
            title=name,
            text=words,
            theme=theme_named(theme),
            by_person=actor.somebody,
            by_name=actor.name,
            side=str(actor.side),
            owner_side=str(actor.side),
            info_class=info_class or strictest([origin.info_class, InfoClass.SHARED]),
            named=origin.named if (info_class or origin.info_class) == InfoClass.NAMED else [],
        )
        _require_fitting(actor, insight, origin)
        insight.save()
        move(actor, insight, Step.NOTE, info_class=str(insight.info_class))
        put_under(actor, insight, origin, wants_word=wants_word)
        return insight


def add_to_insight(
    actor: Actor,
    *,
    insight_id: UUID,
    mention_id: UUID | None = None,
    conversation_id: UUID | None = None,
    wants_word: bool = False,
) -> InsightSource:
    """Another voice that says the same. Raises Missing('insight' | 'mention' | 'conversation'), Conflict('kept_more_strictly' |
    'already_under_it' | 'too_many_sources' | 'insight_not_in_this_state'), Invalid('nothing_chosen', 'source').
    """
    require(actor, Verb.INSIGHT_WRITE)
    with durable(actor.brand):
        insight = access_insight(actor, insight_id, lock=True)
        added = put_under(actor, insight, origin_of(actor, mention_id, conversation_id), wants_word=wants_word)
        move(actor, insight, Step.ADD, source=str(added.pk))
        return added


def edit_insight(actor: Actor, *, insight_id: UUID, title: str, text: str, theme: str) -> Insight:
    """Other words, another theme. What a link shows is one exact content, so it is withdrawn first: Conflict('link_open')."""
    require(actor, Verb.INSIGHT_WRITE)
    name = checked_line(title, LONGEST_TITLE, "title")
    words = checked_words(text, LONGEST_TEXT, "text")
    with durable(actor.brand):
        insight = access_insight(actor, insight_id, lock=True)
        asking = open_asking(insight)
        if asking is not None and asking.link_id and (name, words) != (insight.title, insight.text):
            raise Conflict("link_open")
        insight.title, insight.text, insight.theme = name, words, theme_named(theme)
        insight.save(update_fields=("title", "text", "theme"))
        record(actor, "insight.edited", insight, theme=str(insight.theme_id or ""))
        return insight


def classify_insight(
    actor: Actor, *, insight_id: UUID, info_class: InfoClass, named: Collection[UUID] = (), reason: str = ""
) -> Insight:
    """Change who may read it, never to more people than read all that it comes from.

    Raises Missing('insight' | 'person'), Refused('not_allowed' | 'wrong_side'), Invalid('reason_missing', 'reason'),
    Conflict('kept_more_strictly').
    """
    with durable(actor.brand):
        insight = access_insight(actor, insight_id, lock=True)
        reclassify(actor, insight, to=info_class, named=people_named(named), reason=reason)
        origins = [one.conversation or one.mention for one in sources_of(insight)]
        if not all(holds_class(insight, origin) for origin in origins if origin is not None):
            raise Conflict("kept_more_strictly")
        return insight


def _require_fitting(actor: Actor, insight: Insight, origin: Origin) -> None:
    """Whoever writes it reads it afterwards; and nobody reads it who may not read what was said."""
    if not holds_class(insight, origin):
        raise Conflict("kept_more_strictly")
    if not can_read(actor, insight):
        raise Invalid("unknown_class", "class")
