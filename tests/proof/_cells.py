"""What the brand may have said and what may be so, as variants of a question: the cells of the proof `gate-oracle`."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from itertools import product
from typing import Any

from clients.autonomy.question import NO_WINDOW, Window, Yes
from clients.autonomy.vocabulary import MandateState, WindowState
from tenants.vocabulary import Role, Side

NOW = datetime(2026, 11, 18, 10, tzinfo=timezone(timedelta(hours=1)))
BEFORE, AFTER = NOW - timedelta(minutes=1), NOW + timedelta(minutes=1)

_OWNER = Yes("olga", Side.BRAND, Role.BRAND_OWNER, "d1")
_APPROVER = Yes("anna", Side.BRAND, Role.APPROVER, "d1")

# (yeses, needs): complete, of another content, by the wrong people, one's own, not enough of them.
YESES: tuple[tuple[tuple[Yes, ...], tuple[str, ...]], ...] = (
    ((), ()),
    ((_APPROVER,), ()),
    ((Yes("anna", Side.BRAND, Role.APPROVER, "d0"),), ()),
    ((Yes("gina", Side.AGENCY, Role.AGENCY_MANAGER, "d1"),), ()),
    ((Yes("gina", Side.AGENCY, Role.AGENCY_OWNER, "d1"), Yes("rita", Side.BRAND, Role.AUDITOR, "d1")), ()),
    ((Yes("mia", Side.BRAND, Role.BRAND_MANAGER, "d1"),), ()),
    ((_APPROVER,), ("anna", "olga")),
    ((_APPROVER, _OWNER), ("anna", "olga")),
)
WINDOWS = (
    NO_WINDOW,
    Window(WindowState.UNDELIVERED, "d1"),
    Window(WindowState.BOUNCED, "d1"),
    Window(WindowState.OPEN, "d1", AFTER),
    Window(WindowState.OPEN, "d1", BEFORE),
    Window(WindowState.LAPSED, "d1", NOW),
    Window(WindowState.LAPSED, "d1", AFTER),
    Window(WindowState.LAPSED, "d1", None),
    Window(WindowState.LAPSED, "d0", BEFORE),
)
# What stands in the way, one at a time: each must win over everything else.
IN_THE_WAY: tuple[dict[str, Any], ...] = (
    {},
    {"holds": ("h1",)},
    *({"mandate": state} for state in MandateState if state is not MandateState.ACTIVE),
    {"channel_open": False},
    {"said_no": ("d1",)},
    {"said_no": ("d0",)},
    {"not_after": BEFORE},
    {"not_after": NOW},
    {"not_after": BEFORE, "holds": ("h1",)},
    {"barred": ("forbidden_topic",)},
    {"barred": ("embargoed_topic",), "holds": ("h1",)},
    {"cautions": ("embargoed_topic",)},
    {"cautions": ("forbidden_topic", "briefing_altered")},
    {"raised": ("sensitive_topic", "crisis_in_force")},
    {"moderates": True},
    {"moderates": True, "rule": "1", "cools_until": AFTER},
    {"moderates": True, "rule": "1", "cools_until": NOW},
    {"moderates": True, "rule": "1"},
    {"moderates": True, "rule": "1", "urgent": True, "cools_until": AFTER},
    {"held_by": "brand"},
    {"held_by": "agency"},
)


def variants() -> Iterator[dict[str, Any]]:
    """Everything of a question that the coordinates of a cell leave open."""
    for (yeses, needs), window, standing, read, way in product(YESES, WINDOWS, ("", "t1"), (True, False), IN_THE_WAY):
        yield {
            "brand": "b",
            "person": "carl",
            "digest": "d1",
            "moment": NOW,
            "mandate": MandateState.ACTIVE,
            "authors": ("carl", "mia"),
            "briefing_version": 1,
            "briefing_acknowledged": read,
            "standing": standing,
            "window": window,
            "yeses": yeses,
            "needs": needs,
        } | way
