"""What a customer system followed and is deleted is told to it as gone: to it alone, and only what it was allowed to read."""

from datetime import UTC, datetime
from typing import Any

import pytest

from clients.crm.actions import bring_organisations, bring_timeline, change_system, open_ticket
from clients.crm.actions.organisations import SaidOrganisation
from clients.crm.actions.timeline import SaidEntry
from clients.crm.models import Organisation, System, Ticket, TimelineEntry
from clients.disclosure.rules import InfoClass
from tenants.walls.scope import durable
from tests.api.calls import allow, api_of
from tests.api.test_changes import changes
from tests.api.test_crm import of_key
from tests.api.test_kept_apart import ids
from tests.crm.conftest import bring, said
from tests.custody.conftest import begin
from tests.world import World

MODELS: dict[str, Any] = {"organisations": Organisation, "timeline": TimelineEntry, "tickets": Ticket}


def fill(world: World, system: System) -> None:
    """One of each kind."""
    bring(world, system, said(system, "7", name="Léa"))
    bring_organisations(world.owner, system_id=system.pk, rows=[SaidOrganisation("o", "Chez Zoé")])
    entry = SaidEntry("7", "v", "visit", "Came by", datetime(2026, 11, 1, tzinfo=UTC))
    bring_timeline(world.owner, system_id=system.pk, rows=[entry])
    talk = begin(world, info_class=InfoClass.SHARED)
    open_ticket(world.cm, conversation_id=talk.pk, system_id=system.pk, kind="lead", title="x")


@pytest.mark.parametrize("kind", MODELS)
def test_what_is_deleted_is_gone_for_its_own_system_alone(world: World, kind: str) -> None:
    one, two = api_of(world), api_of(world)
    theirs, others = of_key(world, one), of_key(world, two)
    begun = changes(one)["cursor"]
    for system in (theirs, others):
        fill(world, system)
    with durable(world.brand):
        mine = MODELS[kind].objects.get(system=theirs)
        pair = (kind, str(mine.pk))
    assert pair in ids(changes(one, after=begun), "changed")
    with durable(world.brand):
        MODELS[kind].objects.filter(pk=mine.pk).delete()
    assert [row for row in ids(changes(one, after=begun), "gone") if row[0] in MODELS] == [pair]
    assert [row for row in ids(changes(two, after=begun), "gone") if row[0] in MODELS] == []
    assert pair not in ids(changes(one, after=begun), "changed"), "what is no more is not told as changed"


def test_what_was_stricter_than_the_policy_goes_untold(world: World) -> None:
    api = api_of(world, policy=allow(world, most=InfoClass.SHARED))
    system = of_key(world, api)
    begun = changes(api)["cursor"]
    rows: dict[str, Any] = {}
    for brings in (InfoClass.SHARED, InfoClass.BRAND):
        change_system(
            world.owner, system_id=system.pk, name="C", kind="generic", key_id=api.key.pk, brings=brings,
            matching={"email": "ask", "handle": "ask"},
        )  # fmt: skip
        (one,) = bring_organisations(world.owner, system_id=system.pk, rows=[SaidOrganisation(brings, "Chez Zoé")])
        assert one.organisation is not None
        rows[brings] = str(one.organisation.pk)
    with durable(world.brand):
        Organisation.objects.all().delete()
    assert ids(changes(api, after=begun), "gone") == {("organisations", rows[InfoClass.SHARED])}
