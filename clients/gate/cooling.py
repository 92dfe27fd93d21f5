"""What an act of moderation depends on: whether the thing is somebody else's, the rule it cites, and the morning it waits for.

The briefing in force says which rules there are and which of them are urgent; one that the brand did not write so makes nothing
urgent. The night counts from when the act was asked for or, where that is later, from when it became this very act.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from clients.autonomy.vocabulary import IRREVERSIBLE, MODERATING, ActionKind, Reason
from clients.briefings.calendar import Calendar
from clients.briefings.guidance import Guidance, guidance_for
from clients.briefings.queries import calendar_in_force
from clients.channels.rules import POSTLESS
from clients.gate.models import DecisionRecord, Dispatch
from clients.gate.words import DispatchState
from clients.items.content import Content
from clients.items.models import Item
from clients.outbox.actions import enqueue

MORNING = "gate.morning"
"""The kind of the outbox row that asks again when the night is over."""

EARLIEST = time(6)
"""Before this no morning begins, not even for a brand that is at work around the clock."""

_OF_POSTS = sorted(set(ActionKind) - POSTLESS)


@dataclass(frozen=True, slots=True)
class Moderation:
    """The same for all channels of one act. `rule`: '' for one that the briefing in force does not have."""

    target: str
    rule: str
    urgent: bool
    cools_until: datetime | None

    def on(self, channel: str) -> dict[str, Any]:
        """As fields of a question. What we sent ourselves is ours to take back: nobody is moderated by that."""
        if self.target and _is_ours(self.target, channel):
            return {}
        return {"moderates": True, "rule": self.rule, "urgent": self.urgent, "cools_until": self.cools_until}


def moderation_by(item: Item, content: Content, guidance: Guidance | None) -> Moderation | None:
    """None for an act of another kind. `guidance`: the briefing in force, where it has been asked already."""
    if content.kind not in MODERATING:
        return None
    said = guidance or guidance_for(None)[0]
    rule = next((one for one in said.rules if str(one.number) == content.rule), None)
    urgent = rule is not None and bool(rule.urgent) and said.sound
    waits = content.kind in IRREVERSIBLE and not urgent
    return Moderation(
        target="" if content.kind is ActionKind.BAN else content.target,
        rule=str(rule.number) if rule else "",
        urgent=urgent,
        cools_until=_cools_until(item) if waits else None,
    )


def morning_after(asked: datetime, calendar: Calendar) -> datetime:
    """When the brand begins to work on the first of its working days after the one on which `asked` falls. Pure."""
    zone = ZoneInfo(calendar.time_zone)
    next_day = asked.astimezone(zone).date() + timedelta(days=1)
    return calendar.next_open(datetime.combine(next_day, EARLIEST, zone))


def ask_in_the_morning(item: Item, records: Iterable[DecisionRecord]) -> None:
    """What is held because it cools off, or because answers come slowly, is asked again by itself."""
    until = [moment for record in records if (moment := _waiting_of(record))]
    if until:
        enqueue(MORNING, {"item": str(item.pk)}, key=str(item.pk), due_at=max(until))


def cools_off_until(item: Item) -> datetime | None:
    """Until when the content that an item has now was told to wait, by the newest answer about it; None: it was not."""
    newest = DecisionRecord.objects.filter(item_id=item.pk).order_by("-at", "-id").first()
    if newest is None or item.version is None or newest.version_number != item.version.number:
        return None
    return _waiting_of(newest)


_WAITING = {Reason.COOLING_OFF: "cools_until", Reason.SLOW_MODE: "slow_until"}
"""What a moment of the question ends, by the reason."""


def _waiting_of(record: DecisionRecord) -> datetime | None:
    told = [record.question.get(name) for reason, name in _WAITING.items() if reason in record.reasons]
    return max((datetime.fromisoformat(until) for until in told if until), default=None)


def _cools_until(item: Item) -> datetime:
    assert item.version is not None
    asked = max(item.submitted_at or timezone.now(), item.version.created_at)
    return morning_after(asked, calendar_in_force(asked))


def _is_ours(target: str, channel: str) -> bool:
    sent = Dispatch.objects.filter(remote_id=target, channel_id=channel, state=DispatchState.SENT)
    return sent.filter(version__content__kind__in=_OF_POSTS).exists()
