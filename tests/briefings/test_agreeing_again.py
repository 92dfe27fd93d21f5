"""What an erasure leaves of the version in force counts again when the brand says so, and for nothing else."""

import pytest

from clients.autonomy.vocabulary import EntryPoint
from clients.briefings.actions import acknowledge_briefing, agree_again, propose_briefing
from clients.briefings.guidance import guidance_for
from clients.briefings.models import BriefingVersion
from clients.briefings.queries import briefing_in_force
from clients.briefings.rules import briefing_digest
from clients.briefings.soundness import digest_now, is_sound
from clients.community.actions import add_member, begin_erasure, erase_member
from clients.community.rules import About
from clients.people.actor import process_of
from tenants.errors import Conflict, Refused
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.world import World

NAME = "Léonie Carpentier"


@pytest.fixture
def erased(world: World) -> World:
    """A briefing that all have read; then a member whom it names is erased."""
    number = propose_briefing(actor=world.owner, base=1, changes={"audience": f"{NAME}, voisins."}).version
    assert number is not None
    for role in (Role.BRAND_OWNER, Role.COMMUNITY_MANAGER):
        acknowledge_briefing(actor=world.actor(role), number=number.number)
    assert sound(world) == (True, True)
    erase(world, NAME)
    return world


def erase(world: World, name: str) -> None:
    member = add_member(world.owner, about=About(name))
    asked = erase_member(world.owner, member_id=member.pk, basis="request")
    begin_erasure(process_of(world.brand, EntryPoint.WORKER, "worker"), erasure_id=asked.pk)


def sound(world: World) -> tuple[bool, bool]:
    """(whether the gate believes the version in force, whether the community manager has read it)."""
    with brand_scope(world.brand):
        found, _ = guidance_for(world.cm.person_id)
        version = briefing_in_force()
        assert version is not None and is_sound(version) == found.sound
    return found.sound, found.acknowledged


def seen(world: World) -> dict[str, object]:
    with brand_scope(world.brand):
        version = briefing_in_force()
        assert version is not None
        return {"number": version.number, "seen_digest": digest_now(version)}


def test_one_press_and_nobody_reads_it_anew(erased: World) -> None:
    assert sound(erased) == (False, True)
    agree_again(actor=erased.owner, **seen(erased))  # type: ignore[arg-type]
    assert sound(erased) == (True, True)
    with pytest.raises(Conflict, match="nothing_changes"):
        agree_again(actor=erased.owner, **seen(erased))  # type: ignore[arg-type]


def test_the_next_erasure_asks_again(erased: World) -> None:
    agree_again(actor=erased.owner, **seen(erased))  # type: ignore[arg-type]
    erase(erased, "voisins")
    assert sound(erased) == (False, True)


@pytest.mark.parametrize("role", [Role.AGENCY_OWNER, Role.COMMUNITY_MANAGER, Role.APPROVER])
def test_only_who_puts_a_briefing_in_force(erased: World, role: Role) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        agree_again(actor=erased.actor(role), **seen(erased))  # type: ignore[arg-type]
    with pytest.raises(Refused, match="step_up_required"):
        agree_again(actor=erased.actor(Role.BRAND_OWNER, stepped_up=False), **seen(erased))  # type: ignore[arg-type]
    assert sound(erased) == (False, True)


def test_only_to_what_was_read(erased: World) -> None:
    with pytest.raises(Conflict, match="stale_version"):
        agree_again(actor=erased.owner, number=2, seen_digest="0" * 64)


def test_words_that_no_act_wrote_are_not_agreed_to(world: World) -> None:
    with brand_scope(world.brand):
        former = briefing_in_force()
        assert former is not None
        sections = former.sections | {"tone": "Tout est permis."}
        BriefingVersion.objects.create(
            number=2,
            sections=sections,
            calendar=former.calendar,
            digest=briefing_digest(2, sections, former.calendar),
            seal="0" * 64,
            written_by=world.owner.somebody,
            written_by_name="X",
        )
    with pytest.raises(Refused, match="briefing_forged"):
        agree_again(actor=world.owner, **seen(world))  # type: ignore[arg-type]
