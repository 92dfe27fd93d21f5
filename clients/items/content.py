"""One exact content and its digest. What the brand approves is this value: to the byte, every variant, media, channel and time.

No Django: content is plain data, written once as canonical JSON and never altered; an edit is a new content.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

import orjson

from clients.autonomy.vocabulary import ActionKind, Sensitivity


@dataclass(frozen=True, slots=True)
class MediaRef:
    """A stored medium by the SHA-256 of its bytes, and the words that stand for it."""

    digest: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """`variants` gives a channel its own text where it differs. Times are aware; `recipient` is a handle on
    the channel, `target` the remote id of what is answered, corrected, hidden or deleted. `parts` follow the text in a
    thread, post by post; `series` is the id of the series that it is an issue of; `rule` the number of the house rule that an act
    of moderation cites."""

    kind: ActionKind
    channels: tuple[str, ...]
    text: str
    sensitivity: Sensitivity = Sensitivity.ROUTINE
    title: str = ""
    link: str = ""
    topic: str = ""
    recipient: str = ""
    target: str = ""
    variants: dict[str, str] = field(default_factory=dict)
    media: tuple[MediaRef, ...] = ()
    not_before: datetime | None = None
    not_after: datetime | None = None
    parts: tuple[str, ...] = ()
    first_comment: str = ""
    series: str = ""
    rule: str = ""

    def text_for(self, channel: str) -> str:
        return self.variants.get(channel, self.text)

    def as_data(self) -> dict[str, Any]:
        """The value as it is stored and digested; `from_data` gives it back."""
        data: dict[str, Any] = orjson.loads(orjson.dumps(self))
        if not self.rule:  # what cites none has the digest it had before there were any
            del data["rule"]
        return data

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        def moment(value: str | None) -> datetime | None:
            return datetime.fromisoformat(value) if value else None

        return cls(
            **data
            | {
                "kind": ActionKind(data["kind"]),
                "sensitivity": Sensitivity(data["sensitivity"]),
                "channels": tuple(data["channels"]),
                "media": tuple(MediaRef(**m) for m in data["media"]),
                "parts": tuple(data.get("parts", ())),
                "not_before": moment(data["not_before"]),
                "not_after": moment(data["not_after"]),
            }
        )


def digest_of(data: dict[str, Any]) -> str:
    """SHA-256 in hex of the canonical JSON (sorted keys) of a content's data."""
    return hashlib.sha256(orjson.dumps(data, option=orjson.OPT_SORT_KEYS)).hexdigest()
