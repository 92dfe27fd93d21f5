"""An approver's own wording is of another's item. What makes it another act would be an item of their own."""

from typing import Any

import pytest

from clients.autonomy.vocabulary import ActionKind, Sensitivity
from clients.channels.actions import connect_channel
from clients.gate.actions import approve_with_edit
from tenants.errors import Refused
from tenants.vocabulary import Role
from tests.world import World

OTHER_ACTS: list[dict[str, Any]] = [
    {"kind": ActionKind.NEWSLETTER},
    {"recipient": "quelquun@example.org"},
    {"target": "un-autre-message"},
    {"sensitivity": Sensitivity.SENSITIVE},
]


@pytest.mark.parametrize("change", OTHER_ACTS, ids=lambda change: next(iter(change)))
def test_who_may_not_publish_alone_only_rewords(world: World, change: dict[str, Any]) -> None:
    item = world.submitted("Petit texte")
    assert item.version is not None
    with pytest.raises(Refused) as refused:
        approve_with_edit(
            world.approver, item_id=item.pk, seen_digest=item.version.digest, content=world.content("Autre", **change)
        )
    assert refused.value.code == "own_item"
    assert world.state_of(item) == "waiting"


def test_nor_sends_it_elsewhere(world: World) -> None:
    elsewhere = connect_channel(actor=world.owner, kind="memory", name="Ailleurs")
    item = world.submitted("Petit texte")
    assert item.version is not None
    there = world.content("Petit texte", channels=(str(elsewhere.pk),))
    with pytest.raises(Refused):
        approve_with_edit(world.approver, item_id=item.pk, seen_digest=item.version.digest, content=there)


def test_the_wording_is_theirs(world: World) -> None:
    item = world.submitted("Petit texte", title="Un titre")
    assert item.version is not None
    mine = world.content("Un texte à moi", title="Un autre titre", link="https://maison.example/")
    approve_with_edit(world.approver, item_id=item.pk, seen_digest=item.version.digest, content=mine)
    assert world.state_of(item) == "cleared"


def test_who_may_publish_alone_may_change_it_all(world: World) -> None:
    item = world.submitted("Petit texte")
    assert item.version is not None
    manager = world.actor(Role.BRAND_MANAGER)
    another = world.content("Une réponse", kind=ActionKind.ANSWER, recipient="ada")
    approve_with_edit(manager, item_id=item.pk, seen_digest=item.version.digest, content=another)
    assert world.state_of(item) == "cleared"
