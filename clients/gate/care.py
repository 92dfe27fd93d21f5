"""What an act's own words, and the moment, ask for beyond what its author said: topics of the briefing, and a crisis.

A sensitive topic and a crisis raise the sensitivity, so the charter's line for that holds. A forbidden topic and an embargo are
barred, or need the brand's approval, as the brand said for each. A briefing that the brand did not write so needs it, too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from clients.autonomy.vocabulary import Reason, Sensitivity
from clients.briefings.columns import Then
from clients.briefings.guidance import Guidance, Touched, needs_brand
from clients.briefings.rules import Section
from clients.items.content import Content

REASON_OF = {Section.FORBIDDEN_TOPICS: Reason.FORBIDDEN_TOPIC, Section.EMBARGOES: Reason.EMBARGOED_TOPIC}
_RISING = tuple(Sensitivity)


@dataclass(frozen=True, slots=True)
class Care:
    """Codes of reasons, as a question carries them. `sensitivity`: None where the author's stands."""

    sensitivity: Sensitivity | None = None
    raised: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()


NO_CARE = Care()


def care_for(content: Content, guidance: Guidance, moment: datetime, *, crisis: bool) -> Care:
    """For an act of the agency at `moment`, which is on the brand's clock."""
    touched = guidance.topics.touched(words_of(content), moment)
    if not (touched or crisis) and guidance.sound:
        return NO_CARE
    sensitivity, raised = _raised(content.sensitivity, touched, crisis=crisis)
    altered = () if guidance.sound else (str(Reason.BRIEFING_ALTERED),)
    barred, asked = _reasons(touched, Then.REFUSE), _reasons(touched, Then.APPROVE)
    return Care(sensitivity, raised, barred, asked + altered)


class Pictured(Protocol):
    @property
    def alt(self) -> str: ...


class Worded(Protocol):
    """A content, or what is becoming one."""

    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def variants(self) -> Mapping[str, str]: ...
    @property
    def parts(self) -> tuple[str, ...]: ...
    @property
    def first_comment(self) -> str: ...
    @property
    def media(self) -> Sequence[Pictured]: ...
    @property
    def link(self) -> str: ...


def words_of(content: Worded) -> Iterator[str]:
    """Every word of a content that may be seen outside, on whichever channel."""
    yield content.title
    yield content.text
    yield from content.variants.values()
    yield from content.parts
    yield content.first_comment
    yield from (medium.alt for medium in content.media)
    yield content.link


def _raised(own: Sensitivity, touched: list[Touched], *, crisis: bool) -> tuple[Sensitivity, tuple[str, ...]]:
    delicate = any(one.topic.section is Section.SENSITIVE_TOPICS for one in touched)
    causes = [(Sensitivity.SENSITIVE, Reason.SENSITIVE_TOPIC)] if delicate else []
    causes += [(Sensitivity.CRISIS, Reason.CRISIS_IN_FORCE)] if crisis else []
    told = tuple(str(reason) for level, reason in causes if _RISING.index(level) > _RISING.index(own))
    return max((own, *(level for level, _ in causes)), key=_RISING.index), told


def _reasons(touched: list[Touched], then: Then) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(REASON_OF[section]) for section in needs_brand(touched, then)))
