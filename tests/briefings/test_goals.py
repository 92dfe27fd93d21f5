"""Goals as lines of the briefing: what one may say, which cell is at fault, and what older objectives said."""

from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from clients.briefings.access import goals_agreed_before, open_sections
from clients.briefings.actions import agree_briefing, propose_briefing, publish_briefing
from clients.briefings.former_goals import goals_among
from clients.briefings.goals import Direction, Goal, Per, goals_of
from clients.briefings.models import BriefingSection, BriefingVersion
from clients.briefings.queries import briefing_in_force
from clients.briefings.rules import Section, briefing_digest, clean_sections, written
from clients.briefings.seal import VERSIONS
from clients.briefings.soundness import is_sound
from clients.disclosure.rules import InfoClass
from tenants.errors import Invalid
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.world import SECTIONS, World, at

GOAL = {"figure": "acts.done", "direction": "at_least", "value": "012", "per": "week", "since": "2026-11-23"}
ALWAYS = at("2100-01-01T00:00+00:00")


def line(**other: str) -> dict[str, str]:
    return {**GOAL, **other}


def test_a_goal_is_kept_as_a_whole_number_of_its_figure() -> None:
    assert clean_sections({"goals": [GOAL, line(figure="", value="", direction="", per="", since="")]})["goals"] == [
        line(value="12")
    ]
    assert goals_of([line(value="12")]) == [
        Goal("acts.done", Direction.AT_LEAST, 12, Per.WEEK, at("2026-11-23T00:00+00:00").date())
    ]
    assert goals_of([line(value="[…]"), line(direction="[…]")]) == []


@pytest.mark.parametrize(
    ("other", "code", "cell"),
    [
        ({"figure": ""}, "goal_without_figure", "figure"),
        ({"figure": "acts.basis"}, "unknown_figure", "figure"),
        ({"figure": "log.lines"}, "unknown_figure", "figure"),
        ({"figure": "clocks.in_time"}, "unknown_figure", "figure"),
        ({"figure": "clocks.in_time;clock=lunch"}, "unknown_figure", "figure"),
        ({"figure": "acts.done;kind=answer"}, "unknown_figure", "figure"),
        ({"direction": "about"}, "unknown_choice", "direction"),
        ({"value": ""}, "goal_without_number", "value"),
        ({"value": "1,5"}, "not_a_number", "value"),
        ({"value": "٣"}, "not_a_number", "value"),
        ({"value": "9" * 10}, "not_a_number", "value"),
        ({"figure": "field.ratio", "value": "10001"}, "more_than_all", "value"),
        ({"per": "quarter"}, "unknown_choice", "per"),
        ({"since": "23/11/2026"}, "not_a_date", "since"),
        ({"direction": "at_most"}, "goal_twice", "figure"),
    ],
)
def test_what_is_no_goal_names_its_cell(other: dict[str, str], code: str, cell: str) -> None:
    first = GOAL if code == "goal_twice" else line(figure="field.acts")
    with pytest.raises(Invalid) as refused:
        clean_sections({"goals": [first, line(**other)]})
    assert (refused.value.code, refused.value.field) == (code, f"goals.1.{cell}")


@pytest.mark.parametrize(
    ("text", "figure", "value"),
    [
        ("field.ratio: 30 %", "field.ratio", "3000"),
        ("  • field.ratio = 33,3%.", "field.ratio", "3330"),
        ("acts.done: 12", "acts.done", "12"),
        ("clocks.in_time;clock=answer: 90", "clocks.in_time;clock=answer", "9000"),
        ("acts.done: 12\nÊtre là.\nacts.done: 15", "acts.done", "15"),
        ("acts.done: 12 %", "", ""),
        ("acts.done: 12,5", "", ""),
        ("acts.done: -3", "", ""),
        ("acts.basis;basis=level: 3", "", ""),
        ("acts.done;kind=answer: 3", "", ""),
        ("clocks.median;clock=answer: 3", "", ""),
        ("nothing.known: 3", "", ""),
        ("We want field.ratio: 30 %", "", ""),
        ("acts.done: 12\x00", "", ""),
    ],
)
def test_what_older_objectives_said(text: str, figure: str, value: str) -> None:
    found = goals_among(text)
    assert [(one["figure"], one["value"]) for one in found] == ([(figure, value)] if figure else [])
    assert clean_sections({"goals": found, "tone": "…"})["goals"] == found


