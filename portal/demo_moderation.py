"""What was taken down in the demo's bakery: an insult that is hidden, and an address whose deletion waits for the morning."""

from collections.abc import Mapping

from clients.channels.models import Channel
from clients.disclosure.rules import InfoClass
from clients.mentions.actions import take_in
from clients.mentions.models import Mention
from clients.mentions.raw import RawMention
from clients.moderation.actions import ask_acts
from clients.people.actor import Actor
from clients.sources.actions import add_source
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope

HOUSE_RULES = [
    "On répond à tout le monde.",
    "On ne supprime pas une critique.",
    "Ni insulte ni attaque contre une personne.",
    {"rule": "Aucune menace.", "urgent": "danger"},
]
NAME = "Commentaires du mur"
INSULT = "La vendeuse du samedi est une incapable, dites-lui de changer de métier."
ADDRESS = "Mme Girard habite 12 rue des Tanneurs, allez donc lui dire ce que vous pensez d’elle !"


def make_moderation(actors: Mapping[Role, Actor], wall: Channel) -> None:
    """For one brand that has just been made, and whose briefing has house rules."""
    manager = actors[Role.BRAND_MANAGER]
    source = add_source(actor=actors[Role.BRAND_OWNER], kind="hand", name=NAME, info_class=InfoClass.SHARED)
    said = [
        RawMention(
            f"comment-{n}", text=text, author="anonyme75", author_handle="@anonyme75@social.example", language="fr",
            channel=wall.pk, remote_id=f"comment-{n}",
        )
        for n, text in enumerate((INSULT, ADDRESS), 1)
    ]  # fmt: skip
    take_in(manager.brand, source.pk, "wordpress", said, all_kept=True, source_name=source.name, by=manager)
    with brand_scope(manager.brand):
        found = {mention.text: mention.pk for mention in Mention.objects.filter(source=source.pk)}
    ask_acts(manager, mention_id=found[INSULT], acts=["hide"], rule="3", why="Attaque d’une personne de l’équipe.")
    ask_acts(manager, mention_id=found[ADDRESS], acts=["hide", "delete"], rule="3", why="Adresse d’une cliente.")
