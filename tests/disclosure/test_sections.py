"""A section of the briefing that the brand keeps is in nothing that the agency gets; and who opens one."""

import ast

import pytest
from django.db import connection

from clients.audit.models import Entry
from clients.briefings.access import access_section, open_sections, sections_up_to
from clients.briefings.actions import classify_section, publish_briefing
from clients.briefings.models import BriefingSection, BriefingVersion
from clients.disclosure.models import Reclassified
from clients.disclosure.rules import InfoClass
from clients.people.actor import Actor
from tenants.errors import Invalid, Missing, Refused
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.house.sources import sources
from tests.world import World

PUBLIC, SHARED, NAMED, BRAND = InfoClass
SECTIONS = {"tone": "Warm", "key_facts": ["Open on Sunday"], "sensitive_topics": ["The lawsuit"], "audience": ""}
CLASSES = {"tone": PUBLIC, "key_facts": SHARED}


def published(
    world: World, by: Actor | None = None, after: int = 1, note: str = "why", **classes: InfoClass
) -> BriefingVersion:
    return publish_briefing(
        actor=by or world.owner, after=after, sections=SECTIONS, calendar={}, note=note, classes=CLASSES | classes
    )


def seen(world: World, version: BriefingVersion, role: Role) -> dict[str, object]:
    with brand_scope(world.brand):
        return {str(one.section): one.value for one in open_sections(world.actor(role), version)}


READERS = {
    Role.BRAND_OWNER: {"tone", "key_facts", "sensitive_topics"},
    Role.AUDITOR: {"tone", "key_facts", "sensitive_topics"},
    Role.AGENCY_OWNER: {"tone", "key_facts"},
    Role.COMMUNITY_MANAGER: {"tone", "key_facts"},
    Role.DEPARTMENT_CONTACT: {"tone"},
}


@pytest.mark.parametrize(("role", "sections"), READERS.items())
def test_each_sees_their_part(world: World, role: Role, sections: set[str]) -> None:
    version = published(world)
    assert set(seen(world, version, role)) == sections


def test_unsaid_a_section_is_the_brands_and_then_what_it_was(world: World) -> None:
    version = published(world)
    with brand_scope(world.brand):
        marks = dict(version.parts.values_list("section", "info_class"))
    assert marks == {"tone": "public", "key_facts": "shared", "sensitive_topics": "brand"}
    again = publish_briefing(actor=world.owner, after=2, sections=SECTIONS, calendar={})
    with brand_scope(world.brand):
        assert dict(again.parts.values_list("section", "info_class")) == marks
        told = Entry.objects.filter(verb="briefing_published").order_by("at").last()
        assert told is not None and told.facts["classes"] == marks


def test_a_new_version_opens_what_was_kept_only_by_the_owner_and_with_a_reason(world: World) -> None:
    published(world)
    with pytest.raises(Refused, match="not_allowed"):
        published(world, world.actor(Role.BRAND_MANAGER), 2, "why", sensitive_topics=SHARED)
    with pytest.raises(Invalid, match="reason_missing"):
        published(world, world.owner, 2, "", sensitive_topics=SHARED)
    published(world, world.actor(Role.BRAND_MANAGER), 2, key_facts=NAMED)  # raising is any editor's
    opened = published(world, world.owner, 3, "they must know", sensitive_topics=SHARED, key_facts=SHARED)
    with brand_scope(world.brand):
        marks = dict(opened.parts.values_list("pk", "section"))
        told = Reclassified.objects.filter(object_id__in=marks)
        assert {(marks[one.object_id], one.was, one.now, one.reason) for one in told} == {
            ("sensitive_topics", "brand", "shared", "they must know"),
            ("key_facts", "named", "shared", "they must know"),
        }
        assert Entry.objects.filter(verb="class.lowered", subject_id__in=marks).count() == 2
    assert set(seen(world, opened, Role.COMMUNITY_MANAGER)) == {"tone", "key_facts", "sensitive_topics"}


