"""No code without words: what the house can say in codes, the portal can say in sentences."""

import ast
from enum import StrEnum
from pathlib import Path

import pytest

from clients.approvals.rules import Template, mismatches
from clients.approvals.words import OnLapse, StandingState
from clients.autonomy.levels import Level
from clients.autonomy.vocabulary import ActionKind, Basis, MandateState, Outcome, Reason, Sensitivity
from clients.briefings.rules import SHAPES, Section
from clients.channels.rules import ChannelState
from clients.items.content import Content
from clients.items.life import ItemState
from clients.mandates.rules import CharterState
from portal import wording
from portal.wording.acts import KINDS, LEVEL_MEANINGS, LEVELS
from portal.wording.errors import ERRORS
from portal.wording.fields import COLUMNS, LAPSES, MISMATCHES, SECTIONS
from portal.wording.reasons import REASONS
from portal.wording.states import ITEM_STATES_SHORT
from tenants.vocabulary import Role, Side

ROOT = Path(__file__).resolve().parents[2]
RAISED = {
    "RowProblem": 1,
    "Refused": 0,
    "Missing": 0,
    "Conflict": 0,
    "Invalid": 0,
    "SendFailed": 0,
    "ContentError": 0,
    "Problem": 0,
    "_Wrong": 1,
}
# Told to operators by commands and workers, never to a reader of pages.
NOT_FOR_PAGES = {
    *("brand_not_closing", "login_is_owner", "owner_needed", "postgresql_too_old", "task_inside_scope"),
    "task_without_brand",
    # Of the operator's commands alone.
    *("backup_differs", "backup_key", "backup_unreadable", "brand_is_there", "log_is_another", "passphrase_short"),
    "release_unknown",
    # Of programs alone: worded by the machine door.
    *("repeat_running", "repeat_other_body"),
}


@pytest.mark.parametrize(
    ("codes", "table"),
    [
        (Reason, REASONS),
        (Outcome, wording.OUTCOMES),
        (Basis, wording.BASES),
        (ActionKind, KINDS),
        (Sensitivity, wording.SENSITIVITIES),
        (ItemState, wording.ITEM_STATES),
        (ItemState, ITEM_STATES_SHORT),
        (ChannelState, wording.CHANNEL_STATES),
        (MandateState, wording.MANDATE_STATES),
        (CharterState, wording.CHARTER_STATES),
        (StandingState, wording.STANDING_STATES),
        (Role, wording.ROLES),
        (Side, wording.SIDES),
        (OnLapse, LAPSES),
        (Section, SECTIONS),
    ],
)
def test_every_word_of_a_list(codes: type[StrEnum], table: dict[str, object]) -> None:
    assert {str(code) for code in codes} <= set(table)


def test_levels_columns_and_mismatches() -> None:
    numbers = {str(int(level)) for level in Level}
    assert numbers == set(LEVELS) == set(LEVEL_MEANINGS)
    assert {column for shape in SHAPES.values() for column in shape.columns} <= set(COLUMNS)
    nothing_fits = Template("", "x", "x", ("x",), "x", until=None, uses_left=0)
    content = Content(ActionKind.PUBLISH, ("c",), "y", link="https://a.example")
    assert set(mismatches(nothing_fits, content, "c", None)) <= set(MISMATCHES)  # type: ignore[arg-type]


def test_every_raised_code_has_a_sentence() -> None:
    raised = {code for package in ("clients", "tenants", "portal") for code in _codes_raised(ROOT / package)}
    assert len(raised) > 100
    assert raised - set(ERRORS) - NOT_FOR_PAGES == set()


def test_a_sentence_takes_its_facts_and_survives_without() -> None:
    assert "7" in wording.error_sentence("batch_size", limit=7)
    assert "%" not in wording.error_sentence("batch_size")
    assert "no_such_code" in wording.error_sentence("no_such_code")


def _codes_raised(folder: Path) -> set[str]:
    found = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            place = RAISED.get(getattr(node.func, "id", ""))
            if place is not None and len(node.args) > place and isinstance(node.args[place], ast.Constant):
                found.add(str(node.args[place].value))
    return found
