"""The name of a theme is told to whoever reads something under it, and to nobody else."""

from clients.disclosure.rules import InfoClass
from clients.insights.queries import themes
from clients.people.actor import Actor
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.conversations.conftest import heard
from tests.insights.conftest import noted
from tests.world import World


def test_themes_are_known_to_whom_something_under_them_is(world: World, other: World) -> None:
    noted(world, theme="Allergies")
    kept = heard(world, "Confidentiel", "k", info_class=InfoClass.BRAND)
    noted(world, world.owner, mention_id=kept.pk, theme="Rachat")
    noted(other, text="b", theme="Ailleurs")

    def known(actor: Actor) -> set[str]:
        with brand_scope(world.brand):
            return {one.name for one in themes(actor)}

    assert known(world.cm) == known(world.actor(Role.AGENCY_OWNER)) == {"Allergies"}
    assert known(world.owner) == known(world.approver) == {"Allergies", "Rachat"}
    again = noted(world, text="c", theme="Rachat")
    assert known(world.cm) == {"Allergies", "Rachat"}, "they wrote it themselves"
    with brand_scope(world.brand):
        assert again.theme in set(themes(world.owner)), "and it is the same one"
