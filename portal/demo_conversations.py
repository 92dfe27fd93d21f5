"""A handful of conversations at the demo's brands: one in hand, one offered, one at the brand, one by telephone, one closed."""

from collections.abc import Mapping

from clients.conversations.actions import Talk, keep_sketch, note_beside, note_talk, put_label, save_reply
from clients.conversations.rules import Move
from clients.custody.actions import accept, close, pass_on
from clients.custody.rules import Holder, Medium, Step
from clients.disclosure.rules import InfoClass
from clients.mentions.models import Mention
from clients.people.actor import Actor
from clients.triage.actions import take_up
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope


def make_conversations(actors: Mapping[Role, Actor]) -> None:
    """For one brand whose mentions have just been made."""
    owner, agent = actors[Role.BRAND_OWNER], actors[Role.COMMUNITY_MANAGER]
    with brand_scope(owner.brand):
        found = {mention.author: mention.pk for mention in Mention.objects.filter(copy_of=None)}
    late = take_up(agent, mention_id=found["Paul"]).pk
    put_label(agent, conversation_id=late, name="Livraison")
    note_beside(agent, conversation_id=late, text="Deuxième retard ce mois-ci.", info_class=InfoClass.SHARED)
    keep_sketch(agent, conversation_id=late, text="Nous comprenons votre déception…", shared=True)
    ill = take_up(agent, mention_id=found["Mme Garnier"]).pk
    pass_on(agent, conversation_id=ill, to=Holder(Side.BRAND), note="Allergie : c’est à la maison de répondre.")
    accept(owner, conversation_id=ill)
    note_beside(owner, conversation_id=ill, text="Vu avec le laboratoire, étiquette à refaire.")
    sunday = take_up(agent, mention_id=found["Lucie"]).pk
    pass_on(agent, conversation_id=sunday, to=Holder(Side.BRAND), note="Quels horaires avant Noël ?")
    note_talk(
        agent,
        talk=Talk(
            Medium.PHONE, "Livrez-vous à domicile le samedi ?", name="M. Perrin", handle="06 00 00 00 00", language="fr"
        ),
    )
    done = note_talk(
        owner,
        talk=Talk(Medium.FIELD, "Le pain au sarrasin reviendra-t-il ?", "Oui, en mars.", name="Une cliente au marché"),
    )
    close(owner, conversation_id=done.pk)
    save_reply(
        agent,
        name="À la maison",
        text="",
        move=Move(Step.PASS, "Question de recette : à vous de répondre.", Holder(Side.BRAND)),
        shared=True,
    )
    save_reply(agent, name="Merci", text="Merci beaucoup pour votre message !", language="fr", shared=True)
