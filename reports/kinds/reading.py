"""How a report is read: in which language, on which clock, with which names and pictures."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reports.rendering.typography import Language


@dataclass(frozen=True, slots=True)
class Reading:
    """`names`: of channels, topics and rules, by code; `pictures`: their bytes, by digest."""

    language: Language
    zone: str
    names: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, bytes] = field(default_factory=dict)
