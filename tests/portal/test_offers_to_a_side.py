"""What is offered to a whole side stands on the work of each of them who may accept it, until one of them does."""

import pytest

from clients.custody.actions import accept, decline, pass_on, withdraw
from clients.custody.models import Conversation
from clients.custody.rules import Holder
from clients.disclosure.rules import InfoClass
from tenants.pointers import places_of
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.portal.test_conversations import begun, begun_by_brand
from tests.portal.test_lists import queries_of
from tests.world import World

WORK, SAID = "/", "Offered to your whole side"
MAY = (Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.APPROVER)
MAY_NOT = (Role.AUDITOR, Role.DEPARTMENT_CONTACT, Role.COMMUNITY_MANAGER, Role.AGENCY_MANAGER)


def offered(world: World, title: str, team: str = "") -> Conversation:
    found = begun(world, title)
    pass_on(world.cm, conversation_id=found.pk, to=Holder(Side.BRAND, None, team), note="Qui le prend ?")
    return found


def shown(world: World, browse: Browse, role: Role) -> str:
    page = browse(world.people[role]).get(WORK)
    assert page.status_code == 200
    return page.content.decode()


def waiting(world: World, role: Role) -> int:
    """What a tile of that person says waits for their side."""
    (place,) = places_of(world.people[role].pk, list(Role), MAY)
    return place.waiting


@pytest.mark.parametrize("team", ["", "Boutique"])
def test_it_stands_with_all_who_may_accept_and_goes_with_the_first_who_does(
    world: World, other: World, browse: Browse, team: str
) -> None:
    offered(other, "SECRET")
    found = offered(world, "Qui répond à Léa ?", team)
    for role in MAY:
        page = shown(world, browse, role)
        assert "Qui répond à Léa ?" in page and SAID in page, role
        assert "SECRET" not in page
        assert waiting(world, role) == 1
    for role in MAY_NOT:
        page = shown(world, browse, role)
        assert "Qui répond à Léa ?" not in page or role == Role.COMMUNITY_MANAGER, role
        assert SAID not in page, role
        assert waiting(world, role) == 0
    accept(world.owner, conversation_id=found.pk)
    for role in (Role.BRAND_MANAGER, Role.APPROVER):
        assert "Qui répond à Léa ?" not in shown(world, browse, role)
        assert waiting(world, role) == 0
    if not team:
        assert "Qui répond à Léa ?" in shown(world, browse, Role.BRAND_OWNER)  # in their hands now


@pytest.mark.parametrize("how", ["declined", "withdrawn"])
def test_it_goes_with_the_offer(world: World, browse: Browse, how: str) -> None:
    found = offered(world, "Qui répond à Léa ?")
    if how == "declined":
        decline(world.owner, conversation_id=found.pk, reason="Pas nous.")
    else:
        withdraw(world.cm, conversation_id=found.pk)
    assert SAID not in shown(world, browse, Role.BRAND_MANAGER)
    assert waiting(world, Role.BRAND_MANAGER) == 0


def test_the_same_queries_for_one_and_for_many(world: World, browse: Browse) -> None:
    offered(world, "Première")
    client = browse(world.people[Role.APPROVER])
    one, page = queries_of(client, WORK)
    for number in range(5):
        offered(world, f"Encore {number}")
    many, full = queries_of(client, WORK)
    assert (page.count(SAID), full.count(SAID)) == (1, 6)
    assert many == one
    assert waiting(world, Role.APPROVER) == 6
    assert "and 6 more" not in full and "and 1 more" not in page


def test_what_is_kept_shows_no_title_and_what_nobody_there_reads_nothing(world: World, browse: Browse) -> None:
    kept = begun_by_brand(world, "GARDÉ")
    team = Holder(Side.BRAND, None, "Boutique")
    pass_on(world.owner, conversation_id=kept.pk, to=team, note="Pour la boutique.")
    page = shown(world, browse, Role.APPROVER)
    assert SAID in page and "GARDÉ" not in page
    found = begun_by_brand(world, "RELEVÉ")
    with brand_scope(world.brand):
        Conversation.objects.filter(pk=found.pk).update(info_class=InfoClass.SHARED)
    pass_on(world.owner, conversation_id=found.pk, to=Holder(Side.AGENCY), note="Pour vous.")
    assert SAID in shown(world, browse, Role.AGENCY_MANAGER)
    with brand_scope(world.brand):
        Conversation.objects.filter(pk=found.pk).update(info_class=InfoClass.NAMED, named=[])
    assert SAID not in shown(world, browse, Role.AGENCY_MANAGER)
    with brand_scope(world.brand):
        Conversation.objects.filter(pk=found.pk).update(named=[str(world.people[Role.AGENCY_MANAGER].pk)])
    assert SAID in shown(world, browse, Role.AGENCY_MANAGER)
