"""Which words of what is being written touch a topic of the briefing, while it is written: the gate will say the same.

Of a section that the reader may not see, only that something touches it: whoever may not read the brand's list learns what the
gate would tell them, and no word of it.
"""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from clients.briefings.access import readable_sections
from clients.briefings.columns import Then
from clients.briefings.guidance import Touched, topics_in_force
from clients.briefings.rules import Section
from clients.gate.care import Worded, words_of
from clients.people.actor import Actor
from portal.brand.briefing_shown import value_shown


@dataclass(frozen=True, slots=True)
class TopicSeen:
    """One line above the preview. `tone` as badges have it."""

    tone: str
    sentence: str
    words: tuple[str, ...]


def topics_seen(actor: Actor, draft: Worded) -> list[TopicSeen]:
    """For the page of the composer. Two queries, none for texts where there is no topic at all."""
    touched = topics_in_force().touched(words_of(draft), timezone.localtime())
    known = readable_sections(actor) if touched else frozenset()
    return [_seen(one, open_=one.topic.section in known) for one in touched]


def _seen(one: Touched, *, open_: bool) -> TopicSeen:
    topic = one.topic
    refused = topic.section is not Section.SENSITIVE_TOPICS and topic.then is Then.REFUSE
    if topic.section is Section.SENSITIVE_TOPICS:
        sentence = _("A sensitive topic: it will count as sensitive.")
    elif topic.section is Section.EMBARGOES:
        until = value_shown("until", topic.until) if open_ else ""
        sentence = _("Under embargo until %(until)s.") % {"until": until} if until else _("Under embargo.")
    else:
        sentence = _("A forbidden topic.")
    if topic.section is not Section.SENSITIVE_TOPICS:
        follows = _("From the agency it does not go out.") if refused else _("The brand approves it first.")
        sentence = f"{sentence} {follows}"
    return TopicSeen("no" if refused else "wait", sentence, one.words if open_ else ())
