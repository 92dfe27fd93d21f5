"""What the stage of the route matrix has of conversations: one held by the agency with a note, and a view of the inbox."""

from datetime import timedelta

from django.utils import timezone

from clients.conversations.actions import keep_view, note_beside, open_from_mention
from clients.custody.actions import stand_in
from clients.disclosure.rules import InfoClass
from tenants.vocabulary import Role
from tests.triage.conftest import said
from tests.world import World


def of_conversations(world: World, word: str) -> dict[str, str]:
    """One of each, as ids."""
    talk = open_from_mention(world.cm, mention_id=said(world.brand, f"Conversation {word}").pk)
    note_beside(world.cm, conversation_id=talk.pk, text=f"Note {word}", info_class=InfoClass.SHARED)
    view = keep_view(world.cm, name=f"Vue {word}", filters={"box": "mine"})
    absent, deputy = world.people[Role.AGENCY_MANAGER].pk, world.people[Role.AGENCY_OWNER].pk
    since = timezone.now() + timedelta(days=1)
    away = stand_in(world.cm, deputy=deputy, since=since, until=since + timedelta(days=1))
    found = {"conversation_id": talk.pk, "talk_view_id": view.pk, "stand_in_id": away.pk}
    return {name: str(value) for name, value in (found | {"absent_id": absent, "deputy_id": deputy}).items()}