def test_both_sides_agree_to_a_goal_that_both_read(world: World) -> None:
    publish_briefing(
        actor=world.owner, after=1, sections={**SECTIONS, "goals": [GOAL]}, calendar={},
        classes={"goals": InfoClass.SHARED}, note="À deux",
    )  # fmt: skip
    manager = world.actor(Role.AGENCY_MANAGER)
    asked = propose_briefing(actor=manager, base=2, changes={"goals": [line(value="20")]}).proposal
    assert asked is not None
    with brand_scope(world.brand):
        assert [one.value for one in goals_agreed_before(ALWAYS)[0]] == [12]
    assert agree_briefing(actor=world.owner, proposal_id=asked.pk, seen_digest=asked.digest) is not None
    with brand_scope(world.brand):
        assert [[one.value for one in goals] for goals in goals_agreed_before(ALWAYS)] == [[20], [12], []]
        assert goals_agreed_before(at("2020-01-01T00:00+00:00")) == []


def test_an_agency_s_first_goals_wait_for_the_brand_and_the_brand_s_own_are_kept(world: World, other: World) -> None:
    done = propose_briefing(actor=world.cm, base=1, changes={"goals": [GOAL]})
    assert done.version is None and done.proposal is not None
    kept = propose_briefing(actor=other.owner, base=1, changes={"goals": [GOAL]})
    assert kept.version is not None and kept.proposal is None
    with brand_scope(other.brand):
        assert goals_agreed_before(ALWAYS) == [[], []]  # theirs alone: no figure tells of it
        assert "goals" in {one.section for one in open_sections(other.owner, kept.version)}
    with brand_scope(other.brand):
        assert "goals" not in {one.section for one in open_sections(other.cm, kept.version)}


def test_the_migration_shows_old_lines_as_goals_and_leaves_what_was_agreed(world: World) -> None:
    objectives = "Être là.\n- field.ratio: 30 %\nacts.done = 12"
    with brand_scope(world.brand):
        version = BriefingVersion.objects.get(number=1)
        stored: dict[str, Any] = {name: one for name, one in version.sections.items() if name != "goals"}
        former = _as_before(world, version, stored | {"objectives": objectives})
        _migrate()
        _migrate()  # twice is once
        marks = BriefingSection.objects.filter(version=former, section="goals")
        assert [mark.info_class for mark in marks] == [_class_of_objectives(former)]
        assert [one["value"] for one in written(Section.GOALS, former.sections)] == ["3000", "12"]
        assert "goals" not in former.sections and former.sections["objectives"] == objectives
        assert is_sound(former)
        assert not BriefingSection.objects.filter(version=version, section="goals").exists()
    following = propose_briefing(actor=world.owner, base=2, changes={"forbidden_topics": ["prix"]}).version
    assert following is not None and [one["figure"] for one in following.sections["goals"]] == [
        "field.ratio",
        "acts.done",
    ]
    with brand_scope(world.brand):
        assert briefing_in_force() == following
        assert BriefingSection.objects.get(version=following, section="goals").info_class == _class_of_objectives(
            former
        )
    gone = propose_briefing(actor=world.owner, base=3, changes={"goals": []})
    assert (gone.version or gone.proposal) is not None


def _as_before(world: World, version: BriefingVersion, sections: dict[str, Any]) -> BriefingVersion:
    """A version as it was written when there was no such section."""
    number = version.number + 1
    former = BriefingVersion(
        number=number, sections=sections, calendar=version.calendar, written_by=version.written_by,
        digest=briefing_digest(number, sections, version.calendar), written_by_name=version.written_by_name,
    )  # fmt: skip
    former.seal = VERSIONS.seal_of(former)
    former.save(force_insert=True)
    for mark in BriefingSection.objects.filter(version=version):
        BriefingSection.objects.create(
            version=former, section=mark.section, info_class=mark.info_class, owner_side=mark.owner_side
        )
    return former


def _class_of_objectives(version: BriefingVersion) -> str:
    return str(BriefingSection.objects.get(version=version, section="objectives").info_class)


def _migrate() -> None:
    with connection.cursor() as cursor:
        cursor.execute(import_module("clients.briefings.migrations.0006_goals_so_far").MARK)
