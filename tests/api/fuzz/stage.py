"""A brand with something of everything that the API tells, and where each of it is: so that an example is of something real."""

from typing import Any
from uuid import UUID

from clients.approvals.actions import propose_standing
from clients.approvals.rules import Template
from clients.audit.sealing import seal_batch
from clients.community.actions import add_member
from clients.community.rules import About
from clients.gate.actions import approve_item, stop
from clients.insights.actions import note_insight
from clients.items.actions import add_media
from clients.mentions.actions import take_in
from clients.mentions.models import Mention
from clients.mentions.raw import RawMention
from clients.triage.actions import take_up
from tenants.ids import uuid7
from tenants.walls.scope import brand_scope
from tests.proof._reported import of_reports
from tests.proof._scene import scene
from tests.proof._stage import picture
from tests.world import World

ABSENT = "00000000-0000-7000-8000-000000000000"
SAID = (
    RawMention("1", text="Bonjour, êtes-vous ouverts dimanche ?", author="Lucie", language="fr"),
    RawMention("2", text="Merci pour tout.", author="Marc", language="fr"),
)


def set_up() -> World:
    """Two brands, so that the walls are there; the first with content."""
    world = scene()
    scene(slug="maison-b").submitted("SECRET of the other brand")
    sent = world.submitted("Ouvert le lundi", title="Ouverture")
    assert sent.version is not None
    approve_item(world.owner, item_id=sent.pk, seen_digest=sent.version.digest)
    world.run_outbox("gate.send")
    for n in range(3):
        world.submitted(f"Les clémentines sont arrivées, panier {n}.", title=f"Panier {n}")
    world.draft("Une idée", title="Idée")
    stop(world.owner, scope="kind", value="newsletter", reason="Rappel")
    propose_standing(world.cm, title="Accord", template=Template("", "publish", "routine", (), "Bonjour"))
    add_media(world.cm, data=picture("fuzz"), declared="image/png", alt="Un mur")
    add_member(
        world.cm, about=About("Léa Martin", email="lea@example.org", handles=(("mastodon", "@lea@social.example"),))
    )
    take_in(world.brand, uuid7(), "hand", SAID, all_kept=True, source_name="Au comptoir")
    with brand_scope(world.brand):
        mention = Mention.objects.get(author="Lucie").pk
    take_up(world.cm, mention_id=mention)
    note_insight(world.cm, title="Le dimanche", text="On demande le dimanche.", mention_id=mention)
    of_reports(world, "fuzz")
    while seal_batch(world.brand).lines:
        pass
    return world


def with_real_ids(document: dict[str, Any], world: World) -> dict[str, Any]:
    """The description, in which the ids of addresses are those of rows that are there; and one that is not."""
    known = _ids(world)
    for address, operations in document["paths"].items():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path" and parameter["schema"].get("format") == "uuid":
                    ids = known.get(address.split("/")[1], [])
                    parameter["schema"] = {**parameter["schema"], "enum": [*map(str, ids), ABSENT]}
    return document


def _ids(world: World) -> dict[str, list[UUID]]:
    from api.registry import resources

    with brand_scope(world.brand):
        return {
            name: list(one.rows(world.owner).values_list(one.id_column, flat=True)[:8])
            for name, one in resources().items()
        }
