"""What was said about the demo's brands: mentions through the one door, a few sorted, one handed over, and conversations."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from clients.mentions.actions import take_in
from clients.mentions.models import Mention
from clients.mentions.raw import RawMention
from clients.people.actor import Actor
from clients.press.actions import begin_review, write_watch_note
from clients.sources.actions import add_source
from clients.sources.models import Source
from clients.triage.actions import dismiss_mention, hand_mention, hold_mention
from portal.demo_conversations import make_conversations
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope

WATCHED = [
    {"label": "Nous", "phrases": "Maison Aubier; boulangerie Aubier", "exclusions": "notaire"},
    {"label": "Allergènes", "phrases": "allergie; allergène", "near": "pain; brioche; Aubier", "within": "8"},
    {"label": "Le quartier", "phrases": "rue des Tanneurs", "language": "fr"},
]
HEARD = (
    RawMention(
        "lucie", text="Bonjour, êtes-vous ouverts le dimanche avant Noël ? Merci !", author="Lucie", language="fr"
    ),
    RawMention("noah", text="Best rye bread in town, thank you so much!", author="Noah", language="en"),
    RawMention(
        "paul", text="Deux fois que ma commande n’est pas prête à l’heure. Très déçu.", author="Paul", language="fr"
    ),
    RawMention(
        "garnier",
        text="Mon fils est allergique aux noix : l’étiquette de la brioche n’en disait rien. Il a été malade.",
        author="Mme Garnier",
        language="fr",
    ),
    RawMention("emma", text="Et si vous faisiez un atelier pain pour les enfants ?", author="Emma", language="fr"),
    RawMention("troll", text="De toute façon vous êtes tous nuls, fermez boutique.", author="xx", language="fr"),
    RawMention("merci", text="Merci pour votre accueil samedi, c’était parfait.", author="Jeanne", language="fr"),
    RawMention("win", text="You won! Click now to claim your free crypto bonus", author="bonus4u", language="en"),
)
PRESS = (
    RawMention(
        "rue",
        title="Rue des Tanneurs, le pain revient au levain",
        text="Trois boulangeries de la rue ont abandonné la levure. La maison Aubier, ouverte en 1962, a commencé.",
        author="La Gazette",
        url="https://gazette.example/levain",
        language="fr",
    ),
    RawMention(
        "buche",
        title="Sept bûches à goûter cette année",
        text="Parmi elles, une bûche au sarrasin qui divise la rédaction.",
        author="Le Quotidien",
        url="https://quotidien.example/buches",
        language="fr",
    ),
    RawMention(
        "copie",
        title="Rue des Tanneurs, le pain revient au levain",
        text="Trois boulangeries de la rue ont abandonné la levure. La maison Aubier, ouverte en 1962, a commencé.",
        author="Agence locale",
        url="https://agence.example/levain",
        language="fr",
    ),
    RawMention(
        "farine",
        title="Le prix de la farine remonte",
        text="Les artisans s’attendent à un hiver difficile.",
        author="La Gazette",
        url="https://gazette.example/farine",
        language="fr",
    ),
)


def make_mentions(actors: Mapping[Role, Actor]) -> None:
    """For one brand that has just been made."""
    owner, agent = actors[Role.BRAND_OWNER], actors[Role.COMMUNITY_MANAGER]
    for name, medium, said in (("Au comptoir et au téléphone", "hand", HEARD), ("Coupures de presse", "feed", PRESS)):
        _bring(owner, add_source(actor=owner, kind="hand", name=name), medium, said)
    with brand_scope(owner.brand):
        found = {mention.author: mention for mention in Mention.objects.filter(copy_of=None)}
    dismiss_mention(agent, mention_id=found["xx"].pk, reason="provocation")
    hold_mention(agent, mention_id=found["Paul"].pk)
    hand_mention(agent, mention_id=found["Emma"].pk, to_person=owner.somebody, note="Une idée pour janvier ?")
    make_conversations(actors)
    now = timezone.now()
    begin_review(agent, since=now - timedelta(days=7), until=now)
    write_watch_note(
        agent, day=timezone.localdate() + timedelta(days=6), subject="Salon du goût", text="La presse locale y sera."
    )


def _bring(actor: Actor, source: Source, medium: str, said: tuple[RawMention, ...]) -> None:
    take_in(actor.brand, source.pk, medium, said, all_kept=True, source_name=source.name, by=actor)
