"""What the demo's bakery learns from its community: labels that a department answers for, hours that are decided on, an idea."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from clients.conversations.queries import conversations_of_mentions
from clients.insights.actions import (
    answer_asking,
    ask_department,
    decide_insight,
    note_insight,
    release_insight,
)
from clients.mentions.models import Mention
from clients.people.actor import Actor
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope


def make_insights(actors: Mapping[Role, Actor]) -> None:
    """For one brand whose mentions and conversations have just been made."""
    owner = actors[Role.BRAND_OWNER]
    with brand_scope(owner.brand):
        found = {mention.author: mention.pk for mention in Mention.objects.filter(copy_of=None)}
        talks = conversations_of_mentions(list(found.values()))
    _labels(actors, talks[found["Mme Garnier"]])
    _hours(actors, talks[found["Lucie"]])
    _children(actors, found["Emma"])


def _labels(actors: Mapping[Role, Actor], conversation_id: UUID) -> None:
    """A department has answered; the brand is to decide."""
    agent, manager = actors[Role.COMMUNITY_MANAGER], actors[Role.BRAND_MANAGER]
    labels = note_insight(
        agent,
        conversation_id=conversation_id,
        title="L’étiquette ne dit pas les traces de noisette",
        text="Une cliente allergique s’est fiée à l’étiquette. D’autres pains sont peut-être concernés.",
        theme="Étiquettes",
        wants_word=True,
    )
    asking = ask_department(
        agent,
        insight_id=labels.pk,
        department="product",
        to_person=manager.somebody,
        due=timezone.now() + timedelta(days=2),
        note="Quels pains sont concernés, et pour quand une nouvelle étiquette ?",
    )
    answer_asking(manager, asking_id=asking.pk, text="Trois pains. Les étiquettes arrivent jeudi.")


def _hours(actors: Mapping[Role, Actor], conversation_id: UUID) -> None:
    """Decided, and told to everybody."""
    agent, owner = actors[Role.COMMUNITY_MANAGER], actors[Role.BRAND_OWNER]
    hours = note_insight(
        agent,
        conversation_id=conversation_id,
        title="On cherche nos horaires avant Noël",
        theme="Horaires",
        wants_word=True,
    )
    decide_insight(owner, insight_id=hours.pk, decision="done", why="Les horaires sont sur la porte et sur le site.")
    release_insight(
        owner,
        insight_id=hours.pk,
        said="On ne trouvait pas vos horaires de fêtes.",
        did="Ils sont sur la porte, sur le site et dans la lettre de décembre.",
    )


def _children(actors: Mapping[Role, Actor], mention_id: UUID) -> None:
    """Asked of a department that has not answered yet."""
    agent, manager = actors[Role.COMMUNITY_MANAGER], actors[Role.BRAND_MANAGER]
    children = note_insight(agent, mention_id=mention_id, title="Un atelier pain pour les enfants", theme="Ateliers")
    ask_department(
        manager,
        insight_id=children.pk,
        department="service",
        to_person=actors[Role.DEPARTMENT_CONTACT].somebody,
        due=timezone.now() + timedelta(days=5),
        note="Combien d’enfants tiendraient au fournil, et quel jour ?",
    )
