"""Conversations over all brands: what one may read and of one's own brands alone, in as many queries for one as for two."""

from datetime import timedelta

from django.utils import timezone

from clients.custody.actions import pass_on
from clients.custody.models import Conversation
from clients.custody.rules import Holder
from clients.service.models import Clock
from tenants.models import Membership
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.portal.test_conversations import begun, begun_by_brand
from tests.portal.test_lists import queries_of
from tests.world import World

PATH = "/brands/conversations"


def test_the_boxes_of_all_ones_brands_and_of_no_other(world: World, other: World, browse: Browse) -> None:
    begun(world, "Une commande en retard")
    theirs = begun(other, "SECRET")
    begun_by_brand(world, "GARDÉ")
    client = browse(world.people[Role.COMMUNITY_MANAGER])
    one, page = queries_of(client, PATH)
    assert "Une commande en retard" in page
    assert "SECRET" not in page
    assert "GARDÉ" not in page
    Membership.objects.create(
        person=world.people[Role.COMMUNITY_MANAGER],
        brand_id=other.brand.id,
        side=Side.AGENCY,
        role=Role.COMMUNITY_MANAGER,
        agency=other.agency,
        created_at=timezone.now(),
    )
    begun(world, "Encore une")
    client.get(PATH)
    two, both = queries_of(client, PATH)
    assert "SECRET" in both
    assert two <= one
    assert "Une commande en retard" in client.get(f"{PATH}?box=mine").content.decode()
    assert "SECRET" not in client.get(f"{PATH}?box=mine").content.decode()
    pass_on(
        other.cm,
        conversation_id=theirs.pk,
        to=Holder(Side.AGENCY, world.people[Role.COMMUNITY_MANAGER].pk),
        note="Pour toi.",
    )
    assert "SECRET" in client.get(f"{PATH}?box=offered").content.decode()
    assert "SECRET" not in client.get(f"{PATH}?box=due").content.decode()
    with brand_scope(other.brand):
        Clock.objects.filter(conversation=theirs).update(due_at=timezone.now() + timedelta(minutes=5))
        assert Conversation.objects.count() == 1
    assert "SECRET" in client.get(f"{PATH}?box=due").content.decode()
    assert client.get(f"{PATH}?box=nowhere").status_code == 200


def test_a_department_has_no_inbox_over_brands(world: World, browse: Browse) -> None:
    begun(world, "Une commande en retard")
    page = browse(world.people[Role.DEPARTMENT_CONTACT]).get(PATH).content.decode()
    assert "Une commande en retard" not in page
