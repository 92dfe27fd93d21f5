"""What a department is shown: the insight's own words, what is asked, and just the voices that were handed on, without names."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from clients.conversations.queries import threads_of
from clients.custody.models import Conversation
from clients.custody.rules import Voice
from clients.disclosure.rules import InfoClass, strictness
from clients.insights.models import Asking, Insight, InsightSource
from clients.insights.queries import sources_of
from clients.insights.rules import QUOTED_AT_MOST
from clients.mentions.models import Mention

KIND = Asking._meta.label_lower
"""What a link to this is to."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed on. `quotes`: what each voice said, in its own words."""

    title: str
    text: str
    note: str
    quotes: tuple[tuple[str, ...], ...]

    @property
    def digest(self) -> str:
        """SHA-256: another content is not what was handed on."""
        said = [self.title, self.text, self.note, self.quotes]
        return sha256(json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def handed_of(asking: Asking, most: InfoClass) -> Handed | None:
    """What `asking` hands on to whom may read up to `most`; None where the insight is kept more strictly by now."""
    return handed_from(asking.insight, asking.note, asking.quoted, most, asking.at)


def handed_from(
    insight: Insight, note: str, quoted: Collection[str], most: InfoClass, until: datetime
) -> Handed | None:
    """The same before it is asked for: what was said by then. Two queries at most, however many voices."""
    if strictness(insight.info_class) > strictness(most):
        return None
    wanted = set(quoted)
    chosen = [one for one in sources_of(insight) if str(one.pk) in wanted] if wanted else []
    return Handed(insight.title, insight.text, note, tuple(words_of(chosen, most, until)))


def words_of(sources: Sequence[InsightSource], most: InfoClass, until: datetime) -> list[tuple[str, ...]]:
    """What was said in each, as far as its class goes: a mention's words, or the member's last ones in a conversation."""
    open_to = [one for one in sources if strictness(_origin(one).info_class) <= strictness(most)]
    said = _said([one.conversation_id for one in open_to if one.conversation_id], until)
    found = []
    for one in open_to:
        words = [one.mention.text] if one.mention else said.get(_origin(one).pk, [])[-QUOTED_AT_MOST:]
        found.append(tuple(word for word in words if word))
    return [words for words in found if words]


def _origin(source: InsightSource) -> Conversation | Mention:
    origin = source.conversation or source.mention
    assert origin is not None  # the table allows no row with neither
    return origin


def _said(talks: Sequence[UUID], until: datetime) -> dict[UUID, list[str]]:
    """By conversation: what the member had said by then that stands there, or in what was merged into it."""
    found: dict[UUID, list[str]] = {}
    if not talks:
        return found
    turns = threads_of(talks).filter(voice=Voice.MEMBER, seen_at__lte=until).select_related("conversation")
    for turn in turns:
        for talk in (turn.conversation_id, turn.conversation.merged_into_id):
            if talk is not None:
                found.setdefault(talk, []).append(turn.text)
    return found
