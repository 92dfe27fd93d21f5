"""What the test of every action gives to those of reports: see `tests/audit/test_every_action.py`."""

from collections.abc import Callable
from datetime import time
from typing import Any

from django.utils import timezone

from reports.looks.rules import Wanted
from reports.making.actions import cancel_report, hold_report
from reports.making.actions.sealing import Brought
from reports.making.rules import Ruling
from reports.rendering.sealing_keys import made_key
from reports.sharing.actions import add_reader
from reports.sharing.models import Reader
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.reports.making.conftest import WEEK, asked, made
from tests.reports.sharing.conftest import released, shared
from tests.world import World

CM, OWNER, APPROVER, AUDITOR = Role.COMMUNITY_MANAGER, Role.BRAND_OWNER, Role.APPROVER, Role.AUDITOR
WORDS = "GEHEIM in a report"
LEAF = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
Given = dict[str, Any]


def own_key() -> Brought:
    made = made_key(WORDS, timezone.now())
    return Brought(made.key, made.certificate)


def one(world: World) -> Given:
    return {"report_id": asked(world, title=WORDS, words=WORDS).pk}


def drawn(world: World) -> Given:
    return {"report_id": made(world, title=WORDS).pk}


def held(world: World) -> Given:
    given = drawn(world)
    hold_report(world.owner, **given)
    return given


def cancelled(world: World) -> Given:
    given = one(world)
    cancel_report(world.cm, **given)
    return given


def out(world: World) -> Given:
    return {"report_id": released(world).pk}


def read(world: World) -> Given:
    given = one(world)
    add_reader(world.owner, **given, person_id=world.people[CM].pk)
    with brand_scope(world.brand):
        return {"reader_id": Reader.objects.get().pk}


GIVEN: dict[str, tuple[Callable[[World], Given], Role, Role]] = {
    "ask_report": (lambda w: {"kind": "weekly", "period": WEEK, "title": WORDS, "words": WORDS}, CM, AUDITOR),
    "cancel_report": (one, CM, AUDITOR),
    "retry_report": (cancelled, CM, AUDITOR),
    "remake_report": (drawn, CM, AUDITOR),
    "propose_report": (lambda w: drawn(w) | {"note": WORDS}, CM, AUDITOR),
    "hold_report": (drawn, APPROVER, CM),
    "resume_report": (held, APPROVER, CM),
    "annotate_report": (lambda w: drawn(w) | {"text": WORDS}, APPROVER, CM),
    "set_report_rule": (lambda _w: {"ruling": Ruling(kind="weekly", rhythm="weekly", at=time(8))}, OWNER, CM),
    "set_look": (lambda _w: {"wanted": Wanted("#2c7a4b", "#8a4b12", WORDS, LEAF)}, OWNER, CM),
    "bring_seal_key": (lambda _w: {"brought": own_key()}, OWNER, Role.BRAND_MANAGER),
    "change_seal_key": (lambda _w: {}, OWNER, CM),
    "release_report": (drawn, APPROVER, CM),
    "withdraw_report": (out, APPROVER, CM),
    "take_home": (lambda w: drawn(w) | {"info_class": "shared", "digest": "0" * 64}, AUDITOR, Role.DEPARTMENT_CONTACT),
    "add_reader": (lambda w: one(w) | {"person_id": w.people[CM].pk}, APPROVER, CM),
    "remove_reader": (read, APPROVER, CM),
    "share_report": (lambda w: out(w) | {"recipient": WORDS}, OWNER, CM),
    "end_share": (lambda w: {"share_id": shared(w).share.pk}, OWNER, CM),
}
BY_THE_HOUSE = frozenset(
    {
        "drop_papers",
        "make_report",
        "redraw_report",
        "run_rule",
        "date_reports",
        "release_due_report",
        "ready_letter",
        "note_letter",
        "ready_notice",
        "note_notice",
        "settle_notice",
        "retry_failed",
        "note_told",
    }
)
"""Played in `tests.reports`."""