def test_an_older_version_keeps_what_it_kept(world: World) -> None:
    before = published(world)
    published(world, world.owner, 2, "they must know", sensitive_topics=SHARED)
    assert "sensitive_topics" not in seen(world, before, Role.COMMUNITY_MANAGER)


def test_a_change_bites_at_once_and_foreign_is_absent(world: World, other: World) -> None:
    version, theirs = published(world), published(other)
    with brand_scope(world.brand):
        kept = BriefingSection.objects.get(version=version, section="sensitive_topics")
        shared = BriefingSection.objects.get(version=version, section="key_facts")
        with pytest.raises(Missing):
            access_section(world.cm, kept.pk)
    with brand_scope(other.brand):
        foreign = BriefingSection.objects.get(version=theirs, section="tone")
    with pytest.raises(Missing):
        classify_section(world.owner, section_id=foreign.pk, info_class=BRAND)
    classify_section(world.actor(Role.BRAND_MANAGER), section_id=shared.pk, info_class=BRAND)
    assert set(seen(world, version, Role.COMMUNITY_MANAGER)) == {"tone"}
    cm = world.people[Role.COMMUNITY_MANAGER].pk
    classify_section(world.owner, section_id=kept.pk, info_class=NAMED, named=[cm], reason="she answers for it")
    assert set(seen(world, version, Role.COMMUNITY_MANAGER)) == {"tone", "sensitive_topics"}
    assert set(seen(world, version, Role.AGENCY_OWNER)) == {"tone"}


def test_a_section_without_a_mark_is_nobodys(world: World) -> None:
    version = published(world)
    with brand_scope(world.brand):
        version.parts.all().delete()
    assert seen(world, version, Role.BRAND_OWNER) == {}


def test_what_a_link_may_carry(world: World) -> None:
    version = published(world, key_facts=NAMED)
    with brand_scope(world.brand):
        carried = {c: [str(one.section) for one in sections_up_to(version, c)] for c in (PUBLIC, SHARED, NAMED)}
    assert carried == {PUBLIC: ["tone"], SHARED: ["tone"], NAMED: ["tone", "key_facts"]}


def test_what_was_published_before_classes_stays_shared(world: World) -> None:
    from importlib import import_module

    share = import_module("clients.briefings.migrations.0003_sections_so_far").SHARE
    version = published(world)
    with brand_scope(world.brand):
        version.parts.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(share)
        marks = dict(version.parts.values_list("section", "info_class"))
    assert marks == dict.fromkeys(("tone", "key_facts", "sensitive_topics"), "shared")


def test_the_words_of_a_version_are_read_through_one_door() -> None:
    """`.sections` of a version outside the briefings would be a way round the classes."""
    elsewhere = [
        f"{source.name}:{node.lineno}"
        for source in sources()
        if not source.in_package("clients/briefings")
        and not source.name.startswith(("reports/", "portal/brand/report", "portal/brand/figures"))
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr == "sections" and ast.unparse(node.value) != "house"
    ]
    assert elsewhere == []


MARKS = "clients.briefings.models.BriefingSection"
"""Of a section its class and no words: those are read through the briefings' access."""


def test_reports_have_sections_of_their_own_and_read_no_version() -> None:
    """What may be called `.sections` there is a report, its rule, its facts; a briefing is read by its access alone."""
    known = {"facts", "ours", "report", "rule", "ruling", "self"}
    there = [
        one for one in sources() if one.name.startswith(("reports/", "portal/brand/report", "portal/brand/figures"))
    ]
    assert len(there) > 40
    for source in there:
        read = {
            ast.unparse(node.value)
            for node in ast.walk(source.tree)
            if isinstance(node, ast.Attribute) and node.attr == "sections"
        }
        assert read <= known, source.name
        assert not {name for name in source.imports if name.startswith("clients.briefings.models.")} - {MARKS}, (
            source.name
        )
