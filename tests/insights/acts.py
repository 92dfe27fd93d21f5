"""What the test of every action gives to those of insights: see `tests/audit/test_every_action.py`."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from clients.disclosure.rules import InfoClass
from clients.insights.actions import close_insight, name_department, release_insight
from clients.insights.steps import theme_key
from tenants.vocabulary import Role
from tests.conversations.conftest import heard
from tests.insights.conftest import CONTACT, asked, decided, linked, noted, sources, talked
from tests.world import World

CM, OWNER, AUDITOR = Role.COMMUNITY_MANAGER, Role.BRAND_OWNER, Role.AUDITOR
WORDS = "GEHEIM in an insight"
Given = dict[str, Any]


def one(world: World) -> Given:
    return {"insight_id": noted(world, title=WORDS, text=WORDS).pk}


def voiced(world: World) -> Given:
    return {"mention_id": heard(world, WORDS, "another").pk}


def closed(world: World) -> Given:
    found = one(world)
    close_insight(world.cm, **found, note=WORDS)
    return found


def told(world: World) -> Given:
    insight = decided(world, talked(world, title=WORDS))
    return {"insight_id": insight.pk, "source_id": sources(world, insight)[0].pk, "text": WORDS}


def released(world: World) -> Given:
    insight = decided(world)
    release_insight(world.owner, insight_id=insight.pk, said=WORDS, did=WORDS)
    return {"insight_id": insight.pk}


def owed(world: World) -> Given:
    return {"asking_id": asked(world).pk, "text": WORDS}


def two_themes(world: World) -> Given:
    first, second = (noted(world, text=name, theme=name) for name in ("Pain", "Pains"))
    return {"theme_id": first.theme_id, "into_id": second.theme_id}


def asking(world: World) -> Given:
    due = timezone.now() + timedelta(days=2)
    return one(world) | {"department": "product", "due": due, "note": WORDS}


GIVEN: dict[str, tuple[Callable[[World], Given], Role, Role]] = {
    "note_insight": (lambda w: voiced(w) | {"title": WORDS, "text": WORDS, "theme": WORDS}, CM, AUDITOR),
    "add_to_insight": (lambda w: one(w) | voiced(w), CM, AUDITOR),
    "edit_insight": (lambda w: one(w) | {"title": WORDS, "text": WORDS, "theme": WORDS}, CM, AUDITOR),
    "classify_insight": (lambda w: one(w) | {"info_class": InfoClass.NAMED}, OWNER, AUDITOR),
    "ask_department": (lambda w: asking(w) | {"to_person": w.people[CONTACT].pk}, CM, AUDITOR),
    "ask_by_link": (lambda w: asking(w) | {"recipient": WORDS}, OWNER, CM),
    "extend_asking": (
        lambda w: {"insight_id": asked(w).insight_id, "due": timezone.now() + timedelta(days=9)}, CM, AUDITOR,
    ),
    "withdraw_asking": (lambda w: {"insight_id": linked(w).asking.insight_id}, CM, AUDITOR),
    "answer_asking": (owed, CONTACT, AUDITOR),
    "decide_insight": (lambda w: one(w) | {"decision": "no", "why": WORDS}, Role.APPROVER, CM),
    "close_insight": (lambda w: one(w) | {"note": WORDS}, CM, AUDITOR),
    "reopen_insight": (closed, CM, AUDITOR),
    "release_insight": (
        lambda w: {"insight_id": decided(w).pk, "said": WORDS, "did": WORDS}, Role.BRAND_MANAGER, Role.APPROVER,
    ),
    "take_off_list": (released, OWNER, CM),
    "begin_closing": (told, CM, Role.AUDITOR),
    "name_department": (lambda _w: {"name": WORDS}, OWNER, CM),
    "end_department": (lambda w: {"department_id": name_department(w.owner, name=WORDS).pk}, OWNER, CM),
    "rename_theme": (lambda w: {"theme_id": noted(w, theme=WORDS).theme_id, "name": theme_key(WORDS)}, OWNER, CM),
    "merge_themes": (two_themes, OWNER, CM),
}  # fmt: skip
BY_THE_HOUSE = frozenset({"lapse_asking"})
"""Played in `tests.insights`."""
