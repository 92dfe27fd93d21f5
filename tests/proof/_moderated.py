"""What the stage of the route matrix has of moderation: a case with evidence and an appeal, a raid, a turn, and things let be."""

from datetime import timedelta

from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.conversations.actions import open_from_mention
from clients.custody.models import Turn
from clients.moderation.actions import ask_acts, begin_raid, decide_calm, record_appeal
from clients.moderation.models import Evidence
from clients.people.access import actor_for
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.conftest import make_member
from tests.moderation.conftest import comment, publish_rules
from tests.world import World


def of_moderation(world: World, word: str, picture: bytes) -> dict[str, str]:
    """One of each, as ids. Asked for by somebody who has no other part in the stage: the others may answer the appeal."""
    publish_rules(world)
    actor = actor_for(make_member(world.brand, Role.BRAND_MANAGER).person, world.brand, EntryPoint.PAGE)
    mention, wave, said, calm_about = (comment(world, f"Commentaire {n} {word}") for n in range(4))
    (act,) = ask_acts(
        actor,
        mention_id=mention.pk,
        acts=["hide"],
        rule="1",
        why=f"Motif {word}",
        picture=picture,
        declared="image/png",
    )
    words = f"Recours {word}"
    appeal = record_appeal(actor, case_id=act.case_id, words=words, to_person=world.people[Role.BRAND_OWNER].pk)
    raid = begin_raid(actor, mention_ids=[wave.pk], rule="1")
    conversation = open_from_mention(world.cm, mention_id=said.pk)
    end = timezone.now() + timedelta(days=2)
    calm = decide_calm(actor, kind="slow", reason=f"Doucement {word}", until=end, mention_id=calm_about.pk)
    with brand_scope(world.brand):
        found = {
            "case_id": act.case_id, "appeal_id": appeal.pk, "raid_id": raid.pk, "calm_id": calm.pk,
            "evidence_id": Evidence.objects.get(case=act.case_id).pk, "moderated_id": wave.pk,
            "calm_conversation_id": conversation.pk,
            "turn_id": Turn.objects.filter(conversation=conversation).order_by("number")[0].pk,
        }  # fmt: skip
    return {name: str(value) for name, value in found.items()}
